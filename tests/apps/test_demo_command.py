"""``bitten demo``: ends, is labelled, repeats itself, and can be stopped."""

from __future__ import annotations

import json
import re
import signal
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from bitten_adapters.system.clock import SystemClock
from bitten_apps.cli.exit_codes import DONE, INTERRUPTED, PROBLEMS
from bitten_apps.cli.main import main
from bitten_apps.cli.runs.demo_run import run_demo
from bitten_apps.live_view.board import Board
from bitten_apps.live_view.screen import draw
from bitten_apps.live_view.views import LiveScreen, NoView, PlainLines
from bitten_domain.use_cases.trading.emit_signals import EmitSignals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bitten_domain.desk.idea_outcome import IdeaOutcome
    from bitten_domain.desk.run.desk_run import Happening, Moment
    from bitten_domain.desk.signal import Signal


HEAD = re.compile(r"^ +(\S+)@(\d+):([0-9a-f]{64})$", re.MULTILINE)


class Stopping(NoView):
    """Stops the run at a moment, as Ctrl-C does."""

    def __init__(self, at: int) -> None:
        self.at = at

    def show(self, board: Board, happenings: Sequence[Happening]) -> None:
        if board.done == self.at:
            raise KeyboardInterrupt


class Signalled(NoView):
    """Sends the process the signal of Ctrl-C at a moment."""

    def __init__(self, at: int) -> None:
        self.at = at

    def show(self, board: Board, happenings: Sequence[Happening]) -> None:
        if board.done == self.at:
            signal.raise_signal(signal.SIGINT)


class Counting(NoView):
    """Keeps the moments that were shown."""

    def __init__(self) -> None:
        self.at: list[int] = []

    def show(self, board: Board, happenings: Sequence[Happening]) -> None:
        self.at.append(board.at)


class Drawing(NoView):
    """Draws every so many boards at several sizes and keeps what came out."""

    SIZES = ((80, 24), (104, 30), (120, 40), (200, 60))

    def __init__(self) -> None:
        self.screens: list[tuple[int, int, list[str]]] = []

    def show(self, board: Board, happenings: Sequence[Happening]) -> None:
        if board.done % 40 == 1 or board.done == board.moments:
            for width, height in self.SIZES:
                console = Console(width=width, height=height, force_terminal=False, color_system=None)
                with console.capture() as captured:
                    console.print(draw(board, width, height))
                self.screens.append((width, height, captured.get().splitlines()))


def test_given_a_seed_when_the_demo_runs_twice_then_the_journals_are_the_same_and_another_seed_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for seed in ("5", "5", "6"):
        assert (
            main(["demo", "--json", "--fast", "--days", "1", "--seed", seed, "--report", str(tmp_path / "r.html")])
            == DONE
        )
        told.append(json.loads(capsys.readouterr().out))

    first, second, other = (each["journal_digest"] for each in told)
    assert first == second != other
    assert {"PAPER", "SYNTHETIC"} <= set(told[0]["labels"])


def test_given_no_terminal_when_the_demo_runs_then_plain_lines_lead_to_a_labelled_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "demo.html"

    assert main(["demo", "--fast", "--days", "1", "--report", str(page)]) == DONE

    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "[SYNTHETIC] [PAPER]" in told
    assert "market day 1 of 1 is over" in told
    assert str(page) in told
    assert all(label in page.read_text("utf-8") for label in ("SYNTHETIC", "PAPER"))


def test_given_a_demo_when_stopped_by_hand_then_what_was_done_so_far_is_told_and_the_code_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bitten_apps.cli.demo_command._view", lambda *_: Stopping(30))

    code = main(["demo", "--fast", "--days", "1", "--report", str(tmp_path / "r.html")])

    assert code == INTERRUPTED
    assert "[INTERRUPTED]" in capsys.readouterr().out
    assert (tmp_path / "r.html").is_file()


def test_given_a_stopped_demo_when_compared_with_a_whole_one_then_it_is_its_beginning() -> None:
    whole = run_demo(5, 1, NoView(), 0.0).run
    stopped = run_demo(5, 1, Stopping(60), 0.0).run

    assert len(stopped.equity_at) == 60
    assert list(stopped.happenings) == list(whole.happenings)[: len(stopped.happenings)]


@pytest.mark.parametrize("patience", [1.0, 2.5])
def test_given_little_patience_when_the_rest_is_hurried_then_each_moment_is_shown_once_and_decided_the_same(
    patience: float,
) -> None:
    whole, hurried = Counting(), Counting()

    digests = {
        run_demo(5, 1, whole, 0.0).run.journal.digest,
        run_demo(5, 1, hurried, patience).run.journal.digest,
    }

    assert len(digests) == 1
    assert hurried.at == whole.at == sorted(set(whole.at))
    assert len(whole.at) == 96


