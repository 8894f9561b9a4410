"""Signals, their outcomes, the threshold, and what the emission remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlalchemy import text as sql

from bitten_adapters.sql.repositories.decoding import DIRECTIONS, PLAN_KINDS, json_of, on_tick, parsed
from bitten_adapters.sql.repositories.keys import MOST, ZERO
from bitten_adapters.sql.statements import Statement, adding, adding_once, locking, replacing
from bitten_adapters.sql.tables.signals import SIGNAL_DESK, SIGNAL_OUTCOMES, SIGNALS, TCS_ADJUSTMENTS
from bitten_domain.desk.closed_ideas import ClosedIdeas
from bitten_domain.desk.decisions import ThresholdEvaluated
from bitten_domain.desk.idea_outcome import IdeaOutcome
from bitten_domain.desk.signal import Signal
from bitten_domain.desk.signal_book import SignalBook
from bitten_domain.desk.signal_desk import SignalDesk
from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.news_view import Blackout
from bitten_domain.tcs.breakdown import ScoreDetail
from bitten_domain.tcs.threshold import ClosedSignals, Condition, ThresholdDecision, ThresholdState
from bitten_domain.values import SignalId
from bitten_domain.vocabulary import Band

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_adapters.sql.statements import Row, Wire
    from bitten_domain.values import Instrument

__all__ = ["SqlOutcomes", "SqlSignals", "SqlThresholds"]

_S, _O, _T, _D = SIGNALS.c, SIGNAL_OUTCOMES.c, TCS_ADJUSTMENTS.c, SIGNAL_DESK.c
_BLACKOUTS = {blackout.value: blackout for blackout in Blackout}
_BANDS = {band.value: band for band in Band}

_SIGNAL = select(
    _S.public_id,
    _S.symbol,
    _S.direction,
    _S.strategy,
    _S.timeframe,
    _S.at,
    _S.entry,
    _S.stop,
    _S.target,
    _S.plan,
    _S.flat_at,
    _S.valid_until,
    _S.score,
    _S.gate,
    _S.threshold,
    _S.band,
    _S.coverage,
    _S.cost_share,
    _S.reward_net,
    _S.blackout,
    _S.detail,
)
_ADD = adding_once(SIGNALS)
_GET = Statement(_SIGNAL.where(_S.public_id == bindparam("signal")))
_BETWEEN = Statement(_SIGNAL.where(_S.at >= bindparam("start"), _S.at < bindparam("stop_at")).order_by(_S.at, _S.id))
_DESK = Statement(select(_D.state, _D.scanned_to))
# Before the first scan there is no row to hold.
_HOLD_DESK = locking(0x6269_7402)
_PUT_DESK = replacing(SIGNAL_DESK, ("id",), only_if=sql("excluded.scanned_to >= signal_desk.scanned_to"))

_SIGNAL_KEY = select(_S.id).where(_S.public_id == bindparam("signal")).scalar_subquery()
_ADD_OUTCOME = adding_once(SIGNAL_OUTCOMES, signal_id=_SIGNAL_KEY)
_OUTCOME = Statement(select(_O.ended_at, _O.day, _O.net_r, _O.gross_r).where(_O.signal_id == _SIGNAL_KEY))
_MISSING = Statement(
    select(_S.public_id)
    .outerjoin_from(SIGNALS, SIGNAL_OUTCOMES)
    .where(_S.at < bindparam("before"), _O.id.is_(None))
    .order_by(_S.at, _S.id)
)

_ADD_DECISION = adding(TCS_ADJUSTMENTS)
_DECISIONS = Statement(
    select(
        _T.at,
        _T.open_clock,
        _T.old,
        _T.new,
        _T.count,
        _T.volume_move,
        _T.performance_move,
        _T.reason,
        _T.condition,
        _T.closed_count,
        _T.closed_total_r,
        _T.closed_deviation_r,
    )
    .order_by(_T.at.desc(), _T.id.desc())
    .limit(MOST)
    .offset(ZERO)
)


class SqlSignals:
    """Emitted signals, and what their emission remembers."""

    def __init__(self, wire: Wire, instruments: Mapping[str, Instrument]) -> None:
        self._wire = wire
        self._instruments = instruments

    def add(self, signal: Signal) -> None:
        """Keep a new signal."""
        self._wire.add(
            _ADD,
            f"signal {signal.signal_id}",
            public_id=signal.signal_id,
            symbol=signal.symbol,
            direction=signal.direction.value,
            strategy=signal.strategy,
            timeframe=signal.timeframe,
            at=signal.at,
            entry=signal.entry,
            stop=signal.stop,
            target=signal.target,
            plan=signal.plan.value,
            flat_at=signal.flat_at,
            valid_until=signal.valid_until,
            score=signal.score,
            gate=signal.gate,
            threshold=signal.threshold,
            band=signal.band.value,
            coverage=signal.coverage,
            cost_share=signal.cost_share,
            reward_net=signal.reward_net,
            blackout=signal.blackout.value,
            detail=json_of(list(signal.detail)),
        )

    def get(self, signal_id: SignalId) -> Signal | None:
        """Read a signal. Its row in a scan is not kept: it comes back as -1."""
        row = self._wire.one(_GET, signal=signal_id)
        return None if row is None else self._signal(row)

    def between(self, start: int, stop: int) -> tuple[Signal, ...]:
        """List the signals emitted in ``[start, stop)``, oldest first."""
        return tuple(map(self._signal, self._wire.all(_BETWEEN, start=start, stop_at=stop)))

    def desk(self) -> SignalDesk | None:
        """Read and hold what the emission remembers; None before the first scan."""
        self._wire.hold(_HOLD_DESK)
        row = self._wire.one(_DESK)
        return None if row is None else _desk(*row)

    def put_desk(self, desk: SignalDesk) -> None:
        """Replace what the emission remembers."""
        if not self._wire.write(_PUT_DESK, id=1, scanned_to=desk.scanned_to, state=_desk_text(desk)):
            raise BrokenInvariant("the emission of signals never goes back in time")

    def _signal(self, row: Row) -> Signal:
        name, symbol, direction, strategy, timeframe, at, entry, stop, target, plan, flat_at, valid_until, *rest = row
        score, gate, threshold, band, coverage, cost_share, reward_net, blackout, detail = rest
        instrument = self._instruments.get(symbol)
        parts, context, *columns = parsed(detail)
        return Signal(
            SignalId(name),
            -1,
            symbol,
            DIRECTIONS[direction],
            strategy,
            timeframe,
            at,
            on_tick(entry, instrument),
            on_tick(stop, instrument),
            on_tick(target, instrument),
            PLAN_KINDS[plan],
            flat_at,
            valid_until,
            score,
            gate,
            threshold,
            _BANDS[band],
            coverage,
            cost_share,
            reward_net,
            _BLACKOUTS[blackout],
            ScoreDetail(tuple(parts), context, *map(tuple, columns)),
        )


class SqlOutcomes:
    """What signals came to, fired or not."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, outcome: IdeaOutcome) -> None:
        """Keep an outcome; a signal has one."""
        self._wire.add(
            _ADD_OUTCOME,
            f"the outcome of {outcome.signal_id}",
            signal=outcome.signal_id,
            ended_at=outcome.ended_at,
            day=outcome.day,
            net_r=outcome.net_r,
            gross_r=outcome.gross_r,
        )

    def get(self, signal_id: SignalId) -> IdeaOutcome | None:
        """Read a signal's outcome; None while it is open."""
        row = self._wire.one(_OUTCOME, signal=signal_id)
        return None if row is None else IdeaOutcome(signal_id, *row)

    def missing(self, before: int) -> tuple[SignalId, ...]:
        """List signals emitted before a moment that have no outcome yet, oldest first."""
        return tuple(SignalId(name) for (name,) in self._wire.all(_MISSING, before=before))


