"""Names that a component uses but will not find where it runs: KFP101 to KFP105."""

from __future__ import annotations

import ast
import builtins
import sys
import typing
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

from ..errors import suggest
from .definitions import Definition
from .finding import Edit, Finding, Fix
from .resolve import STAR_NAMES, Resolver
from .scope import Function, bound, free_in, free_names, parameters

#: IPython puts these among the builtins of a kernel; no image has them.
IPYTHON = frozenset(("display", "get_ipython"))
_MODULE = frozenset(
    ("__name__", "__file__", "__doc__", "__package__", "__spec__", "__loader__", "__builtins__", "__class__")
)
_BUILTINS = (frozenset(dir(builtins)) | _MODULE) - IPYTHON
#: Runtime names of `kfp.dsl`, for kernels in which kfp is not imported yet.
_DSL = frozenset(
    "Input Output InputPath OutputPath PipelineTaskFinalStatus TaskConfig Artifact ClassificationMetrics Dataset"
    " HTML Markdown Metrics Model SlicedClassificationMetrics get_uri run_notebook EmbeddedInput"
    " PIPELINE_JOB_NAME_PLACEHOLDER PIPELINE_JOB_RESOURCE_NAME_PLACEHOLDER PIPELINE_JOB_ID_PLACEHOLDER"
    " PIPELINE_TASK_NAME_PLACEHOLDER PIPELINE_TASK_ID_PLACEHOLDER PIPELINE_ROOT_PLACEHOLDER"
    " PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER PIPELINE_TASK_EXECUTOR_INPUT_PLACEHOLDER"
    " PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER PIPELINE_JOB_SCHEDULE_TIME_UTC_PLACEHOLDER"
    " WORKSPACE_PATH_PLACEHOLDER PipelineTask PipelineConfig".split()
)


def prelude() -> frozenset[str]:
    """Names that kfp puts before the source of a component."""
    names = {"kfp", "dsl", *typing.__all__, *_DSL, *STAR_NAMES}
    loaded = sys.modules.get("kfp.dsl")
    if loaded is not None:
        names.update(name for name in dir(loaded) if not name.startswith("_"))
    return frozenset(names)


def check_names(definition: Definition, resolver: Resolver) -> Iterator[Finding]:
    """Check what the body of a component, and of the functions it takes along, refers to."""
    if definition.kind != "component" or definition.option("target_image") is not None:
        return  # a container component runs in the notebook; a containerized one brings its whole module
    helpers = _helpers(definition, resolver)
    known = _BUILTINS | prelude() | {definition.name} | set(helpers) | _artifact_classes(definition, resolver)
    for node in (definition.node, *(function for function in helpers.values() if function is not None)):
        yield from _check_function(node, definition, resolver, known)


def _helpers(definition: Definition, resolver: Resolver) -> dict[str, Function | None]:
    """Functions of ``additional_funcs``; those of other cells without their source."""
    listed = definition.option("additional_funcs")
    found: dict[str, Function | None] = {}
    for node in ast.walk(listed) if listed is not None else ():
        if isinstance(node, ast.Name):
            found[node.id] = resolver.functions.get(node.id)
            value = resolver.literal(node)
            for item in value if isinstance(value, (list, tuple)) else ():
                found[getattr(item, "__name__", "")] = None
    if isinstance(listed, ast.Name):  # a list that was made elsewhere
        source = resolver.assigned.get(listed.id)
        for node in ast.walk(source) if source is not None else ():
            if isinstance(node, ast.Name):
                found[node.id] = resolver.functions.get(node.id)
        value = resolver.namespace.get(listed.id)
        for item in value if isinstance(value, (list, tuple)) else ():
            found[getattr(item, "__name__", "")] = None
    return found


def _artifact_classes(definition: Definition, resolver: Resolver) -> set[str]:
    """Imported names in ``Input[…]`` and ``Output[…]``: kfp writes their import into the component."""
    annotations = [arg.annotation for arg in parameters(definition.node)] + [definition.node.returns]
    return {
        name.id
        for annotation in annotations
        for part in (ast.walk(annotation) if annotation is not None else ())
        if isinstance(part, ast.Subscript)
        for name in ast.walk(part.slice)
        if isinstance(name, ast.Name) and name.id in resolver.imports
    }