def test_given_a_demo_through_its_store_when_over_then_its_journal_is_intact_and_decides_what_a_backtest_decides() -> (
    None
):
    through_store, recorded = run_demo(5, 1, NoView(), 600.0), run_demo(5, 1, NoView(), 0.0)

    record = through_store.record
    assert record is not None
    assert record.is_sound
    assert record.moments == len(recorded.run.equity_at) == 96
    assert record.decisions == len(recorded.run.happenings) > 50
    assert record.rows > record.decisions
    assert through_store.run.journal.digest == recorded.run.journal.digest
    assert through_store.run.equity.tolist() == recorded.run.equity.tolist()


def test_given_a_demo_through_its_store_when_stopped_by_hand_then_what_it_saw_is_sound_and_its_folder_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    stopped, whole = run_demo(5, 1, Signalled(60), 600.0), run_demo(5, 1, NoView(), 0.0)

    assert stopped.was_stopped_by_hand
    assert stopped.facts.is_interrupted
    assert stopped.record is not None
    assert stopped.record.is_sound
    assert stopped.record.moments == len(stopped.run.equity_at) == 60
    assert list(stopped.run.happenings) == list(whole.run.happenings)[: len(stopped.run.happenings)]
    assert list(tmp_path.iterdir()) == []


def test_given_a_demo_through_its_store_when_over_then_its_last_words_hold_rows_heads_and_anchor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bitten_apps.cli.demo_command._PATIENCE_SECONDS", 600.0)
    page = tmp_path / "r.html"

    assert main(["demo", "--days", "1", "--seed", "5", "--report", str(page)]) == DONE

    told = capsys.readouterr().out
    rows, heads = re.search(r"store    SQLite, ([\d,]+) journal rows, INTACT", told), HEAD.findall(told)
    assert rows is not None
    assert [name for name, _, _ in heads] == ["account:paper-1", "system"]
    assert sum(int(until) for _, until, _ in heads) == int(rows[1].replace(",", ""))
    # The root is worked out again as RFC 6962 has it: leaves and nodes are hashed with different first bytes.
    account, system = (
        sha256(b"\0" + json.dumps([name, int(until), head], separators=(",", ":")).encode()).digest()
        for name, until, head in heads
    )
    assert f"anchor {sha256(bytes([1]) + account + system).hexdigest()}, signed" in told
    assert str(page) in told


def test_given_a_store_that_decides_otherwise_when_the_demo_is_over_then_it_says_so_and_the_code_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    emit = EmitSignals.__call__

    async def forgetful(self: EmitSignals, moment: Moment, outcomes: Sequence[IdeaOutcome] = ()) -> tuple[Signal, ...]:
        return (await emit(self, moment, outcomes))[1:]

    monkeypatch.setattr(EmitSignals, "__call__", forgetful)
    monkeypatch.setattr("bitten_apps.cli.demo_command._PATIENCE_SECONDS", 600.0)

    code = main(["demo", "--days", "1", "--seed", "5", "--report", str(tmp_path / "r.html")])

    assert code == PROBLEMS
    assert "the store says" in capsys.readouterr().out


def test_given_boards_of_a_run_when_drawn_then_they_fit_the_terminal_and_keep_their_labels() -> None:
    drawing = Drawing()

    run_demo(5, 2, drawing, 0.0)

    assert len(drawing.screens) > 8
    for width, height, lines in drawing.screens:
        assert len(lines) < height
        assert max(len(line) for line in lines) <= width
        assert "SYNTHETIC" in lines[0]
        assert "PAPER" in lines[0]


def test_given_a_terminal_when_shown_then_the_screen_is_taken_and_given_back() -> None:
    console = Console(force_terminal=True, width=80, height=24, legacy_windows=False)

    with console.capture() as captured:
        run_demo(5, 1, LiveScreen(console, SystemClock(), 0.0), 0.0)

    told = captured.get()
    assert told.count("\x1b[?1049h") == told.count("\x1b[?1049l") == 1


def test_given_an_empty_board_when_drawn_then_it_says_none() -> None:
    console = Console(width=80, height=24, color_system=None)
    board = Board(seed=1, moments=10, days=1, deposit=10_000.0, target=65, fire_floor=Decimal(75))

    with console.capture() as captured:
        console.print(draw(board, 80, 24))
        PlainLines(console).show(board, ())

    assert "none" in captured.get()
