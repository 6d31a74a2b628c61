"""Results kept in variables: ``--as NAME`` and ``_kfp``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..handle import Handle
from .parse import Request


def keep(request: Request, namespace: Mapping[str, Any], value: Any) -> None:
    """Store a result in the variable of ``--as``, and a run in ``_kfp`` too."""
    if not isinstance(namespace, dict):
        return
    token = request.token("as")
    if token is not None:
        namespace[token.literal or ""] = value
    if isinstance(value, Handle):
        namespace["_kfp"] = value
