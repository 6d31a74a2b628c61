"""Fold the frames of the SDK, and ours, in the traceback of a cell: what matters is the user's own lines."""

from __future__ import annotations

import os
import sysconfig
from types import TracebackType

from ..session import current

#: Where Python keeps what is not the user's.
_LIBRARIES = tuple(
    os.path.normcase(path) + os.sep
    for path in {sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
    if path
)


#: Packages whose frames are hidden, with those of the libraries that they call.
_HIDDEN = frozenset(("kfp", __name__.partition(".")[0]))


def fold_sdk_frames(error: BaseException) -> None:
    """Hide the frames of ``kfp`` and of what it calls, in an exception and in those it came from.

    IPython counts hidden frames in one line, and its debugger steps over them. It always shows the last frame,
    so a traceback that ends in the SDK is cut behind the user's last line; ``%kfp last-error`` has all of it.
    """
    whole: TracebackType | None = None
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        frames = list(_frames(each.__traceback__))
        if each is error:
            whole = _copy(frames)
        last = _hide(frames)
        if last is not None:
            last.tb_next = None
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    error.__dict__["_kfp_traceback"] = whole


def _frames(trace: TracebackType | None) -> list[TracebackType]:
    found = []
    while trace is not None:
        found.append(trace)
        trace = trace.tb_next
    return found


def _copy(frames: list[TracebackType]) -> TracebackType | None:
    made: TracebackType | None = None
    for each in reversed(frames):
        made = TracebackType(made, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return made


def _hide(frames: list[TracebackType]) -> TracebackType | None:
    """Mark the frames that are not the user's as hidden.

    Returns:
        The user's last frame.
    """
    inside, last = False, None
    for each in frames:
        frame = each.tb_frame
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package in _HIDDEN:
            inside = True
        elif inside and not _is_of_a_library(frame.f_code.co_filename):
            inside = False
        if not inside:
            last = each
        elif frame.f_locals is not frame.f_globals:
            frame.f_locals["__tracebackhide__"] = True
    return last


def _is_of_a_library(file: str) -> bool:
    # Generated code (`<string>`) belongs to who called it; IPython names cells like that, too.
    if file in current().cells_by_file or file.startswith("<ipython-"):
        return False
    return file.startswith("<") or os.path.normcase(file).startswith(_LIBRARIES)
