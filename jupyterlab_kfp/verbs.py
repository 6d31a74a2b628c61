"""The one table of verbs. The parser, the help, the completion, the docs page and the command line all
read it.
"""

from __future__ import annotations

from .grammar import Argument, Kind, Option, Verb

SHOW = ("auto", "graph", "tasks", "timeline", "logs", "results", "none")

_ON = Option("--on", "Connection: the name of a profile, or local.", "CONNECTION")
_NS = Option("--ns", "Namespace.", "NAME")
_AS = Option("--as", "Store the result in this variable.", "VAR", cli=False)
_JSON = Option("--json", "Print JSON instead of a view.")
_QUIET = Option("--quiet", "Print nothing on success.")
_SHOW = Option("--show", "First tab of the view; none prints one line.", "TAB", choices=SHOW, cli=False)
_WAIT = Option("--wait", "Block until the run is final, at most TIME (90s, 10m, 2h).", "TIME", optional=True)
_PARAM = Option("--param", "One parameter of the pipeline.", "NAME=VALUE", short="-p", repeat=True)
_PARAMS = Option("--params", "A dict of parameters: a variable, {expr} or a .json file; -p wins.", "DICT")
_COMMON = (_JSON, _QUIET, _AS)

_NO_LINT = Option("--no-lint", "Send in spite of errors found by the checks.")

_RUN_OPTIONS = (
    _PARAM,
    _PARAMS,
    _ON,
    _NS,
    Option("--exp", "Experiment; made if missing.", "NAME"),
    Option("--name", "Name of the run.", "TEXT"),
    Option("--no-cache", "Use no cached results, in nested pipelines too."),
    Option("--cache", "Use cached results everywhere."),
    _NO_LINT,
)
_SEND = (
    *_RUN_OPTIONS,
    _AS,
    _WAIT,
    Option("--dry-run", "Send nothing; show the plan instead."),
    _SHOW,
    _QUIET,
    _JSON,
)

