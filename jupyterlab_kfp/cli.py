"""``jupyter kfp VERB``: the verbs on the command line.

Exit status: 0 done, 1 a run failed or was canceled, 2 a wrong line or value, 3 no connection, 4 refused by
the service, 5 checks found an error, 124 the time to wait is over, 130 interrupted, 70 our fault.
"""

from __future__ import annotations

import json
import os
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
    try:
        return _perform(words)
    except (KfpError, WaitInterrupted) as error:
        print("\n".join(error.lines()), file=sys.stderr)
        return next(status for kind, status in STATUS if isinstance(error, kind))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe has gone, as `| head` does; nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


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

    answer = perform(request, {}, "jupyter kfp")
    if isinstance(answer, Handle) and not request.flag("json") and not request.flag("quiet"):
        _tell(answer, request)
    return 0


def _endpoint(name: str | None, as_json: bool) -> int:
    from .session import current

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

    if request.verb in ("stop", "retry"):
        return
    if request.verb == "attach" or handle.final:
        print(bundle_of([handle])["text/plain"])
    else:
        print(one_line(handle))


if __name__ == "__main__":
    sys.exit(main())
