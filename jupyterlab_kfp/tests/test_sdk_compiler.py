"""The quick way through the SDK's compiler says the same as the compiler itself."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from kfp import compiler, dsl
from kfp.compiler import pipeline_spec_builder

from jupyterlab_kfp.compile import compile_pipeline, write_package
from jupyterlab_kfp.sdk_compiler import _QuickYaml, compiled_text, exact_text

#: What YAML writers have to escape, fold or quote.
TEXTS = (
    "",
    " leads and trails ",
    "yes",
    "1e3",
    "# no comment",
    "a: b",
    "tab\there",
    "line one\nline two\n\n  indented\n",
    "long " * 60,
    "spaces" + " " * 200 + "between",
    "quote ' and \" and \\",
    "nbsp \u00a0 nel \x85 line \u2028 bom \ufeff",
    "control \x00 \x1b \x7f",
    "ä 語 😀",
)


@dsl.component(base_image="python:3.12")
def step(text: str, x: int = 1) -> int:
    """A step whose source is long enough to be folded."""
    print(
        f"a line that is so long that the writer folds it somewhere: {text!r} {x} {text!r} {x} {text!r} {x}"
    )
    return x + 1


def _pipeline(texts: tuple[str, ...] = TEXTS) -> Any:
    @dsl.pipeline(name="texts", description="Says: what, and how.")
    def texts_pipeline(x: int = 1) -> None:
        for text in texts:
            step(text=text, x=x)

    return texts_pipeline


def _bare(pipeline: Any, folder: Path) -> str:
    file = folder / "bare.yaml"
    compiler.Compiler().compile(pipeline, str(file))
    return file.read_text(encoding="utf-8")


def test_the_text_holds_what_the_sdk_writes(tmp_path: Path) -> None:
    pipeline = _pipeline()
    bare, text = _bare(pipeline, tmp_path), compiled_text(pipeline)
    assert list(yaml.safe_load_all(text)) == list(yaml.safe_load_all(bare))
    # The comments that the SDK writes above are kept.
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in bare.splitlines() if line.startswith("#")
    ]


def test_text_that_libyaml_refuses_is_written_by_the_sdk() -> None:
    documents = [{"half": "\ud800"}]
    assert _QuickYaml(yaml).dump_all(documents, sort_keys=True) == yaml.dump_all(documents, sort_keys=True)


def test_the_sdk_is_left_as_it_was() -> None:
    compiled_text(_pipeline())
    assert pipeline_spec_builder.yaml is yaml


def test_the_sdk_is_left_as_it_was_when_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(compiler.Compiler, "compile", fail)
    with pytest.raises(RuntimeError):
        compiled_text(_pipeline())
    assert pipeline_spec_builder.yaml is yaml


def test_kept_files_are_those_of_the_sdk_byte_for_byte(tmp_path: Path) -> None:
    pipeline = _pipeline()
    bare = _bare(pipeline, tmp_path)
    assert exact_text(pipeline) == bare
    compiled = compile_pipeline(pipeline)
    write_package(compiled, str(tmp_path / "kept.yaml"))
    assert (tmp_path / "kept.yaml").read_text(encoding="utf-8") == bare
    write_package(compiled, str(tmp_path / "kept.zip"))
    with zipfile.ZipFile(tmp_path / "kept.zip") as archive:
        assert archive.read("pipeline.yaml").decode() == bare
