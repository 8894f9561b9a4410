"""A run looks after its members: nightly resets, reminders, and what the gateway told while nobody listened."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.main import main
from bitten_apps.container import Container
from bitten_domain.use_cases.membership.pass_jobs import RESET_JOB

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeVar

    import pytest

    from bitten_domain.ports.unit_of_work import Repositories

    T = TypeVar("T")


def ran(days: int) -> None:
    Container.unit_of_work.reset()
    assert main(["run", "--json", "--days", str(days), "--seed", "5"]) == DONE


def read(work: Callable[[Repositories], T]) -> T:
    store = Container.existing_store()
    try:
        return asyncio.run(store.read(work))
    finally:
        store.close()


def test_given_a_pass_and_a_payment_nobody_heard_of_when_a_run_goes_on_then_it_resets_reminds_and_collects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BITTEN_HOME", str(tmp_path / "home"))
    Container.settings.reset()

    def asked(*words: str) -> Any:
        capsys.readouterr()
        assert main(["user", *words, "--json"]) == DONE
        return json.loads(capsys.readouterr().out)

    ran(1)
    first = read(lambda r: r.jobs.latest(RESET_JOB))
    asked("pass", "claim", "--telegram-id", "7")
    checkout = asked("plan", "subscribe", "apex_monthly")["checkout"]
    settings, now = Container.settings(), read(lambda r: r.signals.desk())
    assert now is not None
    gateway = Container.local_gateway(Container.replay_clock(now.scanned_to))
    gateway.payments.pay(checkout)
    gateway.payments.deliver()  # and lost
    before = asked("show")["tier"]
    ran(3)
    second = read(lambda r: r.jobs.latest(RESET_JOB))
    shown = asked("pass", "show")

    assert settings.home.is_dir()
    assert first is not None
    assert second is not None
    assert (first.key, second.key) == ("2025-02-24", "2025-02-26")
    # Paid while it held: the pass became a membership.
    assert (before, asked("show")["tier"]) == ("COMMANDER", "APEX")
    assert (shown["state"], shown["reminders_sent"]) == ("CONVERTED", 0)


def test_given_a_pass_when_a_run_passes_its_last_days_then_its_holder_was_reminded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BITTEN_HOME", str(tmp_path / "home"))
    Container.settings.reset()
    ran(1)
    assert main(["user", "pass", "claim", "--telegram-id", "7"]) == DONE
    ran(5)
    capsys.readouterr()
    assert main(["user", "pass", "show", "--json"]) == DONE

    told = json.loads(capsys.readouterr().out)
    # Claimed at the end of Monday; the run ended three days before the pass does, to the second.
    assert (told["state"], told["ends_at"], told["reminders_sent"]) == ("CLAIMED", "2025-03-03T22:00:00Z", 1)
