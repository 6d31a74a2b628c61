"""Choices (``Literal["a", "b"]``): newer kfp has them, others refuse them in riddles."""

from __future__ import annotations

import ast
from functools import cache

from ..compile import kfp_loaded


@cache
def _refuses_literals() -> bool:
    from importlib import import_module
    from typing import Literal

    def probe(x: Literal["a"]) -> None:
        """A component with a choice."""

    # The text of the annotation above is all that is left of it.
    probe.__annotations__["x"] = Literal["a"]
    try:
        import_module("kfp.dsl.component_factory").extract_component_interface(probe)
    except (TypeError, ValueError):
        return True
    except Exception:  # another kfp, where this is no way to ask
        return False
    return False


def literals_are_refused() -> bool:
    """Tell whether the ``kfp`` of this kernel has no choices; it says so itself only in riddles."""
    return kfp_loaded() and _refuses_literals()


def kind_of_literal(annotation: ast.expr) -> str:
    """The type of the choices."""
    kinds = {type(n.value).__name__ for n in ast.walk(annotation) if isinstance(n, ast.Constant)} - {
        "NoneType"
    }
    return kinds.pop() if len(kinds) == 1 and kinds <= {"str", "int", "float", "bool"} else "str"