class SqlThresholds:
    """Audit rows of the threshold."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, at: int, evaluated: ThresholdEvaluated) -> None:
        """Keep a decision made at a moment."""
        audit = evaluated.audit
        self._wire.write(
            _ADD_DECISION,
            at=at,
            open_clock=evaluated.open_clock,
            old=audit.old,
            new=audit.new,
            count=audit.count,
            volume_move=audit.volume_move,
            performance_move=audit.performance_move,
            reason=audit.reason,
            condition=audit.condition.value,
            closed_count=audit.closed.count,
            closed_total_r=audit.closed.total_r,
            closed_deviation_r=audit.closed.deviation_r,
        )

    def recent(self, limit: int) -> tuple[tuple[int, ThresholdEvaluated], ...]:
        """List the newest decisions first, with their moments."""
        return tuple(
            (
                at,
                ThresholdEvaluated(
                    clock,
                    ThresholdDecision(
                        old, new, count, volume, performance, reason, Condition(condition), ClosedSignals(*closed)
                    ),
                ),
            )
            for at, clock, old, new, count, volume, performance, reason, condition, *closed in self._wire.all(
                _DECISIONS, most=limit
            )
        )


def _desk_text(desk: SignalDesk) -> str:
    book = desk.book
    threshold = desk.threshold
    return json_of(
        {
            "threshold": [threshold.value, threshold.started, threshold.evaluated, threshold.moved],
            "day": book.day,
            "today": book.today,
            "today_by_pair": dict(book.today_by_pair),
            "last": _spans_text(book.last),
            "kept_back": _spans_text(book.kept_back),
            "passes": book.passes,
            "ideas": desk.ideas.days,
        }
    )


def _desk(text: str, scanned_to: int) -> SignalDesk:
    body: dict[str, Any] = parsed(text)
    book = SignalBook(
        day=body["day"],
        today=body["today"],
        today_by_pair=body["today_by_pair"],
        last=_spans(body["last"]),
        passes=tuple(body["passes"]),
        # Stores of before it was kept have none.
        kept_back=_spans(body.get("kept_back", [])),
    )
    ideas = ClosedIdeas(tuple((day, count, total) for day, count, total in body["ideas"]))
    return SignalDesk(ThresholdState(*body["threshold"]), book, ideas, scanned_to)


def _spans_text(spans: Mapping[tuple[str, int], tuple[int, int]]) -> list[tuple[str, int, int, int]]:
    return [(symbol, sign, *span) for (symbol, sign), span in spans.items()]


def _spans(rows: list[tuple[str, int, int, int]]) -> dict[tuple[str, int], tuple[int, int]]:
    return {(symbol, sign): (at, until) for symbol, sign, at, until in rows}
