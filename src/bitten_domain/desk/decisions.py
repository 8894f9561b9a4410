"""What the desk decides, one frozen value each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from bitten_domain.values.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.desk.signal import Signal
    from bitten_domain.risk.assess import ApprovedOrder
    from bitten_domain.risk.decision import Refusal
    from bitten_domain.tcs.threshold import ThresholdDecision
    from bitten_domain.vocabulary import SuppressionCode

__all__ = ["CandidatesSuppressed", "Decision", "OrderApproved", "OrderRefused", "SignalEmitted", "ThresholdEvaluated"]


@record
class SignalEmitted:
    """A candidate became a signal."""

    signal: Signal


@record
class CandidatesSuppressed:
    """Candidates of one moment (seconds since 1970 UTC) that did not; how often by which code."""

    at: int
    counts: Mapping[SuppressionCode, int]


@dataclass(frozen=True, slots=True)
class ThresholdEvaluated:
    """The threshold was evaluated; the audit row."""

    open_clock: int
    audit: ThresholdDecision


@record
class OrderApproved:
    """A fire passed all twelve checks."""

    signal: Signal
    order: ApprovedOrder


@record
class OrderRefused:
    """A fire broke at least one rule."""

    at: int
    signal: Signal
    refusal: Refusal


Decision: TypeAlias = SignalEmitted | CandidatesSuppressed | ThresholdEvaluated | OrderApproved | OrderRefused
