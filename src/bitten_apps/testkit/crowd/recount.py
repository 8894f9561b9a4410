"""The recount: what a crowd left in the database, counted again from the rows by hand.

It reads with SQL of its own and works every limit out by itself: neither the repositories nor the rules nor what was
watched while the crowd fired take part. An account's journal lists its changes in the order in which they were
committed, so each order's moment of approval can be looked at again.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import create_engine, text

from bitten_domain.execution import to_price
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from bitten_domain.execution import TickBar
    from bitten_domain.risk.policy import UserLimits
    from bitten_domain.values import AccountId, Money

__all__ = ["Recount", "recounted"]

_ROWS = text(
    "SELECT s.name, j.payload FROM journal j JOIN journal_streams s ON s.id = j.stream_id"
    " WHERE s.name LIKE 'account:%' ORDER BY s.id, j.number"
)
_ANSWERS = text("SELECT scope, key, CAST(answer AS TEXT) FROM processed_events WHERE scope LIKE 'fire:%'")
_WRITTEN = text(
    "SELECT a.public_id, COUNT(*), COUNT(r.id), COUNT(r.released_at) FROM fire_intents i"
    " JOIN accounts a ON a.id = i.account_id LEFT JOIN reservations r ON r.intent_id = i.id"
    " WHERE i.kind = 'FIRE' GROUP BY a.public_id"
)

# The documented limits, by hand.
_CONTRACT = 100_000
_TOTAL_SHARE, _DAY_SHARE = Decimal("0.06"), Decimal("0.06")
_CURRENCY_UNITS, _CLUSTER_UNITS = Decimal(2), Decimal("1.5")
_ON_PAIR = 2
_STOP_SLIPPAGE_PIPS = Decimal("0.5")
# Risk in a foreign currency may be converted at the bid, the ask or between them.
_CONVERSION = Decimal("1.001")
_DEPOSIT_CURRENCY = "USD"
_UNDONE = frozenset({"NOT_EXECUTED", "REJECTED", "EXPIRED", "CANCELLED"})


class Recount(NamedTuple):
    """What the rows say.

    Args:
        violations: every limit that was passed and every count that differs; none when all is well.
        counts: rows by their kind, refusals by reason, and orders that ended without a deal.
    """

    violations: tuple[str, ...]
    counts: Counter[str]


class _Bet(NamedTuple):
    """A position or a reservation: what it stands on and what its stop costs, account currency."""

    symbol: str
    side: str
    risk: Decimal

    def of(self, currency: str) -> Decimal:
        """Give its signed risk of a currency."""
        sign = {self.symbol[:3]: 1, self.symbol[3:]: -1}.get(currency, 0)
        return self.risk * sign * (1 if self.side == "BUY" else -1)


class _Account:
    """An account as its rows tell it, one after the other."""

    def __init__(self, account: str, deposit: Decimal, limits: UserLimits, bids: Mapping[str, Decimal]) -> None:
        self._account, self._deposit, self._limits, self._bids = account, deposit, limits, bids
        self._balance = deposit
        self._reserved: dict[str, _Bet] = {}
        self._held: dict[int, _Bet] = {}
        self._entries: dict[int, Decimal] = {}
        self._fires: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.found: list[str] = []

    def read(self, kind: str, row: dict[str, str]) -> None:
        """Take one row in."""
        self.counts[kind] += 1
        if kind == "refused":
            self.counts.update(f"refused for {reason[0]}" for reason in row["reasons"])
        elif kind == "deal":
            if row["reason"] == "ENTRY":
                self._entries[int(row["position"])] = Decimal(row["price"])
            self._balance += sum(Decimal(row[part]) for part in ("profit", "swap", "commission", "fee"))
        elif kind == "position":
            self._moved(int(row["ticket"]), row)
        elif kind == "released" and self._reserved.pop(row["intent"], None) is None:
            self.found.append(f"I7: {self._account}, recounted: {row['intent']} was released without being reserved")
        elif kind == "intent" and row["kind"] == "fire":
            self.counts["fire intent"] += 1
            bet = _Bet(row["symbol"], row["direction"], Decimal(row["risk"]))
            before = [*self._reserved.values(), *self._held.values()]
            self.found += [
                f"I4: {self._account}, recounted at order {row['order']}: {broken}"
                for broken in self._broken(before, bet)
            ]
            self._reserved[row["intent"]] = bet
            self._fires.add(row["order"])
        elif kind == "attempt" and row["order"] in self._fires and row["state"] in _UNDONE:
            self.counts["undone"] += 1

    def _moved(self, ticket: int, row: dict[str, str]) -> None:
        if row["state"] == "CLOSED":
            self._held.pop(ticket, None)
            return
        slippage = _STOP_SLIPPAGE_PIPS * INSTRUMENTS[row["symbol"]].pip
        away = abs(self._entries[ticket] - Decimal(row["stop"])) + slippage
        worth = away * Decimal(row["lots"]) * _CONTRACT * self._worth_of(row["symbol"][3:])
        self._held[ticket] = _Bet(row["symbol"], row["direction"], worth)

    def _worth_of(self, currency: str) -> Decimal:
        if currency == _DEPOSIT_CURRENCY:
            return Decimal(1)
        bought = self._bids.get(f"{currency}{_DEPOSIT_CURRENCY}")
        return bought if bought is not None else 1 / self._bids[f"{_DEPOSIT_CURRENCY}{currency}"]

    def _broken(self, before: list[_Bet], added: _Bet) -> Iterator[str]:
        after = [*before, added]
        unit = self._balance * self._limits.risk_percent / 100
        risk = sum((bet.risk for bet in after), Decimal(0))
        lost = self._deposit - self._balance + risk
        on_pair = sum(bet.symbol == added.symbol for bet in after)
        cluster = sum((bet.risk for bet in after if bet[:2] == added[:2]), Decimal(0))
        yield from _above("positions and reservations", len(after), self._limits.max_positions)
        yield from _above(f"of them on {added.symbol}", on_pair, _ON_PAIR)
        yield from _above("at risk with this order", added.risk, unit * _CONVERSION)
        yield from _above("at risk in all", risk, self._balance * _TOTAL_SHARE * _CONVERSION)
        yield from _above("lost today if every stop is hit", lost, self._deposit * _DAY_SHARE * _CONVERSION)
        if len(after) > 1:
            most = _CLUSTER_UNITS * unit * _CONVERSION
            yield from _above(f"at risk on {added.symbol} {added.side}", cluster, most)
        for currency in (added.symbol[:3], added.symbol[3:]):
            was = sum((bet.of(currency) for bet in before), Decimal(0))
            is_now = was + added.of(currency)
            if before and abs(is_now) > abs(was):
                yield from _above(f"net {currency}", abs(is_now), _CURRENCY_UNITS * unit * _CONVERSION)


def recounted(
    url: str,
    deposit: Money,
    limits: Mapping[AccountId, UserLimits],
    bars: Mapping[str, TickBar],
    told: Mapping[tuple[str, str], str],
) -> Recount:
    """Count again what is in a database.

    Args:
        url: of the store.
        deposit: each account opened with.
        limits: of each account's owner.
        bars: prices, which stood still.
        told: what was answered to each fire, by account and key, as JSON.
    """
    bids = {symbol: to_price(INSTRUMENTS[symbol], bar.close) for symbol, bar in bars.items()}
    accounts = {str(one): _Account(one, deposit.amount, allowed, bids) for one, allowed in limits.items()}
    found: list[str] = []
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            for stream, payload in connection.execute(_ROWS):
                kind, row = json.loads(bytes(payload))
                accounts[stream.partition(":")[2]].read(kind, row)
            found += _answers_differ(connection, told, accounts)
            found += _written_differs(connection, accounts)
    finally:
        engine.dispose()
    counts: Counter[str] = Counter()
    for account in accounts.values():
        found += account.found
        counts += account.counts
    return Recount(tuple(found), counts)


def _answers_differ(
    connection: Connection, told: Mapping[tuple[str, str], str], accounts: Mapping[str, _Account]
) -> Iterator[str]:
    stored = {(scope.partition(":")[2], key): json.loads(answer) for scope, key, answer in connection.execute(_ANSWERS)}
    for account, key in sorted(stored.keys() ^ told.keys()):
        yield f"I9: {account}, recounted: fire {key} was {'decided' if (account, key) in stored else 'answered'} only"
    for place, answer in told.items():
        if place in stored and stored[place] != json.loads(answer):
            yield f"I9: {place[0]}, recounted: fire {place[1]} was answered {answer}, {stored[place]} is stored"
    keys = Counter(account for account, _ in stored)
    for name, account_rows in accounts.items():
        decided = account_rows.counts["approved"] + account_rows.counts["refused"]
        if decided != keys[name]:
            yield f"I9: {name}, recounted: {keys[name]} keys were decided {decided} times"


def _written_differs(connection: Connection, accounts: Mapping[str, _Account]) -> Iterator[str]:
    written = {name: (intents, held, released) for name, intents, held, released in connection.execute(_WRITTEN)}
    for name, rows in accounts.items():
        counts = rows.counts
        intents, reservations, released = written.get(name, (0, 0, 0))
        approved, journalled, let_go = counts["approved"], counts["fire intent"], counts["released"]
        if not approved == journalled == intents == reservations:
            yield (
                f"I4: {name}, recounted: {approved} approvals, {journalled} intents in the journal and {intents} in"
                f" their table, {reservations} reservations"
            )
        if let_go != released:
            yield f"I7: {name}, recounted: {released} reservations are released, the journal says {let_go}"


def _above(what: str, found: Decimal | int, allowed: Decimal | int) -> Iterator[str]:
    if found > allowed:
        yield f"{found} {what}, {allowed} allowed"
