"""The table of all checks: the code, the documentation and the tests read this one."""

from __future__ import annotations

from dataclasses import dataclass

#: Words for the levels, as the wire and the texts use them.
SEVERITY = {"E": "error", "W": "warning", "I": "info"}


@dataclass(frozen=True)
class Rule:
    """One check.

    Attributes:
        id: ``KFP101``.
        name: Short name, as in the documentation.
        level: ``E`` keeps a run from being sent, ``W`` and ``I`` are shown.
        when: What it finds.
        example: A message as users read it.
        stage: ``source`` reads the Python of cells, ``compiled`` the compiled text.
    """

    id: str
    name: str
    level: str
    when: str
    example: str
    stage: str = "source"


_SOURCE = (
    Rule(
        "KFP101",
        "closure",
        "E",
        "A component uses a variable of the notebook.",
        '"scale" is a notebook variable. The component runs elsewhere and will not see it.'
        " Pass it as a parameter.",
    ),
    Rule(
        "KFP102",
        "missing-import",
        "E",
        "A component uses a module that only the notebook imports.",
        '"pd" is imported in the notebook, not in the component. Move "import pandas as pd" inside.',
    ),
    Rule(
        "KFP103",
        "undefined-name",
        "E",
        "A component uses a name that is found nowhere.",
        '"dfx" is not defined. Did you mean "df"?',
    ),
    Rule(
        "KFP104",
        "helper",
        "E",
        "A component calls a function, a class or a component of the notebook.",
        '"prep" is a notebook function. Add additional_funcs=[prep] or move it inside.',
    ),
    Rule(
        "KFP105",
        "ipython-syntax",
        "E",
        "A component uses what only IPython knows: !command, %magic, display().",
        '"!pip" works only in a notebook. Use packages_to_install.',
    ),
    Rule(
        "KFP106",
        "no-type",
        "E",
        "A parameter of a component or a pipeline has no annotation.",
        'Parameter "x" has no type. KFP needs one, for example x: int.',
    ),
    Rule(
        "KFP107",
        "bad-type",
        "E",
        "A parameter or a result has a type that KFP cannot pass: tuple, set, DataFrame, array.",
        "KFP cannot pass a DataFrame as a parameter. Use Input[Dataset] and Output[Dataset].",
    ),
    Rule(
        "KFP108",
        "no-return-type",
        "E",
        "A component returns a value and declares no type for it.",
        "train returns a value but declares no return type. It will fail at the end.",
    ),
    Rule(
        "KFP109",
        "output-unwritten",
        "E/W",
        "An OutputPath is never used (E), an Output[…] artifact is never used (W), a returned NamedTuple lacks"
        " a field (E).",
        'Output "model" is never written.',
    ),
    Rule(
        "KFP110",
        "wrong-return",
        "W",
        "A path through a component returns nothing or a literal of another type.",
        "One path returns nothing, int is declared.",
    ),
    Rule(
        "KFP111",
        "local-file",
        "W",
        "A component opens a file by a constant path.",
        '"data.csv" is a file of this computer. Pass it as an artifact or use an importer.',
    ),
    Rule(
        "KFP112",
        "secret-text",
        "W",
        "A constant, a default or an environment value looks like a key or a token.",
        "This looks like a secret and would be stored in clear text. Use a Kubernetes secret.",
    ),
    Rule(
        "KFP113",
        "shell",
        "W",
        "The command of a container component leaves an input or an output unused, hides a failure behind tee,"
        " or holds Python that does not parse.",
        '"tee" hides a failure of the command before it.',
    ),
    Rule(
        "KFP201",
        "and-or",
        "E",
        "and or or stands between values of a pipeline.",
        '"and" between pipeline values keeps only "a < 50". Nest dsl.If, or compute it in a component.',
    ),
    Rule(
        "KFP202",
        "chain-not",
        "E",
        "A comparison of pipeline values is chained, or not is used on one.",
        'A chained comparison keeps only "a < 50".',
    ),
    Rule(
        "KFP203",
        "python-if",
        "E",
        "A Python if decides on a value of a pipeline.",
        'This "if" is decided now and is always true. Use dsl.If.',
    ),
    Rule(
        "KFP204",
        "python-op",
        "E",
        "Python loops over, computes with or converts a value of a pipeline.",
        "A pipeline value has no value yet. Use dsl.ParallelFor, or a component.",
    ),
    Rule(
        "KFP205",
        "positional",
        "E",
        "A component is called without names.",
        "Call components with names: clean(rows=100).",
    ),
    Rule(
        "KFP206",
        "type-mismatch",
        "E",
        "A value of one type goes into an input of another.",
        "clean.Output is int, train.x is float. Change one, or convert in a component.",
    ),
    Rule(
        "KFP207",
        "task-as-value",
        "E",
        "A task is passed where one of its outputs is meant.",
        '"clean" is a task. Use clean.output.',
    ),
    Rule(
        "KFP208",
        "no-such-output",
        "E",
        "A task is asked for an output that it does not have.",
        'evaluate has no output "acc". It has: accuracy.',
    ),
    Rule(
        "KFP209",
        "unused-param",
        "W",
        "A parameter of a pipeline is never used.",
        'Parameter "lr" is never used.',
    ),
    Rule(
        "KFP210",
        "compile-time",
        "W",
        "The body of a pipeline asks for the time, a random number or a unique id.",
        "This is evaluated once, now, and is the same in every run.",
    ),
    Rule(
        "KFP211",
        "plain-call",
        "W",
        "The body of a pipeline calls an ordinary function.",
        '"load" is no component: it runs now, in the notebook.',
    ),
    Rule("KFP212", "empty", "E", "A pipeline has no task.", "Pipeline train has no task."),
    Rule(
        "KFP301",
        "missing-package",
        "W",
        "A component imports a package that nothing is known to install.",
        '"sklearn" is imported but scikit-learn is not in packages_to_install. The image may lack it.',
    ),
    Rule(
        "KFP302",
        "unpinned",
        "W",
        "A package to install has no version.",
        '"pandas" has no version. Runs will differ over time. This notebook has 2.2.3.',
    ),
)

