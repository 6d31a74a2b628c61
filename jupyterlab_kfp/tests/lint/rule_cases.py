"""For each rule of the source: a cell on which it fires, and correct code on which it stays silent."""

from __future__ import annotations

from .cases import Case, fires, silent

#: What the cells below call.
DEFINES = """
@dsl.component(base_image="python:3.12")
def clean(rows: int) -> int:
    return rows - 1
@dsl.component(base_image="python:3.12")
def train(x: float, name: str = "a") -> float:
    return x
@dsl.component(base_image="python:3.12")
def evaluate(n: int) -> NamedTuple("Out", [("accuracy", float)]):
    return (n / 2,)
@dsl.component(base_image="python:3.12")
def split(n: int) -> NamedTuple("Out", [("left", int), ("right", int)]):
    return (n, n)
@dsl.component(base_image="python:3.12")
def load(data: Input[Dataset], out: Output[Model]):
    out.metadata["rows"] = len(data.path)
""".strip("\n")
#: Lines that the definitions take.
ABOVE = DEFINES.count("\n") + 1


def body(text: str, parameters: str = "", name: str = "p") -> str:
    """A cell with the components above and a pipeline of this body."""
    lines = silent(text).rstrip("\n").split("\n")
    return "\n".join(
        [DEFINES, "@dsl.pipeline", f"def {name}({parameters}):", *(f"    {x}" for x in lines), ""]
    )


def in_body(
    rule: str,
    text: str,
    message: str,
    line: int = 1,
    level: str = "E",
    parameters: str = "",
    fixed: str | None = None,
) -> Case:
    """A pipeline's body on which a rule fires; lines count inside of the body."""
    return Case(
        rule,
        body(text, parameters),
        ABOVE + 2 + line,
        message,
        level,
        None if fixed is None else body(fixed, parameters),
    )


LATE = "A pipeline value has no value yet. Use dsl.ParallelFor, or a component."
SECRET = "This looks like a secret and would be stored in clear text. Use a Kubernetes secret."

