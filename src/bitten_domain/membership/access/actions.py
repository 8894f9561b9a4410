"""Actions: everything a person can ask the platform for, whichever face they ask through."""

from __future__ import annotations

from bitten_domain.values.identity_enum import IdentityEnum

__all__ = ["Action", "ActionKind"]


class ActionKind(IdentityEnum):
    """What an action is at heart, which decides the account statuses it is open to.

    PROTECT: it can only reduce a risk, or concerns one's own data, or money one has a right to; open to everybody in
    every state. LOOK: it shows or teaches. PAY: it concerns one's membership. CHOOSE: it changes how one is served.
    OPEN: it opens risk, or lets it be opened. OPERATE: it concerns others.
    """

    PROTECT = "PROTECT"
    LOOK = "LOOK"
    PAY = "PAY"
    CHOOSE = "CHOOSE"
    OPEN = "OPEN"
    OPERATE = "OPERATE"


class Action(IdentityEnum):
    """What can be asked for. A new one is denied to everybody until it has a row in the table."""

    # Protection and privacy
    GET_HELP = "GET_HELP"
    CLOSE_POSITION = "CLOSE_POSITION"
    CLOSE_EVERYTHING = "CLOSE_EVERYTHING"
    CANCEL_ORDER = "CANCEL_ORDER"
    TIGHTEN_STOP = "TIGHTEN_STOP"
    SET_PAUSE = "SET_PAUSE"
    SET_HALT = "SET_HALT"
    RELEASE_OWN_STOP = "RELEASE_OWN_STOP"
    SEE_EMERGENCY = "SEE_EMERGENCY"
    SEE_POSITIONS = "SEE_POSITIONS"
    TAKE_TIME_OUT = "TAKE_TIME_OUT"
    LOWER_LIMITS = "LOWER_LIMITS"
    REVOKE_MANDATE = "REVOKE_MANDATE"
    DISMISS_SIGNAL = "DISMISS_SIGNAL"
    WITHDRAW_CONSENT = "WITHDRAW_CONSENT"
    EXPORT_DATA = "EXPORT_DATA"
    DELETE_DATA = "DELETE_DATA"
    CANCEL_SUBSCRIPTION = "CANCEL_SUBSCRIPTION"
    ASK_REFUND = "ASK_REFUND"
    STOP_MESSAGES = "STOP_MESSAGES"
    # Looking and learning
    START = "START"
    SEE_ME = "SEE_ME"
    SEE_STATUS = "SEE_STATUS"
    SEE_NEWS = "SEE_NEWS"
    SEE_BALANCE = "SEE_BALANCE"
    SEE_EXPOSURE = "SEE_EXPOSURE"
    SEE_RESULTS = "SEE_RESULTS"
    SEE_LIVE_SIGNALS = "SEE_LIVE_SIGNALS"
    SEE_SCORE = "SEE_SCORE"
    SEE_HISTORY = "SEE_HISTORY"
    SEE_PERFORMANCE = "SEE_PERFORMANCE"
    SEE_RISK = "SEE_RISK"
    SEE_CHART = "SEE_CHART"
    SEE_PROGRESS = "SEE_PROGRESS"
    SEE_LEADERBOARD = "SEE_LEADERBOARD"
    LEARN = "LEARN"
    KEEP_DIARY = "KEEP_DIARY"
    BACKTEST = "BACKTEST"
    # Membership
    CLAIM_PRESS_PASS = "CLAIM_PRESS_PASS"  # noqa: S105 - an action, not a password
    SUBSCRIBE = "SUBSCRIBE"
    CHANGE_PLAN_PAID = "CHANGE_PLAN_PAID"
    REFER = "REFER"
    # Choices
    SET_CALLSIGN = "SET_CALLSIGN"
    CHANGE_SETTINGS = "CHANGE_SETTINGS"
    GIVE_CONSENT = "GIVE_CONSENT"
    EQUIP_GEAR = "EQUIP_GEAR"
    SPEND_XP = "SPEND_XP"
    MANAGE_KEYS = "MANAGE_KEYS"
    CHANGE_TRADE_PLAN = "CHANGE_TRADE_PLAN"
    RAISE_LIMITS = "RAISE_LIMITS"
    SET_CONFIRMATIONS = "SET_CONFIRMATIONS"
    CHOOSE_BIT = "CHOOSE_BIT"
    CHOOSE_COMMANDER = "CHOOSE_COMMANDER"
    CHOOSE_TACTICAL = "CHOOSE_TACTICAL"
    CHOOSE_STEALTH = "CHOOSE_STEALTH"
    SET_FOOTPRINT = "SET_FOOTPRINT"
    # Opening risk
    FIRE_SINGLE_PAPER = "FIRE_SINGLE_PAPER"
    FIRE_SEMI_PAPER = "FIRE_SEMI_PAPER"
    FIRE_AUTO_PAPER = "FIRE_AUTO_PAPER"
    FIRE_SINGLE_LIVE = "FIRE_SINGLE_LIVE"
    FIRE_SEMI_LIVE = "FIRE_SEMI_LIVE"
    FIRE_AUTO_LIVE = "FIRE_AUTO_LIVE"
    GRANT_MANDATE_PAPER = "GRANT_MANDATE_PAPER"
    GRANT_MANDATE_LIVE = "GRANT_MANDATE_LIVE"
    # Operating the platform
    HALT_ALL = "HALT_ALL"
    LOCK_PERSON = "LOCK_PERSON"
    UNLOCK_PERSON = "UNLOCK_PERSON"
    RELEASE_ANY_STOP = "RELEASE_ANY_STOP"
    PROMOTE = "PROMOTE"
    BAN = "BAN"
    GRANT_TIER = "GRANT_TIER"
    REVOKE_PRESS_PASS = "REVOKE_PRESS_PASS"  # noqa: S105 - an action, not a password
    THAW_ACCOUNT = "THAW_ACCOUNT"
    RESOLVE_DISPUTE = "RESOLVE_DISPUTE"
    SEE_PEOPLE = "SEE_PEOPLE"
    SEE_AUDIT = "SEE_AUDIT"
    ERASE_PEOPLE = "ERASE_PEOPLE"
    ROTATE_KEYS = "ROTATE_KEYS"
    BROADCAST = "BROADCAST"
    BACK_UP = "BACK_UP"
    SEE_PLATFORM_STATS = "SEE_PLATFORM_STATS"
    SEE_LOGS = "SEE_LOGS"
    DIAGNOSE = "DIAGNOSE"
