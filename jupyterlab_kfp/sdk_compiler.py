"""Let the SDK compile to text, without its slow parts: the YAML is written by libyaml, the file is in memory."""

from __future__ import annotations

import os
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: A file system in memory: on a disk the file alone costs as much as all checks.
_MEMORY = "/dev/shm"
_lock = threading.Lock()


def compiled_text(component: Any) -> str:
    """Compile a pipeline or a component with the kernel's own SDK.

    The text holds what ``kfp.compiler`` writes; only long strings may be folded at other places.
    """
    with _quick_yaml():
        return exact_text(component)


def exact_text(component: Any) -> str:
    """Compile, byte for byte as ``kfp.compiler`` does: a file that a user keeps changes only with the pipeline."""
    try:
        return _text(component, _MEMORY if os.access(_MEMORY, os.W_OK) else None)
    except OSError:  # it is full
        return _text(component, None)


def _text(component: Any, folder: str | None) -> str:
    from kfp import compiler

    descriptor, path = tempfile.mkstemp(suffix=".yaml", prefix="kfp-", dir=folder)
    try:
        os.close(descriptor)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            compiler.Compiler().compile(component, path)
        with open(path, encoding="utf-8") as file:
            return file.read()
    finally:
        os.unlink(path)


class _QuickYaml:
    """The module ``yaml`` with a ``dump_all`` that is eight times as fast."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    def dump_all(self, documents: Any, stream: Any = None, Dumper: Any = None, **options: Any) -> Any:
        """Dump as ``yaml.dump_all`` does."""
        documents = list(documents)
        try:
            if Dumper is not None:
                raise ValueError("another dumper was asked for")
            text = self._module.dump_all(documents, Dumper=self._module.CDumper, **options)
        except (UnicodeError, ValueError):
            # libyaml refuses half characters (lone surrogates), which the dumper in Python escapes.
            given = {} if Dumper is None else {"Dumper": Dumper}
            return self._module.dump_all(documents, stream, **given, **options)
        return text if stream is None else stream.write(text)


@contextmanager
def _quick_yaml() -> Iterator[None]:
    """Let the SDK write YAML by libyaml while it compiles: three quarters of its time go into that."""
    from kfp.compiler import pipeline_spec_builder as builder

    module: Any = getattr(builder, "yaml", None)
    if not getattr(module, "__with_libyaml__", False):
        yield
        return
    with _lock:
        builder.yaml = _QuickYaml(module)
        try:
            yield
        finally:
            builder.yaml = module
