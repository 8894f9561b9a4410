"""``bitten backtest`` as a user types it, on a small synthetic market in files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bitten_apps.cli.exit_codes import BAD_INPUT, DONE
from bitten_apps.cli.main import main
from bitten_apps.container import Container

if TYPE_CHECKING:
    from pathlib import Path


def run_json(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> dict[str, object]:
    code = main(["backtest", "--data", str(folder), "--json", *words])
    told = capsys.readouterr()
    assert code == DONE, told.err
    document = json.loads(told.out)
    assert isinstance(document, dict)
    return document


def run_wrong(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["backtest", *words]) == BAD_INPUT
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    return told.err


def test_given_bar_files_when_run_as_json_then_standard_output_is_one_document_with_the_promised_keys(
    bar_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run_json(capsys, bar_files, "--from", "2025-02-24", "--to", "2025-02-28")

    promised = [
        "bars",
        "market_days",
        "seconds",
        "signals",
        "signals_per_market_day",
        "signals_by_pair",
        "signals_by_strategy",
        "signals_by_band",
        "max_signals_in_a_day",
        "share_5day_means_in_band",
        "suppressed",
        "context",
        "threshold",
        "trades",
        "refusals",
        "net_r",
        "expectancy_r",
        "win_rate",
        "profit_factor",
        "max_drawdown_pct",
        "equity_end",
        "costs",
        "ambiguous_bars",
        "data",
        "journal_digest",
    ]
    assert [key for key in promised if key not in told] == []
    assert (told["market_days"], told["first_day"], told["last_day"]) == (5, "2025-02-24", "2025-02-28")


def test_given_the_same_bars_when_run_twice_then_the_journals_are_the_same(
    bar_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--from", "2025-02-24")

    assert (
        run_json(capsys, bar_files, *words)["journal_digest"] == run_json(capsys, bar_files, *words)["journal_digest"]
    )


def test_given_weekend_dates_when_run_then_the_nearest_trading_days_inside_are_meant(
    bar_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run_json(capsys, bar_files, "--from", "2025-02-15", "--to", "2025-02-23", "--pairs", "eur/usd,GBPUSD")

    assert (told["first_day"], told["last_day"], told["market_days"]) == ("2025-02-17", "2025-02-21", 5)


def test_given_no_flags_when_run_then_the_tables_and_labels_are_plain_text(
    bar_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backtest", "--data", str(bar_files), "--from", "2025-02-24"]) == DONE

    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "[PAPER]" in told
    assert "[NO NEWS 100 %]" in told
    assert "note: no file of USDCAD" in told


def test_given_a_report_when_asked_for_then_a_page_is_written_and_its_path_told(
    bar_files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "out.html"

    main(["backtest", "--data", str(bar_files), "--from", "2025-02-24", "--report", str(page)])

    assert str(page) in capsys.readouterr().out
    assert "PAPER" in page.read_text("utf-8")


def test_given_auto_over_more_than_thirty_days_when_run_then_the_mandate_is_renewed_and_said(
    bar_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run_json(capsys, bar_files, "--fire", "auto")

    refusals, setup, labels = told["refusal_reasons"], told["setup"], told["labels"]
    assert isinstance(refusals, dict)
    assert isinstance(setup, dict)
    assert isinstance(labels, list)
    assert told["market_days"] == 40
    assert "MANDATE_MISSING" not in refusals
    assert (setup["fire"], setup["rank"], setup["mode"]) == ("AUTO", "ELITE", "TACTICAL")
    assert "FIRED BY MANDATE" in labels


def test_given_costs_off_when_run_then_nothing_is_paid(bar_files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = run_json(capsys, bar_files, "--costs", "off", "--from", "2025-02-17")

    costs, trades = told["costs"], told["trades"]
    assert isinstance(costs, dict)
    assert isinstance(trades, int)
    assert trades > 0
    assert costs["total"] == 0


def test_given_a_calendar_that_covers_the_run_when_given_then_no_share_is_without_news(
    bar_files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calendar = tmp_path / "news.csv"
    calendar.write_text(
        "ts,currency,impact,event\n2025-01-01T00:00:00Z,USD,high,CPI m/m\n2025-03-10T00:00:00Z,EUR,low,Speech\n",
        "utf-8",
    )

    told = run_json(capsys, bar_files, "--from", "2025-02-24", "--news", str(calendar))

    assert told["no_news_share"] == 0


def test_given_settings_when_no_option_outranks_them_then_they_hold(
    bar_files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BITTEN_DATA", str(bar_files))
    monkeypatch.setenv("BITTEN_ACCOUNT", "2500")
    monkeypatch.setenv("BITTEN_TIER", "press_pass")
    Container.settings.reset()

    main(["backtest", "--from", "2025-02-24", "--json"])

    setup = json.loads(capsys.readouterr().out)["setup"]
    # A press pass fires SEMI, and does not know the mode COMMANDER.
    assert (setup["deposit"], setup["tier"], setup["fire"], setup["mode"]) == (2500, "PRESS_PASS", "SEMI", "BIT")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ([], "--data: no data is named"),
        (["--data", "nowhere"], "there is no such folder"),
        (["--data", "{bars}", "--pairs", "EURUSX"], "did you mean EURUSD?"),
        (["--data", "{bars}", "--pairs", "XAUUSD"], "not one of the ten pairs"),
        (["--data", "{bars}", "--pairs", "AUDUSD"], "no file for AUDUSD"),
        (["--data", "{bars}", "--pairs", ","], "no pair is named"),
        (["--data", "{bars}", "--from", "2025-02-10", "--to", "2025-02-07"], "--to: 2025-02-07 lies before 2025-02-10"),
        (["--data", "{bars}", "--from", "2030-01-01"], "the data has trading days 2025-01-06 to 2025-02-28"),
        (["--data", "{bars}", "--to", "2020-01-01"], "the data has trading days 2025-01-06 to 2025-02-28"),
        (["--data", "{bars}", "--strategy", "mean_revision"], "did you mean mean_reversion?"),
        (["--data", "{bars}", "--tier", "FANG", "--fire", "auto"], "choose COMMANDER or APEX"),
        (["--data", "{bars}", "--news", "{bars}/none.csv"], "none.csv"),
        (["--data", "{bars}", "--swaps", "{bars}/EURUSD.csv"], "no column for date"),
        (["--data", "{bars}", "--zone", "Mars"], "Mars"),
        (["--data", "{bars}", "--layout", "excel"], "excel"),
        (["--data", "{bars}", "--report", "{bars}"], "the report's path is a folder"),
        (["--data", "{bars}", "--report", "{bars}/none/r.html"], "there is no such folder"),
    ],
)
def test_given_what_cannot_be_when_run_then_one_line_says_what_and_how_to_mend_it(
    words: list[str], hint: str, bar_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hint in run_wrong(capsys, *(word.replace("{bars}", str(bar_files)) for word in words))
