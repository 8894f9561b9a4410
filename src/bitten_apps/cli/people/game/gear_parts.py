"""``bitten user gear`` and ``shop``: what is unlocked, worn and sold. Nothing here is read by an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.people.for_person import denied, misread, refused, say, with_store

if TYPE_CHECKING:
    import argparse

    from bitten_apps.store import Store
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.progression.gear import Equipped, GearItem, GearSlot, NotPossible
    from bitten_domain.values import UserId

__all__ = ["gear", "shop"]


def gear(arguments: argparse.Namespace) -> int:
    """List gear, put some on, or take some off."""

    async def done(store: Store, user_id: UserId, at: int) -> int:
        from bitten_apps.container import Container
        from bitten_domain.membership import Denial
        from bitten_domain.use_cases.game.wear_gear import PutOnGear, TakeOffGear

        match arguments.words:
            case []:
                return await _list_gear(arguments, store, user_id)
            case ["equip", code, slot]:
                result = await PutOnGear(store, Container.game_rules())(user_id, code, *_slot_of(slot), at)
                return denied(arguments, result) if isinstance(result, Denial) else _worn(arguments, result, "on")
            case ["take-off", slot]:
                return _worn(arguments, await TakeOffGear(store)(user_id, *_slot_of(slot)), "off")
            case _:
                raise misread("gear", "`gear`, `gear equip CODE SLOT` or `gear take-off SLOT`")

    return with_store(arguments, done)


async def _list_gear(arguments: argparse.Namespace, store: Store, user_id: UserId) -> int:
    from bitten_apps.container import Container
    from bitten_domain.progression.gear import UnlockKind

    catalogue = Container.game_rules().catalogue

    def read(repositories: Repositories) -> tuple[set[str], dict[str, int]]:
        owned = {one.code for one in repositories.gear.owned(user_id)}
        return owned, {one.code: one.place for one in repositories.gear.equipped(user_id)}

    owned, worn = await store.read(read)
    told = [
        {
            "code": item.code,
            "name": item.name,
            "does": item.text,
            "slot": item.slot.value,
            "rarity": item.rarity.value,
            "unlocked_by": _unlock_words(item),
            "is_unlocked": item.code in owned or item.unlock.kind is UnlockKind.FREE,
            "worn_in_place": worn[item.code] + 1 if item.code in worn else None,
        }
        for item in catalogue.gear
    ]
    lines = [
        f"{'*' if row['worn_in_place'] else '+' if row['is_unlocked'] else ' '} {row['slot']:<9} {row['code']}: "
        f"{row['does']}" + ("" if row["is_unlocked"] else f" (by {row['unlocked_by']})")
        for row in told
    ]
    say(arguments, {"gear": told}, "\n".join([*lines, "* worn, + unlocked"]))
    return DONE


def _unlock_words(item: GearItem) -> str:
    unlock = item.unlock
    return " ".join(filter(None, (unlock.kind.value.lower(), unlock.subject, str(unlock.least or ""))))


def _slot_of(word: str) -> tuple[GearSlot, int]:
    from bitten_domain.progression.gear import PLACES, GearSlot

    name, _, place = word.partition("-")
    slots = {slot.value.lower(): slot for slot in GearSlot}
    slot = slots.get(name.lower())
    if slot is None or not (place or "1").isdigit() or not 1 <= int(place or 1) <= PLACES[slot]:
        raise misread(word, ", ".join([*slots, "indicator-2"]))
    return slot, int(place or 1) - 1


def _worn(arguments: argparse.Namespace, result: Equipped | NotPossible, how: str) -> int:
    from bitten_domain.progression.gear import NotPossible

    if isinstance(result, NotPossible):
        return refused(arguments, result)
    told: dict[str, object] = {
        "code": result.code,
        "slot": result.slot.value,
        "place": result.place + 1,
        "is_on": how == "on",
    }
    say(arguments, told, f"{result.code} is {how}: {result.slot.value.lower()}, place {result.place + 1}")
    return DONE


def shop(arguments: argparse.Namespace) -> int:
    """List the goods, or buy some."""

    async def done(store: Store, user_id: UserId, at: int) -> int:
        match arguments.words:
            case []:
                return await _list_goods(arguments, store, user_id)
            case ["buy", code]:
                return await _buy(arguments, store, user_id, code, at)
            case _:
                raise misread("shop", "`shop` or `shop buy CODE`")

    return with_store(arguments, done)


async def _list_goods(arguments: argparse.Namespace, store: Store, user_id: UserId) -> int:
    from bitten_apps.container import Container

    goods = Container.game_rules().catalogue.goods

    def read(repositories: Repositories) -> tuple[int, set[str]]:
        owned = {one.code for one in repositories.gear.owned(user_id)}
        return repositories.xp.totals(user_id).balance, owned

    balance, owned = await store.read(read)
    told = [
        {
            "code": one.code,
            "name": one.name,
            "what": one.text,
            "kind": one.kind.value,
            "price": one.price,
            "is_owned": one.code in owned,
        }
        for one in goods
    ]
    lines = [f"{'x' if row['is_owned'] else ' '} {row['price']:>6,} {row['code']}: {row['what']}" for row in told]
    say(
        arguments, {"balance": balance, "goods": told}, "\n".join([*lines, f"{balance:,} points to spend; prices stay"])
    )
    return DONE


async def _buy(arguments: argparse.Namespace, store: Store, user_id: UserId, code: str, at: int) -> int:
    from bitten_apps.container import Container
    from bitten_domain.membership import Denial
    from bitten_domain.progression.gear import NotPossible
    from bitten_domain.use_cases.game.buy_goods import BuyGoods

    bought = await BuyGoods(store, Container.game_rules())(user_id, code, at)
    if isinstance(bought, Denial):
        return denied(arguments, bought)
    if isinstance(bought, NotPossible):
        return refused(arguments, bought)
    unlocked = [owned.code for owned in bought.unlocked]
    words = f"{bought.goods.name} is yours, {bought.balance:,} points are left"
    say(arguments, {"bought": code, "balance": bought.balance, "unlocked": unlocked}, words)
    return DONE
