"""What a centre needs, looked at one by one: a check that fails keeps no other from being made."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bitten_apps.cli.store.finding import Finding
from bitten_apps.cli.store.plain_text import utc
from bitten_apps.cli.store.store_findings import store_findings
from bitten_apps.cli.store.store_reading import read_store
from bitten_apps.container import Container
from bitten_apps.store import store_name
from bitten_domain.errors import BittenError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bitten_apps.settings import Settings
    from bitten_apps.store import SchemaStanding
    from bitten_domain.record.anchor import Anchor

__all__ = ["examine"]

_OTHERS = 0o077


def examine() -> list[Finding]:
    """Make every check; never raises for what a check comes upon."""
    found = _tried("settings", _settings)
    if not found[0].is_well:
        return found
    settings: Settings = Container.settings()
    found += _tried("home", lambda: [_home(settings)])
    found += _tried("key", lambda: [_key(settings.home / "anchors.key")])
    found += _tried("anchor file", lambda: [_anchor_file(settings.home / "anchors.jsonl")])
    if settings.database_url is None and not settings.store_file.exists():
        return [*found, Finding("store", True, f"{settings.store_file}: not made yet; `bitten run` makes it")]
    found += _tried("store", lambda: _store(settings))
    if found[-1].is_well:
        found += _tried("store", lambda: read_store(store_findings))
        found += _tried("ledger", lambda: _ledgers(settings))
    return found


def _tried(name: str, check: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return check()
    except BittenError as error:
        return [Finding(name, False, str(error))]
    except OSError as error:
        return [Finding(name, False, f"{error.filename or ''}: {error.strerror or error}")]
    except Exception as error:  # a record no version of ours wrote must not keep the other checks from being told
        return [Finding(name, False, f"{type(error).__name__}: {error}", "restore the store from a backup")]


def _settings() -> list[Finding]:
    settings: Settings = Container.settings()
    return [Finding("settings", True, f"readable; the home folder is {settings.home}")]


def _home(settings: Settings) -> Finding:
    home = settings.home
    if not home.exists():
        return Finding("home", True, f"{home}: not made yet; `bitten run` makes it")
    if not home.is_dir():
        return Finding("home", False, f"{home} is no folder", "set BITTEN_HOME to one")
    # Where files have no such modes (Windows), who may read is not ours to see.
    mode = home.stat().st_mode & 0o777
    if os.name == "posix" and mode & _OTHERS:
        return Finding("home", False, f"{home}: others than its owner get in ({mode:04o})", f"chmod 700 {home}")
    return Finding("home", True, f"{home}: its owner's alone")


def _key(path: Path) -> Finding:
    if not path.exists():
        return Finding("key", True, f"{path}: not made yet; `bitten run` makes it")
    Container.anchor_signer(path)
    return Finding("key", True, f"{path}: signs, and is its owner's alone")


def _anchor_file(path: Path) -> Finding:
    if not path.exists():
        return Finding("anchor file", True, f"{path}: nothing is published yet")
    anchors: Sequence[Anchor] = Container.read_anchors(path)
    last = f", the last of {utc(anchors[-1].at)} UTC" if anchors else ""
    return Finding("anchor file", True, f"{path}: {len(anchors)} anchors{last}")


def _store(settings: Settings) -> list[Finding]:
    standing: SchemaStanding = Container.schema_standing()
    name = store_name(settings)
    if standing.revision != standing.newest:
        detail = f"{name}: reached; revision {standing.revision or 'none'}, newest {standing.newest}"
        return [Finding("store", False, detail, "bitten db upgrade")]
    if standing.differences:
        detail = f"{name}: reached; {len(standing.differences)} differences, first {standing.differences[0]}"
        return [Finding("store", False, detail, "see bitten db check; restore it from a backup")]
    return [Finding("store", True, f"{name}: reached; revision {standing.revision}, as this version expects it")]


def _ledgers(settings: Settings) -> list[Finding]:
    accounts = read_store(lambda store: store.accounts.all())
    found: list[Finding] = []
    for account in accounts:
        path = settings.home / f"paper-{account.account_id}.ledger"
        if not account.is_live and not path.exists() and not account.last_deal:
            found.append(Finding("ledger", True, f"{path}: not made yet; nothing was traded on it"))
        elif not account.is_live:
            found += _tried("ledger", lambda path=path: [_ledger(path)])  # type: ignore[misc]
    return found


def _ledger(path: Path) -> Finding:
    entries: Sequence[str] = Container.read_ledger(path)
    return Finding("ledger", True, f"{path}: {len(entries)} entries, every checksum right")