_COMPILED = (
    Rule(
        "KFP303",
        "oversize",
        "E/W",
        "The source of a component is larger than 131,000 bytes (E; W from 100,000 and on the local service).",
        "The source of train is 140 KB. Linux allows 128 KiB for one argument. Use a file, an image or an"
        " artifact.",
        "compiled",
    ),
    Rule(
        "KFP304",
        "old-python",
        "E",
        "The Python of an image is older than kfp allows.",
        "kfp 2.17 needs Python 3.9 in the image, python:3.7 has 3.7.",
        "compiled",
    ),
    Rule(
        "KFP305",
        "python-differs",
        "I",
        "The Python of an image is not that of the notebook.",
        "Runs with Python 3.11, the notebook has 3.13.",
        "compiled",
    ),
    Rule(
        "KFP306",
        "floating-image",
        "I",
        "An image has no tag, or latest.",
        "Image tag can change.",
        "compiled",
    ),
    Rule(
        "KFP307",
        "wrong-package",
        "W",
        "A package to install has the name of the module, not of the package.",
        'The package of "sklearn" is called scikit-learn.',
    ),
    Rule(
        "KFP308",
        "large-default",
        "W",
        "A default is larger than 10 KB, or the compiled text larger than 1 MiB.",
        "The compiled pipeline is 1.4 MB. Services limit this. Pass data as artifacts.",
        "compiled",
    ),
)

_OLD = (
    Rule(
        "KFP401",
        "v1-api",
        "E",
        "A name of kfp 1.8 that kfp 2 lacks is used.",
        "kfp 2 has no ContainerOp. Use @dsl.container_component, or %kfp v1 on.",
    ),
    Rule("KFP402", "deprecated", "W", "dsl.Condition or kfp.v2 is used.", "Use dsl.If."),
    Rule(
        "KFP403",
        "zip",
        "E",
        "A pipeline is compiled into an archive.",
        "kfp 2 writes .yaml only. %kfp compile --out x.zip makes the archive.",
    ),
    Rule(
        "KFP404",
        "v1-image",
        "I",
        "A component made by kfp 1.8 reads a bool in an image with Python 3.12 or newer.",
        "Uses distutils, which this image lacks.",
        "compiled",
    ),
    Rule(
        "KFP405",
        "same-file",
        "W",
        "Two components write the same output_component_file.",
        'add overwrites "multiply_component.yaml", which multiply wrote.',
    ),
)

_TARGET = (
    Rule(
        "KFP501",
        "cluster-lacks",
        "W",
        "A pipeline uses what KFP on a cluster does not support.",
        "Works locally. KFP 2.17 on a cluster does not support it.",
        "compiled",
    ),
    Rule(
        "KFP502",
        "local-lacks",
        "W",
        "A run for the local service needs mounts, what is in an image, or a GPU, and this computer lacks it.",
        "Task t mounts /mnt/data: it needs docker or podman here.",
        "compiled",
    ),
    Rule(
        "KFP503",
        "root-artifact",
        "E",
        "A pipeline that takes an artifact is to be run.",
        'KFP cannot pass the artifact "data" to a run. Wrap the pipeline with an importer.',
        "compiled",
    ),
)

#: All rules by id, in their order.
RULES: dict[str, Rule] = {rule.id: rule for rule in (*_SOURCE, *_COMPILED, *_OLD, *_TARGET)}
