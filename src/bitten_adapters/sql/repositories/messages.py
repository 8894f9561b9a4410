"""Messages: what goes out after a commit, what came in, and what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy import text as sql

from bitten_adapters.sql.repositories.keys import MOST, ONE, ZERO
from bitten_adapters.sql.statements import Statement, adding_once
from bitten_adapters.sql.tables.messages import INBOX_UPDATES, OUTBOX, PROCESSED_EVENTS, WAITING
from bitten_domain.membership.privacy import names_telegram_id
from bitten_domain.ports.repositories.messages import InboxUpdate, OutboxMessage, Priority, Processed
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_adapters.sql.statements import Wire

__all__ = ["SqlInbox", "SqlOutbox", "SqlProcessed"]

_O, _I, _P = OUTBOX.c, INBOX_UPDATES.c, PROCESSED_EVENTS.c

_ADD = adding_once(OUTBOX)
_WAITING = Statement(
    select(_O.message_id, _O.user_public_id, _O.topic, _O.priority, _O.body, _O.created_at)
    .where(_O.told_at.is_(None), _O.not_before <= bindparam("now"))
    .order_by(_O.priority, _O.created_at, _O.id)
    .limit(MOST)
    .offset(ZERO)
)
_TOLD = Statement(update(OUTBOX).where(_O.message_id == bindparam("message"), _O.told_at.is_(None)), ("told_at",))
_POSTPONE = Statement(update(OUTBOX).where(_O.message_id == bindparam("message")), ("not_before",))

_FORGET_MESSAGES = Statement(delete(OUTBOX).where(_O.user_public_id == bindparam("of_user")))
_DROP_MESSAGES = Statement(delete(OUTBOX).where(_O.created_at < bindparam("before")))

_RECEIVE = adding_once(INBOX_UPDATES)
_UNHANDLED = Statement(
    select(_I.bot, _I.update_id, _I.body, _I.received_at, _I.failures)
    .where(sql(WAITING))
    .order_by(_I.bot, _I.update_id)
    .limit(MOST)
    .offset(ZERO)
)
_THIS_UPDATE = (_I.bot == bindparam("of_bot"), _I.update_id == bindparam("of_update"))
_HANDLED = Statement(update(INBOX_UPDATES).where(*_THIS_UPDATE, _I.handled_at.is_(None)), ("handled_at",))
_FAILED = Statement(
    update(INBOX_UPDATES)
    .where(*_THIS_UPDATE)
    .values(
        failures=_I.failures + ONE,
        is_parked=case((_I.failures + ONE >= bindparam("park_after"), sql("true")), else_=sql("false")),
    )
    .returning(_I.failures)
)

_WITH_DIGITS = Statement(select(_I.id, _I.body).where(_I.body.like(bindparam("digits"))))
_FORGET_UPDATE = Statement(delete(INBOX_UPDATES).where(_I.id == bindparam("row")))
_DROP_UPDATES = Statement(delete(INBOX_UPDATES).where(_I.received_at < bindparam("before")))

_ANSWER = Statement(
    select(_P.body_hash, _P.answer, _P.at).where(_P.scope == bindparam("of_scope"), _P.key == bindparam("of_key"))
)
_PROCESSED = adding_once(PROCESSED_EVENTS)


class SqlOutbox:
    """Messages that wait to be told."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, message: OutboxMessage) -> None:
        """Keep a message; the same id again changes nothing."""
        self._wire.write(
            _ADD,
            message_id=message.message_id,
            user_public_id=message.user_id,
            topic=message.topic,
            priority=int(message.priority),
            body=message.body,
            created_at=message.created_at,
            not_before=message.created_at,
            told_at=None,
        )

    def waiting(self, now: int, limit: int) -> tuple[OutboxMessage, ...]:
        """List what is to be told now: the most urgent first, then the oldest."""
        return tuple(
            OutboxMessage(name, None if user is None else UserId(user), topic, Priority(priority), body, created_at)
            for name, user, topic, priority, body, created_at in self._wire.all(_WAITING, now=now, most=limit)
        )

    def told(self, message_ids: Sequence[str], at: int) -> None:
        """Note that messages were told."""
        self._wire.write_all(_TOLD, [{"message": name, "told_at": at} for name in message_ids])

    def postpone(self, message_id: str, until: int) -> None:
        """Leave a message alone until a moment, after it could not be told."""
        self._wire.write(_POSTPONE, message=message_id, not_before=until)

    def forget(self, user_id: UserId) -> int:
        """Erase every message to a person, told or not; how many there were."""
        return self._wire.write(_FORGET_MESSAGES, of_user=user_id)

    def drop_before(self, before: int) -> int:
        """Erase messages created before a moment, told or not; how many there were."""
        return self._wire.write(_DROP_MESSAGES, before=before)


class SqlInbox:
    """Updates that wait to be handled."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, update: InboxUpdate) -> bool:
        """Keep an update; False when the bot's update of that number is known, which changes nothing."""
        return bool(
            self._wire.write(
                _RECEIVE,
                bot=update.bot,
                update_id=update.update_id,
                body=update.body,
                received_at=update.received_at,
                failures=update.failures,
                is_parked=False,
                handled_at=None,
            )
        )

    def waiting(self, limit: int) -> tuple[InboxUpdate, ...]:
        """List what is neither handled nor parked, by bot and number."""
        return tuple(InboxUpdate(*row) for row in self._wire.all(_UNHANDLED, most=limit))

    def handled(self, bot: str, update_id: int, at: int) -> None:
        """Note that an update is dealt with."""
        self._wire.write(_HANDLED, of_bot=bot, of_update=update_id, handled_at=at)

    def failed(self, bot: str, update_id: int, park_after: int) -> int:
        """Count a failure; from ``park_after`` of them on it waits no more. Gives the count."""
        self._wire.require_writing()
        row = self._wire.one(_FAILED, of_bot=bot, of_update=update_id, park_after=park_after)
        return 0 if row is None else int(row[0])

    def forget(self, telegram_id: int) -> int:
        """Erase every update in which a Telegram id speaks, is spoken to or is named; how many there were."""
        self._wire.require_writing()
        rows = self._wire.all(_WITH_DIGITS, digits=f"%{telegram_id}%")
        theirs = [row for row, body in rows if names_telegram_id(body, telegram_id)]
        self._wire.write_all(_FORGET_UPDATE, [{"row": row} for row in theirs])
        return len(theirs)

    def drop_before(self, before: int) -> int:
        """Erase updates received before a moment, handled or not; how many there were."""
        return self._wire.write(_DROP_UPDATES, before=before)


class SqlProcessed:
    """Inputs that were acted on."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def get(self, scope: str, key: str) -> Processed | None:
        """Read the answer to an input; None when it was never acted on."""
        row = self._wire.one(_ANSWER, of_scope=scope, of_key=key)
        return None if row is None else Processed(scope, key, *row)

    def add(self, processed: Processed) -> None:
        """Keep an answer."""
        self._wire.add(
            _PROCESSED,
            f"{processed.scope} {processed.key}",
            scope=processed.scope,
            key=processed.key,
            body_hash=processed.body_hash,
            answer=processed.answer,
            at=processed.at,
        )
