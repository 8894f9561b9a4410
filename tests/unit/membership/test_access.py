"""Who may do what: the whole matrix against its golden file, and what must hold whatever the table says."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from bitten_domain.membership import Denial, DenialCode, Person
from bitten_domain.membership.access import (
    ACCESS,
    Action,
    ActionKind,
    Entitled,
    RiskState,
    Standing,
    access_page,
    entitlement,
    first_admin,
    matrix_lines,
    promoted,
    risk_state_of,
    with_status,
)
from bitten_domain.risk.policy import TIER_LIMITS, allowed_fire_modes
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus, FireMode, Rank, RefusalCode, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STANDINGS = tuple(Standing(*parts) for parts in product(Rank, Tier, AccountStatus, SystemMode, RiskState))

# What the faces offer, from the product's own list of commands and routes (not from the table).
COMMANDS = re.findall(
    r"/\w+",
    """
    /start /help /me /callsign /settings /status /mode /stealth /news /tcs /signals /fire /close /closeall /positions
    /balance /history /performance /plan /risk /exposure /maxpos /confirmations /backtest /emergency_stop /panic
    /recover /emergency_status /timeout /halt_all /lock /unlock /xp /achievements /missions /challenge /gear /equip
    /xpshop /prestige /leaderboard /journal /learn /press_pass /subscribe /upgrade /cancel /refer /privacy /logs
    /promote /ban /broadcast /backup /stats
    """,
)
ROUTES = re.findall(
    r"(?:GET|POST|PUT|DELETE) [\w/{}-]+",
    """
    GET /stats, POST /fire, POST /close, GET /positions, GET /orders, GET /trades, GET /signals, GET /signals/{id},
    GET /performance, GET /news, GET /tcs/{symbol}, GET /risk, PUT /risk, GET /mode, PUT /mode, POST /emergency,
    DELETE /emergency, GET /xp, GET /achievements, GET /gear, GET /press-pass, POST /press-pass, GET /events, GET /dev,
    GET /logs
    """,
)

# Safety and privacy: the commands with a star, and lowering a limit.
STARRED = ["/help", "/close", "/closeall", "/positions", "/emergency_stop", "/panic", "/recover"]
STARRED += ["/emergency_status", "/timeout", "/privacy export", "/privacy delete"]


def is_allowed(standing: Standing, action: Action) -> bool:
    return isinstance(entitlement(standing, action), Entitled)


def asked_by(*commands: str) -> Iterator[Action]:
    yield from (action for action, rule in ACCESS.items() if set(commands) & set(rule.used_by))


def test_given_the_complete_matrix_when_written_then_it_is_the_golden_one(project_root: Path) -> None:
    golden = project_root / "tests/unit/membership/golden/access_matrix.txt"

    assert list(matrix_lines()) == golden.read_text(encoding="utf-8").splitlines()


def test_given_the_golden_matrix_when_counted_then_every_combination_is_in_it_once(project_root: Path) -> None:
    golden = project_root / "tests/unit/membership/golden/access_matrix.txt"
    seen: list[tuple[str, str]] = []
    everywhere = ["/".join(one.value for one in parts) for parts in product(AccountStatus, SystemMode, RiskState)]
    for line in golden.read_text(encoding="utf-8").splitlines():
        action, pattern, where = line.split(" | ")
        assert re.fullmatch(r"[+.]{6} [+.]{6} [+.]{6} [+.]{6}", pattern)
        seen += [(action, place) for place in (everywhere if where == "always" else where.split())]

    assert sorted(seen) == sorted((action.value, place) for action in Action for place in everywhere)


def test_given_the_reference_when_written_anew_then_nothing_changes(project_root: Path) -> None:
    assert (project_root / "docs/reference/access.md").read_text(encoding="utf-8") == access_page()


def test_given_the_lists_of_commands_and_routes_when_counted_then_none_was_lost_in_reading() -> None:
    assert (len(COMMANDS), len(ROUTES)) == (55, 25)


def test_given_every_action_when_looked_up_then_it_has_a_row() -> None:
    assert set(ACCESS) == set(Action)


@pytest.mark.parametrize("action", Action, ids=lambda action: action.value)
def test_given_an_action_without_a_row_when_asked_then_an_active_admin_is_denied_too(action: Action) -> None:
    table = MappingProxyType({one: rule for one, rule in ACCESS.items() if one is not action})
    strongest = Standing(Rank.ADMIN, Tier.APEX, AccountStatus.ACTIVE, SystemMode.STEALTH, RiskState.CLEAR)

    answer = entitlement(strongest, action, table)

    assert isinstance(answer, Denial)
    assert answer.codes == (DenialCode.NO_RULE,)


@pytest.mark.parametrize("name", [*COMMANDS, *ROUTES])
def test_given_a_command_or_route_when_looked_for_then_an_action_stands_behind_it(name: str) -> None:
    used = [entry for rule in ACCESS.values() for entry in rule.used_by]

    assert any(entry == name or entry.startswith(f"{name} ") for entry in used)


@pytest.mark.parametrize("command", STARRED)
def test_given_a_safety_or_privacy_command_when_used_then_a_way_is_open_in_every_state(command: str) -> None:
    actions = tuple(asked_by(command))

    assert actions
    assert all(any(is_allowed(standing, action) for action in actions) for standing in STANDINGS)


@pytest.mark.parametrize(
    "action",
    [
        Action.CLOSE_POSITION,
        Action.CLOSE_EVERYTHING,
        Action.CANCEL_ORDER,
        Action.TIGHTEN_STOP,
        Action.SET_PAUSE,
        Action.SET_HALT,
        Action.TAKE_TIME_OUT,
        Action.LOWER_LIMITS,
        Action.REVOKE_MANDATE,
        Action.WITHDRAW_CONSENT,
        Action.EXPORT_DATA,
        Action.DELETE_DATA,
        Action.CANCEL_SUBSCRIPTION,
        Action.CHOOSE_BIT,
    ],
    ids=lambda action: action.value,
)
def test_given_anybody_in_any_state_when_they_protect_themselves_then_nothing_is_in_the_way(action: Action) -> None:
    assert [standing for standing in STANDINGS if not is_allowed(standing, action)] == []


def test_given_any_standing_when_the_rank_rises_then_nothing_is_lost() -> None:
    lost = [
        (action, standing)
        for low, high in zip(tuple(Rank), tuple(Rank)[1:], strict=False)
        for rest in product(Tier, AccountStatus, SystemMode, RiskState)
        for action in Action
        if is_allowed(standing := Standing(low, *rest), action) and not is_allowed(Standing(high, *rest), action)
    ]

    assert lost == []


def test_given_any_standing_when_the_tier_rises_then_nothing_is_lost() -> None:
    lost = [
        (action, standing)
        for low, high in zip(tuple(Tier), tuple(Tier)[1:], strict=False)
        for rank, status, mode, risk in product(Rank, AccountStatus, SystemMode, RiskState)
        for action in Action
        if is_allowed(standing := Standing(rank, low, status, mode, risk), action)
        and not is_allowed(Standing(rank, high, status, mode, risk), action)
    ]

    assert lost == []


def test_given_what_opens_risk_when_asked_by_one_who_is_not_active_or_not_clear_then_it_is_denied() -> None:
    opening = [action for action, rule in ACCESS.items() if rule.kind is ActionKind.OPEN]

    assert len(opening) == 8
    for standing in STANDINGS:
        if standing.status is not AccountStatus.ACTIVE or standing.risk is not RiskState.CLEAR:
            assert not any(is_allowed(standing, action) for action in opening)


def test_given_any_person_when_they_fire_then_access_and_the_risk_tables_agree() -> None:
    on_paper = {
        FireMode.SINGLE: Action.FIRE_SINGLE_PAPER,
        FireMode.SEMI: Action.FIRE_SEMI_PAPER,
        FireMode.AUTO: Action.FIRE_AUTO_PAPER,
    }
    for rank, tier, mode in product(Rank, Tier, SystemMode):
        standing = Standing(rank, tier, AccountStatus.ACTIVE, mode, RiskState.CLEAR)

        found = frozenset(fire_mode for fire_mode, action in on_paper.items() if is_allowed(standing, action))

        assert found == allowed_fire_modes(rank, tier, mode)


def test_given_what_works_live_when_looked_at_then_it_works_on_paper_and_the_tier_has_live_accounts() -> None:
    pairs = (
        (Action.FIRE_SINGLE_LIVE, Action.FIRE_SINGLE_PAPER),
        (Action.FIRE_SEMI_LIVE, Action.FIRE_SEMI_PAPER),
        (Action.FIRE_AUTO_LIVE, Action.FIRE_AUTO_PAPER),
        (Action.GRANT_MANDATE_LIVE, Action.GRANT_MANDATE_PAPER),
    )
    for standing, (live, paper) in product(STANDINGS, pairs):
        expected = is_allowed(standing, paper) and TIER_LIMITS[standing.tier].live_accounts > 0
        assert is_allowed(standing, live) is expected


def test_given_the_paying_tiers_when_compared_then_none_has_a_looser_risk_limit() -> None:
    paying = [limits for tier, limits in TIER_LIMITS.items() if tier not in (Tier.NONE, Tier.PRESS_PASS)]
    ceilings = {
        (
            limits.default_risk_percent,
            limits.max_risk_percent,
            limits.default_daily_loss_percent,
            limits.max_daily_loss_percent,
        )
        for limits in paying
    }

    assert ceilings == {(Decimal(1), Decimal(2), Decimal(4), Decimal(6))}


def test_given_a_denial_when_read_then_it_names_every_rule_and_a_remedy_for_each() -> None:
    standing = Standing(Rank.RECRUIT, Tier.NONE, AccountStatus.BANNED, SystemMode.COMMANDER, RiskState.STOPPED)

    answer = entitlement(standing, Action.FIRE_AUTO_LIVE)

    assert isinstance(answer, Denial)
    assert answer.codes == (
        DenialCode.STATUS,
        DenialCode.RANK,
        DenialCode.TIER,
        DenialCode.MODE,
        DenialCode.STOPPED,
    )
    assert all(reason.remedy and reason.limit and reason.actual for reason in answer.reasons)


@pytest.mark.parametrize(
    ("codes", "state"),
    [
        (None, RiskState.UNKNOWN),
        ((), RiskState.CLEAR),
        ((RefusalCode.SPREAD_TOO_WIDE, RefusalCode.MARGIN_LEVEL), RiskState.CLEAR),
        ((RefusalCode.COOL_DOWN,), RiskState.LOCKED_OUT),
        ((RefusalCode.TILT_LOCKOUT, RefusalCode.EMERGENCY_STOP), RiskState.STOPPED),
        ((RefusalCode.EMERGENCY_STOP, RefusalCode.EMERGENCY_STATE_UNKNOWN), RiskState.UNKNOWN),
    ],
)
def test_given_what_the_risk_rules_refused_for_when_named_then_the_strongest_counts(
    codes: tuple[RefusalCode, ...] | None, state: RiskState
) -> None:
    assert risk_state_of(codes) is state


def person(
    rank: Rank, status: AccountStatus = AccountStatus.ACTIVE, telegram_id: int | None = 7, name: str = "someone"
) -> Person:
    return Person(UserId(name), 0, telegram_id=telegram_id, status=status, rank=rank)


def test_given_the_configured_person_when_there_is_no_admin_then_they_become_the_first() -> None:
    assert first_admin(person(Rank.RECRUIT), "telegram:7", has_admin=False) == person(Rank.ADMIN)
    assert first_admin(person(Rank.RECRUIT), "user:someone", has_admin=False) == person(Rank.ADMIN)


@pytest.mark.parametrize(
    ("who", "configured", "has_admin"),
    [
        (person(Rank.RECRUIT), "telegram:7", True),
        (person(Rank.RECRUIT), "telegram:8", False),
        (person(Rank.RECRUIT, name="7"), "telegram:someone", False),
        (person(Rank.RECRUIT), "7", False),
        (person(Rank.RECRUIT), "", False),
        (person(Rank.RECRUIT, telegram_id=None), "telegram:None", False),
        (person(Rank.RECRUIT, AccountStatus.BANNED), "telegram:7", False),
    ],
)
def test_given_anything_else_when_they_come_then_nobody_is_made_admin(
    who: Person, configured: str, has_admin: bool
) -> None:
    assert first_admin(who, configured, has_admin=has_admin) is None


def test_given_an_admin_when_they_promote_then_the_rank_is_given() -> None:
    made = promoted(person(Rank.AUTHORIZED), Rank.ADMIN, by=person(Rank.ADMIN, name="admin"), admins=1)

    assert made == person(Rank.ADMIN)


@pytest.mark.parametrize(
    ("who", "rank", "by", "code"),
    [
        (person(Rank.AUTHORIZED), Rank.ELITE, person(Rank.ELITE), DenialCode.RANK),
        (person(Rank.AUTHORIZED), Rank.ELITE, person(Rank.ADMIN, AccountStatus.LOCKED), DenialCode.RANK),
        (person(Rank.AUTHORIZED, AccountStatus.BANNED), Rank.ELITE, person(Rank.ADMIN), DenialCode.STATUS),
        (person(Rank.RECRUIT), Rank.ELITE, person(Rank.ADMIN), DenialCode.RANK),
        (person(Rank.ADMIN), Rank.RECRUIT, person(Rank.ADMIN), DenialCode.RANK),
    ],
    ids=["not an admin", "a locked admin", "a banned person", "before onboarding", "the last admin"],
)
def test_given_a_promotion_that_must_not_be_when_asked_then_it_is_denied(
    who: Person, rank: Rank, by: Person, code: DenialCode
) -> None:
    answer = promoted(who, rank, by=by, admins=1)

    assert isinstance(answer, Denial)
    assert answer.codes == (code,)


def test_given_a_locked_admin_when_demoted_by_the_only_active_one_then_that_is_done() -> None:
    who = person(Rank.ADMIN, AccountStatus.LOCKED)

    assert promoted(who, Rank.ELITE, by=person(Rank.ADMIN, name="other"), admins=1) == replace(who, rank=Rank.ELITE)


@pytest.mark.parametrize("before", [AccountStatus.ACTIVE, AccountStatus.LOCKED, AccountStatus.BANNED])
@pytest.mark.parametrize("after", [AccountStatus.ACTIVE, AccountStatus.LOCKED, AccountStatus.BANNED])
def test_given_an_admin_when_they_change_a_status_then_nothing_else_changes(
    before: AccountStatus, after: AccountStatus
) -> None:
    who = person(Rank.ELITE, before)

    assert with_status(who, after, by=person(Rank.ADMIN, name="admin"), admins=1) == replace(who, status=after)


@pytest.mark.parametrize(
    ("who", "status", "by", "codes"),
    [
        (person(Rank.ELITE), AccountStatus.LOCKED, person(Rank.ELITE, name="x"), (DenialCode.RANK,)),
        (
            person(Rank.ELITE),
            AccountStatus.LOCKED,
            person(Rank.ADMIN, AccountStatus.BANNED, name="x"),
            (DenialCode.RANK,),
        ),
        (person(Rank.ADMIN), AccountStatus.LOCKED, person(Rank.ADMIN), (DenialCode.RANK, DenialCode.RANK)),
        (person(Rank.ADMIN), AccountStatus.BANNED, person(Rank.ADMIN, name="x"), (DenialCode.RANK,)),
        (
            person(Rank.ELITE, AccountStatus.DELETED),
            AccountStatus.ACTIVE,
            person(Rank.ADMIN, name="x"),
            (DenialCode.STATUS,),
        ),
        (person(Rank.ELITE), AccountStatus.DELETED, person(Rank.ADMIN, name="x"), (DenialCode.STATUS,)),
    ],
    ids=["not an admin", "a banned admin", "themselves, the last", "the last admin", "an erased person", "an erasure"],
)
def test_given_a_status_that_must_not_be_when_asked_for_then_it_is_denied(
    who: Person, status: AccountStatus, by: Person, codes: tuple[DenialCode, ...]
) -> None:
    answer = with_status(who, status, by=by, admins=1)

    assert isinstance(answer, Denial)
    assert answer.codes == codes
