"""Worked examples: lines of sums in a lesson that can be worked out again.

A block fenced as ``worked`` holds lines of ``label: expression = result unit``. The result is compared as it is
written: to its own number of decimals, halves away from zero.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, DecimalException
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["WorkedSum", "evaluate", "worked_sums"]

_LINE = re.compile(r"(?P<label>[^:=]+): (?P<expression>[^:=]+) = (?P<result>-?[\d,]*\.?\d+)(?P<unit> [^=]*)?")
_OPERATORS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: lambda one, two: one + two,
    ast.Sub: lambda one, two: one - two,
    ast.Mult: lambda one, two: one * two,
    ast.Div: lambda one, two: one / two,
    ast.Pow: lambda one, two: one**two,
}
_FUNCTIONS: dict[str, Callable[..., Decimal]] = {
    "down": lambda value, step: value // step * step,
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
    "sqrt": lambda value: value.sqrt(),
}


@dataclass(frozen=True, slots=True)
class WorkedSum:
    """One line of a worked example.

    Args:
        line: in the lesson's text, from 1.
        label: what is worked out.
        expression: how.
        result: as it is written there.
        unit: of the result; empty for none.
    """

    line: int
    label: str
    expression: str
    result: Decimal
    unit: str

    @property
    def fault(self) -> str | None:
        """What is wrong with it; None when the expression gives the result as it is written."""
        try:
            value = evaluate(self.expression)
            rounded = value.quantize(Decimal(1).scaleb(self.result.as_tuple().exponent), ROUND_HALF_UP)  # type: ignore[arg-type]
        except (ValueError, DecimalException) as error:
            return f"{self.expression!r} cannot be worked out ({error})"
        return None if rounded == self.result else f"{self.expression} is {rounded}, not {self.result}"


def evaluate(expression: str) -> Decimal:
    """Work out a sum of numbers, + - * / **, brackets, and down(value, step), min, max, sqrt.

    Raises:
        ValueError: it holds anything else.
        DecimalException: it has no value.
    """
    if len(expression) > 200:
        raise ValueError("the sum is too long")
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except SyntaxError as error:
        raise ValueError(str(error)) from error
    return _value(tree.body, expression.strip())


def _value(node: ast.expr, source: str) -> Decimal:
    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            # The digits as they are written: a float would have rounded them.
            return Decimal(ast.get_source_segment(source, node) or "")
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand, source)
        case ast.BinOp() if type(node.op) in _OPERATORS:
            one, two = _value(node.left, source), _value(node.right, source)
            if isinstance(node.op, ast.Pow) and abs(two) > 1000:
                raise ValueError("the power is too high")
            return _OPERATORS[type(node.op)](one, two)
        case ast.Call(func=ast.Name(id=name)) if name in _FUNCTIONS and node.args and not node.keywords:
            try:
                return _FUNCTIONS[name](*(_value(argument, source) for argument in node.args))
            except TypeError as error:
                raise ValueError(str(error)) from error
    raise ValueError(f"{ast.unparse(node)!r} is not allowed")


def worked_sums(text: str) -> tuple[tuple[WorkedSum, ...], tuple[tuple[int, str], ...]]:
    """Find a lesson's worked sums.

    Args:
        text: Markdown, figures filled in.

    Returns:
        The sums, and the lines inside worked blocks that cannot be read, with their numbers.
    """
    sums: list[WorkedSum] = []
    unread: list[tuple[int, str]] = []
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            inside = line.strip() == "```worked"
        elif inside and line.strip():
            found = _LINE.fullmatch(line.strip())
            if found is None:
                unread.append((number, line.strip()))
                continue
            result = Decimal(found["result"].replace(",", ""))
            unit = (found["unit"] or "").strip()
            sums.append(WorkedSum(number, found["label"].strip(), found["expression"].strip(), result, unit))
    return tuple(sums), tuple(unread)
