"""``jupyter kfp VERB``: the verbs on the command line.

Exit status: 0 done, 1 a run failed or was canceled, 2 a wrong line or value, 3 no connection or a check of
``doctor`` failed, 4 refused by the service, 5 checks found an error, 124 the time to wait is over, 130
interrupted, 70 our fault.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

from .errors import (
    KfpConnectionError,
    KfpError,
    KfpInternalError,
    KfpLintError,
    KfpServiceError,
    KfpUsageError,
    RunCanceled,
    RunFailed,
    WaitInterrupted,
    WaitTimeout,
)
from .last_error import internal, report
from .progress import Progress
from .session import current

#: Exit status by error class, the first that fits.
STATUS: tuple[tuple[type[BaseException], int], ...] = (
    (RunFailed, 1),
    (RunCanceled, 1),
    (KfpUsageError, 2),
    (KfpConnectionError, 3),
    (KfpServiceError, 4),
    (KfpLintError, 5),
    (KfpInternalError, 70),
    (WaitTimeout, 124),
    (WaitInterrupted, 130),
    (KeyboardInterrupt, 130),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and give its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    progress = current().progress = Progress()
    try:
        return _perform(words)
    except (KfpError, WaitInterrupted) as error:
        progress.close()
        print(_for_a_terminal("\n".join(error.lines())), file=sys.stderr)
        return next(status for kind, status in STATUS if isinstance(error, kind))
    except KeyboardInterrupt:
        progress.close()
        return 130
    except Exception as error:
        if isinstance(error, BrokenPipeError):
            # The reader of a pipe has gone, as `| head` does; nothing is wrong.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        progress.close()
        fault = internal(error)
        print(f"KfpInternalError [{fault.code}]: {report()}", file=sys.stderr)
        return 70


def _perform(words: list[str]) -> int:
    from .help import help_text
    from .magics.parse import from_arguments, parse_tokens

    if words[:1] == ["--version"]:
        from importlib.metadata import version

        print(version("jupyterlab-kfp"))
        return 0
    request = parse_tokens(from_arguments(words), cli=True)
    if request.help or request.verb == "help":
        name = request.targets[0].literal if request.targets else request.verb
        print(help_text(None if name == "help" else name, "jupyter kfp"))
        return 0
    if request.verb == "endpoint":
        return _endpoint(request.targets[0].literal if request.targets else None, request.flag("json"))
    from .handle import Handle
    from .magics.perform import perform

    progress = current().progress
    try:
        answer = perform(request, {}, "jupyter kfp")
    except (RunFailed, RunCanceled, WaitTimeout) as error:
        if progress is not None:
            progress.close()
        if error.handle is not None and not request.flag("json") and not request.flag("quiet"):
            _tell(error.handle, request)
        raise
    if progress is not None:
        progress.close()
    if request.verb == "doctor":
        # The text form of a command is what it prints; a script reads the status.
        return 0 if answer.ok else 3
    if isinstance(answer, Handle) and not request.flag("json") and not request.flag("quiet"):
        _tell(answer, request)
    return 0


def _endpoint(name: str | None, as_json: bool) -> int:
    session = current()
    connection = name or session.target()
    if name:
        from .connections import connect

        connection = connect(name).name
    url = session.client.address.passthrough(connection)
    print(json.dumps({"endpoint": url, "connection": connection}) if as_json else url)
    return 0


def _tell(handle: Any, request: Any) -> None:
    """Print a run as text: its bundle's text after a wait, one line before."""
    from .display import bundle_of, one_line

    if request.verb in ("stop", "retry", "schedule"):
        return
    if request.verb == "attach" or handle.final:
        print(_for_a_terminal(bundle_of([handle])["text/plain"]))
    else:
        print(one_line(handle))


def _for_a_terminal(text: str) -> str:
    """Name lines of ours as a terminal takes them."""
    return re.sub(r"(?<!%)%kfp (?=[a-z])", "jupyter kfp ", text)


if __name__ == "__main__":
    sys.exit(main())
