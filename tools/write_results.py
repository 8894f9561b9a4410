"""Write docs/explanation/results.md from a run: ``bitten backtest --data DIR --json | python tools/write_results.py``.

Every figure of that page comes from the JSON, so that none is typed by hand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

__all__ = ["main", "results_page"]

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "results.md"

_HEAD = """# Results

This page is written by a tool from one run; no figure is typed by hand:

```bash by-hand
bitten backtest --data DIR --from {first_day} --to {last_day} --json | python tools/write_results.py
```

**{verdict}**

| | |
|---|---|
| sample | {signals:,} emitted signals of {pairs} pairs, {bars:,} M15 bars, {market_days} market days, {first_day} to {last_day} |
| labels | {labels} |
| costs | the cost table of [costs and R](costs_and_r.md) at x {factor:g}; {spreads:.0%} of the spreads and {swaps:.0%} of the swap rates are assumptions |
| method | {interval}; results in R after all costs; every emitted signal, fired or not, under the one fill model |
| shown | no rate or mean below 30 observations, no interval below 5 market days |
| data | {files} files, {gaps} holes inside the open week ({missing} bars), {quarantined} rows quarantined |
| journal | `{digest}` |

Gross R is from middle price to middle price, at the exits that bid and ask made; net R is after all costs.

Two parts are told apart. The rank scale was fitted on the first ({scale}).
The strategies' parameters, the threshold's rules and the target come from an earlier study of the same bars that saw
both, so for them the second part is a repetition, not a test.
"""  # noqa: E501 - a table row of the page is one line


def results_page(run: dict[str, Any]) -> str:
    """Write the page.

    Args:
        run: what ``bitten backtest --json`` printed.
    """
    costs, data = run["costs"], run["data"]
    head = _HEAD.format(
        first_day=run["first_day"],
        last_day=run["last_day"],
        verdict=run["verdict"],
        signals=run["signals"],
        pairs=len(run["setup"]["pairs"]),
        bars=run["bars"],
        market_days=run["market_days"],
        labels=", ".join(run["labels"]),
        factor=costs["factor"],
        spreads=costs["assumed_spreads_share"],
        swaps=costs["assumed_swaps_share"],
        interval=run["methods"]["interval"],
        files=data["files"],
        gaps=data["gaps"],
        missing=data["missing_bars"],
        quarantined=data["quarantined"],
        digest=run["journal_digest"],
        scale=run["setup"]["rank_scale_sample"],
    )
    parts = [run["whole"], *run["parts"]]
    sections = [head, _supply(parts), _scores(parts)]
    sections += [
        _groups(parts, by, title)
        for by, title in (("strategy", "By strategy"), ("cost share", "By cost share"), ("band", "By band"))
    ]
    return "\n".join([*sections, _trades(parts), _cost_line(run)])


def _supply(parts: list[dict[str, Any]]) -> str:
    rows = [
        ("period", [f"{part['first_day']} to {part['last_day']}" for part in parts]),
        ("market days", [str(part["market_days"]) for part in parts]),
        ("signals a market day", [_number(part["signals_per_market_day"], 1) for part in parts]),
        ("five-day means within 65 +/- 15 %", [_share(part["share_5day_means_in_band"]) for part in parts]),
        ("most signals in a day", [str(part["max_signals_in_a_day"]) for part in parts]),
        ("threshold, least and most", [f"{part['threshold']['min']}, {part['threshold']['max']}" for part in parts]),
        ("evaluations at a bound", [_share(part["threshold"]["share_at_bounds"]) for part in parts]),
        ("net R of all signals", [_r(part["signal_outcomes"]["net_r"]) for part in parts]),
        ("gross R of all signals", [_r(part["signal_outcomes"]["gross_r"]) for part in parts]),
        ("signals that made money", [_rate(part["signal_outcomes"]["win_rate"]) for part in parts]),
    ]
    return "\n".join(["## Supply and outcome", "", *_table(["", *_names(parts)], rows)])


def _scores(parts: list[dict[str, Any]]) -> str:
    lines = ["## What a score has been worth", ""]
    for part in parts:
        tests = part["score_tests"]
        lines.append(
            f"- {part['name']}: {tests['statement']} Ten points more of score went with "
            f"{_r(tests['gross_r_per_10_points'])} R gross and {_r(tests['net_r_per_10_points'])} R net."
        )
    return "\n".join([*lines, ""])


def _groups(parts: list[dict[str, Any]], by: str, title: str) -> str:
    lines = [
        f"## {title}",
        "",
        "| part | " + by + " | signals | days | made money | net R | gross R |",
        "|---|---|---|---|---|---|---|",
    ]
    for part in parts:
        for name, group in part["signal_outcomes"]["groups"].get(by, {}).items():
            lines.append(
                f"| {part['name']} | {name} | {group['count']:,} | {group['net_r']['days']} | "
                f"{_share(group['win_rate'])} | {_r(group['net_r'])} | {_r(group['gross_r'])} |"
            )
    return "\n".join([*lines, ""])


def _trades(parts: list[dict[str, Any]]) -> str:
    rows = [
        ("trades", [f"{part['trades']['count']:,}" for part in parts]),
        ("won", [_rate(part["trades"]["win_rate"]) for part in parts]),
        ("expectancy, net R", [_r(part["trades"]["expectancy_r"]) for part in parts]),
        ("profit factor", [_number(part["trades"]["profit_factor"], 2) for part in parts]),
        ("deepest drawdown", [f"{part['account']['max_drawdown_pct']:.1f} %" for part in parts]),
        ("equity at the start", [f"{part['account']['start']:,.0f}" for part in parts]),
        ("equity at the end", [f"{part['account']['end']:,.0f}" for part in parts]),
    ]
    return "\n".join(["## The account's closed trades", "", *_table(["", *_names(parts)], rows)])


def _cost_line(run: dict[str, Any]) -> str:
    rows = [
        (
            "none" if line["factor"] == 0 else f"x {line['factor']:g}",
            [_r(line["expectancy_r"]), f"{line['net_r']:+,.1f}", f"{line['net']:+,.0f} {run['currency']}"],
        )
        for line in run["whole"]["cost_line"]
    ]
    table = _table(["costs", "expectancy, R", "sum, R", "money"], rows)
    return "\n".join(["## The cost line", "", *table, f"Method: {run['methods']['cost_line']}.", ""])


def _names(parts: list[dict[str, Any]]) -> list[str]:
    return [part["name"] for part in parts]


def _table(head: list[str], rows: list[tuple[str, list[str]]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return [*lines, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows), ""]


def _r(estimate: dict[str, Any]) -> str:
    if estimate["value"] is None:
        return "too few"
    if estimate["low"] is None:
        return f"{estimate['value']:+.3f}"
    return f"{estimate['value']:+.3f} [{estimate['low']:+.3f}, {estimate['high']:+.3f}]"


def _rate(estimate: dict[str, Any]) -> str:
    if estimate["value"] is None or estimate["low"] is None:
        return "too few"
    return f"{100 * estimate['value']:.1f} % [{100 * estimate['low']:.1f}, {100 * estimate['high']:.1f}]"


def _share(value: float | None) -> str:
    return "too few" if value is None else f"{100 * value:.1f} %"


def _number(value: float | str | None, decimals: int) -> str:
    if value is None:
        return "too few"
    return value if isinstance(value, str) else f"{value:.{decimals}f}"


def main() -> int:
    """Read a run from standard input and write the page."""
    PAGE.write_text(results_page(json.load(sys.stdin)), encoding="utf-8")
    print(f"wrote {PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
