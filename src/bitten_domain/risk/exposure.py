"""Exposure: which risk hangs together, as sums for the rules and as a view for people.

A position that risks r on EURUSD BUY is +r of EUR and -r of USD. Two positions are one bet when the correlation of
their pairs, signed by their directions, reaches the threshold; a chain of such pairs is one cluster.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.values import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.risk.facts import OpenRisk
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.sizing import Allowance

__all__ = [
    "ClusterRisk",
    "ExposureLine",
    "ExposureView",
    "cluster_risk",
    "clusters",
    "count_positions",
    "exposure_view",
    "net_currency_risk",
    "net_pair_risk",
    "signed_correlation",
]

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
# Looking a member up costs more than comparing with it.
_BUY = Direction.BUY


def net_pair_risk(open_risks: tuple[OpenRisk, ...], base: str, quote: str) -> tuple[Decimal, Decimal]:
    """Sum the signed risk of a pair's two currencies in one pass: `net_currency_risk` of each."""
    net_base = net_quote = _ZERO
    for symbol, direction, risk, _, _ in open_risks:
        if risk is None or risk <= _ZERO:
            continue
        if direction is _BUY:
            bought, sold = symbol[:3], symbol[3:]
        else:
            sold, bought = symbol[:3], symbol[3:]
        if bought == base:
            net_base += risk
        elif sold == base:
            net_base -= risk
        if bought == quote:
            net_quote += risk
        elif sold == quote:
            net_quote -= risk
    return net_base, net_quote


def net_currency_risk(open_risks: tuple[OpenRisk, ...], currency: str) -> Decimal:
    """Sum the signed risk of one currency, account currency; a position without a stop adds nothing here."""
    return net_pair_risk(open_risks, currency, "")[0]


def signed_correlation(
    symbol: str,
    direction: Direction,
    other_symbol: str,
    other_direction: Direction,
    correlations: Mapping[tuple[str, str], float] | None,
) -> float | None:
    """Read the correlation of two positions' results, -1 to 1; None when it is not known."""
    same_side = direction is other_direction
    if symbol == other_symbol:
        return 1.0 if same_side else -1.0
    if correlations is None:
        return None
    found = correlations.get((symbol, other_symbol))
    if found is None:
        found = correlations.get((other_symbol, symbol))
    if found is None or found != found:  # NaN: too few returns
        return None
    return found if same_side else -found


class ClusterRisk(NamedTuple):
    """Risk of the cluster an order would join, without the order; account currency.

    Args:
        known: of positions whose correlation is known to reach the threshold.
        worst: the same with every unknown correlation taken as reaching it.
    """

    known: Decimal
    worst: Decimal


def cluster_risk(
    symbol: str,
    direction: Direction,
    open_risks: tuple[OpenRisk, ...],
    correlations: Mapping[tuple[str, str], float] | None,
    threshold: Decimal,
) -> ClusterRisk:
    """Sum the risk that hangs together with a new position.

    Args:
        symbol, direction: of the new position.
        open_risks: what is held.
        correlations: by pair of symbols, either order.
        threshold: signed correlation from which two positions are one bet.
    """
    if not open_risks:
        return ClusterRisk(_ZERO, _ZERO)
    least = float(threshold)
    worst, has_unknown = _linked_risk(symbol, direction, open_risks, correlations, least, unknown_links=True)
    if not has_unknown:
        return ClusterRisk(worst, worst)
    return ClusterRisk(_linked_risk(symbol, direction, open_risks, correlations, least, unknown_links=False)[0], worst)


def _linked_risk(
    symbol: str,
    direction: Direction,
    open_risks: tuple[OpenRisk, ...],
    correlations: Mapping[tuple[str, str], float] | None,
    threshold: float,
    *,
    unknown_links: bool,
) -> tuple[Decimal, bool]:
    total, has_unknown = _ZERO, False
    apart = list(open_risks)
    frontier = [(symbol, direction)]
    while frontier and apart:
        symbol, direction = frontier.pop()
        left: list[OpenRisk] = []
        for held in apart:
            correlation = signed_correlation(symbol, direction, held.symbol, held.direction, correlations)
            if correlation is None:
                has_unknown = True
            if unknown_links if correlation is None else correlation >= threshold:
                frontier.append((held.symbol, held.direction))
                if held.risk is not None and held.risk > _ZERO:
                    total += held.risk
            else:
                left.append(held)
        apart = left
    return total, has_unknown


