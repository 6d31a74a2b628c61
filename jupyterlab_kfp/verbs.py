"""The one table of verbs. The parser, the help, the completion, the docs page and the command line all
read it.
"""

from __future__ import annotations

from dataclasses import dataclass

#: What a positional argument is; decides how it is resolved and what completion offers.
TARGETS = ("pipeline", "run", "task", "connection", "word", "file")


@dataclass(frozen=True)
class Option:
    """An option.

    Attributes:
        name: With its dashes.
        help: One sentence.
        value: Name of the value; None for a switch.
        short: Another spelling.
        repeat: May be given more than once.
        optional: The value may be left out, as in ``--wait`` and ``--wait=10m``.
        choices: The values allowed; empty for any.
        key: Name in the request.
    """

    name: str
    help: str
    value: str | None = None
    short: str | None = None
    repeat: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Name under which the parsed value is kept."""
        return self.name.lstrip("-").replace("-", "_")

    @property
    def usage(self) -> str:
        """How it is written."""
        shown = "|".join(self.choices) if self.choices else self.value
        long = (
            self.name
            if shown is None
            else f"{self.name}[={shown}]"
            if self.optional
            else f"{self.name} {shown}"
        )
        return f"{self.short}, {long}" if self.short else long


@dataclass(frozen=True)
class Argument:
    """A positional argument: its name for people and its kind from ``TARGETS``."""

    name: str
    kind: str
    required: bool = True
    many: bool = False
    choices: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """How it is written."""
        shown = "|".join(self.choices) or self.name
        shown = f"{shown} …" if self.many else shown
        return shown if self.required else f"[{shown}]"


@dataclass(frozen=True)
class Verb:
    """A verb.

    Attributes:
        name: The word.
        help: One sentence.
        arguments: Positional arguments in order.
        options: Its options.
        examples: Lines as a user types them behind ``%kfp``.
        cli: False where it makes no sense without a notebook.
        magic: False where it is for the command line alone.
    """

    name: str
    help: str
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()
    cli: bool = True
    magic: bool = True

    def option(self, word: str) -> Option | None:
        """Find an option by the way it was typed."""
        for option in self.options:
            if word in (option.name, option.short):
                return option
        return None


SHOW = ("auto", "graph", "tasks", "timeline", "logs", "results", "none")

_ON = Option("--on", "Connection: the name of a profile, or local.", "CONNECTION")
_NS = Option("--ns", "Namespace.", "NAME")
_AS = Option("--as", "Store the result in this variable.", "VAR")
_JSON = Option("--json", "Print JSON instead of a view.")
_QUIET = Option("--quiet", "Print nothing on success.")
_SHOW = Option("--show", "First tab of the view; none prints one line.", "TAB", choices=SHOW)
_WAIT = Option("--wait", "Block until the run is final, at most TIME (90s, 10m, 2h).", "TIME", optional=True)
_PARAM = Option("--param", "One parameter of the pipeline.", "NAME=VALUE", short="-p", repeat=True)
_PARAMS = Option("--params", "A variable or {expr} that gives a dict of parameters; -p wins.", "DICT")
_COMMON = (_JSON, _QUIET, _AS)

_SEND = (
    _PARAM,
    _PARAMS,
    _ON,
    _NS,
    Option("--exp", "Experiment; made if missing.", "NAME"),
    Option("--name", "Name of the run.", "TEXT"),
    _AS,
    _WAIT,
    Option("--no-cache", "Use no cached results, in nested pipelines too."),
    Option("--cache", "Use cached results everywhere."),
    Option("--no-lint", "Send in spite of errors found by the checks."),
    _SHOW,
    _QUIET,
    _JSON,
)

_PIPELINE = Argument("PIPELINE", "pipeline")
_RUN = Argument("RUN", "run")
_RUNS = Argument("RUN", "run", many=True)
LISTS = ("runs", "pipelines", "versions", "experiments", "schedules", "connections", "artifacts")

_ALL: tuple[Verb, ...] = (
    Verb(
        "connect",
        "Choose the connection of this kernel; without NAME find one.",
        (Argument("NAME", "connection", required=False),),
        (_NS, *_COMMON),
        ("connect", "connect local", "connect prod --ns team-a"),
        cli=False,
    ),
    Verb("status", "Show the connection, its health and the active runs.", (), (_ON, *_COMMON), ("status",)),
    Verb(
        "run",
        "Check, compile and submit a pipeline.",
        (_PIPELINE,),
        _SEND,
        ("run train -p rows=100 -p lr=0.01", "run train --on prod --wait=30m --as r"),
    ),
    Verb(
        "attach",
        "Show any run.",
        (_RUN,),
        (_ON, _SHOW, _AS, _JSON, _QUIET),
        ("attach last", "attach 5f0c1a --show tasks"),
    ),
    Verb(
        "wait",
        "Block until runs are final.",
        (_RUNS,),
        (
            Option("--any", "Return when the first one is final."),
            Option("--timeout", "Longest time to wait.", "TIME"),
            _ON,
            *_COMMON,
        ),
        ("wait last", "wait {runs} --any --timeout 10m"),
    ),
    Verb(
        "logs",
        "Print the log of a task, or of all tasks of a run.",
        (Argument("RUN[:TASK]", "task"),),
        (
            Option("--follow", "Go on printing until the task ends.", short="-f"),
            Option("--tail", "Only the last N lines.", "N"),
            Option("--grep", "Only lines that contain TEXT.", "TEXT"),
            Option("--stream", "Which log.", "STREAM", choices=("main", "driver")),
            Option("--attempt", "Which attempt, from 1; -1 is the newest.", "N"),
            _ON,
            *_COMMON,
        ),
        ("logs last:train --tail 50", "logs r:train --follow --grep ERROR"),
    ),
    Verb(
        "results",
        "Show parameters, metrics and artifacts that a run or a task wrote.",
        (Argument("RUN[:TASK]", "task"),),
        (Option("--save", "Download the artifacts into this folder.", "DIR"), _ON, *_COMMON),
        ("results last", "results r:evaluate --save out"),
    ),
    Verb("stop", "Stop runs.", (_RUNS,), (_ON, *_COMMON), ("stop last",)),
    Verb("retry", "Run the failed tasks of runs again.", (_RUNS,), (_ON, *_COMMON), ("retry last",)),
    Verb(
        "rerun",
        "Send the pipeline of a run again, with changes.",
        (_RUN,),
        _SEND,
        ("rerun last -p lr=0.1",),
    ),
    Verb(
        "ls",
        "List runs, pipelines, versions, experiments, schedules, connections or artifacts.",
        (
            Argument("WHAT", "word", required=False, choices=LISTS),
            Argument("FILTER", "word", required=False, many=True),
        ),
        (Option("--limit", "Longest list (20).", "N"), _ON, _NS, *_COMMON),
        ("ls runs", "ls runs state:failed train", "ls pipelines --limit 50"),
    ),
    Verb(
        "local",
        "The local service: start, stop or status.",
        (Argument("WHAT", "word", required=False, choices=("start", "stop", "status", "clean")),),
        _COMMON,
        ("local status", "local stop"),
    ),
    Verb(
        "config",
        "Show or set the options of this kernel.",
        (Argument("KEY", "word", required=False), Argument("VALUE", "word", required=False)),
        (_JSON, _QUIET),
        ("config", "config exp tuning", "config lint.ignore KFP302"),
        cli=False,
    ),
    Verb("last-error", "Show the full traceback of our last error.", (), (_AS,), ("last-error",), cli=False),
    Verb(
        "help",
        "Show this, or the help of a verb.",
        (Argument("VERB", "word", required=False),),
        (),
        ("help run",),
    ),
    Verb(
        "endpoint",
        "Print the address to use as KF_PIPELINES_ENDPOINT; starts the gateway if needed.",
        (Argument("NAME", "connection", required=False),),
        (_JSON,),
        ("endpoint",),
        magic=False,
    ),
)

#: Verbs by name, in the order of the help.
VERBS: dict[str, Verb] = {verb.name: verb for verb in _ALL}


@dataclass(frozen=True)
class Kind:
    """A kind of ``%%kfp`` cell: what its body is and which options it takes."""

    name: str
    help: str
    body: str
    options: tuple[Option, ...]
    examples: tuple[str, ...] = ()

    def option(self, word: str) -> Option | None:
        """Find an option by the way it was typed."""
        for option in self.options:
            if word in (option.name, option.short):
                return option
        return None


#: Kinds by name; the empty name is the cell that defines and draws.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "",
            "Define pipelines and draw them; nothing is sent.",
            "Python",
            (_AS, _ON, _QUIET, _JSON),
            ("%%kfp",),
        ),
        Kind(
            "run",
            "Define pipelines and run one.",
            "Python",
            _SEND,
            ("%%kfp run --as r", "%%kfp run train -p rows=10"),
        ),
    )
}


def help_text(name: str | None = None, prefix: str = "%kfp") -> str:
    """Write the help of one verb, or of all.

    Args:
        name: A verb; None lists them.
        prefix: How a line begins: ``%kfp`` or ``jupyter kfp``.
    """
    if name is not None and name in VERBS:
        return _verb_help(VERBS[name], prefix)
    here = [v for v in VERBS.values() if (v.magic if prefix == "%kfp" else v.cli)]
    width = max(len(v.name) for v in here)
    lines = [f"{prefix} VERB [TARGET …] [OPTION …]", ""]
    lines += [f"  {v.name:<{width}}  {v.help}" for v in here]
    if prefix == "%kfp":
        lines += ["", "%%kfp [KIND] [NAME] [OPTION …]", ""]
        lines += [f"  {k.name or '(none)':<{width}}  {k.help} The body is {k.body}." for k in KINDS.values()]
    lines += ["", f"{prefix} VERB -h shows more."]
    return "\n".join(lines)


def _verb_help(verb: Verb, prefix: str) -> str:
    usage = " ".join(
        [prefix, verb.name, *(a.usage for a in verb.arguments), *(["[OPTION …]"] if verb.options else [])]
    )
    lines = [usage, "", verb.help]
    if verb.options:
        width = max(len(o.usage) for o in verb.options)
        lines += ["", *(f"  {o.usage:<{width}}  {o.help}" for o in verb.options)]
    if verb.examples:
        lines += ["", "Examples:", *(f"  {prefix} {line}" for line in verb.examples)]
    return "\n".join(lines)
