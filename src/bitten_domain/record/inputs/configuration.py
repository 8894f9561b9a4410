"""The configuration of a run: what somebody chose, from which the plan follows by the program's own rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003 -- a configuration is read by its annotations
from hashlib import sha256

from bitten_domain.record.inputs.codec import read_as, written

__all__ = ["RunConfiguration", "configuration_from", "configuration_payload"]

_ENCODE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=True, allow_nan=False).encode


@dataclass(frozen=True, slots=True)
class RunConfiguration:
    """What was chosen for a run.

    Args:
        deposit: of a new account, USD.
        tier: name of the tier whose limits hold.
        fire: ``confirm`` or ``auto``.
        profile: parameter set of the built-in strategies.
        strategies: names of those that run; empty for the built-in ones.
        risk_percent, daily_loss_percent, max_positions: what the person allows themselves.
        costs: ``off``, or the factor on every cost.
        swaps: digest of the table of swaps; empty without one.
        calendar: digest of the calendar.
    """

    deposit: Decimal
    tier: str
    fire: str
    profile: str
    strategies: tuple[str, ...]
    risk_percent: Decimal
    daily_loss_percent: Decimal
    max_positions: int
    costs: str = "1"
    swaps: str = ""
    calendar: str = ""

    @property
    def text(self) -> str:
        """Write it as canonical JSON, the same on every machine."""
        return _ENCODE(written(self))

    @property
    def sha256(self) -> str:
        """Digest the text, hex."""
        return sha256(self.text.encode("ascii")).hexdigest()


def configuration_from(text: str) -> RunConfiguration:
    """Read a configuration.

    Raises:
        ValueError: it is not one.
    """
    configuration = read_as(RunConfiguration, json.loads(text))
    if not isinstance(configuration, RunConfiguration):
        raise ValueError("it is no configuration")
    return configuration


def configuration_payload(configuration: RunConfiguration, at: int) -> bytes:
    """Write for the journal that a run goes by a configuration from a moment on, seconds since 1970 UTC."""
    head = f'["configured",{{"at":{at},"sha256":"{configuration.sha256}","configuration":'
    return f"{head}{configuration.text}}}]".encode("ascii")
