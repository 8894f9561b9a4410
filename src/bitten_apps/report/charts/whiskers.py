"""Whiskers in table cells: a figure and its interval on a scale that all tables of the page share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_apps.report import figures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bitten_domain.analytics.day_bootstrap import Estimate

__all__ = ["WhiskerScale", "scale_over"]

_CROWDED = 24.0
"""Percent of a cell's width below which two figures would touch."""


@dataclass(frozen=True, slots=True)
class WhiskerScale:
    """The shared scale.

    Args:
        low, high: R at the ends of a cell, low < 0 < high.
    """

    low: float
    high: float

    def place(self, value: float) -> float:
        """Place a figure, percent of the cell's width, inside the cell."""
        share = (value - self.low) / (self.high - self.low)
        return round(100.0 * min(max(share, 0.0), 1.0), 2)

    def cell(self, net: Estimate, gross: Estimate | None = None) -> str:
        """Draw a cell: net, and above it gross where there is one; too few observations leave only the zero line."""
        zero = self.place(0.0)
        marks = [f'<line x1="{zero}%" x2="{zero}%" y1="0" y2="24" class="zero"/>']
        spoken: list[str] = []
        rows = [(gross, 7 if gross is not None else 12, "gross"), (net, 17 if gross is not None else 12, "net")]
        for estimate, y, style in rows:
            if estimate is None or estimate.value is None:
                continue
            if estimate.low is not None and estimate.high is not None:
                marks.append(
                    f'<line x1="{self.place(estimate.low)}%" x2="{self.place(estimate.high)}%" y1="{y}" y2="{y}" '
                    f'class="whisker {style}"/>'
                )
            marks.append(f'<circle cx="{self.place(estimate.value)}%" cy="{y}" r="3.5" class="dot {style}"/>')
            spoken.append(f"{style} {figures.r(estimate.value)} R, {figures.estimate_r(estimate)}")
        label = "; ".join(spoken) or "too few to show"
        drawn = "".join(marks)
        return f'<svg class="cell" height="24" role="img" aria-label="{label}"><title>{label}</title>{drawn}</svg>'

    def header(self) -> str:
        """Draw the scale's figures for the head of a column: both ends of it and zero."""
        zero = self.place(0.0)
        marks = [
            f'<text x="{place}%" y="12" text-anchor="{anchor}">{figures.r(value, 1)}</text>'
            for place, anchor, value in ((0, "start", self.low), (zero, "middle", 0.0), (100, "end", self.high))
            if value == 0.0 or abs(place - zero) > _CROWDED
        ]
        return f'<svg class="cell scale" height="16" aria-hidden="true">{"".join(marks)}</svg>'


def scale_over(estimates: Iterable[Estimate | None]) -> WhiskerScale:
    """Fit a scale over all figures of a kind; it shows zero, and ends at -1.2 and 0.8 at the widest."""
    ends = [
        end for each in estimates if each is not None for end in (each.low, each.value, each.high) if end is not None
    ]
    return WhiskerScale(max(-1.2, min([-0.4, *ends]) - 0.02), min(0.8, max([0.2, *ends]) + 0.02))
