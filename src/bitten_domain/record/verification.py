"""The verdict on a journal: what is wrong with it, what is proven of it, and what is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.record.anchor import anchor_name, moment_text

if TYPE_CHECKING:
    from bitten_domain.record.anchor_check import AnchorReport
    from bitten_domain.record.stream_check import StreamReport

__all__ = ["Verdict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found.

    Args:
        streams: of each stream, by name.
        anchors: of the anchors.
        is_copy_given: whether published anchors came from elsewhere than the journal itself.
    """

    streams: tuple[StreamReport, ...]
    anchors: AnchorReport
    is_copy_given: bool

    @property
    def is_intact(self) -> bool:
        """Say whether nothing is wrong anywhere."""
        return not self.anchors.damage and all(report.damage is None for report in self.streams)

    @property
    def rows(self) -> int:
        """Number of rows that are whole and in their place."""
        return sum(report.rows for report in self.streams)

    @property
    def erased(self) -> int:
        """Number of rows whose payload has been erased."""
        return sum(report.erased for report in self.streams)

    @property
    def proven_rows(self) -> int:
        """Number of rows that the last published anchor vouches for."""
        anchor = self.anchors.published
        heads = {head.stream: head.rows for head in anchor.heads} if anchor is not None else {}
        return sum(min(report.agreed, heads.get(report.stream, 0)) for report in self.streams)

    @property
    def findings(self) -> tuple[str, ...]:
        """List what is wrong, in sentences: anchors first, then the first bad row of each stream."""
        anchors = (f"{anchor_name(each.day)}: {each.fault.value}: {each.detail}" for each in self.anchors.damage)
        return (*anchors, *(str(report.damage) for report in self.streams if report.damage is not None))

    @property
    def proven(self) -> str:
        """Say what is proven, in a sentence."""
        anchor = self.anchors.published
        if anchor is None:
            return "Nothing is proven: there is no published anchor that the key has signed."
        since = f"the {anchor_name(anchor.day)}, made {moment_text(anchor.at)}"
        if not self.is_intact:
            return f"{self.proven_rows} rows are unchanged since {since}; what the findings name is not."
        return f"Unchanged since {since}: {self.proven_rows} rows, none edited, moved, added or missing."

    @property
    def not_proven(self) -> tuple[str, ...]:
        """Say what is not proven, in sentences."""
        late = self.rows - self.proven_rows
        told = []
        if late:
            told.append(
                f"{late} rows are under no published anchor: they are chained, so a single edit shows, but whoever can "
                "write to the journal can write them all anew, or cut them off, unseen."
            )
        else:
            told.append("A row that was written after the last published anchor and cut off again would not be missed.")
        if self.erased:
            told.append(f"{self.erased} rows were erased: that they were written is shown, what they said is not.")
        if self.anchors.published is not None and not self.is_copy_given:
            told.append(
                "The anchors came with the journal: that they were published, and that none was left out at the end, "
                "is its keeper's word until they are held against a copy from where they were published."
            )
        told.append("The record is what was written down when it was written; that does not make it true or complete.")
        return tuple(told)
