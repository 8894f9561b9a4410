"""Facts: all a risk decision knows. What is missing is None, and None is a refusal.

Amounts are Decimals in the account's currency: one decision concerns one account, and its currency is said once.
Moments are seconds since 1970 UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.values.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from bitten_domain.market.news_view import Blackout, Freshness
    from bitten_domain.risk.behaviour import BehaviourState
    from bitten_domain.risk.emergency_stop import EmergencyStop
    from bitten_domain.risk.policy.limits import UserLimits
    from bitten_domain.risk.policy.mandate import Mandate
    from bitten_domain.values import AccountId, Direction, Instrument, SignalId, UserId
    from bitten_domain.vocabulary import AccountStatus, Rank, SystemMode, Tier

__all__ = [
    "AccountFacts",
    "NewsFacts",
    "OpenRisk",
    "PersonFacts",
    "Quote",
    "RiskFacts",
]


@record
class NewsFacts:
    """News as it concerns one pair at one moment.

    Args:
        blackout: strongest window either currency is in.
        no_auto_anywhere: a rate decision or a payrolls report, of any currency, is near.
        calendar: how far the calendar can be trusted.
        confirmed_unknown: the user knowingly trades without a calendar.
    """

    blackout: Blackout
    no_auto_anywhere: bool
    calendar: Freshness
    confirmed_unknown: bool = False


@record
class Quote:
    """A two-sided quote.

    Args:
        bid, ask: prices.
        at: when the broker gave it.
    """

    bid: Decimal
    ask: Decimal
    at: int


class OpenRisk(NamedTuple):
    """An open position or a reservation, as the limits see it.

    Args:
        symbol, direction: what is held.
        risk: money lost from the present balance if its stop is hit, costs included; 0 when the stop is in profit;
            None when there is no stop, which blocks opening.
        margin: margin of a reservation; 0 for a position, whose margin the account already counts.
        group: name of the parent order its slices belong to; slices of one group count as one position. Empty for a
            position of its own.
    """

    symbol: str
    direction: Direction
    risk: Decimal | None
    margin: Decimal = Decimal(0)
    group: str = ""


@record
class AccountFacts:
    """The account an order would go to.

    Args:
        account_id: which.
        broker: its broker's name, as emergency stops use it.
        currency: three letters; every amount here is in it.
        is_live: real money.
        is_netting: one position per pair; hedging accounts may hold several.
        is_reconciled: the books agree with the broker's; False while cold or frozen.
        balance, equity: now.
        day_start_balance, day_start_equity: when the trading day began.
        margin_used: by open positions, reservations not included.
        leverage: units of notional one unit of margin carries, > 0.
    """

    account_id: AccountId
    broker: str
    currency: str
    is_live: bool
    is_netting: bool
    is_reconciled: bool
    balance: Decimal
    equity: Decimal
    day_start_balance: Decimal
    day_start_equity: Decimal
    margin_used: Decimal = Decimal(0)
    leverage: Decimal = Decimal(30)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The person who fires.

    Args:
        user_id: who.
        status, rank, tier, mode: what they may do.
        limits: limits in force today (`limits.lower_of` of the day's start and now).
        has_live_consent: a valid consent for live trading.
        is_sniper: the sniper sub-mode is on; only TACTICAL knows it.
    """

    user_id: UserId
    status: AccountStatus
    rank: Rank
    tier: Tier
    mode: SystemMode
    limits: UserLimits
    has_live_consent: bool = False
    is_sniper: bool = False


@record
class RiskFacts:
    """All facts of one decision.

    Args:
        now: the moment of the decision.
        account, person: who fires where.
        instrument: the pair's contract; None when the account does not trade it.
        quote: the latest; None when there is none.
        rates: mid prices by symbol, for conversion to the account's currency.
        open_risks: positions and reservations of the account.
        behaviour: pauses earned so far.
        stops: emergency stops in force; None when their state is not known.
        news: news around the pair; None when not known.
        correlations: of returns, by pair of symbols in either order, -1 to 1; None or absent when not known.
        shots_used: orders opened this trading day, a sliced one once.
        fired_signals: signals this account ever fired; at least every one that could be asked about.
        last_fires: when this account last fired each pair and side.
        mandate: the one in force for AUTO; None without.
        mandate_shots_used: orders it opened this trading day.
    """

    now: int
    account: AccountFacts
    person: PersonFacts
    instrument: Instrument | None
    quote: Quote | None
    rates: Mapping[str, Decimal]
    open_risks: tuple[OpenRisk, ...]
    behaviour: BehaviourState
    stops: tuple[EmergencyStop, ...] | None
    news: NewsFacts | None
    correlations: Mapping[tuple[str, str], float] | None
    shots_used: int
    fired_signals: AbstractSet[SignalId]
    last_fires: Mapping[tuple[str, Direction], int]
    mandate: Mandate | None = None
    mandate_shots_used: int = 0
