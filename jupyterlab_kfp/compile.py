"""Compile pipelines with the kernel's own ``kfp``, which is imported here and only when needed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import KfpServiceError, KfpUsageError, kind_of

if TYPE_CHECKING:
    from .cells import Cell


@dataclass(frozen=True)
class Input:
    """A parameter or an artifact that a pipeline takes.

    Attributes:
        type: Parameter type of the IR (``NUMBER_INTEGER``, …), or the schema title of an artifact.
        default: Python value; meaningless unless ``has_default``.
        literals: The values allowed; empty for any.
    """

    name: str
    type: str
    default: Any = None
    has_default: bool = False
    optional: bool = False
    literals: tuple[Any, ...] = ()
    artifact: bool = False


@dataclass(frozen=True)
class Compiled:
    """A compiled pipeline: the text as it is sent, and what a caller must know of it."""

    name: str
    text: str
    inputs: tuple[Input, ...]
    sdk: str | None = None
    source: Any = field(default=None, compare=False, repr=False)
    cell: Cell | None = field(default=None, compare=False, repr=False)
    #: Reference of a version on a service: ``(pipeline_id, version_id)``; the text may be empty then.
    version: tuple[str, str] | None = None
    #: Executions in which it was shown already.
    shown: set[int] = field(default_factory=set, compare=False, repr=False)

    @property
    def digest(self) -> str:
        """``sha256:`` and the digest of the text."""
        return "sha256:" + hashlib.sha256(self.text.encode()).hexdigest()

    def _ipython_display_(self) -> None:
        from .drafts import describe
        from .session import current

        # A verb that showed the draft already also returns it; the value must not show it twice.
        if current().execution not in self.shown:
            describe(self).show()

    def __repr__(self) -> str:
        return f"Compiled({self.name!r}, {len(self.text)} bytes)"


def import_kfp() -> Any:
    """Import the kernel's ``kfp``.

    Raises:
        KfpUsageError: ``kfp-missing`` or ``kfp-old``, with the line that helps.
    """
    try:
        import kfp
    except ModuleNotFoundError as reason:
        if reason.name != "kfp":
            raise
        raise KfpUsageError(
            "kfp-missing", "This kernel has no kfp, which compiles pipelines.", "Install it: %pip install kfp"
        ) from None
    version = str(getattr(kfp, "__version__", "0"))
    if version.split(".")[0] in ("0", "1"):
        raise KfpUsageError(
            "kfp-old",
            f"This kernel has kfp {version}; pipelines need kfp 2.7 or newer.",
            "Install it: %pip install -U kfp",
        )
    return kfp


def sdk_version() -> str:
    """``kfp 2.17.0``, as runs and drafts note it."""
    return f"kfp {import_kfp().__version__}"


def kfp_loaded() -> bool:
    """Tell whether ``kfp`` was imported already, so that a look at a name costs nothing."""
    import sys

    return "kfp" in sys.modules


def is_pipeline(value: Any) -> bool:
    """Tell whether a value is what ``@dsl.pipeline`` makes."""
    if not kfp_loaded():
        return False
    from importlib import import_module

    try:
        return isinstance(value, import_module("kfp.dsl.graph_component").GraphComponent)
    except (ModuleNotFoundError, AttributeError):
        return False


def is_component(value: Any) -> bool:
    """Tell whether a value is a component of any kind, pipelines included."""
    if not kfp_loaded():
        return False
    from importlib import import_module

    try:
        return isinstance(value, import_module("kfp.dsl.base_component").BaseComponent)
    except (ModuleNotFoundError, AttributeError):
        return False


def pipelines_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Find the pipelines that an execution defined or changed.

    Args:
        before: The namespace before, as a shallow copy.
        after: The namespace now.

    Returns:
        Pipelines by variable; one object under two names counts once.
    """
    found: dict[str, Any] = {}
    seen: set[int] = set()
    for name, value in list(after.items()):
        if name.startswith("_") or before.get(name) is value or not is_pipeline(value) or id(value) in seen:
            continue
        seen.add(id(value))
        found[name] = value
    return found


def compile_pipeline(pipeline: Any, cell: Cell | None = None) -> Compiled:
    """Compile a pipeline or a component as ``kfp`` does.

    Raises:
        KfpUsageError: ``bad-pipeline`` when the value is neither; what ``kfp`` itself raises goes through.
    """
    import_kfp()
    from .sdk_compiler import compiled_text

    if not is_component(pipeline):
        hint = " Decorate it with @dsl.pipeline." if callable(pipeline) else ""
        raise KfpUsageError("bad-pipeline", f"This is no pipeline but {kind_of(pipeline)}.{hint}")
    text = compiled_text(pipeline)
    return Compiled(str(pipeline.name), text, inputs_of_pipeline(pipeline), sdk_version(), pipeline, cell)


def inputs_of_pipeline(pipeline: Any) -> tuple[Input, ...]:
    """Read the inputs from the pipeline spec that the SDK made."""
    from google.protobuf import json_format

    spec = pipeline.pipeline_spec
    definitions = json_format.MessageToDict(spec.root.input_definitions)
    return inputs_of_definitions(definitions, list(getattr(pipeline.component_spec, "inputs", None) or ()))


