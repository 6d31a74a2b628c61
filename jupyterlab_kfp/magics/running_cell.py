"""Ask the shell about the cell that it executes now."""

from __future__ import annotations

from typing import Any

from ..cells import Cell


def running_cell(shell: Any) -> Cell | None:
    """The cell that is executed now, for the one moment in which no hook of ours can know it: the lazy magic
    loads us in the middle of its first cell.
    """
    get_parent = getattr(shell, "get_parent", None)
    message = get_parent() if callable(get_parent) else None
    if isinstance(message, dict) and (message.get("header") or {}).get("msg_type") == "execute_request":
        code = (message.get("content") or {}).get("code")
        cell_id = (message.get("metadata") or {}).get("cellId")
        return Cell(code, cell_id) if isinstance(code, str) else None
    inputs = getattr(getattr(shell, "history_manager", None), "input_hist_raw", None)
    return Cell(str(inputs[-1])) if inputs and inputs[-1] else None


def running_number(shell: Any, is_stored: bool) -> int:
    """The number of the cell that is executed now, as ``In[…]`` shows it.

    IPython 9.18 counts up before a cell runs, older ones after; the history grows with both.

    Args:
        is_stored: The cell is in the history already.
    """
    inputs = getattr(getattr(shell, "history_manager", None), "input_hist_parsed", None)
    return len(inputs) - (1 if is_stored else 0) if inputs else int(shell.execution_count)