FIRES: list[Case] = [
    fires(
        "KFP106",
        """
        @dsl.component
        def f(x) -> int:
            return x
        """,
        2,
        'Parameter "x" has no type. KFP needs one, for example x: int.',
    ),
    fires(
        "KFP107",
        """
        import pandas as pd
        @dsl.component
        def f(data: pd.DataFrame):
            print(data)
        """,
        3,
        "KFP cannot pass a DataFrame as a parameter. Use Input[Dataset] and Output[Dataset].",
    ),
    fires(
        "KFP107",
        """
        @dsl.component
        def f(x: int) -> tuple:
            return (x, x)
        """,
        2,
        "KFP cannot pass a tuple as a result. Use NamedTuple to return several values.",
    ),
    fires(
        "KFP108",
        """
        @dsl.component
        def train(x: int):
            return x * 2
        """,
        3,
        "train returns a value but declares no return type. It will fail at the end.",
    ),
    fires(
        "KFP109",
        """
        @dsl.component
        def f(x: int, model: OutputPath(str)):
            print(x)
        """,
        2,
        'Output "model" is never written.',
    ),
    fires(
        "KFP109",
        """
        @dsl.component
        def f(x: int, model: Output[Model]):
            print(x)
        """,
        2,
        'Output "model" is never written.',
        "W",
    ),
    fires(
        "KFP109",
        """
        @dsl.component
        def f(x: int) -> NamedTuple("Out", [("a", int), ("b", int)]):
            return (x,)
        """,
        3,
        'Output "b" is never written.',
    ),
    fires(
        "KFP109",
        """
        @dsl.component
        def f(x: int) -> NamedTuple("Out", a=int, b=int):
            from collections import namedtuple
            Out = namedtuple("Out", ["a"])
            return Out(a=x)
        """,
        5,
        'Output "b" is never written.',
    ),
    fires(
        "KFP110",
        """
        @dsl.component
        def f(x: int) -> int:
            if x > 1:
                return x
        """,
        2,
        "One path returns nothing, int is declared.",
        "W",
    ),
    fires(
        "KFP110",
        """
        @dsl.component
        def f(x: int) -> int:
            return "many"
        """,
        3,
        '"many" is str, int is declared.',
        "W",
    ),
    fires(
        "KFP111",
        """
        @dsl.component
        def f() -> int:
            return len(open("data.csv").read())
        """,
        3,
        '"data.csv" is a file of this computer. Pass it as an artifact or use an importer.',
        "W",
    ),
    fires(
        "KFP112",
        """
        @dsl.component
        def f(token: str = "AKIAIOSFODNN7EXAMPLE"):
            print(token)
        """,
        2,
        SECRET,
        "W",
    ),
    fires(
        "KFP112",
        """
        @dsl.component
        def f(x: int):
            import os
            os.environ["DB_PASSWORD"] = "hunter2!x"
            print(x)
        """,
        4,
        SECRET,
        "W",
    ),
    in_body("KFP112", 'clean(rows=1).set_env_variable("API_KEY", "a1b2c3d4e5")', SECRET, 1, "W"),
    fires(
        "KFP113",
        """
        @dsl.container_component
        def f(text: str):
            return dsl.ContainerSpec(image="alpine:3.20", command=["true"])
        """,
        2,
        'Input "text" is never used.',
        "W",
    ),
    fires(
        "KFP113",
        """
        @dsl.container_component
        def f(data: Output[Dataset]):
            return dsl.ContainerSpec(image="alpine:3.20", command=["true"])
        """,
        2,
        'Output "data" is never written.',
        "W",
    ),
    fires(
        "KFP113",
        """
        @dsl.container_component
        def f(data: dsl.OutputPath(str)):
            return dsl.ContainerSpec(image="alpine:3.20", command=["sh", "-c", "make | tee $0", data])
        """,
        3,
        '"tee" hides a failure of the command before it.',
        "W",
    ),
    fires(
        "KFP113",
        """
        @dsl.container_component
        def f():
            return dsl.ContainerSpec(image="python:3.12", command=["python3", "-c", "if 1: pass\\n  else: x"])
        """,
        3,
        "The Python text after -c does not parse: line 2.",
        "W",
    ),
    in_body(
        "KFP201",
        """
        a = clean(rows=1).output
        with dsl.If(a > 10 and a < 50):
            clean(rows=2)
        """,
        '"and" between pipeline values keeps only "a < 50". Nest dsl.If, or compute it in a component.',
        2,
        fixed="""
        a = clean(rows=1).output
        with dsl.If(a > 10), dsl.If(a < 50):
            clean(rows=2)
        """,
    ),
    in_body(
        "KFP201",
        """
        with dsl.If((n == 1) or (n == 2)):
            clean(rows=n)
        """,
        '"or" between pipeline values keeps only "n == 1". Nest dsl.If, or compute it in a component.',
        parameters="n: int",
    ),
    in_body(
        "KFP202",
        """
        a = clean(rows=1)
        with dsl.If(10 < a.output < 50):
            clean(rows=2)
        """,
        'A chained comparison keeps only "a.output < 50".',
        2,
    ),
    in_body(
        "KFP202",
        """
        with dsl.If(not flag):
            clean(rows=2)
        """,
        '"not" is evaluated now. Use != or dsl.Else.',
        parameters="flag: bool",
    ),
    in_body(
        "KFP203",
        """
        task = clean(rows=1)
        if task.output > 1:
            clean(rows=2)
        """,
        'This "if" is decided now and is always true. Use dsl.If.',
        2,
    ),
    in_body(
        "KFP203",
        "clean(rows=1 if n > 3 else 2)",
        'This "if" is decided now and is always true. Use dsl.If.',
        parameters="n: int",
    ),
    in_body("KFP204", "for i in range(n):\n    clean(rows=i)", LATE, parameters="n: int"),
    in_body("KFP204", "for i in items:\n    clean(rows=i)", LATE, parameters="items: list"),
    in_body("KFP204", "clean(rows=clean(rows=1).output + 1)", LATE),
    in_body("KFP204", "x = clean(rows=1)\nclean(rows=int(x.output))", LATE, 2),
    in_body("KFP204", "clean(rows=len(names))", LATE, parameters="names: list"),
    in_body("KFP204", "[clean(rows=i) for i in items]", LATE, parameters="items: list"),
    in_body("KFP204", 'with dsl.If(n in ["a"]):\n    clean(rows=1)', LATE, parameters="n: str"),
    in_body(
        "KFP205",
        "clean(100)",
        "Call components with names: clean(rows=100).",
        fixed="clean(rows=100)",
    ),
    in_body(
        "KFP205",
        'train(0.5, name="b")',
        'Call components with names: train(x=0.5, name="b").',
        fixed='train(x=0.5, name="b")',
    ),
    in_body(
        "KFP206",
        "c = clean(rows=1)\ntrain(x=c.output)",
        "clean.Output is int, train.x is float. Change one, or convert in a component.",
        2,
    ),
    in_body(
        "KFP206",
        "train(x=lr)",
        "lr is str, train.x is float. Change one, or convert in a component.",
        parameters='lr: str = "0.1"',
    ),
    in_body(
        "KFP206",
        'clean(rows="5")',
        '"5" is str, clean.rows is int. Change one, or convert in a component.',
    ),
    in_body(
        "KFP206",
        "load(data=clean(rows=1).output)",
        "clean.Output is int, load.data is Dataset. Change one, or convert in a component.",
    ),
    in_body(
        "KFP207",
        "c = clean(rows=1)\nclean(rows=c)",
        '"c" is a task. Use c.output.',
        2,
        fixed="c = clean(rows=1)\nclean(rows=c.output)",
    ),
    in_body(
        "KFP208",
        'task = evaluate(n=1)\ntrain(x=task.outputs["acc"])',
        'evaluate has no output "acc". It has: accuracy.',
        2,
        fixed='task = evaluate(n=1)\ntrain(x=task.outputs["accuracy"])',
    ),
    in_body(
        "KFP208",
        "s = split(n=1)\nclean(rows=s.output)",
        'split has 2 outputs. Use outputs["…"] with one of: left, right.',
        2,
    ),
    Case(
        "KFP209",
        body("clean(rows=1)", "lr: float = 0.1"),
        ABOVE + 2,
        'Parameter "lr" is never used.',
        "W",
    ),
    in_body(
        "KFP210",
        "import datetime\ntrain(x=1.0, name=str(datetime.datetime.now()))",
        "This is evaluated once, now, and is the same in every run.",
        2,
        "W",
    ),
    fires(
        "KFP211",
        """
        def fetch(n):
            return n + 1
        @dsl.component
        def clean(rows: int) -> int:
            return rows
        @dsl.pipeline
        def p():
            clean(rows=fetch(1))
        """,
        8,
        '"fetch" is no component: it runs now, in the notebook.',
        "W",
    ),
    fires(
        "KFP212",
        """
        @dsl.pipeline
        def train(x: int):
            print(x)
        """,
        2,
        "Pipeline train has no task.",
    ),
    fires(
        "KFP301",
        """
        @dsl.component
        def f() -> int:
            from sklearn.svm import SVC
            return SVC().fit()
        """,
        3,
        '"sklearn" is imported but scikit-learn is not in packages_to_install. The image may lack it.',
        "W",
        fixed="""
        @dsl.component(packages_to_install=["scikit-learn"])
        def f() -> int:
            from sklearn.svm import SVC
            return SVC().fit()
        """,
    ),
    fires(
        "KFP302",
        """
        @dsl.component(packages_to_install=["polars"])
        def f() -> int:
            import polars
            return polars.x
        """,
        1,
        '"polars" has no version. Runs will differ over time.',
        "W",
    ),
    fires(
        "KFP307",
        """
        @dsl.component(packages_to_install=['sklearn==1.5.0'])
        def f() -> int:
            import sklearn
            return sklearn.x
        """,
        1,
        'The package of "sklearn" is called scikit-learn.',
        "W",
        fixed="""
        @dsl.component(packages_to_install=['scikit-learn==1.5.0'])
        def f() -> int:
            import sklearn
            return sklearn.x
        """,
    ),
    fires(
        "KFP401",
        """
        import kfp
        op = kfp.components.create_component_from_func(print)
        """,
        2,
        "kfp 2 has no create_component_from_func. Use @dsl.component, or %kfp v1 on.",
    ),
    fires(
        "KFP401",
        """
        from kfp import dsl
        def f():
            return dsl.ContainerOp(name="a", image="b")
        """,
        3,
        "kfp 2 has no ContainerOp. Use @dsl.container_component, or %kfp v1 on.",
    ),
    in_body(
        "KFP401",
        "t = clean(rows=1).add_env_variable(1)",
        "kfp 2 has no add_env_variable. Use set_env_variable, or %kfp v1 on.",
    ),
    in_body(
        "KFP402",
        "with dsl.Condition(n == 1):\n    clean(rows=1)",
        "Use dsl.If.",
        level="W",
        parameters="n: int",
        fixed="with dsl.If(n == 1):\n    clean(rows=1)",
    ),
    fires("KFP402", "from kfp.v2 import dsl\n", 1, "Import from kfp: kfp.v2 is its old name.", "W"),
    fires(
        "KFP403",
        """
        from kfp import compiler
        compiler.Compiler().compile(f, "x.zip")
        """,
        2,
        "kfp 2 writes .yaml only. %kfp compile --out x.zip makes the archive.",
    ),
    fires(
        "KFP405",
        """
        import kfp
        kfp.components.create_component_from_func(multiply, output_component_file="multiply_component.yaml")
        kfp.components.create_component_from_func(add, output_component_file="multiply_component.yaml")
        """,
        3,
        'add overwrites "multiply_component.yaml", which multiply wrote.',
        "W",
    ),
]

