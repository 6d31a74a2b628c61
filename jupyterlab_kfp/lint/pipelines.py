"""Python that does not do what it says between the values of a pipeline: KFP201 to KFP208."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from .definitions import Definition
from .finding import Finding, Fix
from .interface import Interface, interface_of
from .passing import check_call, check_output
from .scope import parameters
from .values import Tracker, Value

_LATE = "A pipeline value has no value yet. Use dsl.ParallelFor, or a component."
#: Builtins that need a value now.
_NOW = frozenset(
    "abs all any bool bytes chr dict divmod enumerate filter float frozenset hex int iter len list map max min"
    " next oct ord pow range reversed round set sorted sum tuple zip".split()
)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def check_values(definition: Definition, tracker: Tracker) -> Iterator[Finding]:
    """Read the body of a pipeline and check every expression of it."""
    if definition.kind != "pipeline":
        return
    own = interface_of(definition, tracker.resolver)
    for arg in parameters(definition.node):
        if arg.arg in own.inputs:
            tracker.names[arg.arg] = Value("param", arg.arg, own.inputs[arg.arg])
    yield from _Reader(definition, tracker).block(definition.node.body)


class _Reader:
    """Goes through statements in their order."""

    def __init__(self, definition: Definition, tracker: Tracker) -> None:
        self.definition = definition
        self.tracker = tracker
        self.code = tracker.resolver.code

    def find(self, rule: str, message: str, node: Any, fix: Fix | None = None) -> Finding:
        return self.code.find(rule, message, node, definition=self.definition.name, fix=fix)

    def block(self, statements: Sequence[ast.stmt]) -> Iterator[Finding]:
        for index, statement in enumerate(statements):
            yield from self.statement(statement, statements[index + 1 :])

    def statement(self, node: ast.stmt, after: Sequence[ast.stmt]) -> Iterator[Finding]:
        track = self.tracker
        if isinstance(node, _NESTED):
            track.names.pop(node.name, None)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            if node.value is not None:
                yield from self.expression(node.value)
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    track.bind(target, track.value(node.value))
        elif isinstance(node, ast.AugAssign):
            if track.late(node.target) or track.late(node.value):
                yield self.find("KFP204", _LATE, node)
            yield from self.expression(node.value)
            track.bind(node.target, None)
        elif isinstance(node, (ast.If, ast.While)):
            yield from self.test(node.test, "if" if isinstance(node, ast.If) else "while")
            yield from self.branches([node.body, node.orelse])
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            if track.late(node.iter):
                yield self.find("KFP204", _LATE, node.iter)
            yield from self.expression(node.iter)
            track.bind(node.target, None)
            yield from self.branches([[*node.body, *node.orelse], []])
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                yield from self.context(item, node, after)
            yield from self.block(node.body)
        elif isinstance(node, ast.Try):
            yield from self.branches([[*node.body, *node.orelse], *(h.body for h in node.handlers)])
            yield from self.block(node.finalbody)
        elif isinstance(node, ast.Assert):
            yield from self.expression(node.test)
        else:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    yield from self.expression(child)

    def branches(self, blocks: Sequence[Sequence[ast.stmt]]) -> Iterator[Finding]:
        before, ends = dict(self.tracker.names), []
        for block in blocks:
            self.tracker.names = dict(before)
            yield from self.block(block)
            ends.append(self.tracker.names)
        self.tracker.merge(ends)

    def context(
        self, item: ast.withitem, node: ast.With | ast.AsyncWith, after: Sequence[ast.stmt]
    ) -> Iterator[Finding]:
        call = item.context_expr
        kind = self.tracker.resolver.kfp(call.func) if isinstance(call, ast.Call) else None
        if (
            isinstance(call, ast.Call)
            and kind in ("If", "Elif", "Condition")
            and call.args
            and isinstance(call.args[0], ast.BoolOp)
        ):
            nest = self.nest(call, call.args[0], node, after) if kind != "Elif" else None
            yield from self.boolean(call.args[0], nest)
            for part in call.args[0].values:
                yield from self.expression(part)
        else:
            yield from self.expression(call)
        if item.optional_vars is not None:
            value = Value("item", ast.unparse(item.optional_vars)) if kind == "ParallelFor" else None
            self.tracker.bind(item.optional_vars, value)

    def nest(
        self, call: ast.Call, test: ast.BoolOp, node: ast.With | ast.AsyncWith, after: Sequence[ast.stmt]
    ) -> Fix | None:
        """Write ``with dsl.If(a), dsl.If(b):``; not where an Else follows, which would belong to the first."""
        if (
            not isinstance(test.op, ast.And)
            or len(call.args) + len(call.keywords) != 1
            or len(node.items) != 1
        ):
            return None
        following = after[0] if after else None
        if isinstance(following, ast.With):
            for item in following.items:
                other = item.context_expr
                function = other.func if isinstance(other, ast.Call) else other
                if self.tracker.resolver.kfp(function) in ("Else", "Elif"):
                    return None
        name = self.code.segment(call.func)
        text = ", ".join(f"{name}({self.code.segment(part)})" for part in test.values)
        return Fix("Nest the conditions", (self.code.replace(call, text),))

    def test(self, node: ast.expr, word: str) -> Iterator[Finding]:
        if self.tracker.late(node):
            yield self.find("KFP203", f'This "{word}" is decided now and is always true. Use dsl.If.', node)
        else:
            yield from self.expression(node)

    def boolean(self, node: ast.BoolOp, fix: Fix | None = None) -> Iterator[Finding]:
        late = [self.tracker.late(part) for part in node.values]
        if not any(late[:-1]):
            return
        is_and = isinstance(node.op, ast.And)
        kept = node.values[-1] if is_and else node.values[late.index(True)]
        yield self.find(
            "KFP201",
            f'"{"and" if is_and else "or"}" between pipeline values keeps only "{self.code.segment(kept)[:80]}".'
            " Nest dsl.If, or compute it in a component.",
            node,
            fix,
        )

    def expression(self, node: ast.expr) -> Iterator[Finding]:
        track = self.tracker
        if isinstance(node, _NESTED):
            return
        if isinstance(node, _COMPREHENSIONS):
            yield from self.comprehension(node)
            return
        if isinstance(node, ast.BoolOp):
            yield from self.boolean(node)
        elif isinstance(node, ast.Compare):
            yield from self.comparison(node)
        elif isinstance(node, ast.UnaryOp) and track.late(node.operand):
            if isinstance(node.op, ast.Not):
                yield self.find("KFP202", '"not" is evaluated now. Use != or dsl.Else.', node)
            else:
                yield self.find("KFP204", _LATE, node)
        elif isinstance(node, ast.BinOp) and (track.late(node.left) or track.late(node.right)):
            text = isinstance(node.left, (ast.Constant, ast.JoinedStr)) and isinstance(
                getattr(node.left, "value", ""), str
            )
            if not (isinstance(node.op, ast.Mod) and text):
                yield self.find("KFP204", _LATE, node)
        elif isinstance(node, ast.IfExp):
            yield from self.test(node.test, "if")
            yield from self.expression(node.body)
            yield from self.expression(node.orelse)
            return
        elif isinstance(node, ast.Call):
            yield from self.call(node)
        elif isinstance(node, (ast.Attribute, ast.Subscript)):
            yield from check_output(node, self.tracker, self.find)
        elif isinstance(node, ast.NamedExpr):
            track.bind(node.target, track.value(node.value))
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from self.expression(child)
            elif isinstance(child, ast.keyword):
                yield from self.expression(child.value)

    def comparison(self, node: ast.Compare) -> Iterator[Finding]:
        sides = [node.left, *node.comparators]
        late = [self.tracker.late(side) for side in sides]
        if any(isinstance(op, (ast.In, ast.NotIn)) for op in node.ops):
            if any(late):
                yield self.find("KFP204", _LATE, node)
        elif len(node.ops) > 1 and any(late[:-1]):
            kept = ast.Compare(sides[-2], [node.ops[-1]], [sides[-1]])
            yield self.find("KFP202", f'A chained comparison keeps only "{ast.unparse(kept)[:80]}".', node)

    def comprehension(self, node: ast.expr) -> Iterator[Finding]:
        before = dict(self.tracker.names)
        for generator in getattr(node, "generators", ()):
            if self.tracker.late(generator.iter):
                yield self.find("KFP204", _LATE, generator.iter)
            yield from self.expression(generator.iter)
            self.tracker.bind(generator.target, None)
            for test in generator.ifs:
                yield from self.test(test, "if")
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from self.expression(child)
        self.tracker.names = before

    def call(self, node: ast.Call) -> Iterator[Finding]:
        function = node.func
        if (
            isinstance(function, ast.Name)
            and function.id in _NOW
            and function.id not in self.tracker.resolver.functions
            and any(self.tracker.late(argument) for argument in node.args)
        ):
            yield self.find("KFP204", _LATE, node)
        component: Interface | None = self.tracker.component(function)
        if component is not None and component.known:
            yield from check_call(node, component, self.tracker, self.find)
