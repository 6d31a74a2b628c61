"""Bring a task into the notebook: its function and its real inputs, to be run step by step."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .client import segment
from .errors import KfpServiceError
from .handle import Handle
from .run_results import Artifact
from .session import current
from .tasks import Task
from .text import Shown

#: What KFP writes before every function; a cell needs only the names that the function uses.
_PRELUDE = re.compile(
    r"^(?:import kfp|from kfp import dsl|from kfp\.dsl import \*|from typing import \*)\s*$"
)


class Debugging(Shown):
    """The function of a task with its inputs bound; also the path of its folder.

    Attributes:
        folder: Where the inputs are, and where the outputs go; it is there only when there are any.
        cell: Source of a cell that runs the function.
        script: The file with the function, where there was no notebook to put it into.
    """

    def __init__(self, task: Task, folder: Path, cell: str) -> None:
        self.task = task
        self.folder = folder
        self.cell = cell
        self.script: Path | None = None

    def __fspath__(self) -> str:
        return str(self.folder)

    def write(self) -> None:
        """Write the function to a file of the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.script = self.folder / f"{_safe(self.task.name)}.py"
        self.script.write_text(self.cell + "\n", encoding="utf-8")

    def as_json(self) -> Any:
        """For ``--json``."""
        return {
            "task": self.task.path,
            "folder": str(self.folder) if self.folder.exists() else None,
            "script": str(self.script) if self.script else None,
            "source": self.cell,
        }

    def as_text(self) -> str:
        """One line."""
        if self.script is not None:
            return f"Wrote {self.script}: {self.task.path} with the inputs of {self.task.run.name}."
        where = f" Files are in {self.folder}." if self.folder.exists() else ""
        return f"The next cell runs {self.task.path} here, with the inputs of {self.task.run.name}.{where}"


def prepare(handle: Handle, path: str, folder: str | None = None) -> Debugging:
    """Fetch the inputs of a task and write the cell that runs its function with them.

    Raises:
        KfpServiceError: ``unsupported`` for a task without a Python function, ``not-ready`` for one whose
            inputs are not known.
    """
    view = handle.view()
    task = handle.tasks[path]
    component = _component(handle, view, task)
    if "source" not in component:
        raise KfpServiceError(
            "unsupported",
            f"{task.path} runs {component['image']} with a command, it has no Python function to debug.",
            f"Its log: %kfp logs {handle.id[:8]}:{task.path}",
        )
    # what nobody gave is what the function takes by itself
    given = (item for item in task.raw.get("inputs") or () if item.get("origin") != "default")
    known = {item["name"]: item for item in given}
    missing = [port["name"] for port in component["inputs"] if port["name"] not in known]
    function = _function(component["source"], component["function"])
    needed = _required(function)
    lost = [name for name in missing if name in needed]
    if lost:
        word = task.state.replace("_", " ").capitalize()
        raise KfpServiceError(
            "not-ready", f"{task.path} is {word}: its input {', '.join(lost)} is not known."
        )
    place = Path(folder) if folder else Path("kfp-debug", _safe(handle.name), _safe(task.path))
    bindings = [
        _bind(task, port, known[port["name"]], place) for port in component["inputs"] if port["name"] in known
    ]
    names = {argument.arg for argument in _arguments(function)}
    for port in component["outputs"]:
        if port["name"] in names:
            bindings.append(_bind_output(port, place))
    bound = [name for name, _ in bindings]
    cell = "\n".join(
        [
            f"# Task {task.path} of run {handle.name} on {handle.connection}, with its inputs.",
            *_imports(function, [text for _, text in bindings]),
            "",
            _source(component["source"]),
            "",
            *(f"{name} = {text}" for name, text in bindings),
            f"{component['function']}({', '.join(f'{name}={name}' for name in bound)})",
        ]
    )
    return Debugging(task, place, cell)


def _component(handle: Handle, view: Mapping[str, Any], task: Task) -> dict[str, Any]:
    vertices = (view.get("graph") or {}).get("vertices") or ()
    key = next((v["component"] for v in vertices if v["id"] == task.raw.get("vertex")), None)
    digest = current().client.get(f"{handle.path}/source")["digest"]
    listed = current().client.get(f"/pipelines/{segment(digest)}/code")["components"]
    found: dict[str, Any] | None = next((c for c in listed if c["key"] == key), None)
    if found is None:
        raise KfpServiceError("unsupported", f"{task.path} is a {task.kind}, there is no function in it.")
    return found


def _function(source: str, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name:
            return node
    raise KfpServiceError("unsupported", f"The source of this component has no function {name}.")


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _required(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    plain = [*function.args.posonlyargs, *function.args.args]
    count = len(plain) - len(function.args.defaults)
    keyword = [
        argument.arg
        for argument, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
        if default is None
    ]
    return {argument.arg for argument in plain[:count]} | set(keyword)


def _source(source: str) -> str:
    lines = [line for line in source.strip("\n").split("\n") if not _PRELUDE.match(line)]
    return "\n".join(lines).strip("\n")


def _imports(function: ast.FunctionDef | ast.AsyncFunctionDef, bindings: list[str]) -> list[str]:
    import typing

    from kfp import dsl

    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    for text in bindings:
        used |= {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    lines = ["from kfp import dsl"] if "dsl" in used else []
    of_dsl = sorted(name for name in used if name in dsl.__all__)
    of_typing = sorted(name for name in used if name in typing.__all__ and name not in of_dsl)
    if of_dsl:
        lines.append(f"from kfp.dsl import {', '.join(of_dsl)}")
    if of_typing:
        lines.append(f"from typing import {', '.join(of_typing)}")
    return lines


def _bind(task: Task, port: Mapping[str, Any], item: Mapping[str, Any], folder: Path) -> tuple[str, str]:
    """Name and Python expression of one input; artifacts are downloaded."""
    name = str(port["name"])
    if port["kind"] == "param":
        if item.get("redacted"):
            return name, "...  # looked like a secret and was not kept: write it here"
        return name, repr(task.value("inputs", item)) if "json" in item else "None"
    place = folder / "inputs" / _safe(name)
    _download(Artifact(task.run, {**item, "type": port["type"]}), place)
    return name, _artifact(port, place)


def _bind_output(port: Mapping[str, Any], folder: Path) -> tuple[str, str]:
    place = folder / "outputs" / _safe(str(port["name"]))
    place.parent.mkdir(parents=True, exist_ok=True)
    name = str(port["name"])
    return name, repr(str(place)) if port["kind"] == "param" else _artifact(port, place)


def _artifact(port: Mapping[str, Any], place: Path) -> str:
    from kfp import dsl

    kind = str(port["type"]).rpartition(".")[2]
    kind = kind if kind in dsl.__all__ else "Artifact"
    return f"dsl.{kind}(name={str(port['name'])!r}, uri={str(place)!r})"


def _download(artifact: Artifact, place: Path) -> None:
    """Write an artifact; a folder comes as an archive and is unpacked."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if not artifact.is_folder:
        artifact.download(str(place))
        return
    import tarfile

    archive = place.with_name(f"{place.name}.tar.gz")
    artifact.download(str(archive))
    place.mkdir(exist_ok=True)
    try:
        with tarfile.open(archive) as packed:
            # Content of others: nothing may land outside of the folder.
            packed.extractall(place, filter="data")
    finally:
        os.unlink(archive)


def _safe(text: str) -> str:
    return re.sub(r"[^\w.\-\[\]]+", "_", text).lstrip(".") or "_"
