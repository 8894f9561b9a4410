"""Gear and goods: unlocked by what is on record, put on where it belongs, paid for once and never on credit."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_adapters.files.game.game_data import FileGameData
from bitten_domain.errors import InvalidInput
from bitten_domain.progression.gear import (
    PLACES,
    Bought,
    Earned,
    Equipped,
    GearItem,
    GearSlot,
    Goods,
    GoodsKind,
    NotPossible,
    Origin,
    Owned,
    Rarity,
    Unlock,
    UnlockKind,
    buy,
    is_unlocked,
    put_on,
    unlock_gear,
)
from bitten_domain.progression.titles import TITLE_FROM, titles_reached
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Title, XpKind

USER = UserId("user-1")
CATALOGUE = FileGameData().catalogue()
ITEMS = {item.code: item for item in CATALOGUE.gear}
CODES = sorted({one.code for one in CATALOGUE.achievements})
SHOP = sorted({one.code for one in CATALOGUE.goods})
earned = st.builds(
    Earned,
    st.integers(0, 120_000),
    st.integers(0, 3),
    st.frozensets(st.sampled_from(CODES)),
    st.frozensets(st.sampled_from(SHOP)),
)


@pytest.mark.parametrize(
    ("unlock", "come_to", "is_there"),
    [
        (Unlock(UnlockKind.FREE), Earned(), True),
        (Unlock(UnlockKind.TITLE, "SERGEANT"), Earned(999), False),
        (Unlock(UnlockKind.TITLE, "SERGEANT"), Earned(1_000), True),
        (Unlock(UnlockKind.PRESTIGE, least=2), Earned(prestige=1), False),
        (Unlock(UnlockKind.PRESTIGE, least=2), Earned(prestige=2), True),
        (Unlock(UnlockKind.ACHIEVEMENT, "x"), Earned(achievements=frozenset({"x"})), True),
        (Unlock(UnlockKind.ACHIEVEMENT, "x"), Earned(bought=frozenset({"x"})), False),
        (Unlock(UnlockKind.SHOP, "x"), Earned(bought=frozenset({"x"})), True),
    ],
)
def test_given_what_somebody_came_to_when_asked_then_an_unlock_is_reached_or_not(
    unlock: Unlock, come_to: Earned, is_there: bool
) -> None:
    assert is_unlocked(unlock, come_to) is is_there


@given(one=earned, more=earned)
def test_given_any_two_people_when_one_has_come_further_then_they_have_all_the_other_has(
    one: Earned, more: Earned
) -> None:
    further = Earned(
        max(one.lifetime, more.lifetime),
        max(one.prestige, more.prestige),
        one.achievements | more.achievements,
        one.bought | more.bought,
    )

    had = {owned.code for owned in unlock_gear(USER, CATALOGUE.gear, set(), one, 0)}
    has = {owned.code for owned in unlock_gear(USER, CATALOGUE.gear, set(), further, 0)}

    assert had <= has
    assert unlock_gear(USER, CATALOGUE.gear, has, further, 0) == ()


def test_given_somebody_new_when_gear_is_unlocked_then_every_slot_but_none_for_sale_has_something_free() -> None:
    owned = unlock_gear(USER, CATALOGUE.gear, set(), Earned(), 7)

    assert {ITEMS[one.code].slot for one in owned} == set(GearSlot)
    assert Owned(USER, "high-contrast", Origin.UNLOCKED, 7) in owned


@pytest.mark.parametrize(
    ("code", "place", "owned", "worn", "reason"),
    [
        ("crown", 0, {"night"}, (), "no gear called crown"),
        ("steel", 0, {"night"}, (), "not unlocked"),
        ("night", 1, {"night"}, (), "has 1 place."),
        ("night", -1, {"night"}, (), "has 1 place."),
        ("session-bands", 2, {"session-bands"}, (), "has 2 places."),
        ("session-bands", 1, {"session-bands"}, (Equipped(USER, GearSlot.INDICATOR, 0, "session-bands"),), "another"),
    ],
)
def test_given_gear_that_does_not_fit_when_put_on_then_the_answer_says_why(
    code: str, place: int, owned: set[str], worn: tuple[Equipped, ...], reason: str
) -> None:
    answer = put_on(USER, code, place, ITEMS, owned, worn)

    assert isinstance(answer, NotPossible)
    assert reason in answer.reason


def test_given_owned_gear_when_put_on_then_it_goes_into_its_slot() -> None:
    answer = put_on(USER, "session-bands", 1, ITEMS, {"session-bands"}, ())

    assert answer == Equipped(USER, GearSlot.INDICATOR, 1, "session-bands")
    assert [PLACES[slot] for slot in GearSlot] == [2, 1, 1, 1, 1]


@given(balance=st.integers(0, 60_000), price=st.integers(1, 50_000), has_it=st.booleans())
def test_given_any_balance_when_buying_then_it_is_paid_once_and_never_on_credit(
    balance: int, price: int, has_it: bool
) -> None:
    goods = Goods("thing", "Thing", "A thing.", GoodsKind.COSMETIC, price)

    answer = buy(USER, goods, balance, {"thing"} if has_it else set(), day=3, at=9)

    if isinstance(answer, Bought):
        assert not has_it
        assert (answer.entry.kind, answer.entry.cause) == (XpKind.PURCHASE, "shop:thing")
        assert balance + answer.entry.amount == balance - price >= 0
    else:
        assert has_it or balance < price


@pytest.mark.parametrize("price", [0, 50_001])
def test_given_a_price_out_of_bounds_when_goods_are_made_then_they_are_refused(price: int) -> None:
    with pytest.raises(InvalidInput, match="1 to 50000"):
        Goods("thing", "Thing", "A thing.", GoodsKind.COSMETIC, price)


@pytest.mark.parametrize(
    ("kind", "subject", "least"),
    [
        (UnlockKind.FREE, "x", 0),
        (UnlockKind.TITLE, "", 0),
        (UnlockKind.TITLE, "EMPEROR", 0),
        (UnlockKind.PRESTIGE, "", 0),
        (UnlockKind.PRESTIGE, "x", 1),
        (UnlockKind.SHOP, "x", 1),
    ],
)
def test_given_an_unlock_that_makes_no_sense_when_made_then_it_is_refused(
    kind: UnlockKind, subject: str, least: int
) -> None:
    with pytest.raises(InvalidInput):
        Unlock(kind, subject, least)


def test_given_gear_and_goods_when_looked_at_then_they_hold_no_figure_an_order_could_read() -> None:
    # Whoever adds a field here has to think about what it could loosen.
    assert [field.name for field in fields(GearItem)] == ["code", "name", "text", "slot", "rarity", "unlock"]
    assert [field.name for field in fields(Goods)] == ["code", "name", "text", "kind", "price"]
    assert [kind.value for kind in GoodsKind] == ["COSMETIC", "ANALYTICS", "EDUCATION"]
    assert {item.rarity for item in CATALOGUE.gear} == set(Rarity)


def test_given_points_that_pass_two_titles_when_told_then_both_are_reached_lowest_first() -> None:
    reached = titles_reached(USER, 99, 500, 7)

    assert [one.title for one in reached] == [Title.PRIVATE, Title.CORPORAL]
    assert titles_reached(USER, 500, 999, 7) == ()
    assert len(titles_reached(USER, 0, 100_000, 7)) == len(TITLE_FROM) - 1
