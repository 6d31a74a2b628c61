"""``%kfp`` and ``%%kfp``: a thin shell over the functions of the API."""

from __future__ import annotations

from types import MethodType
from typing import Any

from IPython.core.completer import (
    CompletionContext,
    SimpleCompletion,
    SimpleMatcherResult,
    context_matcher,
)
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand

from ..cells import Cell
from ..errors import KfpError, WaitInterrupted
from ..help import help_text
from ..last_error import internal, note
from ..session import current
from .body import CellSyntaxError
from .folding import fold_sdk_frames
from .keep import keep
from .parse import continued, parse_cell, parse_line
from .running_cell import running_cell, running_number


@magics_class
class KfpMagics(Magics):
    """Define pipelines in cells and run them."""

    @no_var_expand
    @line_cell_magic
    def kfp(self, line: str, cell: str | None = None) -> Any:
        """Define, run and follow Kubeflow pipelines. ``%kfp help`` lists the verbs."""
        __tracebackhide__ = True
        assert self.shell is not None, "magics belong to a shell"
        if cell is not None:
            line, cell = continued(line, cell)
        try:
            request = parse_line(line) if cell is None else parse_cell(line)
            if cell is None:
                from .perform import perform

                value = perform(request, self.shell.user_ns)
            else:
                from .kinds import perform_cell

                value = perform_cell(self.shell, request, cell)
            if value is not None:
                keep(request, self.shell.user_ns, value)
            return value
        except (KfpError, WaitInterrupted) as error:
            note(error)
            raise
        except KeyboardInterrupt:
            raise
        except Exception as error:
            if not _is_ours(error):
                fold_sdk_frames(error)
                note(error)
                raise
            raise internal(error) from None


# `%kfp?` shows the help of the table, as `%kfp help` does.
KfpMagics.kfp.__doc__ = help_text()


def _is_ours(error: BaseException) -> bool:
    """Tell whether an error was raised by our own code, and not by the user's cell or by ``kfp`` in it."""
    if getattr(error, "_kfp_user", False) or isinstance(error, (SyntaxError, CellSyntaxError)):
        return False
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    name = str(frame.tb_frame.f_globals.get("__name__", "")) if frame is not None else ""
    return not name.startswith("kfp")


class _Hooks:
    """Notes which cell is executed, for digests and for outputs that belong together."""

    def pre_run_cell(self, info: Any) -> None:
        session = current()
        session.execution += 1
        raw = info.raw_cell if isinstance(info.raw_cell, str) else ""
        session.cell = Cell(raw, getattr(info, "cell_id", None))
        shell = _shell()
        if shell is not None:
            stored = getattr(info, "store_history", False)
            number = running_number(shell, False) if stored else shell.execution_count
            name = shell.compile.get_code_name(raw, shell.transform_cell(raw), number)
            session.cells_by_file[name] = session.cell

    def post_run_cell(self, result: Any) -> None:
        current().cell = None
        error = getattr(result, "error_in_exec", None)
        if error is not None:
            from ..lint.old_errors import hint_of

            hint = hint_of(error)
            if hint is not None:
                print(hint)


_hooks: _Hooks | None = None


@context_matcher(identifier="kfp")
def _matcher(context: CompletionContext) -> SimpleMatcherResult:
    """Complete lines of ours; everything else is left to the others."""
    from .complete import complete

    shell = _shell()
    found = complete(
        context.text_until_cursor, context.cursor_line == 0, shell.user_ns if shell is not None else {}
    )
    if found is None:
        return {"completions": [], "suppress": False}
    word, candidates = found
    return {
        "completions": [SimpleCompletion(text=each.text, type=each.kind) for each in candidates],
        "suppress": True,
        "matched_fragment": word,
    }


def _shell() -> Any:
    from ..display import shell

    return shell()


def load(shell: Any) -> None:
    """Register the magics and the hooks; does nothing when they are there."""
    global _hooks
    registered = shell.magics_manager.magics.get("line", {}).get("kfp")
    # Only a method is asked for its owner: the placeholder of a lazy magic (IPython 9.18) would load us again.
    if not (isinstance(registered, MethodType) and isinstance(registered.__self__, KfpMagics)):
        shell.register_magics(KfpMagics)
    matchers = shell.Completer.custom_matchers
    if _matcher not in matchers:
        matchers.append(_matcher)
    if _hooks is None:
        _hooks = _Hooks()
    for event in ("pre_run_cell", "post_run_cell"):
        hook = getattr(_hooks, event)
        if hook not in shell.events.callbacks[event]:
            shell.events.register(event, hook)
    if current().cell is None:
        current().cell = running_cell(shell)


def unload(shell: Any) -> None:
    """Take the magics and the hooks away."""
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("kfp", None)
    if _matcher in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.remove(_matcher)
    for event in ("pre_run_cell", "post_run_cell"):
        hook = getattr(_hooks, event, None)
        if hook in shell.events.callbacks[event]:
            shell.events.unregister(event, hook)
