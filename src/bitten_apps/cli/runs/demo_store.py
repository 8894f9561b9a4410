"""The demo's centre: a market taken through the durable desk on a store of its own that is gone afterwards.

What is shown is folded beside it from the same moments; at the end the store's journal is verified, and its decisions
are held against the fold's, byte for byte.
"""

from __future__ import annotations

import io
import json
import tempfile
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bitten_apps.cli.runs.centre_run import ANCHORS, Pace, Place, Watching, opened_centre
from bitten_apps.container import Container
from bitten_apps.settings import Settings
from bitten_domain.record.payloads import payload_of
from bitten_domain.use_cases.platform.verify_journal import VerifyJournal, VerifyJournalCommand
from bitten_domain.use_cases.trading.backtest import live_result
from bitten_domain.use_cases.trading.run_fold import RunFold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bitten_domain.desk.run.desk_run import DeskRun, Happening, Moment
    from bitten_domain.market.bars import Bars
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.record.anchor import Anchor
    from bitten_domain.use_cases.trading.backtest import Backtest, BacktestPlan
    from bitten_domain.use_cases.trading.trade_moment import MomentTraded

__all__ = ["StoreRecord", "traded_on_store"]

_OF_SIGNALS = frozenset({"signal", "suppressed", "threshold"})
_OF_ACCOUNTS = frozenset({"approved", "refused", "deal", "trade", "declined", "stop"})
_ENOUGH = 1_000_000_000


class StoreRecord(NamedTuple):
    """What the store's journal says of a demo.

    Args:
        moments: taken through the store.
        rows: of the journal, in all streams.
        is_intact: nothing in it was changed.
        proven: what its anchors prove, in a sentence.
        anchor: the last one, signed and published when the demo ended; None when there is none.
        decisions: rows that were held against the recorded path's.
        differences: those that say something else, both texts; none when it is one engine.
        problems: loops that failed, in words.
    """

    moments: int
    rows: int
    is_intact: bool
    proven: str
    anchor: Anchor | None
    decisions: int
    differences: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether everything is as it should be."""
        return self.is_intact and not self.differences and not self.problems


async def traded_on_store(
    bars: Mapping[str, Bars],
    plan: BacktestPlan,
    watch: Callable[[Moment, Sequence[Happening], DeskRun], bool],
) -> tuple[Backtest, StoreRecord]:
    """Take a market through the durable desk, on SQLite in a folder of its own.

    Args:
        bars: M15 bars by symbol; those before the plan's start are history.
        plan: what is traded by which policies.
        watch: told of every moment, with what happened and where the desk stands; False ends the run there.

    Returns:
        The run as far as it went, and what its journal says.
    """
    with tempfile.TemporaryDirectory(prefix="bitten-demo-") as folder:
        settings = Settings(home=Path(folder))
        store = Container.store_of(settings)
        try:
            return await _traded(store, settings, bars, plan, watch)
        finally:
            store.close()


async def _traded(
    store: UnitOfWork,
    settings: Settings,
    bars: Mapping[str, Bars],
    plan: BacktestPlan,
    watch: Callable[[Moment, Sequence[Happening], DeskRun], bool],
) -> tuple[Backtest, StoreRecord]:
    problems: list[str] = []
    signer = Container.signer_of(settings)
    place = Place(store, settings.home, signer, Container.console_notifier(io.StringIO()))

    def crashed(name: str, error: Exception) -> None:
        problems.append(f"the loop {name} failed and was tried again: {error}")

    def watched(moment: Moment, _: MomentTraded) -> None:
        if not watch(moment, fold.take(moment), fold.run):
            centre.stop()

    centre = (await opened_centre(place, bars, plan, Pace(), Watching(crashed, watched))).centre
    moments = centre.moments
    fold = RunFold(plan, moments.columns, moments.start)
    await centre.run()
    command = VerifyJournalCommand(signer.public_key, Container.read_anchors(settings.home / ANCHORS))
    verdict = await VerifyJournal(Container.journal_of(store), Container.is_signed())(command)
    decisions, differences = await _held_against(store, plan, fold.happenings)
    record = StoreRecord(
        moments=centre.counts.moments,
        rows=verdict.rows,
        is_intact=verdict.is_intact,
        proven=verdict.proven,
        anchor=verdict.anchors.published,
        decisions=decisions,
        differences=differences,
        problems=tuple(problems),
    )
    return live_result(moments, plan, fold.folded()), record


async def _held_against(
    store: UnitOfWork, plan: BacktestPlan, happenings: Sequence[Happening]
) -> tuple[int, tuple[str, ...]]:
    """Hold the store's decisions against the fold's; give how many there are, and those that differ."""
    streams = (("system", _OF_SIGNALS), (f"account:{plan.desk.account_id}", _OF_ACCOUNTS))

    def read(repositories: Repositories) -> tuple[list[str], ...]:
        return tuple(
            [
                text
                for row in repositories.journal.rows(stream, 0, _ENOUGH)
                if row.payload is not None and _kind(text := row.payload.decode()) in kinds
            ]
            for stream, kinds in streams
        )

    stored = await store.read(read)
    folded = [payload_of(happening).decode() for happening in happenings]
    differences: list[str] = []
    for (_, kinds), ours in zip(streams, stored, strict=True):
        theirs = [text for text in folded if _kind(text) in kinds]
        differences += [
            f"the store says {one}, the recorded path {other}"
            for one, other in zip_longest(ours, theirs, fillvalue="nothing")
            if one != other
        ]
    return sum(map(len, stored)), tuple(differences)


def _kind(payload: str) -> str:
    return str(json.loads(payload)[0])
