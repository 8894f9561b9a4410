"""Verify a journal: every row of every stream, and every anchor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.record.anchor_check import PinnedKey, check_anchors, stream_tasks
from bitten_domain.record.stream_check import check_stream
from bitten_domain.record.verification import Verdict

if TYPE_CHECKING:
    from bitten_domain.ports.journal_reader import JournalReader
    from bitten_domain.ports.signer import SignatureCheck
    from bitten_domain.record.anchor import Anchor
    from bitten_domain.record.journal_row import StreamHead

__all__ = ["VerifyJournal", "VerifyJournalCommand"]


@dataclass(frozen=True, slots=True)
class VerifyJournalCommand:
    """Hold a journal against what is known of it from elsewhere.

    Args:
        public_key: that anchors must be signed by.
        published: anchors copied from where they were published; None when there is only the journal's own word.
        receipts: heads that somebody was given when they were new.
    """

    public_key: bytes
    published: tuple[Anchor, ...] | None = None
    receipts: tuple[StreamHead, ...] = ()


@dataclass(frozen=True, slots=True)
class VerifyJournal:
    """Verify a journal; its streams are independent, so the reader may work on many at once."""

    journal: JournalReader
    is_signed: SignatureCheck

    async def __call__(self, command: VerifyJournalCommand) -> Verdict:
        """Check everything; damage is found, not raised.

        Raises:
            InvalidInput: there is no journal to be read.
        """

        def by_key(message: bytes, signature: bytes) -> bool:
            return self.is_signed(command.public_key, message, signature)

        summary = await self.journal.summary()
        anchors = check_anchors(summary.anchors, command.published, PinnedKey(command.public_key, by_key))
        tasks = stream_tasks(summary.heads, anchors.believed, command.receipts)
        reports = await self.journal.each(check_stream, tasks)
        return Verdict(reports, anchors, is_copy_given=command.published is not None)