_PIPELINE = Argument("PIPELINE", "pipeline")
_RUN = Argument("RUN", "run")
_RUNS = Argument("RUN", "run", many=True)
LISTS = ("runs", "pipelines", "versions", "experiments", "schedules", "connections", "artifacts")
#: What `schedule` can do with a schedule that exists.
SCHEDULE_ACTS = ("ls", "on", "off", "rm", "trigger")

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
        "doctor",
        "Examine a connection: ten checks from its name to the versions, each failure with its fix.",
        (Argument("NAME", "connection", required=False),),
        (_NS, *_COMMON),
        ("doctor", "doctor prod --ns team-a"),
    ),
    Verb(
        "run",
        "Check, compile and submit a pipeline.",
        (_PIPELINE,),
        _SEND,
        ("run train -p rows=100 -p lr=0.01", "run train --on prod --wait=30m --as r"),
    ),
    Verb(
        "compile",
        "Compile a pipeline, show its draft, and write it to a file.",
        (_PIPELINE,),
        (
            Option("--out", "File to write: .yaml, or .zip or .tar.gz with a pipeline.yaml in it.", "FILE"),
            _ON,
            *_COMMON,
        ),
        ("compile train", "compile train --out train.yaml"),
    ),
    Verb(
        "plan",
        "Show what a run would do; nothing is sent.",
        (_PIPELINE,),
        (*_RUN_OPTIONS, *_COMMON),
        ("plan train -p rows=100 --on prod",),
    ),
    Verb(
        "lint",
        "Check a pipeline or a file; without one, every cell of this kernel.",
        (Argument("PIPELINE", "pipeline", required=False),),
        (_ON, *_COMMON),
        ("lint", "lint train", "lint train.yaml"),
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
        "upload",
        "Upload a pipeline: a new one, or a new version of one that is there.",
        (_PIPELINE,),
        (
            Option("--pipeline", "Name on the service; default: the pipeline's own.", "NAME"),
            Option("--version", "Name of the version; default: the pipeline's name and the time.", "TEXT"),
            Option("--tag", "A tag of the version.", "KEY=VALUE", repeat=True),
            _ON,
            _NS,
            _NO_LINT,
            *_COMMON,
        ),
        ("upload train", "upload train --version v2 --tag team=vision"),
    ),
    Verb(
        "schedule",
        "Run a pipeline on a schedule; ls, on, off, rm and trigger look after schedules.",
        (
            Argument("PIPELINE|ls|on|off|rm|trigger", "schedule"),
            Argument("SCHEDULE", "schedule", required=False, many=True),
        ),
        (
            Option("--cron", "Six fields: second minute hour day month weekday.", "TEXT"),
            Option("--every", "Time between runs: 90s, 10m, 2h, 1d.", "TIME"),
            Option("--start", "Not before this time (ISO 8601).", "TIME"),
            Option("--end", "Not after this time (ISO 8601).", "TIME"),
            Option("--catch-up", "Also run what was missed while the service was away."),
            Option("--max", "Most runs at the same time, 1 to 10 (1).", "N"),
            Option("--name", "Name of the schedule; default: the pipeline's.", "TEXT"),
            _PARAM,
            _PARAMS,
            _ON,
            _NS,
            Option("--exp", "Experiment; made if missing.", "NAME"),
            _NO_LINT,
            *_COMMON,
        ),
        (
            'schedule train --cron "0 0 6 ? * MON-FRI" -p lr=0.05',
            "schedule train --every 2h --name often",
            "schedule ls",
            "schedule off often",
        ),
    ),
    Verb(
        "diff",
        "Compare two runs, pipelines or files: parameters, code, compiled text and metrics.",
        (Argument("A", "thing"), Argument("B", "thing")),
        (_ON, *_COMMON),
        ("diff r last", "diff train train@v1", "diff old.yaml new.yaml"),
    ),
    Verb(
        "debug",
        "Fetch the inputs of a task and put its function with them into a new cell.",
        (Argument("RUN:TASK", "task"),),
        (Option("--dir", "Folder for the inputs; default: kfp-debug/RUN/TASK.", "DIR"), _ON, *_COMMON),
        ("debug last:train", "debug 5f0c1a:train --dir inputs"),
    ),
    Verb(
        "local",
        "The local service: start, stop, status, or clean up old runs.",
        (Argument("WHAT", "word", required=False, choices=("start", "stop", "status", "clean")),),
        (
            Option("--older", "clean: only runs that ended longer ago than this (7d).", "TIME"),
            *_COMMON,
        ),
        ("local status", "local stop", "local clean --older 1d"),
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
        Kind(
            "component",
            "Make a component of one function.",
            "one Python function",
            (
                Option("--image", "Container image it runs in.", "IMAGE"),
                Option("--pip", "A package to install.", "PACKAGE", repeat=True),
                _AS,
                _QUIET,
                _JSON,
            ),
            ("%%kfp component --image python:3.12 --pip pandas==2.2.3",),
        ),
        Kind(
            "container",
            "Make a component of a shell script; inputs and output paths are shell variables.",
            "shell text, run by sh -e",
            (
                Option("--image", "Container image it runs in.", "IMAGE"),
                Option(
                    "--in",
                    "An input; Type is str, int, …, or Dataset, ….",
                    "NAME:TYPE[=DEFAULT]",
                    repeat=True,
                ),
                Option(
                    "--out", "An output; the variable holds the path to write to.", "NAME:TYPE", repeat=True
                ),
                _AS,
                _QUIET,
                _JSON,
            ),
            ("%%kfp container fetch --image curlimages/curl:8.10.1 --in url:str --out data:Dataset",),
        ),
        Kind(
            "yaml",
            "Load a component or a compiled pipeline.",
            "YAML",
            (_AS, _QUIET, _JSON),
            ("%%kfp yaml --as grep_op",),
        ),
    )
}