def _check_function(
    node: Function, definition: Definition, resolver: Resolver, known: frozenset[str] | set[str]
) -> Iterator[Finding]:
    seen: set[str] = set()
    guarded: set[int] | None = None
    for name in _outside(node, resolver):
        if name.id in known or name.id in seen:
            continue
        # In a kernel that ran `!cmd`, IPython has replaced it by a call of get_ipython().
        if name.id in IPYTHON:
            if name.id == "display":
                seen.add(name.id)
            yield _ipython(name, definition, resolver)
            continue
        seen.add(name.id)
        guarded = _guarded(node) if guarded is None else guarded
        finding = _explain(name, node, definition, resolver, id(name) in guarded)
        if finding is not None:
            yield finding


def _outside(node: Function, resolver: Resolver) -> Iterator[ast.Name]:
    """Names read in the body and in defaults; of annotations those that the notebook assigned."""
    for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
        yield from free_in(default)
    annotations = [arg.annotation for arg in parameters(node)] + [node.returns]
    for annotation in filter(None, annotations):
        for name in free_in(annotation):
            # kfp brings the imports of artifact classes along; a name that was assigned it cannot.
            if isinstance(resolver.assigned.get(name.id), (ast.Assign, ast.AnnAssign)):
                yield name
    yield from free_names(node)


def _guarded(node: Function) -> set[int]:
    """Names inside ``try`` whose handler expects them to be missing."""
    found: set[int] = set()
    for statement in ast.walk(node):
        if isinstance(statement, ast.Try) and any(
            handler.type is None or "NameError" in ast.unparse(handler.type) for handler in statement.handlers
        ):
            for part in statement.body:
                found.update(id(name) for name in ast.walk(part) if isinstance(name, ast.Name))
    return found


def _ipython(name: ast.Name, definition: Definition, resolver: Resolver) -> Finding:
    code = resolver.code
    line = code.line(name.lineno).strip()
    shown, advice = name.id, "Use print, or write an artifact."
    if name.id == "get_ipython":
        special = next((part for part in line.split() if part.startswith(("!", "%"))), None)
        shown = special or "get_ipython"
        advice = "Take it out."
        if special and special.startswith("!"):
            advice = "Use subprocess.run."
        if "pip" in line or "conda" in line:
            shown = f"{shown[0]}pip" if special and "pip" in line else shown
            advice = "Use packages_to_install."
    return code.find(
        "KFP105",
        f'"{shown}" works only in a notebook. {advice}',
        name,
        definition=definition.name,
    )


def _explain(
    name: ast.Name, node: Function, definition: Definition, resolver: Resolver, guarded: bool
) -> Finding | None:
    code = resolver.code

    def found(rule: str, message: str, fix: Fix | None = None) -> Finding:
        return code.find(rule, message, name, definition=definition.name, fix=fix)

    if name.id in resolver.imports:
        statement = _statement(*resolver.imports[name.id])
        return found("KFP102", _imported(name.id, statement), _insert(node, statement, resolver))
    if name.id in resolver.functions or name.id in resolver.classes:
        noun = "function" if name.id in resolver.functions else "class"
        if name.id in resolver.functions and _is_component(resolver.functions[name.id], resolver):
            return found("KFP104", f'"{name.id}" is a component. Call it in a pipeline, not in a component.')
        return found("KFP104", _helper(name.id, noun), _take_along(name.id, definition, resolver, noun))
    outer = {n for function in definition.outer for n in _names_of(function)}
    if name.id in resolver.assigned or name.id in outer:
        return found("KFP101", _closure(name.id))
    if name.id in resolver.namespace:
        return _explain_value(name, node, definition, resolver, found)
    if guarded or any(star.split(".")[0] not in ("kfp", "typing") for star in resolver.stars):
        return None
    near = {arg.arg for arg in parameters(node)} | bound(node.body)
    return found("KFP103", f'"{name.id}" is not defined.{suggest(name.id, sorted(near), _quoted)}')


_quoted = '"{}"'


def _names_of(function: Function) -> set[str]:
    return {arg.arg for arg in parameters(function)} | bound(function.body)