#: Correct code in which every construct that a rule looks at occurs in its right form.
SILENT = {
    "KFP106 KFP107 KFP108 KFP109 KFP110": silent(
        """
        from dataclasses import dataclass
        @dsl.component
        def typed(a: int, b: List[str], c: Dict[str, int], d: Optional[float] = None, e: "bool" = True) -> int:
            if e:
                return 1
            elif a:
                raise ValueError(d)
            with open("/tmp/x") as f:
                for line in f:
                    print(line, b, c)
            try:
                return int(a)
            except ValueError:
                return 0
        @dsl.component
        def nothing(x: int):
            def inner():
                return x
            if inner():
                return None
            return
        @dsl.component
        def forever(x: int) -> float:
            while True:
                if x:
                    return 1
        @dsl.component
        def outputs(
            p: OutputPath(str), q: dsl.OutputPath("Dataset"), m: Output[Model], i: Input[Dataset], j: InputPath(str)
        ) -> NamedTuple("Out", [("a", int), ("b", str)]):
            import collections
            open(p, "w").write("x")
            open(q, "w").write(j)
            m.metadata["x"] = i.uri
            Result = collections.namedtuple("Result", "a b")
            return Result(a=1, b="x")
        @dsl.component
        def optional(x: int) -> Optional[str]:
            if x:
                return "a"
        @dsl.component
        def matches(x: int) -> str:
            match x:
                case 1:
                    return "a"
                case _:
                    return f"{x}"
        """
    ),
    "KFP111 KFP112": silent(
        """
        @dsl.component(packages_to_install=["pandas==2.2.3"])
        def files(data: Input[Dataset], path: str, max_tokens: int = 100, token_name: str = "main"):
            import json, os, subprocess
            import pandas as pd
            open(data.path)
            open("/tmp/scratch.txt").read()
            with open("own.txt", "w") as f:
                f.write("x")
            open("own.txt").read()
            subprocess.run(["wget", "-O", "got.csv", path])
            pd.read_csv("got.csv")
            pd.read_csv("https://example.org/data.csv")
            pd.read_csv("gs://bucket/data.csv")
            json.loads("{}")
            password = os.environ["DB_PASSWORD"]
            secret_key = "password"
            print(password, secret_key, max_tokens, token_name)
        """
    ),
    "KFP113": silent(
        """
        @dsl.container_component
        def shell(text: str, data: Output[Dataset], n: int = 1):
            return dsl.ContainerSpec(
                image="alpine:3.20",
                command=["sh", "-c", "set -o pipefail; echo $0 | tee $1", text, data.path],
                args=["python3", "-c", "print(1)", dsl.IfPresentPlaceholder(input_name="n", then=[n])],
            )
        """
    ),
    "KFP201 KFP202 KFP203 KFP204 KFP205 KFP206 KFP207 KFP208": body(
        """
        debug = True
        if debug and len([1]) > 0 and not None:
            clean(rows=n)
        a = clean(rows=n)
        b = clean(rows=a.output).after(a).set_display_name("b").set_memory_limit("1Gi")
        with dsl.If(debug and a.output > 1):
            clean(rows=1)
        with dsl.If(a.output > 10):
            with dsl.If(a.output < 50):
                clean(rows=b.output)
        with dsl.Elif(a.output == 3):
            clean(rows=2)
        with dsl.Else():
            clean(rows=3)
        with dsl.If(flag == False), dsl.If(a.outputs["Output"] != 1):
            clean(rows=4)
        for i in range(3):
            clean(rows=i)
        with dsl.ParallelFor(items=[{"a": 1}, {"a": 2}], parallelism=2) as item:
            loop = clean(rows=item.a)
            load(data=source)
        train(x=1, name=f"run {n}")
        train(x=0.5, name="n %s" % n)
        train(x=evaluate(n=a.output).outputs["accuracy"])
        train(x=evaluate(n=b.output).output)
        s = split(n=n)
        clean(rows=s.outputs["left"])
        tasks = [clean(rows=i) for i in range(2) if i > 0]
        if source is None:
            print(tasks, str(n))
        x = a.output
        x = 5
        if x > 3:
            clean(rows=x)
        dsl.Collected(loop.output)
        return_value = train(x=2.5 if debug else 1.5)
        for t in tasks:
            t.set_cpu_limit("1")
        """,
        "n: int, flag: bool, source: Input[Dataset]",
    ),
    "KFP209 KFP210 KFP211 KFP212": silent(
        """
        import random, time
        from kubernetes import client
        SEED = random.random()
        def big(task):
            return task.set_memory_limit("8Gi")
        def both(n):
            a = clean(rows=n)
            return clean(rows=a.output)
        @dsl.component
        def clean(rows: int) -> int:
            import time
            return rows + int(time.time())
        @dsl.pipeline
        def p(n: int, m: int = 2):
            t = clean(rows=n)
            big(t)
            both(m)
            print("compiled")
            client.V1Toleration()
        """
    ),
    "KFP301 KFP302 KFP307": silent(
        """
        from typing import List
        PACKAGES = ["pandas==2.2.3", "my-tools @ https://example.org/x.whl"]
        BASE = ["scikit-learn>=1.4", "pyyaml~=6.0", "google-cloud-storage==2.1.0", "opencv-python==4.10.0.84"]
        @dsl.component(packages_to_install=BASE)
        def f(x: int):
            import json, os.path
            import cv2, numpy as np, sklearn.svm, yaml
            from google.cloud import storage
            from kfp import dsl
            import typing_extensions
            try:
                import ujson
            except ImportError:
                ujson = json
            print(np, sklearn, yaml, storage, dsl, cv2, ujson, typing_extensions, x)
        @dsl.component(packages_to_install=PACKAGES)
        def g(x: int):
            import anything
            print(anything, x)
        @dsl.component(base_image="pytorch/pytorch:2.5.1")
        def h(x: int):
            import torch
            print(torch, x)
        """
    ),
    "KFP401 KFP402 KFP403 KFP405": silent(
        """
        import kfp
        from kfp import compiler, dsl, kubernetes
        class Op:
            def add_env_variable(self): ...
        compiler.Compiler().compile(f, "x.yaml")
        kfp.components.load_component_from_text("x")
        re.compile("a", "b.zip")
        @dsl.component(output_component_file="a.yaml")
        def a(x: int) -> int:
            return x
        @dsl.component(output_component_file="b.yaml")
        def b(x: int) -> int:
            return x
        @dsl.pipeline
        def p(x: int):
            with dsl.If(x == 1):
                t = a(x=x).set_env_variable("A", "b")
                kubernetes.mount_pvc(t, pvc_name="a", mount_path="/a")
        """
    ),
}
