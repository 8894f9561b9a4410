"""A paper desk that records what it is shown and asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.record.inputs.entries import ActKind, MarketShown
from bitten_domain.record.inputs.material import bars_text, row_of
from bitten_domain.use_cases.platform.note_configuration import NoteConfiguration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bitten_apps.recording.tape import Tape
    from bitten_apps.runtime.paper_desk import PaperDesk
    from bitten_domain.desk.idea_outcome import IdeaOutcome
    from bitten_domain.desk.run.desk_run import Moment
    from bitten_domain.execution.protocol import Dispatch as Waiting
    from bitten_domain.market.bars import Bars
    from bitten_domain.record.inputs.configuration import RunConfiguration
    from bitten_domain.use_cases.trading.orders.dispatch import Dispatched
    from bitten_domain.use_cases.trading.trade_moment import MomentTraded

__all__ = ["RecordedDesk", "opened"]


@dataclass(frozen=True, slots=True)
class RecordedDesk:
    """The desk, act by act.

    Args:
        desk: made of recorded ports.
        tape: the recording.
        configuration: of the run.
        bars: the market that its moments are made of, by symbol.
    """

    desk: PaperDesk
    tape: Tape
    configuration: RunConfiguration
    bars: Mapping[str, Bars]

    async def open(self, at: int) -> int | None:
        """Open the desk, and note the configuration it goes by."""
        with self.tape.during(ActKind.OPEN, at=at):
            known = await opened(self.desk, self.configuration, at)
        start = at if known is None else max(at, known)
        history = {symbol: bars.rows(slice(0, _closed_before(bars, start))) for symbol, bars in self.bars.items()}
        self.tape.write(MarketShown(start, self.tape.keep(bars_text(history))), is_durable=True)
        return known

    async def take(self, moment: Moment, outcomes: Sequence[IdeaOutcome] = ()) -> MomentTraded:
        """Show a moment to the broker, then trade it."""
        shown = {symbol: self.bars[symbol] for symbol in moment.bars}
        rows = {symbol: row_of(bars, _closed_before(bars, moment.at + 1) - 1) for symbol, bars in shown.items()}
        with self.tape.during(ActKind.TAKE, at=moment.at, bars=rows):
            return await self.desk.take(moment, outcomes)

    async def due(self, limit: int) -> tuple[Waiting, ...]:
        """List orders that wait to be sent."""
        return await self.desk.due(limit)

    async def send(self, client_order_id: int) -> Dispatched:
        """Send an order that waits."""
        with self.tape.during(ActKind.SEND, order=client_order_id):
            return await self.desk.send(client_order_id)


async def opened(desk: PaperDesk, configuration: RunConfiguration, at: int) -> int | None:
    """Open a desk and note its configuration; as `PaperDesk.open`."""
    known = await desk.open(at)
    await NoteConfiguration(desk.unit_of_work, desk.trade.dispatch.clock)(configuration)
    return known


def _closed_before(bars: Bars, at: int) -> int:
    return int(np.searchsorted(bars.closed, at, side="left"))