def clusters(
    open_risks: tuple[OpenRisk, ...], correlations: Mapping[tuple[str, str], float] | None, threshold: Decimal
) -> tuple[tuple[OpenRisk, ...], ...]:
    """Part what is held into clusters, in the order of their first members; unknown correlations link."""
    least = float(threshold)
    apart = list(open_risks)
    found: list[tuple[OpenRisk, ...]] = []
    while apart:
        members = [apart.pop(0)]
        for member in members:  # grows while it is walked, so that chains are followed
            linked = [held for held in apart if _links(member, held, correlations, least)]
            members += linked
            apart = [held for held in apart if not _links(member, held, correlations, least)]
        found.append(tuple(members))
    return tuple(found)


def _links(
    one: OpenRisk, other: OpenRisk, correlations: Mapping[tuple[str, str], float] | None, threshold: float
) -> bool:
    correlation = signed_correlation(one.symbol, one.direction, other.symbol, other.direction, correlations)
    return correlation is None or correlation >= threshold


def count_positions(open_risks: tuple[OpenRisk, ...], symbol: str | None = None) -> int:
    """Count positions and reservations, slices of one parent once; of one pair when a symbol is given."""
    alone, groups = 0, set()
    for held in open_risks:
        if symbol is not None and held.symbol != symbol:
            continue
        if held.group:
            groups.add(held.group)
        else:
            alone += 1
    return alone + len(groups)


@dataclass(frozen=True, slots=True)
class ExposureLine:
    """One limit and how much of it is used; account currency, or a count for positions.

    Args:
        name: a currency, the pairs of a cluster, or what the limit is of.
        used: signed for currencies.
        limit: greatest magnitude allowed.
    """

    name: str
    used: Decimal
    limit: Decimal

    @property
    def headroom(self) -> Decimal:
        """What is left, >= 0."""
        return max(_ZERO, self.limit - abs(self.used))


@dataclass(frozen=True, slots=True)
class ExposureView:
    """What is at risk now, against each limit.

    Args:
        currencies: net risk per currency, by name.
        clusters: risk per cluster, in the order of their first positions.
        total: open and reserved risk.
        day: loss of the day if every stop is hit.
        positions: how many are open or reserved.
        unprotected: symbols held without a stop, whose risk is in none of the sums.
    """

    currencies: tuple[ExposureLine, ...]
    clusters: tuple[ExposureLine, ...]
    total: ExposureLine
    day: ExposureLine
    positions: ExposureLine
    unprotected: tuple[str, ...]


def exposure_view(
    open_risks: tuple[OpenRisk, ...],
    correlations: Mapping[tuple[str, str], float] | None,
    allowance: Allowance,
    policy: RiskPolicy,
    positions_limit: int,
) -> ExposureView:
    """Lay out what is at risk.

    Args:
        open_risks: positions and reservations.
        correlations: by pair of symbols, either order; unknown ones link.
        allowance: of the same facts.
        policy: the limits.
        positions_limit: most open positions (`rules.positions.positions_limit`).
    """
    unit = allowance.unit
    names = sorted({held.symbol[place : place + 3] for held in open_risks for place in (0, 3)})
    known = sum((max(_ZERO, held.risk) for held in open_risks if held.risk is not None), _ZERO)
    return ExposureView(
        currencies=tuple(
            ExposureLine(name, net_currency_risk(open_risks, name), policy.exposure.currency_units * unit)
            for name in names
        ),
        clusters=tuple(
            ExposureLine(
                " ".join(f"{held.symbol} {held.direction.value}" for held in members),
                sum((max(_ZERO, held.risk) for held in members if held.risk is not None), _ZERO),
                policy.exposure.cluster_units * unit,
            )
            for members in clusters(open_risks, correlations, policy.exposure.cluster_correlation)
        ),
        total=ExposureLine("total", known, allowance.sizing_balance * policy.max_total_risk_percent / _HUNDRED),
        day=ExposureLine(
            "day",
            allowance.day_loss + known if allowance.day_loss_at_stops is None else allowance.day_loss_at_stops,
            allowance.daily_cap,
        ),
        positions=ExposureLine("positions", Decimal(count_positions(open_risks)), Decimal(positions_limit)),
        unprotected=tuple(held.symbol for held in open_risks if held.risk is None),
    )
