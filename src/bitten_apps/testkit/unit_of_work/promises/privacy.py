"""Promises about wishes, the list of those erased, keys, addresses, and forgetting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import privacy_samples as p
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench, at_once, each, expect, refused, rivals, told_apart
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.membership.privacy import PersonKey
from bitten_domain.ports.repositories.messages import InboxUpdate
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["PRIVACY_PROMISES"]

_ANN, _BEN = UserId("user-1"), UserId("user-2")
_LATER = s.NOON + 600


async def _has_one_open_deletion(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    first, others = p.deletion(1), p.deletion(2, of=2)
    await each(bench, lambda r, one: r.deletions.add(one), (others, first))
    await refused(bench, Conflict, lambda r: r.deletions.add(p.deletion(3)), "a second open deletion")
    expect(await bench.store.read(lambda r: r.deletions.open()), (first, others), "open deletions, oldest first")
    await refused(bench, BrokenInvariant, lambda r: r.deletions.put(p.deletion(9)), "replacing one that is not there")
    theirs = replace(first, user_id=_BEN)
    await refused(bench, BrokenInvariant, lambda r: r.deletions.put(theirs), "replacing another person's")
    over = replace(first, confirmed_at=_LATER, undo_until=_LATER + 9, withdrawn_at=_LATER + 5)
    for _ in range(2):
        await bench.store.run(lambda r: r.deletions.put(over))
    reopened = replace(over, withdrawn_at=None)
    await refused(bench, BrokenInvariant, lambda r: r.deletions.put(reopened), "opening one that is over")
    await refused(bench, Conflict, lambda r: r.deletions.add(first), "a deletion's id again")
    third = p.deletion(3)
    await bench.store.run(lambda r: r.deletions.add(third))
    found = await bench.store.read(lambda r: (r.deletions.of(_ANN), r.deletions.open()))
    expect(found, ((over, third), (others, third)), "a person's deletions, and the open ones")


async def _opens_one_deletion_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    asked = [p.deletion(number) for number in range(1, 13)]
    kept, _ = told_apart(await rivals(bench, lambda r, one: r.deletions.add(one), asked), Conflict)
    expect((len(kept), len(await bench.store.read(lambda r: r.deletions.of(_ANN)))), (1, 1), "deletions asked at once")


async def _ends_a_deletion_one_way(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    confirmed = replace(p.deletion(1), confirmed_at=s.NOON + 1, undo_until=_LATER)
    await bench.store.run(lambda r: r.deletions.add(confirmed))
    ends = [
        replace(confirmed, done_at=_LATER + number) if number % 2 else replace(confirmed, withdrawn_at=_LATER + number)
        for number in range(12)
    ]
    results = await rivals(bench, lambda r, end: r.deletions.put(end), ends)
    kept, _ = told_apart(results, BrokenInvariant)
    (found,) = await bench.store.read(lambda r: r.deletions.of(_ANN))
    expect((len(kept), found in ends), (1, True), "ends of one deletion at once")


async def _gives_an_export_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    later, first, others = p.export(2), p.export(1), p.export(3, of=2)
    await each(bench, lambda r, one: r.exports.add(one), (later, others, first))
    await refused(
        bench, Conflict, lambda r: r.exports.add(replace(p.export(4), token_hash=first.token_hash)), "a token"
    )
    await refused(bench, Conflict, lambda r: r.exports.add(replace(p.export(4), export_id="export-1")), "an id")
    await refused(bench, BrokenInvariant, lambda r: r.exports.put(p.export(4)), "replacing one that is not there")
    await refused(bench, BrokenInvariant, lambda r: r.exports.put(replace(first, user_id=_BEN)), "another person's")
    moved = replace(first, token_hash=p.export(9).token_hash)
    await refused(bench, BrokenInvariant, lambda r: r.exports.put(moved), "another token")
    ready = replace(first, ready_at=_LATER, link_until=_LATER + 9)
    await bench.store.run(lambda r: r.exports.put(ready))
    fetched = [replace(ready, fetched_at=_LATER + number) for number in range(12)]
    kept, lost = told_apart(await rivals(bench, lambda r, one: r.exports.put(one), fetched), Conflict)
    expect((len(kept), lost), (1, 11), "fetches of one export at once")

    def read(r: Repositories) -> list[object]:
        mine = r.exports.of(_ANN)
        return [[one.export_id for one in mine], mine[0] in fetched, r.exports.by_token(others.token_hash), mine[1]]

    expect(await bench.store.read(read), [["export-1", "export-2"], True, others, later], "exports, oldest first")
    expect(await bench.store.read(lambda r: r.exports.by_token(b"\x07" * 32)), None, "a token nobody was given")
    expect(await bench.store.run(lambda r: r.exports.drop_before(first.asked_at + 1)), 1, "exports from before")
    gone = await each(bench, lambda r, user: r.exports.forget(user), (_ANN, _ANN))
    left = await bench.store.read(lambda r: (r.exports.of(_ANN), r.exports.of(_BEN)))
    expect((gone, left), ([1, 0], ((), (others,))), "exports forgotten, and what is left")


async def _lists_the_erased(bench: UnitOfWorkBench) -> None:
    entries = (p.erasure(2), p.erasure(1), replace(p.erasure(2), erased_at=1))
    kept = await each(bench, lambda r, one: r.erasures.add(one), entries)
    expect(kept, [True, True, False], "whether entries were new")
    expect(await bench.store.read(lambda r: r.erasures.all()), (p.erasure(1), p.erasure(2)), "the list, oldest first")
    results = await at_once(bench, [lambda r: r.erasures.add(p.erasure(3))] * 12)
    expect(sum(told_apart(results, Conflict)[0]), 1, "one person listed twelve times at once")


async def _keeps_a_key_until_it_is_destroyed(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 3))
    await each(bench, lambda r, one: r.person_keys.add(one), (p.person_key(2), p.person_key()))
    await refused(bench, Conflict, lambda r: r.person_keys.add(replace(p.person_key(), made_at=1)), "a second key")
    expect(await bench.store.read(lambda r: r.person_keys.all()), (p.person_key(), p.person_key(2)), "keys, by person")
    await bench.store.run(lambda r: r.person_keys.reseal(_ANN, p.sealed(7)))
    resealed = replace(p.person_key(), sealed=p.sealed(7))
    expect(await bench.store.read(lambda r: r.person_keys.get(_ANN)), resealed, "a key sealed anew")
    nobody = UserId("user-3")
    await refused(
        bench, BrokenInvariant, lambda r: r.person_keys.reseal(nobody, p.sealed(7)), "a key that is not there"
    )
    for later in range(2):
        await each(bench, lambda r, user, at=_LATER + later: r.person_keys.destroy(user, at), (_ANN, nobody))  # type: ignore[misc]
    await refused(bench, BrokenInvariant, lambda r: r.person_keys.reseal(_ANN, p.sealed(7)), "a destroyed key")
    await refused(bench, Conflict, lambda r: r.person_keys.add(p.person_key()), "a key after one was destroyed")
    await refused(bench, Conflict, lambda r: r.person_keys.add(p.person_key(3)), "a key after none could be destroyed")

    def read(r: Repositories) -> list[object]:
        return [r.person_keys.get(_ANN), r.person_keys.get(nobody), r.person_keys.all(), r.person_keys.get(UserId("x"))]

    ann, third = PersonKey(_ANN, None, s.NOON, _LATER), PersonKey(nobody, None, _LATER, _LATER)
    expect(await bench.store.read(read), [ann, third, (p.person_key(2),), None], "keys after two were destroyed")


async def _makes_one_key_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    keys = [replace(p.person_key(), made_at=s.NOON + number) for number in range(12)]
    kept, _ = told_apart(await rivals(bench, lambda r, one: r.person_keys.add(one), keys), Conflict)
    found = await bench.store.read(lambda r: r.person_keys.get(_ANN))
    expect((len(kept), found in keys), (1, True), "keys made at once")


async def _keeps_an_address(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    first, others, changed = p.sealed_email(), p.sealed_email(2), p.sealed_email(1, index=5)
    await each(bench, lambda r, one: r.emails.put(one), (first, others))
    found = await bench.store.read(lambda r: (r.emails.get(_ANN), r.emails.by_index(first.index)))
    expect(found, (first, (_ANN, _BEN)), "an address, and all who gave it")
    await bench.store.run(lambda r: r.emails.put(changed))
    indexes = (first.index, changed.index, b"\x09" * 32)
    told = await bench.store.read(lambda r: [r.emails.by_index(index) for index in indexes])
    expect(told, [(_BEN,), (_ANN,), ()], "who gave which address, after one changed")
    gone = await each(bench, lambda r, user: r.emails.forget(user), (_ANN, _ANN))
    left = await bench.store.read(lambda r: (r.emails.get(_ANN), r.emails.get(_BEN), r.emails.by_index(changed.index)))
    expect((gone, left), ([1, 0], (None, others, ())), "an address forgotten, and what is left")


def _update(number: int, body: str) -> InboxUpdate:
    return InboxUpdate("bot", number, body, s.NOON + number)


async def _forgets_messages(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    to_ann = [replace(s.message(name), user_id=_ANN) for name in ("told", "untold")]
    to_ben, to_all = replace(s.message("ben's"), user_id=_BEN, created_at=s.NOON + 9), s.message("everybody's")
    await each(bench, lambda r, one: r.outbox.add(one), (*to_ann, to_ben, to_all))
    await bench.store.run(lambda r: r.outbox.told(["told"], s.NOON))
    gone = await each(bench, lambda r, user: r.outbox.forget(user), (_ANN, _ANN))
    left = await bench.store.read(lambda r: r.outbox.waiting(_LATER, 9))
    expect((gone, left), ([2, 0], (to_all, to_ben)), "messages forgotten, and what is left")
    await bench.store.run(lambda r: r.outbox.told(["everybody's"], s.NOON))
    dropped = await each(bench, lambda r, before: r.outbox.drop_before(before), (s.NOON, s.NOON + 9, s.NOON + 9))
    left = await bench.store.read(lambda r: r.outbox.waiting(_LATER, 9))
    expect((dropped, left), ([0, 1, 0], (to_ben,)), "messages from before, and what is left")
    await bench.store.run(lambda r: r.outbox.add(to_ann[0]))
    expect(await bench.store.read(lambda r: r.outbox.waiting(_LATER, 9)), (to_ann[0], to_ben), "one added again")


async def _forgets_updates(bench: UnitOfWorkBench) -> None:
    updates = [
        _update(1, '{"message": {"from": {"id": 777000111}, "text": "hello"}}'),
        _update(2, '{"message": {"from": {"id": 5}, "message_id": 777000111}}'),
        _update(3, '{"message": {"from": {"id": 7770001112}}}'),
        _update(4, '{"callback": {"user_id": "777000111"}}'),
        _update(5, "broken { 777000111"),
        _update(6, '{"message": {"chat": {"id": 777000111}, "from": {"id": 5}}}'),
    ]
    await each(bench, lambda r, one: r.inbox.add(one), updates)
    await bench.store.run(lambda r: r.inbox.handled("bot", 1, s.NOON))
    gone = await each(bench, lambda r, number: r.inbox.forget(number), (777000111, 777000111))
    left = await bench.store.read(lambda r: r.inbox.waiting(9))
    expect((gone, left), ([4, 0], (updates[1], updates[2])), "updates forgotten, and what is left")
    dropped = await each(bench, lambda r, before: r.inbox.drop_before(before), (s.NOON + 2, s.NOON + 3))
    expect(dropped, [0, 1], "updates from before a moment")
    expect(await bench.store.read(lambda r: r.inbox.waiting(9)), (updates[2],), "updates that are left")
    expect(await bench.store.run(lambda r: r.inbox.add(updates[0])), True, "whether a forgotten update is new")


async def _forgets_progress(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    others = replace(s.progress(9), user_id=_BEN)
    await each(bench, lambda r, one: r.progress.put(one), (s.progress(9), others))
    gone = await each(bench, lambda r, user: r.progress.forget(user), (_ANN, _ANN))
    left = await bench.store.read(lambda r: (r.progress.get(_ANN), r.progress.get(_BEN)))
    expect((gone, left), ([1, 0], (None, others)), "progress forgotten, and what is left")


PRIVACY_PROMISES: tuple[tuple[str, Check], ...] = (
    ("a person has at most one open deletion, and one that is over stays so", _has_one_open_deletion),
    ("of deletions asked for at once, one is open", _opens_one_deletion_at_once),
    ("a deletion ends once: carried out or taken back", _ends_a_deletion_one_way),
    ("an export's token belongs to it alone, and is used once", _gives_an_export_once),
    ("the list of those erased only grows, and names each once", _lists_the_erased),
    ("a person has one key, and none again after it was destroyed", _keeps_a_key_until_it_is_destroyed),
    ("of keys made at once, one is kept", _makes_one_key_at_once),
    ("an address is replaced and forgotten, and found by its index", _keeps_an_address),
    ("somebody's messages are forgotten, told or not, and old ones dropped", _forgets_messages),
    ("updates in which somebody is named by their id are forgotten, and no others", _forgets_updates),
    ("somebody's progress is forgotten, and nobody else's", _forgets_progress),
)
"""Promises of the repositories of privacy, and of those that forget."""
