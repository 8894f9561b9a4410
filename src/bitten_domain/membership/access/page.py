"""The table written out: who may do what, for the reference, and the whole matrix, for a test to compare."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from bitten_domain.membership.access.actions import Action, ActionKind
from bitten_domain.membership.access.entitlement import Entitled, Standing, entitlement
from bitten_domain.membership.access.risk_state import RiskState
from bitten_domain.membership.access.table import ACCESS, HISTORY_DAYS, STATUSES
from bitten_domain.vocabulary import AccountStatus, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["access_page", "matrix_lines"]

_HEAD = """# Who may do what

Written by `python tools/write_access.py` from the table in `bitten_domain.membership.access`; not edited by hand. Why
it is so: [membership](../explanation/membership.md).

What has no row is denied to everybody. What protects is open to everybody, whatever their rank, tier, account status,
system mode or risk state. An XP title never enters.

"""
_KINDS = {
    ActionKind.PROTECT: "Protection and one's own data: everybody, always",
    ActionKind.LOOK: "Looking and learning",
    ActionKind.PAY: "Membership",
    ActionKind.CHOOSE: "Choices",
    ActionKind.OPEN: "Opening risk: only while the risk state is CLEAR",
    ActionKind.OPERATE: "Operating the platform",
}


def access_page() -> str:
    """Write the reference page, Markdown: a table of rank and action for each kind."""
    return _HEAD + "\n".join(_section(kind) for kind in ActionKind) + "\n" + _history()


def _section(kind: ActionKind) -> str:
    ranks = " | ".join(rank.value for rank in Rank)
    statuses = ", ".join(status.value for status in STATUSES[kind])
    rows = "\n".join(_row(action) for action, rule in ACCESS.items() if rule.kind is kind)
    table = f"| action | {ranks} | asked for by |\n|---|{'---|' * (len(Rank) + 1)}\n{rows}\n"
    return f"## {_KINDS[kind]}\n\nAccount status: {statuses}.\n\n{table}"


def _row(action: Action) -> str:
    cells = " | ".join(_cell(action, rank) for rank in Rank)
    used_by = ", ".join(f"`{name}`" for name in ACCESS[action].used_by) or "the machine, under a mandate"
    return f"| {action.value} | {cells} | {used_by} |"


def _cell(action: Action, rank: Rank) -> str:
    # By system mode, the tiers from which on it is allowed while nothing else is in the way.
    found = {
        mode: [tier for tier in Tier if _is_allowed(action, Standing(rank, tier, AccountStatus.ACTIVE, mode, _CLEAR))]
        for mode in SystemMode
    }
    modes_of: dict[Tier, list[str]] = {}
    for mode, tiers in found.items():
        if tiers:
            modes_of.setdefault(tiers[0], []).append(mode.value)
    return "; ".join(_from(tier, modes) for tier, modes in modes_of.items()) or "-"


def _from(tier: Tier, modes: list[str]) -> str:
    words = [] if tier is Tier.NONE else [f"from tier {tier.value}"]
    if len(modes) < len(SystemMode):
        words.append(f"in mode {', '.join(modes)}")
    return " ".join(words) or "yes"


_CLEAR = RiskState.CLEAR


def _history() -> str:
    rows = "\n".join(
        f"| {tier.value} | {'all' if days is None else f'{days} days'} |" for tier, days in HISTORY_DAYS.items()
    )
    return f"## How far back analytics and history go\n\n| tier | history |\n|---|---|\n{rows}\n"


def _is_allowed(action: Action, standing: Standing) -> bool:
    return isinstance(entitlement(standing, action), Entitled)


def matrix_lines(actions: Iterable[Action] = tuple(Action)) -> Iterator[str]:
    """Write the complete matrix without loss, a line for each action and pattern.

    A pattern has a group a rank, a sign a tier: `+` for allowed, `.` for denied. Behind it stand the account statuses,
    system modes and risk states it holds in, `STATUS/MODE/RISK`, or `always`.
    """
    states = tuple(product(AccountStatus, SystemMode, RiskState))
    for action in actions:
        patterns: dict[str, list[str]] = {}
        for status, mode, risk in states:
            pattern = " ".join(
                "".join("+" if _is_allowed(action, Standing(rank, tier, status, mode, risk)) else "." for tier in Tier)
                for rank in Rank
            )
            patterns.setdefault(pattern, []).append(f"{status.value}/{mode.value}/{risk.value}")
        for pattern, where in patterns.items():
            yield f"{action.value} | {pattern} | {'always' if len(where) == len(states) else ' '.join(where)}"
