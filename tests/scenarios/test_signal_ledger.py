"""The ledger of a store: what `bitten run` kept adds up to what a backtest of the same days says."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.system.dice import SystemDice
from bitten_apps.cli.exit_codes import BAD_INPUT, DONE
from bitten_apps.cli.main import main
from bitten_apps.container import Container
from bitten_apps.settings import Settings
from bitten_domain.analytics.counterfactual import Fate, fates_of
from bitten_domain.errors import InvalidInput
from bitten_domain.record.journal_row import StreamHead
from bitten_domain.risk.policy import RiskPolicy
from bitten_domain.use_cases.platform.verify_journal import VerifyJournal, VerifyJournalCommand
from bitten_domain.use_cases.trading.backtest import run_backtest
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.use_cases.trading.signal_ledger import LedgerCommand, SignalLedger
from bitten_domain.values import AccountId

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_domain.analytics.counterfactual import SignalFate

DAYS, SEED = 1, 5
SAID = "said.txt"
EVER = 1 << 40


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home folder whose store has seen a day of a market, by the real command."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BITTEN_HOME", str(folder))
        Container.settings.reset()
        Container.unit_of_work.reset()
        with (folder / SAID).open("w", encoding="utf-8") as said, redirect_stdout(said):
            assert main(["run", "--days", str(DAYS), "--seed", str(SEED)]) == DONE
    Container.settings.reset()
    Container.unit_of_work.reset()
    return folder


@pytest.fixture(scope="module")
def recorded() -> list[SignalFate]:
    """Give the fates of the same days in a backtest."""
    from bitten_apps.cli.runs.demo_run import made_market

    market = made_market(SEED, DAYS)
    run = run_backtest(market.bars, paper_plan(news=market.news, start=market.start))
    return list(fates_of(run.happenings, run.results, RiskPolicy()))


def test_given_a_store_when_its_ledger_is_read_then_its_lines_are_those_of_the_backtest(
    home: Path, recorded: list[SignalFate], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BITTEN_HOME", str(home))
    Container.settings.reset()

    assert main(["ledger", "--json"]) == DONE

    told = json.loads(capsys.readouterr().out)
    assert told["label"] == "PAPER"
    for fate in (Fate.FIRED, Fate.REFUSED, Fate.NOT_ASKED):
        of_it = [each for each in recorded if each.fate is fate]
        ended = [each.model_r for each in of_it if each.model_r is not None]
        line = told["fates"][fate.value]
        assert line["signals"] == len(of_it) > 0
        assert line["ended"] == len(ended)
        assert line["sum_r"] == pytest.approx(sum(ended), abs=1e-3)
    assert told["model_sum_r"] == pytest.approx(sum(line["sum_r"] for line in told["fates"].values()), abs=1e-3)
    trades = [each.trade_r for each in recorded if each.trade_r is not None]
    assert told["traded_sum_r"] + told["traded_waiting_sum_r"] == pytest.approx(sum(trades), abs=1e-3)
    named = {code for each in recorded if each.model_r is not None for code in each.codes}
    assert {*told["rules"]} == {code.value for code in named}


def test_given_a_terminal_when_the_ledger_is_shown_then_each_rule_has_its_line(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BITTEN_HOME", str(home))
    Container.settings.reset()

    assert main(["ledger"]) == DONE

    told = capsys.readouterr().out
    assert "PAPER paper-1" in told
    assert "refused by the checks" in told
    assert "closed trades" in told


def test_given_an_account_that_is_not_there_when_asked_then_those_that_are_named(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BITTEN_HOME", str(home))
    Container.settings.reset()

    assert main(["ledger", "--account", "nobody"]) == BAD_INPUT

    assert "paper-1" in capsys.readouterr().err


def test_given_a_period_without_signals_when_its_ledger_is_read_then_it_is_empty(home: Path) -> None:
    store = Container.store_of(Settings(home=home))
    try:
        read = SignalLedger(store, SystemDice(1), RiskPolicy())
        ledger = asyncio.run(read(LedgerCommand(AccountId("paper-1"), 0, 1)))
        with pytest.raises(InvalidInput):
            asyncio.run(read(LedgerCommand(AccountId("nobody"), 0, EVER)))
    finally:
        store.close()

    assert ledger.fates == ()
    assert ledger.rules == ()
    assert ledger.model_total == 0.0


def test_given_a_signals_message_when_its_receipt_is_held_against_the_journal_then_it_was_written_by_then(
    home: Path,
) -> None:
    receipts = re.findall(r"signal (\S+) .*receipt (\S+)@(\d+):([0-9a-f]{64})", (home / SAID).read_text("utf-8"))
    settings = Settings(home=home)
    store = Container.store_of(settings)
    try:
        rows = asyncio.run(store.read(lambda repositories: repositories.journal.rows("system", 0, 1_000_000)))
        number, head = int(receipts[-1][2]), bytes.fromhex(receipts[-1][3])
        verify = VerifyJournal(Container.journal_of(store), Container.is_signed())
        key = Container.signer_of(settings).public_key
        verdicts = [
            asyncio.run(verify(VerifyJournalCommand(key, receipts=(StreamHead("system", number, each),))))
            for each in (head, bytes(32))
        ]
    finally:
        store.close()

    assert len(receipts) > 10
    for signal_id, stream, until, told in receipts:
        assert (stream, rows[int(until) - 1].head.hex()) == ("system", told)
        assert any(f'"{signal_id}"' in (row.payload or b"").decode() for row in rows[: int(until)])
    assert [verdict.is_intact for verdict in verdicts] == [True, False]
