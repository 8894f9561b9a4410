"""The counterfactual ledger, added up by hand, and its sums under any history."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.analytics.counterfactual import PROMPT_SECONDS, Fate, SignalFate, counterfactual_ledger
from bitten_domain.errors import BrokenInvariant
from bitten_domain.values import SignalId
from bitten_domain.vocabulary import RefusalCode

DRAWS = np.random.default_rng(5).random((50, 40))
COOL_DOWN, MARGIN = RefusalCode.COOL_DOWN, RefusalCode.MARGIN_LEVEL


def fate(number: int, what: Fate, model_r: float | None = None, **more: object) -> SignalFate:
    return SignalFate(SignalId(f"s-{number}"), number % 40, what, model_r=model_r, **more)  # type: ignore[arg-type]


def test_given_refusals_when_added_up_then_a_rule_saved_what_its_own_signals_would_have_lost() -> None:
    ledger = counterfactual_ledger(
        [
            fate(1, Fate.REFUSED, -1.0, codes=(COOL_DOWN,)),
            fate(2, Fate.REFUSED, -0.5, codes=(COOL_DOWN,)),
            fate(3, Fate.REFUSED, 2.0, codes=(MARGIN, COOL_DOWN)),
            fate(4, Fate.REFUSED, 1.5, codes=(MARGIN,)),
            fate(5, Fate.REFUSED, None, codes=(MARGIN,)),
        ],
        DRAWS,
    )

    assert [(line.code, line.signals, line.alone, line.saved) for line in ledger.rules] == [
        (COOL_DOWN, 3, 2, 1.5),
        (MARGIN, 2, 1, -1.5),
    ]
    assert [(line.fate, line.signals, line.ended, line.total) for line in ledger.fates] == [(Fate.REFUSED, 5, 4, 2.0)]


def test_given_a_fired_signal_when_its_trade_made_less_than_the_model_then_the_execution_took_the_rest() -> None:
    fired = [fate(number, Fate.FIRED, 0.4, trade_r=0.3) for number in range(40)]

    ledger = counterfactual_ledger(fired, DRAWS)

    assert ledger.execution.value == -0.1
    assert (ledger.traded_model, ledger.traded_actual) == (16.0, 12.0)


def test_given_a_rule_that_keeps_the_worse_ones_back_when_added_up_then_its_signals_stand_apart_below_zero() -> None:
    worse = [fate(number, Fate.REFUSED, -1.0, codes=(COOL_DOWN,)) for number in range(40)]
    others = [fate(number + 40, Fate.NOT_ASKED, 0.25) for number in range(40)]

    line = counterfactual_ledger(worse + others, DRAWS).rules[0]

    assert line.apart.value == -1.25
    assert line.apart.is_told_from_zero


def test_given_late_confirmations_when_added_up_then_what_waiting_made_is_the_trades_less_the_model() -> None:
    prompt = [fate(number, Fate.FIRED, 1.0, trade_r=0.5, waited=PROMPT_SECONDS) for number in range(5)]
    late = [fate(number + 5, Fate.FIRED, 1.0, trade_r=0.25, waited=PROMPT_SECONDS + 1) for number in range(40)]
    open_ones = [fate(50, Fate.FIRED, None, waited=3600), fate(51, Fate.FIRED, 0.5, waited=3600)]
    declined = [fate(52, Fate.DECLINED, 0.5, waited=3600)]

    line = counterfactual_ledger(prompt + late + open_ones + declined, DRAWS).late

    assert (line.signals, line.closed, line.made, line.mean.value) == (42, 40, -30.0, -0.75)


R = st.integers(-40, 60).map(lambda tenths: tenths / 10)
CODES = st.lists(st.sampled_from([COOL_DOWN, MARGIN, RefusalCode.DAILY_LIMIT]), min_size=1, max_size=3, unique=True)
UNFIRED = [Fate.NOT_ASKED, Fate.UNCONFIRMED, Fate.DECLINED]
FATES = st.one_of(
    st.tuples(st.just(Fate.FIRED), st.just(()), st.none() | R, st.none() | R),
    st.tuples(st.just(Fate.REFUSED), CODES.map(tuple), st.none() | R, st.none()),
    st.tuples(st.sampled_from(UNFIRED), st.just(()), st.none() | R, st.none()),
)


@settings(max_examples=60)
@given(st.lists(FATES, max_size=80))
def test_given_any_history_when_added_up_then_the_sums_reconcile(
    history: list[tuple[Fate, tuple[RefusalCode, ...], float | None, float | None]],
) -> None:
    fates = [
        fate(number, what, model_r, codes=codes, trade_r=trade_r)
        for number, (what, codes, model_r, trade_r) in enumerate(history)
    ]

    ledger = counterfactual_ledger(fates, DRAWS)

    assert sum(line.signals for line in ledger.fates) == len(fates)
    assert sum(line.total for line in ledger.fates) == pytest.approx(ledger.model_total, abs=1e-6)
    assert ledger.traded_actual + ledger.traded_waiting == pytest.approx(
        sum(each.trade_r or 0.0 for each in fates), abs=1e-6
    )


@pytest.mark.parametrize(
    ("fates", "why"),
    [
        ([fate(1, Fate.FIRED), fate(1, Fate.FIRED)], "one fate"),
        ([fate(1, Fate.REFUSED)], "has reasons"),
        ([fate(1, Fate.NOT_ASKED, codes=(MARGIN,))], "has reasons"),
        ([fate(1, Fate.NOT_ASKED, 0.1, trade_r=0.1)], "not fired"),
    ],
)
def test_given_a_contradiction_when_added_up_then_it_refuses(fates: list[SignalFate], why: str) -> None:
    with pytest.raises(BrokenInvariant, match=why):
        counterfactual_ledger(fates, DRAWS)
