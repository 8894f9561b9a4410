"""Right options with a number in them hold the one that arithmetic or the domain gives, and no wrong option does."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from bitten_adapters.files.education import read_syllabus
from bitten_domain.analytics.day_bootstrap import LEAST_SAMPLES
from bitten_domain.risk import RiskPolicy, lots_for, pip_value
from bitten_domain.values import INSTRUMENTS, pips_between

POLICY = RiskPolicy()


def percent(share: float) -> int:
    return round(100 * share)


def worked() -> dict[str, str]:
    """Answers by question, each worked out here and not read from the content."""
    canadian = pip_value(INSTRUMENTS["USDCAD"], "USD", {"USDCAD": Decimal("1.37")})
    yen = pips_between(INSTRUMENTS["USDJPY"], Decimal("150.000"), Decimal("150.300"))
    return {
        "basics_course/pips_of_a_move": f"{yen:.0f} pips",
        "basics_course/pip_value_of_usdcad": f"{canadian:.2f}",
        "risk_course/ten_losses": f"{percent((1 - 0.05) ** 10)} %",
        "risk_course/way_back": f"{percent(1 / (1 - 0.50) - 1)} %",
        "risk_course/raising_a_limit": f"{POLICY.behaviour.raise_wait_seconds // 3600} hours",
        "costs_course/share_of_ten": f"{(1.2 + 0.4) / 10:.2f}",
        "costs_course/two_to_one": f"{100 / (1 + 1.72):.1f} %",
        "tilt_course/row_of_losses": f"{percent((1 - 0.35) ** 4)} times",
        "tilt_course/cool_down": f"{POLICY.behaviour.cool_down_seconds // 60} minutes",
        "tilt_course/doubling": f"{sum(2**n for n in range(5))} %",
        "statistics_course/right_and_poor": f"{float(Fraction(6, 10) / 2 - Fraction(4, 10)):.2f} R",
        "statistics_course/half_the_width": f"{100 * 2**2}",
        "statistics_course/bold_forecaster": f"{((0.35 - 1) ** 2 + 2 * 0.35**2) / 3:.2f}",
        "statistics_course/fewest_trades": f"From {LEAST_SAMPLES}",
        "risk_quiz/size_of_a_trade": f"{lots_for(INSTRUMENTS['EURUSD'], Decimal(100), Decimal(176))} lots",
        "risk_quiz/after_half": f"{percent(1 / (1 - 0.20) - 1)} %",
    }


@pytest.mark.parametrize(("place", "answer"), worked().items())
def test_given_a_question_about_a_number_when_worked_out_then_only_the_right_option_holds_it(
    place: str, answer: str
) -> None:
    name, asked = place.split("/")
    quiz = read_syllabus().quiz(name)
    assert quiz is not None
    question = next(question for question in quiz.questions if question.name == asked)

    holds = {option.key for option in question.options if re.search(rf"(?<![\d.]){re.escape(answer)}", option.text)}

    assert holds == question.right


def test_given_all_quizzes_when_their_right_options_are_searched_for_numbers_then_each_was_worked_out() -> None:
    # Numbers that are no sum: figures that come in by name, and the range that the regulator published.
    not_a_sum = {
        "strategies_course/what_context_does",
        "score_course/moving_threshold",
        "risk_quiz/most_accounts",
        "risk_quiz/two_bets_or_one",
        "risk_quiz/which_are_true",
    }
    numbered = {
        f"{quiz.name}/{question.name}"
        for quiz in read_syllabus().all_quizzes
        for question in quiz.questions
        for option in question.options
        if option.is_right and re.search(r"\d", option.text)
    }

    assert numbered == set(worked()) | not_a_sum