def inputs_of_definitions(
    definitions: Mapping[str, Any], order: list[str] | None = None
) -> tuple[Input, ...]:
    """Turn the ``inputDefinitions`` of an IR into inputs.

    Args:
        definitions: ``{parameters: {…}, artifacts: {…}}``.
        order: Names in the order of the signature.
    """
    found: dict[str, Input] = {}
    for name, raw in (definitions.get("parameters") or {}).items():
        has_default = "defaultValue" in raw
        default = raw.get("defaultValue")
        kind = str(raw.get("parameterType") or "STRING")
        if kind == "NUMBER_INTEGER" and isinstance(default, float) and default.is_integer():
            default = int(default)
        found[name] = Input(
            name,
            kind,
            default,
            has_default,
            bool(raw.get("isOptional")) or has_default,
            tuple(raw.get("literals") or ()),
        )
    for name, raw in (definitions.get("artifacts") or {}).items():
        title = str((raw.get("artifactType") or {}).get("schemaTitle") or "system.Artifact")
        found[name] = Input(name, title, optional=bool(raw.get("isOptional")), artifact=True)
    names = [name for name in (order or ()) if name in found]
    return tuple(found[name] for name in (*names, *(n for n in found if n not in names)))


def inputs_of_payload(payload: Mapping[str, Any]) -> tuple[Input, ...]:
    """Take the inputs from the gateway's description of a pipeline text."""
    import json

    found = []
    for raw in payload.get("inputs") or ():
        has_default = "default" in raw
        kind = str(raw.get("type") or "STRING")
        default: Any = None
        if has_default:
            try:
                default = json.loads(raw["default"])
            except (ValueError, TypeError):
                default = raw["default"]  # cut at 200 characters: only shown, never sent
        literals = []
        for text in raw.get("literals") or ():
            try:
                literals.append(json.loads(text))
            except (ValueError, TypeError):
                literals.append(text)
        found.append(
            Input(
                str(raw["name"]),
                kind,
                default,
                has_default,
                bool(raw.get("optional")) or has_default,
                tuple(literals),
                kind.startswith(("system.", "google.")),
            )
        )
    return tuple(found)


def read_package(path: str) -> str:
    """Read a pipeline file: ``.yaml``, ``.yml``, ``.json``, or the ``pipeline.yaml`` of a ``.zip`` or
    ``.tar.gz``.

    Raises:
        KfpUsageError: ``usage-target`` when it cannot be read, ``bad-pipeline`` when an archive holds no
            pipeline.
    """
    low = path.lower()
    try:
        if low.endswith(".zip"):
            return _from_zip(path)
        if low.endswith((".tar.gz", ".tgz")):
            return _from_tar(path)
        with open(path, encoding="utf-8") as file:
            return file.read()
    except UnicodeDecodeError:
        raise KfpServiceError("bad-pipeline", f"{path} is not a compiled pipeline: it is no text.") from None
    except OSError as reason:
        raise KfpUsageError("usage-target", f"{path} cannot be read: {reason.strerror}.") from None


def _from_zip(path: str) -> str:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            names = [n for n in archive.namelist() if n.endswith((".yaml", ".yml"))]
            if not names:
                raise KfpServiceError(
                    "bad-pipeline", f"{path} is not a compiled pipeline: no .yaml file is in it."
                )
            best = "pipeline.yaml" if "pipeline.yaml" in names else names[0]
            return archive.read(best).decode("utf-8")
    except zipfile.BadZipFile:
        raise KfpServiceError(
            "bad-pipeline", f"{path} is not a compiled pipeline: it is no zip archive."
        ) from None


def _from_tar(path: str) -> str:
    import tarfile

    try:
        with tarfile.open(path, "r:gz") as archive:
            names = [n for n in archive.getnames() if n.endswith((".yaml", ".yml"))]
            if not names:
                raise KfpServiceError(
                    "bad-pipeline", f"{path} is not a compiled pipeline: no .yaml file is in it."
                )
            member = archive.extractfile("pipeline.yaml" if "pipeline.yaml" in names else names[0])
            if member is None:
                raise KfpServiceError("bad-pipeline", f"{path} is not a compiled pipeline.")
            return member.read().decode("utf-8")
    except (tarfile.TarError, EOFError):
        raise KfpServiceError(
            "bad-pipeline", f"{path} is not a compiled pipeline: it is no archive."
        ) from None


def _text_to_keep(compiled: Compiled) -> str:
    """The text as ``kfp.compiler`` writes it: a file under version control must not change with the tool."""
    if compiled.source is None:
        return compiled.text
    from .sdk_compiler import exact_text

    return exact_text(compiled.source)


def write_package(compiled: Compiled, path: str) -> None:
    """Write a compiled pipeline; archives hold it as ``pipeline.yaml``. Written beside and moved, so
    never half a file.
    """
    low = path.lower()
    if not low.endswith((".yaml", ".yml", ".zip", ".tar.gz")):
        raise KfpUsageError("usage-value", f"{path}: a pipeline file ends in .yaml, .zip or .tar.gz.")
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise KfpUsageError("usage-value", f"The folder {folder} does not exist.")
    data = _text_to_keep(compiled).encode()
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".kfp-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            if low.endswith(".zip"):
                import zipfile

                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                    archive.writestr("pipeline.yaml", data)
            elif low.endswith(".tar.gz"):
                import io
                import tarfile

                with tarfile.open(fileobj=file, mode="w:gz") as tar:
                    info = tarfile.TarInfo("pipeline.yaml")
                    info.size = len(data)
                    tar.addfile(info, io.BytesIO(data))
            else:
                file.write(data)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
