"""Take the rank knots from recorded bars and print the module that ships them.

    python tools/fit_rank_knots.py --data DIR --from 2025-03-24 --to 2025-08-08 > src/bitten_domain/tcs/rank_knots.py

The dates are trading days, both included. Refitting changes every score: it needs a new version, a decision and a new
study of the results.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

import numpy as np

from bitten_adapters.files.bar_folder import load_folder
from bitten_domain.desk.run.pair_columns import prepare_pair
from bitten_domain.execution import CostModel
from bitten_domain.market.clocks.fx_week import trading_day
from bitten_domain.market.cross_assets import cross_assets
from bitten_domain.market.frame import frame_of
from bitten_domain.market.news import EventCalendar
from bitten_domain.market.news_view import NewsCalendarView
from bitten_domain.market.studies import studies_of
from bitten_domain.strategies import Profile, strategies_of
from bitten_domain.tcs.rank_fit import fit_scale, module_text
from bitten_domain.tcs.rank_scale import RankScale
from bitten_domain.tcs.scan import Scanner
from bitten_domain.values import INSTRUMENTS, TEN_PAIRS

_HOUR = 3_600


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description="Take the rank knots from recorded bars.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True)
    parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True)
    parser.add_argument("--version", default="2025-08-wide-1")
    options = parser.parse_args()

    bars = {symbol: loaded for symbol, (loaded, _) in load_folder(options.data, TEN_PAIRS).items()}
    news = NewsCalendarView(EventCalendar.empty())
    frames = {symbol: frame_of(INSTRUMENTS[symbol], bars[symbol]) for symbol in TEN_PAIRS}
    studies = {symbol: studies_of(frame, long_average=False) for symbol, frame in frames.items()}
    costs = CostModel()
    spreads = {symbol: prepare_pair(INSTRUMENTS[symbol], bars[symbol], costs, news).spread for symbol in TEN_PAIRS}
    start = min(int(pair.opened[0]) for pair in bars.values()) // _HOUR * _HOUR
    stop = max(int(pair.closed[-1]) for pair in bars.values()) // _HOUR * _HOUR
    strategies = strategies_of(Profile.WIDE)
    scanner = Scanner(TEN_PAIRS, strategies, RankScale("none", "", {}))
    table = scanner.scan(studies, spreads, cross_assets(frames, start, stop), start)
    epoch = date(1970, 1, 1)
    # A set-up belongs to the trading day its bar opened in.
    day = trading_day(table.at - 1)
    sample = table.where((day >= (options.first - epoch).days) & (day <= (options.last - epoch).days))
    text = (
        f"M15 bars of the ten pairs, wide profile, trading days {options.first} to {options.last}, "
        f"{len(sample)} set-ups, {len(np.unique(trading_day(sample.at - 1)))} days"
    )
    sys.stdout.write(module_text(fit_scale(sample, strategies, options.version, text)))


if __name__ == "__main__":
    main()
