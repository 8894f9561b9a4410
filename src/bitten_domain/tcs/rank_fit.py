"""Taking rank knots from a scan: the reproducible origin of `rank_knots`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import InvalidInput
from bitten_domain.tcs.parts import COMPONENTS
from bitten_domain.tcs.rank_scale import RANKED, RankKnots, RankScale, knots_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.strategies.strategy import Strategy
    from bitten_domain.tcs.parts import Component
    from bitten_domain.tcs.scan import ScoredCandidates

__all__ = ["fit_scale", "module_text"]

_LEAST_SAMPLE = 200


def fit_scale(table: ScoredCandidates, strategies: Sequence[Strategy], version: str, sample: str) -> RankScale:
    """Take the knots of every strategy and ranked component from a sample of set-ups.

    Args:
        table: the sample, all of it: set-ups the gate would refuse count too.
        strategies: the scanner's, in its order.
        version, sample: see `RankScale`.

    Raises:
        InvalidInput: a strategy has fewer than 200 set-ups in the sample.
    """
    knots: dict[tuple[str, Component], RankKnots] = {}
    for number, strategy in enumerate(strategies):
        rows = table.strategy == number
        if int(rows.sum()) < _LEAST_SAMPLE:
            raise InvalidInput(
                f"{strategy.name} has {int(rows.sum())} set-ups in the sample",
                remedy=f"take a longer period; at least {_LEAST_SAMPLE} are needed",
            )
        for column, component in enumerate(COMPONENTS):
            if component in RANKED:
                caps = table.caps[rows, column]
                known = caps > 0.0
                knots[strategy.name, component] = knots_from(table.raw[rows, column][known] / caps[known])
    return RankScale(version, sample, knots)


def module_text(scale: RankScale) -> str:
    """Write a scale as the source of the module `rank_knots`."""
    entries = []
    for (strategy, component), knots in scale.knots.items():
        shares = _wrapped(knots.share)
        ranks = _wrapped(knots.rank)
        entries.append(
            f'        ("{strategy}", Component.{component.name}): RankKnots(\n'
            f"            share=(\n{shares}            ),\n            rank=(\n{ranks}            ),\n        ),\n"
        )
    return (
        '"""The shipped rank knots. Written by tools/fit_rank_knots.py; never edited, never refitted silently."""\n\n'
        "from bitten_domain.tcs.parts import Component\n"
        "from bitten_domain.tcs.rank_scale import RankKnots, RankScale\n\n"
        '__all__ = ["RANK_SCALE"]\n\n'
        "# fmt: off\n"
        "RANK_SCALE = RankScale(\n"
        f'    version="{scale.version}",\n'
        f'    sample="{scale.sample}",\n'
        "    knots={\n" + "".join(entries) + "    },\n)\n"
        '"""Knots of the three entry strategies; see `RankScale.sample` for what they were taken from."""\n'
    )


def _wrapped(values: Sequence[float]) -> str:
    lines = [values[start : start + 10] for start in range(0, len(values), 10)]
    return "".join("                " + " ".join(f"{np.round(value, 5)!s}," for value in line) + "\n" for line in lines)
