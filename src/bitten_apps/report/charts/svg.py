"""A small SVG writer: shapes with classes, everything escaped, coordinates to a tenth of a unit."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Drawing", "thinned"]


class Drawing:
    """A chart being drawn; colours come from the page by class.

    Args:
        width, height: of the view box.
        title: what it shows, for those who cannot see it and as its tooltip.
        text: what it shows in figures, likewise.
    """

    def __init__(self, width: float, height: float, title: str, text: str) -> None:
        self.width, self.height = width, height
        self._title, self._text = title, text
        self._parts: list[str] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, style: str) -> None:
        """Draw a straight line."""
        self._parts.append(
            f'<line x1="{_at(x1)}" y1="{_at(y1)}" x2="{_at(x2)}" y2="{_at(y2)}" class="{escape(style)}"/>'
        )

    def polyline(self, points: Sequence[tuple[float, float]], style: str) -> None:
        """Draw a line through points."""
        if points:
            self._parts.append(f'<path d="{_path(points)}" class="{escape(style)}"/>')

    def area(self, points: Sequence[tuple[float, float]], floor: float, style: str) -> None:
        """Fill what lies between a line and a height."""
        if points:
            path = f"{_path(points)}V{_at(floor)}H{_at(points[0][0])}Z"
            self._parts.append(f'<path d="{path}" class="{escape(style)}"/>')

    def path(self, data: str, style: str) -> None:
        """Draw a path given in SVG's own words."""
        if data:
            self._parts.append(f'<path d="{escape(data)}" class="{escape(style)}"/>')

    def rect(self, x: float, y: float, width: float, height: float, style: str, tip: str = "") -> None:
        """Draw a rectangle, with a tooltip if there is one."""
        shape = f'<rect x="{_at(x)}" y="{_at(y)}" width="{_at(width)}" height="{_at(height)}" class="{escape(style)}"'
        self._parts.append(f"{shape}><title>{escape(tip)}</title></rect>" if tip else f"{shape}/>")

    def circle(self, x: float, y: float, radius: float, style: str, tip: str = "") -> None:
        """Draw a dot, with a tooltip if there is one."""
        shape = f'<circle cx="{_at(x)}" cy="{_at(y)}" r="{_at(radius)}" class="{escape(style)}"'
        self._parts.append(f"{shape}><title>{escape(tip)}</title></circle>" if tip else f"{shape}/>")

    def words(self, x: float, y: float, text: str, style: str = "", anchor: str = "start") -> None:
        """Write a line of text; the anchor is ``start``, ``middle`` or ``end``."""
        styled = f' class="{escape(style)}"' if style else ""
        placed = "" if anchor == "start" else f' text-anchor="{escape(anchor)}"'
        self._parts.append(f'<text x="{_at(x)}" y="{_at(y)}"{placed}{styled}>{escape(text)}</text>')

    def markup(self, style: str = "") -> str:
        """Give the drawing as an SVG element."""
        return (
            f'<svg viewBox="0 0 {_at(self.width)} {_at(self.height)}" role="img" class="chart {escape(style)}" '
            f'aria-label="{escape(self._title)}. {escape(self._text)}">'
            f"<title>{escape(self._title)}</title><desc>{escape(self._text)}</desc>{''.join(self._parts)}</svg>"
        )


def thinned(points: Sequence[tuple[float, float]], columns: int) -> list[tuple[float, float]]:
    """Leave points of a line out without hiding an extreme.

    Args:
        points: in order of x.
        columns: into how many columns the x range is cut, >= 1.

    Returns:
        Of each column the first, lowest, highest and last point, in order.
    """
    if len(points) <= 4 * columns:
        return list(points)
    first, last = points[0][0], points[-1][0]
    width = (last - first) / columns or 1.0
    kept: list[tuple[float, float]] = []
    start = 0
    while start < len(points):
        column = int((points[start][0] - first) / width)
        stop = start + 1
        while stop < len(points) and int((points[stop][0] - first) / width) == column:
            stop += 1
        inside = range(start, stop)
        low = min(inside, key=lambda place: points[place][1])
        high = max(inside, key=lambda place: points[place][1])
        kept += [points[place] for place in sorted({start, low, high, stop - 1})]
        start = stop
    return kept


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_at(x)} {_at(y)}" for x, y in points)


def _at(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
