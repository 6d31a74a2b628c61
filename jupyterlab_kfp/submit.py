"""Check, compile and submit a pipeline."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import parameters, targets
from .client import segment
from .compile import Compiled
from .errors import KfpUsageError
from .handle import Handle
from .session import current

#: Seconds that an interrupted submit waits for the answer.
ANSWER_LIMIT = 3.0


@dataclass(frozen=True)
class Options:
    """How to send a run; the names are those of the options of ``%kfp run``."""

    on: str | None = None
    ns: str | None = None
    exp: str | None = None
    name: str | None = None
    cache: bool | None = None
    wait: bool | float | str = False
    show: str = "auto"
    quiet: bool = False
    lint: bool = True


def request(compiled: Compiled, values: Mapping[str, Any], options: Options) -> dict[str, Any]:
    """Build the body of a submit (``SubmitRequest`` of the wire); parameters are checked here, before any
    request.
    """
    session = current()
    body: dict[str, Any] = {
        "pipeline": _source(compiled),
        "parameters": parameters.check(compiled, values),
        "interpreter": sys.executable,
        "idempotency_key": str(uuid.uuid4()),
    }
    optional = {
        "name": options.name or _default_name(compiled),
        "namespace": session.namespace(options.ns, options.on),
        "experiment": session.option("exp", options.exp),
        "cache": options.cache,
        "sdk": compiled.sdk,
        "cell": cell_reference(compiled),
    }
    body.update({key: value for key, value in optional.items() if value is not None})
    return body


def _default_name(compiled: Compiled) -> str | None:
    """A name for a run of an uploaded pipeline; for one that is sent as text the gateway makes it."""
    if compiled.version is None:
        return None
    from datetime import datetime, timezone

    name = f"{compiled.name} {datetime.now(timezone.utc):%Y-%m-%d %H-%M-%S}"
    given = {handle._header.get("name") for handle in current().runs.values()}
    numbered = (name if count == 1 else f"{name} ({count})" for count in range(1, len(given) + 2))
    return next(each for each in numbered if each not in given)


def _source(compiled: Compiled) -> dict[str, str]:
    if compiled.version is not None:
        return {"pipeline_id": compiled.version[0], "version_id": compiled.version[1]}
    return {"text": compiled.text}


def cell_reference(compiled: Compiled) -> dict[str, Any] | None:
    """Name the cell being executed and the cells that define what the pipeline uses."""
    session = current()
    cell = session.cell or compiled.cell
    if cell is None:
        return None
    from .lint.sources import definitions_of

    sources = []
    for function, _ in definitions_of(compiled.source):
        found = session.cells_by_file.get(function.__code__.co_filename)
        if found is not None and found not in sources:
            sources.append(found)
    reference: dict[str, Any] = cell.reference(tuple(sources))
    return reference


def submit(compiled: Compiled, values: Mapping[str, Any], options: Options) -> Handle:
    """Submit a run and show it.

    Raises:
        KfpLintError: The checks found an error, nothing was sent.
        KfpUsageError: ``bad-param``, nothing was sent.
        KfpServiceError: The service refused.
    """
    session = current()
    wait_limit(options.wait)
    body = request(compiled, values, options)
    connection = session.target(options.on)
    if options.lint:
        from .lint import require

        require(compiled, connection)
    answer = _send(connection, body)
    handle = Handle(answer["run"]["run_id"], connection, answer["run"], body.get("cell"))
    session.remember(handle)
    _show(handle, options, answer.get("bundle"))
    if not options.quiet:
        _warn_of_secrets(values)
    return handle


def _warn_of_secrets(values: Mapping[str, Any]) -> None:
    """Say which given values look like secrets: they stand in the run for everybody who may read it."""
    from .secret import looks_secret

    names = [name for name, value in values.items() if looks_secret(name, value)]
    if names:
        print(f"{', '.join(names)}: KFP stores parameters in clear text. Use a Kubernetes secret.")


def _send(connection: str, body: Mapping[str, Any]) -> Any:
    """Post a run. An interrupt ends the cell, but what was sent cannot be taken back: the run it made is named.

    The request is on its way in another thread, so that an interrupt does not cut its answer off.
    """
    import threading

    client = current().client
    answers: list[Any] = []
    faults: list[BaseException] = []

    def post() -> None:
        try:
            answers.append(client.post(f"/connections/{segment(connection)}/runs", body))
        except BaseException as error:
            faults.append(error)
        finally:
            done.set()

    # An event and not `join`: an interrupted join takes a living thread for an ended one (bpo-45274).
    done = threading.Event()
    threading.Thread(target=post, name="kfp-submit", daemon=True).start()
    try:
        while not done.wait(0.5):
            pass
    except KeyboardInterrupt:
        done.wait(ANSWER_LIMIT)
        if answers:
            run = answers[0]["run"]
            current().remember(Handle(run["run_id"], connection, run, body.get("cell")))
            print(
                f"Interrupted, but the run was made: {run['name']} on {connection} ({run['run_id']}). "
                f"%kfp stop {run['run_id'][:8]} stops it.",
                flush=True,
            )
        elif not faults:
            print(
                f"Interrupted while {connection} was answering. %kfp ls runs tells whether the run was made."
            )
        raise
    if faults:
        raise faults[0]
    return answers[0]


def _show(handle: Handle, options: Options, bundle: Mapping[str, Any] | None) -> None:
    from .display import show_runs

    if options.quiet:
        handle._shown_in = current().execution
        return
    show_runs([handle], options.show, bundle)


def finish(handle: Handle, options: Options) -> Handle:
    """Wait if the options, or ``JUPYTERLAB_KFP_WAIT``, ask for it; the output gets the final state before
    anything is raised.
    """
    from .display import one_line, shell

    limit = wait_limit(options.wait)
    if limit is False:
        return handle
    wait_shown([handle], None if limit is True else limit)
    if options.show == "none" and not options.quiet and shell() is not None:
        print(one_line(handle))
    return handle


def wait_shown(
    runs: list[Handle],
    timeout: float | str | None = None,
    any_of: bool = False,
    check: bool = True,
    quiet: bool = False,
) -> list[Handle]:
    """Wait and keep the output of this execution up to date."""
    from .display import refresh
    from .waiting import raise_for_state, wait_all

    try:
        done = wait_all(runs, any_of, timeout, check=False, tick=lambda: refresh(runs))
    finally:
        if not quiet:
            refresh(runs)
    if check:
        for run in done:
            raise_for_state(run)
    return done


def wait_limit(asked: bool | float | str) -> bool | float:
    """Read ``wait=``: False, True for no limit, or a time; the environment and ``%kfp config wait`` can
    ask for it too.
    """
    import os

    from .durations import seconds, wait_setting

    if asked is not False:
        return True if asked is True or asked is None else seconds(asked)
    for setting in (os.environ.get("JUPYTERLAB_KFP_WAIT"), current().config.get("wait")):
        if setting:
            return wait_setting(setting)
    return False


#: Names that `jk.run` keeps for itself; parameters of these names go through ``params``.
RESERVED = frozenset((*Options.__dataclass_fields__, "params", "pipeline"))


def split_options(given: Mapping[str, Any]) -> tuple[Options, dict[str, Any]]:
    """Split keyword arguments into options and parameters."""
    fields = Options.__dataclass_fields__
    options = {key: value for key, value in given.items() if key in fields}
    values = {key: value for key, value in given.items() if key not in fields}
    return Options(**options), values


def collide(compiled: Compiled, given: Mapping[str, Any]) -> None:
    """Refuse an option whose name is also a parameter of the pipeline: nobody could tell which one was meant.

    Raises:
        KfpUsageError: ``usage-name``.
    """
    for name in parameters.names(compiled.inputs):
        if name in given and name in RESERVED:
            raise KfpUsageError(
                "usage-name",
                f'"{name}" is an option and a parameter of {compiled.name}.',
                f"Write params={{{name!r}: …}}.",
            )


def sent_before(run: Handle, values: Mapping[str, Any]) -> tuple[Compiled, dict[str, Any]]:
    """The pipeline of a run as it was sent, and its parameters changed by ``values``.

    Raises:
        KfpUsageError: ``bad-param`` when a value was hidden and is not given again.
    """
    import json

    source = current().client.get(f"{run.path}/source")
    header = run.view("header")["run"]
    compiled = replace(targets.from_text(source["text"], run.name), sdk=header.get("sdk"))
    known = parameters.names(compiled.inputs)
    given = [i for i in header.get("parameters") or () if i.get("origin") == "given" and i["name"] in known]
    hidden = [item["name"] for item in given if item.get("redacted") and item["name"] not in values]
    if hidden:
        raise KfpUsageError(
            "bad-param",
            f"{', '.join(hidden)} looked like a secret and was not kept.",
            f"Give it: -p {hidden[0]}=…",
        )
    before = {
        item["name"]: json.loads(item["json"])
        for item in given
        if "json" in item and not item.get("redacted")
    }
    return compiled, {**before, **values}


def rerun(run: Handle, values: Mapping[str, Any], options: Options) -> Handle:
    """Send the pipeline of a run again with its parameters, changed by ``values``."""
    compiled, known = sent_before(run, values)
    return submit(compiled, known, replace(options, on=options.on or run.connection))