def _explain_value(
    name: ast.Name, node: Function, definition: Definition, resolver: Resolver, found: Any
) -> Finding | None:
    """Explain a name by what it is in the running kernel."""
    value = resolver.namespace[name.id]
    if isinstance(value, ModuleType):
        statement = f"import {value.__name__}" + ("" if value.__name__ == name.id else f" as {name.id}")
        return found("KFP102", _imported(name.id, statement), _insert(node, statement, resolver))
    module = getattr(value, "__module__", None)
    if type(value).__module__.startswith("kfp.dsl") and hasattr(value, "component_spec"):
        return found("KFP104", f'"{name.id}" is a component. Call it in a pipeline, not in a component.')
    if isinstance(module, str) and module not in ("__main__", "builtins") and callable(value):
        own = getattr(value, "__name__", name.id)
        if getattr(sys.modules.get(module.split(".")[0]), own, None) is value:
            module = module.split(".")[0]  # as people import it: from pandas import DataFrame
        statement = f"from {module} import {own}" + ("" if own == name.id else f" as {name.id}")
        return found("KFP102", _imported(name.id, statement), _insert(node, statement, resolver))
    if isinstance(value, (FunctionType, type)):
        noun = "class" if isinstance(value, type) else "function"
        return found("KFP104", _helper(name.id, noun), _take_along(name.id, definition, resolver, noun))
    return found("KFP101", _closure(name.id))


def _is_component(node: Function, resolver: Resolver) -> bool:
    return any(
        resolver.kfp(d.func if isinstance(d, ast.Call) else d)
        in ("component", "container_component", "pipeline", "notebook_component")
        for d in node.decorator_list
    )


def _closure(name: str) -> str:
    return (
        f'"{name}" is a notebook variable. The component runs elsewhere and will not see it.'
        " Pass it as a parameter."
    )


def _imported(name: str, statement: str) -> str:
    return f'"{name}" is imported in the notebook, not in the component. Move "{statement}" inside.'


def _helper(name: str, noun: str) -> str:
    if noun == "class":
        return f'"{name}" is a notebook class. Move it inside.'
    return f'"{name}" is a notebook function. Add additional_funcs=[{name}] or move it inside.'


def _statement(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    """An import statement of one name."""
    named = alias.name + (f" as {alias.asname}" if alias.asname else "")
    if isinstance(node, ast.ImportFrom):
        return f"from {'.' * node.level}{node.module or ''} import {named}"
    return f"import {named}"


def _insert(node: Function, statement: str, resolver: Resolver) -> Fix | None:
    """Put an import at the beginning of a body, below the docstring."""
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        if len(node.body) == 1:
            return None
        first = node.body[1]
    line = min([first.lineno, *(d.lineno for d in getattr(first, "decorator_list", ()))])
    before = resolver.code.line(line)[: first.col_offset]
    if before.strip():
        return None  # the body stands on the line of its def
    return Fix(f'Insert "{statement}"', (Edit(line, 0, line, 0, f"{before}{statement}\n"),))


def _take_along(name: str, definition: Definition, resolver: Resolver, noun: str) -> Fix | None:
    """Add a helper to ``additional_funcs``."""
    if noun != "function":
        return None
    return add_option(definition, resolver, "additional_funcs", name)


def add_option(definition: Definition, resolver: Resolver, option: str, item: str) -> Fix | None:
    """Add an item to a list that is an option of the decorator."""
    code, call = resolver.code, definition.call
    title = f"Add {option}=[{item}]"
    if call is None:
        decorator = next((d for d in definition.node.decorator_list if resolver.kfp(d) == "component"), None)
        if decorator is None:
            return None
        edit = code.insert(decorator.end_lineno or 0, decorator.end_col_offset or 0, f"({option}=[{item}])")
        return Fix(title, (edit,))
    present = definition.option(option)
    if isinstance(present, ast.List):
        line, offset = present.end_lineno or 0, (present.end_col_offset or 1) - 1
        separator = ", " if present.elts else ""
        return Fix(f"Add {item} to {option}", (code.insert(line, offset, f"{separator}{item}"),))
    if present is not None:
        return None
    last = max((*call.args, *(k.value for k in call.keywords)), key=_end, default=None)
    if last is None:
        return Fix(
            title,
            (code.insert(call.end_lineno or 0, (call.end_col_offset or 1) - 1, f"{option}=[{item}]"),),
        )
    return Fix(title, (code.insert(*_end(last), f", {option}=[{item}]"),))


def _end(node: ast.expr) -> tuple[int, int]:
    return (node.end_lineno or 0, node.end_col_offset or 0)
