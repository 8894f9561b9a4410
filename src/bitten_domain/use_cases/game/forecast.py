"""Forecast: state a chance for a signal before anybody can know what it comes to. No trade is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action
from bitten_domain.progression.boards import Forecast
from bitten_domain.progression.gear import NotPossible
from bitten_domain.use_cases.people.points import allowed_progress
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import SignalId, UserId

__all__ = ["StateForecast"]


@dataclass(frozen=True, slots=True)
class StateForecast:
    """Keep the chance somebody gives a signal to end above nothing, fired or not.

    Args:
        unit_of_work: the store.
    """

    unit_of_work: UnitOfWork

    async def __call__(
        self, user_id: UserId, signal_id: SignalId, percent: int, at: int
    ) -> Forecast | NotPossible | Denial:
        """State it; gives what is kept, or why it is not.

        Args:
            user_id: who.
            signal_id: for which signal.
            percent: chance in percent, 1 to 99.
            at: now, seconds since 1970 UTC; within the signal's life.

        Raises:
            InvalidInput: there is no such person or signal, or the chance is out of bounds.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        forecast = Forecast(user_id, signal_id, percent, at)

        def work(store: Repositories) -> Forecast | NotPossible | Denial:
            asked = allowed_progress(store, user_id, Action.SEE_LIVE_SIGNALS, at)
            if isinstance(asked, Denial):
                return asked
            signal = store.signals.get(signal_id)
            if signal is None:
                raise InvalidInput(f"there is no signal {signal_id}", where="signal")
            before = store.forecasts.of(user_id, signal_id)
            if before is not None:
                if before == forecast:
                    return before  # A commit whose answer was lost was kept.
                return NotPossible(
                    f"You gave this signal {before.percent} % already.", "What was stated once stays as it was."
                )
            if store.outcomes.get(signal_id) is not None:
                return NotPossible("What this signal came to is known.", "State a chance for one that is alive.")
            if not signal.at <= at <= signal.valid_until:
                return NotPossible("The life of this signal is over.", "State a chance for one that is alive.")
            store.forecasts.add(forecast)
            return forecast

        return await durably(self.unit_of_work, work)
