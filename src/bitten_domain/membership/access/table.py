"""The policy table: one row an action. What has no row is denied.

Who may fire and who may use a mode is not written here again: the rows name the fire mode or the mode, and the tables
of `risk.policy` answer, the same that the fire checks ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.membership.access.actions import Action, ActionKind
from bitten_domain.vocabulary import AccountStatus, FireMode, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ACCESS", "HISTORY_DAYS", "STATUSES", "AccessRule"]


@dataclass(frozen=True, slots=True)
class AccessRule:
    """Who may do an action.

    Args:
        kind: what it is at heart.
        least_rank: rank from which on it is open.
        used_by: commands and routes that ask for it, for the reference.
        least_tier: tier from which on it is open.
        fire_mode: it fires in this mode, or lets a mandate fire; None for what fires nothing.
        is_live: real money.
        chooses: it turns this system mode on; None for what turns none on.
    """

    kind: ActionKind
    least_rank: Rank
    used_by: tuple[str, ...]
    least_tier: Tier = Tier.NONE
    fire_mode: FireMode | None = None
    is_live: bool = False
    chooses: SystemMode | None = None


STATUSES: Mapping[ActionKind, tuple[AccountStatus, ...]] = MappingProxyType(
    {
        ActionKind.PROTECT: tuple(AccountStatus),
        ActionKind.LOOK: (AccountStatus.ACTIVE, AccountStatus.LOCKED),
        ActionKind.PAY: (AccountStatus.ACTIVE, AccountStatus.LOCKED),
        ActionKind.CHOOSE: (AccountStatus.ACTIVE,),
        ActionKind.OPEN: (AccountStatus.ACTIVE,),
        ActionKind.OPERATE: (AccountStatus.ACTIVE,),
    }
)
"""Account statuses each kind of action is open to."""

HISTORY_DAYS: Mapping[Tier, int | None] = MappingProxyType(
    {
        Tier.NONE: 7,
        Tier.PRESS_PASS: 30,
        Tier.NIBBLER: 90,
        Tier.FANG: 365,
        Tier.COMMANDER: None,
        Tier.APEX: None,
    }
)
"""How far back analytics and history go; None for all of it (rules: risk, the tier table)."""


def _protect(*used_by: str) -> AccessRule:
    return AccessRule(ActionKind.PROTECT, Rank.RECRUIT, used_by)


def _look(least: Rank, *used_by: str, least_tier: Tier = Tier.NONE) -> AccessRule:
    return AccessRule(ActionKind.LOOK, least, used_by, least_tier)


def _pay(*used_by: str) -> AccessRule:
    return AccessRule(ActionKind.PAY, Rank.RECRUIT, used_by)


def _choose(least: Rank, *used_by: str) -> AccessRule:
    return AccessRule(ActionKind.CHOOSE, least, used_by)


def _mode(mode: SystemMode) -> AccessRule:
    used_by = (f"/mode {mode.value.lower()}", "PUT /mode")
    return AccessRule(ActionKind.CHOOSE, Rank.RECRUIT, used_by, chooses=mode)


def _open(fire_mode: FireMode, *used_by: str, is_live: bool) -> AccessRule:
    return AccessRule(ActionKind.OPEN, Rank.RECRUIT, used_by, fire_mode=fire_mode, is_live=is_live)


def _operate(*used_by: str) -> AccessRule:
    return AccessRule(ActionKind.OPERATE, Rank.ADMIN, used_by)


_U, _A, _E = Rank.RECRUIT, Rank.AUTHORIZED, Rank.ELITE
_MANDATE = ("/mode tactical",)

ACCESS: Mapping[Action, AccessRule] = MappingProxyType(
    {
        Action.GET_HELP: _protect("/help"),
        Action.CLOSE_POSITION: _protect("/close", "POST /close"),
        Action.CLOSE_EVERYTHING: _protect("/closeall", "/panic"),
        Action.CANCEL_ORDER: _protect("/close"),
        Action.TIGHTEN_STOP: _protect("/plan"),
        Action.SET_PAUSE: _protect("/emergency_stop", "POST /emergency"),
        Action.SET_HALT: _protect("/panic", "POST /emergency"),
        Action.RELEASE_OWN_STOP: _protect("/recover", "DELETE /emergency"),
        Action.SEE_EMERGENCY: _protect("/emergency_status"),
        Action.SEE_POSITIONS: _protect("/positions", "GET /positions", "GET /orders"),
        Action.TAKE_TIME_OUT: _protect("/timeout"),
        Action.LOWER_LIMITS: _protect("/risk", "/maxpos", "PUT /risk"),
        Action.REVOKE_MANDATE: _protect("/mode"),
        Action.DISMISS_SIGNAL: _protect("/signals"),
        Action.WITHDRAW_CONSENT: _protect("/privacy consent"),
        Action.EXPORT_DATA: _protect("/privacy export"),
        Action.DELETE_DATA: _protect("/privacy delete"),
        Action.CANCEL_SUBSCRIPTION: _protect("/cancel"),
        Action.ASK_REFUND: _protect("/cancel"),
        Action.STOP_MESSAGES: _protect("/settings"),
        Action.START: _look(_U, "/start"),
        Action.SEE_ME: _look(_U, "/me"),
        Action.SEE_STATUS: _look(_U, "/status", "GET /stats", "GET /events"),
        Action.SEE_NEWS: _look(_U, "/news", "GET /news"),
        Action.SEE_BALANCE: _look(_U, "/balance"),
        Action.SEE_EXPOSURE: _look(_U, "/exposure"),
        Action.SEE_RESULTS: _look(_U, "GET /signals"),
        Action.SEE_LIVE_SIGNALS: _look(_A, "/signals", "GET /signals", "GET /signals/{id}", least_tier=Tier.PRESS_PASS),
        Action.SEE_SCORE: _look(_A, "/tcs", "GET /tcs/{symbol}", least_tier=Tier.PRESS_PASS),
        Action.SEE_HISTORY: _look(_A, "/history", "GET /trades"),
        Action.SEE_PERFORMANCE: _look(_A, "/performance", "GET /performance"),
        Action.SEE_RISK: _look(_A, "/risk", "GET /risk", "GET /mode"),
        Action.SEE_CHART: _look(_U, "/signals", "/performance"),
        Action.SEE_PROGRESS: _look(
            _U, "/xp", "/achievements", "/missions", "/challenge", "/gear", "GET /xp", "GET /achievements", "GET /gear"
        ),
        Action.SEE_LEADERBOARD: _look(_U, "/leaderboard"),
        Action.LEARN: _look(_U, "/learn"),
        Action.KEEP_DIARY: _look(_U, "/journal"),
        Action.BACKTEST: _look(_E, "/backtest"),
        Action.CLAIM_PRESS_PASS: _pay("/press_pass", "GET /press-pass", "POST /press-pass"),
        Action.SUBSCRIBE: _pay("/subscribe"),
        Action.CHANGE_PLAN_PAID: _pay("/upgrade"),
        Action.REFER: _pay("/refer"),
        Action.SET_CALLSIGN: _choose(_U, "/callsign"),
        Action.CHANGE_SETTINGS: _choose(_U, "/settings"),
        Action.GIVE_CONSENT: _choose(_U, "/privacy consent"),
        Action.EQUIP_GEAR: _choose(_U, "/equip"),
        Action.SPEND_XP: _choose(_U, "/xpshop", "/prestige"),
        Action.MANAGE_KEYS: _choose(_A, "/settings"),
        Action.CHANGE_TRADE_PLAN: _choose(_A, "/plan"),
        Action.RAISE_LIMITS: _choose(_A, "/risk", "/maxpos", "PUT /risk"),
        Action.SET_CONFIRMATIONS: _choose(_A, "/confirmations"),
        Action.CHOOSE_BIT: _mode(SystemMode.BIT),
        Action.CHOOSE_COMMANDER: _mode(SystemMode.COMMANDER),
        Action.CHOOSE_TACTICAL: _mode(SystemMode.TACTICAL),
        Action.CHOOSE_STEALTH: _mode(SystemMode.STEALTH),
        Action.SET_FOOTPRINT: AccessRule(ActionKind.CHOOSE, Rank.RECRUIT, ("/stealth",), chooses=SystemMode.STEALTH),
        Action.FIRE_SINGLE_PAPER: _open(FireMode.SINGLE, "/fire", "POST /fire", is_live=False),
        Action.FIRE_SEMI_PAPER: _open(FireMode.SEMI, "/fire", "POST /fire", is_live=False),
        Action.FIRE_AUTO_PAPER: _open(FireMode.AUTO, is_live=False),
        Action.FIRE_SINGLE_LIVE: _open(FireMode.SINGLE, "/fire", "POST /fire", is_live=True),
        Action.FIRE_SEMI_LIVE: _open(FireMode.SEMI, "/fire", "POST /fire", is_live=True),
        Action.FIRE_AUTO_LIVE: _open(FireMode.AUTO, is_live=True),
        Action.GRANT_MANDATE_PAPER: _open(FireMode.AUTO, *_MANDATE, is_live=False),
        Action.GRANT_MANDATE_LIVE: _open(FireMode.AUTO, *_MANDATE, is_live=True),
        Action.HALT_ALL: _operate("/halt_all"),
        Action.LOCK_PERSON: _operate("/lock"),
        Action.UNLOCK_PERSON: _operate("/unlock"),
        Action.RELEASE_ANY_STOP: _operate("/recover", "DELETE /emergency"),
        Action.PROMOTE: _operate("/promote"),
        Action.BAN: _operate("/ban"),
        Action.GRANT_TIER: _operate("bitten admin tier"),
        Action.REVOKE_PRESS_PASS: _operate("bitten admin pass"),
        Action.THAW_ACCOUNT: _operate("bitten admin thaw"),
        Action.RESOLVE_DISPUTE: _operate("bitten admin resolve"),
        Action.SEE_PEOPLE: _operate("bitten admin people"),
        Action.SEE_AUDIT: _operate("bitten admin audit"),
        Action.ERASE_PEOPLE: _operate("bitten admin erase"),
        Action.ROTATE_KEYS: _operate("bitten admin keys"),
        Action.BROADCAST: _operate("/broadcast"),
        Action.BACK_UP: _operate("/backup"),
        Action.SEE_PLATFORM_STATS: _operate("/stats"),
        Action.SEE_LOGS: _operate("/logs", "GET /logs"),
        Action.DIAGNOSE: _operate("GET /dev"),
    }
)
"""The table; read with the tables of modes, ranks and tiers of `risk.policy`."""
