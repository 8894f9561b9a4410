"""A recorded day is decided again byte for byte, and whatever was changed is found and named."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

import pytest

from bitten_apps.replaying.day_replay import DayReplayed, Wanted, replay
from bitten_domain.errors import InvalidInput
from bitten_domain.market.clocks.fx_week import day_ending_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bitten_domain.use_cases.trading.backtest import BacktestPlan


class Recorded(Protocol):
    inputs: Path
    journal: Path

    def rewritten(self, folder: Path, change: Callable[[str], str]) -> Recorded: ...


def replayed(recorded: Recorded, changed: Callable[[BacktestPlan], BacktestPlan] | None = None) -> DayReplayed:
    return replay(Wanted(None, recorded.inputs, recorded.journal), changed)


def kinds(done: DayReplayed) -> set[str]:
    return {json.loads(each.payload)[0] for each in done.recorded if each.payload is not None}


def changing_first(
    where: Callable[[dict[str, object]], bool], change: Callable[[dict[str, object]], None]
) -> Callable[[str], str]:
    """Change the first entry that fits."""
    done: list[bool] = []

    def changed(text: str) -> str:
        entry = json.loads(text)
        if done or not where(entry):
            return text
        done.append(True)
        change(entry)
        return json.dumps(entry, separators=(",", ":"))

    return changed


def test_given_a_day_with_fires_a_crash_and_a_stop_when_replayed_then_every_row_is_the_same(recorded: Recorded) -> None:
    done = replayed(recorded)

    assert (done.differences, done.departure, done.earlier) == ((), None, 0)


def test_given_the_recorded_day_when_read_then_it_holds_what_a_replay_must_manage(recorded: Recorded) -> None:
    done = replayed(recorded)

    wanted = {"signal", "approved", "refused", "intent", "deal", "trade", "emergency_set", "emergency_released"}
    assert wanted <= kinds(done)
    assert done.killed == 1


def test_given_a_store_that_fails_now_and_then_when_replayed_then_every_row_is_the_same(
    recorded_under_faults: Recorded,
) -> None:
    done = replayed(recorded_under_faults)

    assert (done.differences, done.departure, done.earlier) == ((), None, 0)


def test_given_a_process_killed_while_an_order_was_out_when_replayed_then_every_row_is_the_same(
    killed_at_an_order: Recorded,
) -> None:
    done = replayed(killed_at_an_order)

    assert (done.differences, done.departure, done.killed) == ((), None, 1)
    assert any(b"FOUND_SENDING" in (each.payload or b"") for each in done.recorded)


def test_given_a_command_at_the_very_end_of_a_day_when_that_day_is_replayed_then_every_row_is_the_same(
    recorded_to_a_days_end: Recorded, first_trade: int
) -> None:
    day = day_ending_at(first_trade + 24 * 3_600)

    done = replay(Wanted(day, recorded_to_a_days_end.inputs, recorded_to_a_days_end.journal))

    assert "emergency_set" in kinds(done)
    assert (done.differences, done.departure, done.days) == ((), None, (day,))


def test_given_a_person_whom_others_changed_meanwhile_when_replayed_then_every_row_is_the_same(
    recorded_of_a_changing_person: Recorded,
) -> None:
    done = replayed(recorded_of_a_changing_person)

    refusals = {json.loads(each.payload or b"[0]")[0] for each in done.recorded}
    assert (done.differences, done.departure) == ((), None)
    assert "refused" in refusals
    assert any(b"ACCOUNT_NOT_ACTIVE" in (each.payload or b"") for each in done.recorded)


def test_given_the_same_recording_without_what_was_seen_of_the_person_when_replayed_then_decisions_differ(
    recorded_of_a_changing_person: Recorded, tmp_path: Path
) -> None:
    def blind(text: str) -> str:
        entry = json.loads(text)
        entry.pop("seen", None)
        return json.dumps(entry, separators=(",", ":"))

    done = replayed(recorded_of_a_changing_person.rewritten(tmp_path / "blind", blind))

    assert done.differences or done.departure


def test_given_a_recording_when_all_its_bytes_are_read_then_nothing_says_who_the_person_is(
    recorded_of_a_changing_person: Recorded,
) -> None:
    files = [path for path in recorded_of_a_changing_person.inputs.rglob("*") if path.is_file()]
    content = b"".join(
        gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw for raw in (path.read_bytes() for path in files)
    )

    assert b"LOCKED" in content
    assert not [name for name in (b"424242", b"Falcon") if name in content]


def test_given_a_version_that_looked_less_often_when_replayed_then_nothing_differs(
    recorded: Recorded, tmp_path: Path
) -> None:
    fewer = recorded.rewritten(tmp_path / "f", lambda text: "" if text.startswith('{"is":"StoreRead"') else text)

    done = replayed(fewer)

    assert (done.differences, done.departure) == ((), None)


def test_given_a_bar_that_was_changed_when_replayed_then_the_first_decision_that_differs_is_named(
    recorded: Recorded, tmp_path: Path
) -> None:
    def higher(entry: dict[str, object]) -> None:
        for row in entry["bars"].values():  # type: ignore[attr-defined]
            row["high"] = row["close"] = row["high"] + 0.01

    forged = recorded.rewritten(
        tmp_path / "f", changing_first(lambda e: e["is"] == "ActBegan" and bool(e["bars"]), higher)
    )

    done = replayed(forged)

    assert not done.is_same
    assert done.differences[0].number >= 1


def test_given_an_answer_that_was_changed_when_replayed_then_it_is_named(recorded: Recorded, tmp_path: Path) -> None:
    def better(entry: dict[str, object]) -> None:
        entry["answer"]["deals"][0]["price"] = "1.5"  # type: ignore[index]

    def is_fill(entry: dict[str, object]) -> bool:
        return entry["is"] == "BrokerAnswered" and entry["verb"] == "place"

    done = replayed(recorded.rewritten(tmp_path / "f", changing_first(is_fill, better)))

    assert done.departure is not None
    assert "the paper broker answers place" in done.departure.what


def test_given_a_command_that_was_changed_when_replayed_then_its_row_differs(
    recorded: Recorded, tmp_path: Path
) -> None:
    def milder(entry: dict[str, object]) -> None:
        entry["stop"]["kind"] = "PAUSE"  # type: ignore[index]

    done = replayed(
        recorded.rewritten(
            tmp_path / "f", changing_first(lambda e: e["is"] == "ActBegan" and e["kind"] == "stop", milder)
        )
    )

    first = next(each for each in done.differences if each.recorded is not None)
    assert b"emergency_set" in first.recorded if first.recorded is not None else False


@pytest.mark.parametrize("what", ["threshold", "costs"])
def test_given_another_rule_when_replayed_then_decisions_differ(recorded: Recorded, what: str) -> None:
    def other(plan: BacktestPlan) -> BacktestPlan:
        if what == "costs":
            return replace(plan, terms=replace(plan.terms, costs=replace(plan.terms.costs, factor=Decimal(2))))
        fire = replace(plan.rules.risk.fire, semi_floor=Decimal(80))
        return replace(plan, rules=replace(plan.rules, risk=replace(plan.rules.risk, fire=fire)))

    done = replayed(recorded, other)

    assert done.differences


def test_given_a_payload_that_was_changed_in_the_journal_when_replayed_then_its_row_is_named(
    recorded: Recorded, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    shutil.copytree(recorded.journal, journal)
    path = journal / "streams" / "000001.rows.gz"
    lines = gzip.decompress(path.read_bytes()).split(b"\n")
    place = next(number for number, line in enumerate(lines) if b'["refused"' in line)
    lines[place] = lines[place].replace(b'["refused"', b'["REFUSED"')
    path.write_bytes(gzip.compress(b"\n".join(lines)))

    done = replay(Wanted(None, recorded.inputs, journal))

    assert [(each.stream, each.number) for each in done.differences] == [("account:paper-1", place)]


def test_given_a_torn_last_line_when_replayed_then_it_is_told_and_nothing_differs(
    recorded: Recorded, tmp_path: Path
) -> None:
    torn = recorded.rewritten(tmp_path / "f", lambda text: text)
    first = min(torn.inputs.glob("*.log"))
    first.write_bytes(first.read_bytes() + b'00000000 999 {"is":"ActBeg')

    done = replayed(torn)

    assert done.is_same
    assert done.torn[0].startswith(first.name)


@pytest.mark.parametrize("damage", ["a line", "a part", "the calendar"])
def test_given_a_damaged_recording_when_replayed_then_it_says_where_and_how_to_mend_it(
    recorded: Recorded, tmp_path: Path, damage: str
) -> None:
    broken = recorded.rewritten(tmp_path / "f", lambda text: text)
    part = min(broken.inputs.glob("*.log"))
    if damage == "a line":
        part.write_bytes(part.read_bytes().replace(b'"kind":"take"', b'"kind":"tale"', 1))
    elif damage == "a part":
        part.write_bytes(b"".join(part.read_bytes().splitlines(keepends=True)[5:]))
    else:
        shutil.rmtree(broken.inputs / "material")

    with pytest.raises(InvalidInput) as raised:
        replayed(broken)

    assert str(broken.inputs) in raised.value.where
    assert "backup" in raised.value.remedy


def test_given_the_journal_of_another_store_when_replayed_then_it_is_refused(
    recorded: Recorded, recorded_under_faults: Recorded
) -> None:
    with pytest.raises(InvalidInput, match="recording"):
        replay(Wanted(None, recorded.inputs, recorded_under_faults.journal))


def test_given_a_session_that_was_lost_when_replayed_then_the_unexplained_rows_are_named(
    recorded: Recorded, tmp_path: Path
) -> None:
    lost = recorded.rewritten(tmp_path / "f", lambda text: text)
    (command,) = [path for path in lost.inputs.glob("*.log") if b'"kind":"stop"' in path.read_bytes()]
    command.unlink()

    with pytest.raises(InvalidInput, match="written by a process that did not record"):
        replayed(lost)


def test_given_a_day_nobody_recorded_when_replayed_then_the_recorded_ones_are_told(recorded: Recorded) -> None:
    with pytest.raises(InvalidInput, match="there are"):
        replay(Wanted(1, recorded.inputs, recorded.journal))
