"""The invariants of the fire protocol, each by name, over a slice of the simulation."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from bitten_apps.testkit.simulation.faulty.faults import Fault
from bitten_apps.testkit.simulation.proof.campaign import run_campaigns, shortened
from bitten_apps.testkit.simulation.scenario import drawn
from bitten_apps.testkit.simulation.world import World

if TYPE_CHECKING:
    from bitten_apps.testkit.simulation.proof.campaign import Campaign

CI_FIRES = 50_000
FIRES = 240


def test_given_a_slice_of_stories_when_told_then_it_is_worth_something(campaign: Campaign) -> None:
    counts = campaign.counts

    assert counts["fires"] == counts["answered"] == campaign.stories * FIRES
    assert counts["approved"] > counts["fires"] / 5
    assert all(counts[f"fault {fault.name}"] > 0 for fault in Fault)


def test_i0_no_process_stands_still(campaign: Campaign) -> None:
    assert campaign.broken("I0") == []


def test_i1_an_intent_is_executed_once_at_most_counted_at_the_broker(campaign: Campaign) -> None:
    assert campaign.broken("I1") == []


def test_i2_an_acknowledged_fire_survives_a_kill_at_any_point(campaign: Campaign) -> None:
    assert campaign.broken("I2") == []


def test_i3_every_broker_position_has_an_owner(campaign: Campaign) -> None:
    assert campaign.broken("I3") == []


def test_i4_no_commit_opens_beyond_a_limit(campaign: Campaign) -> None:
    assert campaign.broken("I4") == []


def test_i5_deals_and_balances_are_the_brokers_exactly(campaign: Campaign) -> None:
    assert campaign.broken("I5") == []


def test_i6_another_attempt_follows_proof_only(campaign: Campaign) -> None:
    assert campaign.broken("I6") == []


def test_i7_a_reservation_is_released_exactly_once(campaign: Campaign) -> None:
    assert campaign.broken("I7") == []


def test_i8_attempts_move_by_the_table(campaign: Campaign) -> None:
    assert campaign.broken("I8") == []


def test_i9_inputs_told_again_change_nothing(campaign: Campaign) -> None:
    assert campaign.broken("I9") == []


def test_i11_closing_is_accepted_in_every_state(campaign: Campaign) -> None:
    assert campaign.broken("I11") == []


def test_i12_nothing_opens_after_an_emergency_stop(campaign: Campaign) -> None:
    assert campaign.broken("I12") == []


def test_i13_the_same_seed_writes_the_same_journal() -> None:
    once, again = World(drawn(3, 80)), World(drawn(3, 80))
    once.told()
    again.told()

    assert once.payloads() == again.payloads()


def test_i16_every_attempt_comes_to_its_end(campaign: Campaign) -> None:
    assert campaign.broken("I16") == []


def test_i17_no_live_order_goes_out_without_consent(campaign: Campaign) -> None:
    assert campaign.broken("I17") == []


def test_i18_the_broker_keeps_every_owned_positions_stop(campaign: Campaign) -> None:
    assert campaign.broken("I18") == []


def test_i18_a_dropped_stop_is_seen_or_missed_within_five_seconds_of_the_fill() -> None:
    world = World(drawn(5, 120, faults=frozenset({Fault.STOP_DROPPED, Fault.LEVELS_REFUSED})))
    world.told()
    rows = [
        (kind, body)
        for payloads in world.payloads().values()
        for payload in payloads
        if payload is not None
        for kind, body in [json.loads(payload)]
        if kind in ("position", "stop_doubted")
    ]
    opened = [(number, body) for number, (_, body) in enumerate(rows) if body.get("reason") == "OPENED"]

    late = []
    for number, body in opened:
        seen = next(
            other
            for kind, other in rows[number + 1 :]
            if other["ticket"] == body["ticket"] and (kind == "stop_doubted" or other["reason"] != "OPENED")
        )
        if seen["at"] - body["at"] > 5:
            late.append((body, seen))
    assert len(opened) > 20
    assert late == []


@pytest.mark.slow
def test_given_fifty_thousand_fires_when_everything_fails_then_every_invariant_holds() -> None:
    campaign = run_campaigns(1_001, CI_FIRES, os.cpu_count() or 1)

    if campaign.failures:
        pytest.fail(shortened(drawn(campaign.failures[0][0], FIRES)).command())
    assert campaign.counts["fires"] >= CI_FIRES
