"""Settings: what a machine's owner sets once, from the environment and an optional TOML file.

The only reader of the environment. An option on the command line outranks the environment, which outranks the file
that ``BITTEN_CONFIG`` names, which outranks the default. Names are upper case with ``BITTEN_`` before them in the
environment and lower case in the file. A name that is not known is an error, never passed over.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from bitten_domain.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEFAULT", "Settings", "is_unattended", "load_settings", "settings_with_origins"]

DEFAULT = "default"
"""Origin of a setting that nobody set."""

_PREFIX = "BITTEN_"
_CONFIG = "BITTEN_CONFIG"
_OTHER_NAMES = {"DATABASE_URL": "database_url", "SQLITE_PATH": "sqlite_path"}
"""Names other programs use for the same thing; ours outrank them."""
_SECRETS = frozenset({"database_url", "index_key", "vault_keys"})


class Settings(BaseModel):
    """Everything that can be set, with its bounds and default.

    Attributes:
        data: folder of bars that commands read when no ``--data`` is given; none by default.
        news: calendar file; none by default.
        swaps: table of swaps; none by default, and then they are assumed.
        zone: clock of the bar files, see ``bitten data check --help``; found out by default.
        account: deposit of a paper account, USD, 100 to 10,000,000.
        tier: subscription tier whose limits hold.
        profile: parameter set of the strategies.
        fire: who pulls the trigger in a run: every signal confirmed at once, or a mandate.
        risk_percent: risk per trade, 0.1 to 2 percent; the tier's default when not set.
        daily_loss_percent: loss that ends a day, 0.5 to 6 percent; the tier's default when not set.
        max_positions: most open positions, 1 to 10.
        seed: of the demo's synthetic market, 0 to 2**32 - 1.
        home: folder of what a running centre keeps: its store, paper ledgers, keys and anchors.
        database_url: the store, ``postgresql://...``; none uses the embedded one. A secret: it is never shown.
        admin: who is made the first ADMIN by ``bitten admin first``, ``telegram:`` and a Telegram id or ``user:``
            and an id of the store; nobody by default.
        sqlite_path: file of the embedded store; ``bitten.sqlite3`` in the home folder when not set.
        vault_keys: keys that persons' keys are sealed with, 64 hex digits each, oldest first, with commas between them;
            none keeps them in a file of the home folder. A secret: it is never shown.
        index_key: key of blind indexes, at least 64 hex digits, never to be changed; none keeps it in a file of the
            home folder. A secret: it is never shown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    data: Path | None = None
    news: Path | None = None
    swaps: Path | None = None
    zone: str | None = None
    account: Decimal = Field(default=Decimal(10_000), ge=100, le=10_000_000, decimal_places=2)
    tier: Literal["NONE", "PRESS_PASS", "NIBBLER", "FANG", "COMMANDER", "APEX"] = "COMMANDER"
    profile: Literal["wide", "classic"] = "wide"
    fire: Literal["confirm", "auto"] = "confirm"
    risk_percent: Decimal | None = Field(default=None, ge=Decimal("0.1"), le=2)
    daily_loss_percent: Decimal | None = Field(default=None, ge=Decimal("0.5"), le=6)
    max_positions: int = Field(default=10, ge=1, le=10)
    seed: int = Field(default=7, ge=0, lt=2**32)
    home: Path = Field(default_factory=lambda: Path.home() / ".bitten")
    database_url: SecretStr | None = None
    admin: str | None = Field(default=None, pattern=r"^(telegram:[1-9][0-9]{0,18}|user:\S{1,64})$")
    sqlite_path: Path | None = None
    vault_keys: SecretStr | None = None
    index_key: SecretStr | None = None

    @property
    def store_file(self) -> Path:
        """File of the embedded store."""
        return self.home / "bitten.sqlite3" if self.sqlite_path is None else self.sqlite_path

    @field_validator("database_url")
    @classmethod
    def _url_of_a_known_kind(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("a store's address begins with postgresql://; for SQLite set sqlite_path")
        return value

    @field_validator("admin")
    @classmethod
    def _admin_that_can_be(cls, value: str | None) -> str | None:
        kind, _, number = (value or "").partition(":")
        if kind == "telegram" and int(number) >= 1 << 63:
            raise ValueError(f"{number} is no Telegram id: it is beyond {(1 << 63) - 1}")
        return value

    @field_validator("tier", mode="before")
    @classmethod
    def _tier_in_any_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("profile", "fire", mode="before")
    @classmethod
    def _word_in_any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        environment: variables by name; None reads the process's own.

    Raises:
        InvalidInput: a name is not known or a value is out of its bounds; says where it was set.
        Unavailable: the file cannot be read.
    """
    settings, _ = settings_with_origins(environment)
    return settings


def settings_with_origins(environment: Mapping[str, str] | None = None) -> tuple[Settings, Mapping[str, str]]:
    """Read the settings, and say where each was set: a variable, the file and its line's name, or `DEFAULT`.

    Args:
        environment: as for `load_settings`.

    Raises:
        InvalidInput, Unavailable: as `load_settings`.
    """
    variables = os.environ if environment is None else environment
    values: dict[str, object] = {}
    origin: dict[str, str] = {}
    path = variables.get(_CONFIG, "")
    if path:
        for name, value in _from_file(Path(path)).items():
            values[name], origin[name] = value, f"{path}: {name}"
    for variable, name in _OTHER_NAMES.items():
        if variables.get(variable, "") != "":
            values[name], origin[name] = variables[variable], variable
    for variable, text in variables.items():
        if variable.startswith(_PREFIX) and variable != _CONFIG and text != "":
            name = variable.removeprefix(_PREFIX).lower()
            values[name], origin[name] = text, variable
    for name, where in origin.items():
        if name not in Settings.model_fields:
            close = difflib.get_close_matches(name, Settings.model_fields, n=1)
            known = close or sorted(Settings.model_fields)
            raise InvalidInput("there is no such setting", where=where, remedy=f"known: {', '.join(known)}")
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0])
        if name in _SECRETS:
            # The chained error would carry the value into a log.
            raise InvalidInput(f"{first['msg']}", where=origin.get(name, name)) from None
        raise InvalidInput(f"{first['msg']}, got {first['input']!r}", where=origin.get(name, name)) from error
    return settings, {name: origin.get(name, DEFAULT) for name in Settings.model_fields}


def is_unattended(environment: Mapping[str, str] | None = None) -> bool:
    """Say whether nobody watches the terminal, as build machines tell by ``CI``."""
    variables = os.environ if environment is None else environment
    return variables.get("CI", "").lower() not in {"", "0", "false"}


def _from_file(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the file is not TOML: {error}", where=str(path)) from error
    except FileNotFoundError as error:
        raise InvalidInput("there is no such file", where=f"{_CONFIG}={path}") from error
    except OSError as error:
        raise Unavailable(f"{path}: the settings cannot be read: {error.strerror}") from error
