"""Results kept in variables: ``--as NAME`` and ``_kfp``."""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword
from typing import Any

from ..errors import KfpUsageError
from ..handle import Handle
from .parse import Request


def keep(request: Request, namespace: Mapping[str, Any], value: Any) -> None:
    """Store a result in the variable of ``--as``, and a run in ``_kfp`` too.

    Raises:
        KfpUsageError: ``usage-name`` when it is no name of a variable.
    """
    if not isinstance(namespace, dict):
        return
    token = request.token("as")
    if token is not None:
        name = token.literal or ""
        if not name.isidentifier() or iskeyword(name):
            raise KfpUsageError("usage-name", f"--as {token.shown}: this is no name of a variable.")
        namespace[name] = value
    if isinstance(value, Handle):
        namespace["_kfp"] = value
