"""The breakdown: a score taken apart line by line, with reasons, and what would flip the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bitten_domain.market.clocks.sessions import SESSION_ORDER
from bitten_domain.tcs.parts import COMPONENTS, RULE_COMPONENT, RULES, Component

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bitten_domain.tcs.scan import ScoredCandidates

__all__ = ["CONTEXT_LINE", "BreakdownLine", "ScoreDetail", "breakdown_of", "details_of", "flip_statement"]

CONTEXT_LINE = "cross-asset context"
"""Name of the line that is added after normalisation."""

_SCALE = 10_000

_RULE = {rule.name: column for column, rule in enumerate(RULES)}
_ALIGNMENT = tuple(
    (column, rule.name.split()[0]) for column, rule in enumerate(RULES) if rule.component is Component.ALIGNMENT
)


class BreakdownLine(NamedTuple):
    """One line of a breakdown.

    Args:
        part: a component's name, or the context line's.
        points: hundredths of a point of the final score; the lines add up to it exactly.
        cap: hundredths of a point the line could have given with what was available.
        evidence: points before ranking, of the component's own cap; 0 on the context line.
        reason: what was found, in words.
    """

    part: str
    points: int
    cap: int
    evidence: float
    reason: str


class ScoreDetail(NamedTuple):
    """A score in whole numbers: all that its breakdown is written from.

    Args:
        parts: hundredths of a point of each component, as in `ScoredCandidates`.
        context: hundredths of a point the context added.
        evidence: points each rule gave, in ten-thousandths; None where it was unavailable.
        measures: what each rule read, likewise.
        read: currency strength and correlated pairs, as the context read them, likewise.
    """

    parts: tuple[int, ...]
    context: int
    evidence: tuple[int | None, ...]
    measures: tuple[int | None, ...]
    read: tuple[int | None, ...]


def breakdown_of(detail: ScoreDetail) -> tuple[BreakdownLine, ...]:
    """Take a score apart: a line for every component and one for the context; they add up to it exactly."""
    caps = [0] * len(COMPONENTS)
    found = [0] * len(COMPONENTS)
    for rule, component, points in zip(RULES, RULE_COMPONENT, detail.evidence, strict=True):
        if points is not None:
            caps[component] += rule.cap
            found[component] += points
    available = sum(caps)
    lines = [
        BreakdownLine(component.value, points, round(10_000 * cap / available) if available else 0, raw / _SCALE, text)
        for component, points, cap, raw, text in zip(
            COMPONENTS, detail.parts, caps, found, _reasons(detail.evidence, detail.measures), strict=True
        )
    ]
    lines.append(BreakdownLine(CONTEXT_LINE, detail.context, 300, 0.0, _context_reason(detail.read)))
    return tuple(lines)


def details_of(table: ScoredCandidates, rows: NDArray[np.intp]) -> list[ScoreDetail]:
    """Read the details of some rows of a scan, all at once."""
    rules = len(RULES)
    numbers = np.concatenate(
        (table.evidence[rows].T, table.measures[rows].T, table.strength[None, rows], table.peers[None, rows])
    )
    columns = [_whole_numbers(column) for column in np.rint(numbers * _SCALE)]
    details = zip(
        zip(*table.parts[rows].T.tolist(), strict=True),
        table.context[rows].tolist(),
        zip(*columns[:rules], strict=True),
        zip(*columns[rules : 2 * rules], strict=True),
        zip(*columns[2 * rules :], strict=True),
        strict=True,
    )
    return list(map(ScoreDetail._make, details))


def _whole_numbers(column: NDArray[np.float64]) -> list[int | None]:
    unknown = np.isnan(column)
    numbers: list[int | None] = np.where(unknown, 0.0, column).astype(np.int64).tolist()
    for row in np.flatnonzero(unknown).tolist():
        numbers[row] = None
    return numbers


def flip_statement(lines: Sequence[BreakdownLine], score: int, gate: int) -> str:
    """Say which single line would turn the gate's answer, by the least change.

    Args:
        lines: the breakdown.
        score: hundredths of a point.
        gate: thousandths of a point.
    """
    margin = score * 10 - gate
    if margin >= 0:
        enough = [line for line in lines if line.points * 10 > margin]
        if not enough:
            return f"{margin / 1000:.2f} above the gate; no single part decides it"
        least = min(enough, key=lambda line: line.points)
        return f"{margin / 1000:.2f} above the gate; without {least.part} ({least.points / 100:.2f}) it would not pass"
    enough = [line for line in lines if (line.cap - line.points) * 10 >= -margin]
    if not enough:
        return f"{-margin / 1000:.2f} below the gate; no single part could lift it"
    closest = min(enough, key=lambda line: line.cap - line.points)
    return f"{-margin / 1000:.2f} below the gate; {closest.part} has {(closest.cap - closest.points) / 100:.2f} left"


def _reasons(evidence: Sequence[int | None], measures: Sequence[int | None]) -> tuple[str, ...]:
    def read(rule: str, decimals: int = 2, factor: float = 1.0) -> str:
        value = measures[_RULE[rule]]
        return "unknown" if value is None else f"{value / _SCALE * factor:.{decimals}f}"

    pattern = {5 * _SCALE: "complete", 3 * _SCALE: "forming"}.get(evidence[_RULE["bar pattern"]] or 0, "none")
    agreeing = " ".join(name for column, name in _ALIGNMENT if (evidence[column] or 0) > 0)
    points = evidence[_RULE["MACD"]]
    known_macd = {5 * _SCALE: "with the trade", 3 * _SCALE: "diverging"}
    macd = "unknown" if points is None else known_macd.get(points, "against")
    spread = measures[_RULE["spread"]]
    sentiment = measures[_RULE["sentiment"]]
    session = SESSION_ORDER[(measures[_RULE["session"]] or 0) // _SCALE].value.replace("_", " ").lower()
    structure = f"clarity {read('trend clarity')}, {read('support and resistance', 0)} touches at the stop"
    momentum = f"RSI {read('RSI zone', 0)}, MACD {macd}, tick volume x{read('tick volume', 1)}"
    spread_text = "spread assumed" if spread is None else f"spread x{spread / _SCALE:.1f} of normal"
    depth = f"sweep or break {read('depth of sweep or break')} ATR deep"
    return (
        f"{structure}, pattern {pattern}",
        f"in agreement: {agreeing or 'none'}",
        momentum,
        f"ATR x{read('ATR regime')} of usual, {spread_text}, ATR {read('stable volatility', 0, 100.0)} % in 12 h",
        session,
        f"{depth}, nearest level {read('nearest level')} ATR away",
        f"{read('reward to risk')} R net of spread and slippage",
        "no feed" if sentiment is None else f"sentiment {sentiment / _SCALE:+.2f}",
    )


def _context_reason(read: tuple[int | None, ...]) -> str:
    strength, peers = read
    if strength is None or peers is None:
        return "unknown"
    return f"currency strength {strength / _SCALE:+.1f} sd, correlated pairs {peers / _SCALE:+.1f} sd"
