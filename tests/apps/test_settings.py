"""Settings from the environment and a file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bitten_apps.settings import is_unattended, load_settings
from bitten_domain.errors import InvalidInput


def test_given_nothing_when_loaded_then_no_path_has_a_default() -> None:
    settings = load_settings({"PATH": "somewhere"})

    assert (settings.data, settings.news, settings.swaps) == (None, None, None)
    assert (settings.account, settings.tier, settings.profile) == (Decimal(10_000), "COMMANDER", "wide")


def test_given_a_file_and_a_variable_when_loaded_then_the_variable_wins(tmp_path: Path) -> None:
    file = tmp_path / "bitten.toml"
    file.write_text('tier = "fang"\naccount = 500\nseed = 11\n', "utf-8")

    settings = load_settings({"BITTEN_CONFIG": str(file), "BITTEN_ACCOUNT": "2500.50", "BITTEN_DATA": "bars"})

    assert (settings.tier, settings.account, settings.seed) == ("FANG", Decimal("2500.50"), 11)
    assert settings.data == Path("bars")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACCOUNT", "99"),
        ("ACCOUNT", "much"),
        ("TIER", "GOLD"),
        ("FIRE", "always"),
        ("RISK_PERCENT", "2.1"),
        ("DAILY_LOSS_PERCENT", "7"),
        ("MAX_POSITIONS", "11"),
        ("SEED", "-1"),
        ("ADMIN", "telegram:9223372036854775808"),
        ("ADMIN", "telegram:0"),
        ("ADMIN", "telegram:-5"),
    ],
)
def test_given_a_value_out_of_bounds_when_loaded_then_the_error_names_the_variable_and_the_value(
    name: str, value: str
) -> None:
    with pytest.raises(InvalidInput) as raised:
        load_settings({f"BITTEN_{name}": value})

    assert raised.value.where == f"BITTEN_{name}"
    assert repr(value) in raised.value.what


def test_given_a_name_nobody_knows_when_loaded_then_it_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidInput, match="known: account"):
        load_settings({"BITTEN_ACOUNT": "500"})


def test_given_a_file_with_a_wrong_value_when_loaded_then_the_error_names_file_and_key(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("max_positions = 99\n", "utf-8")

    with pytest.raises(InvalidInput, match=r"mine\.toml: max_positions"):
        load_settings({"BITTEN_CONFIG": str(file)})


@pytest.mark.parametrize("content", ["tier = ", "\x00"])
def test_given_a_file_that_is_no_toml_when_loaded_then_it_is_bad_input(content: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(content, "utf-8")

    with pytest.raises(InvalidInput, match="not TOML"):
        load_settings({"BITTEN_CONFIG": str(file)})


def test_given_a_file_that_is_not_there_when_loaded_then_it_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no such file"):
        load_settings({"BITTEN_CONFIG": str(tmp_path / "none.toml")})


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("1", True), ("", False), ("0", False)])
def test_given_a_build_machine_when_asked_then_nobody_watches(value: str, expected: bool) -> None:
    assert is_unattended({"CI": value}) is expected


def test_given_the_names_other_programs_use_when_loaded_then_they_work_and_ours_outrank_them() -> None:
    theirs = load_settings({"DATABASE_URL": "postgresql://db/one", "SQLITE_PATH": "one.sqlite3"})
    both = load_settings({"DATABASE_URL": "postgresql://db/one", "BITTEN_DATABASE_URL": "postgresql://db/two"})

    assert theirs.database_url is not None
    assert theirs.database_url.get_secret_value() == "postgresql://db/one"
    assert theirs.store_file == Path("one.sqlite3")
    assert both.database_url is not None
    assert both.database_url.get_secret_value() == "postgresql://db/two"


def test_given_only_a_home_when_loaded_then_the_store_lies_in_it(tmp_path: Path) -> None:
    assert load_settings({"BITTEN_HOME": str(tmp_path)}).store_file == tmp_path / "bitten.sqlite3"


@pytest.mark.parametrize("variable", ["DATABASE_URL", "BITTEN_DATABASE_URL"])
def test_given_a_bad_database_address_when_loaded_then_the_error_names_the_variable_and_keeps_the_secret(
    variable: str,
) -> None:
    with pytest.raises(InvalidInput) as raised:
        load_settings({variable: "mysql://me:hunter2@db/one"})

    assert raised.value.where == variable
    assert "hunter2" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_given_a_database_address_when_the_settings_are_shown_then_the_secret_is_not() -> None:
    settings = load_settings({"BITTEN_DATABASE_URL": "postgresql://me:hunter2@db/one"})

    assert "hunter2" not in repr(settings)
    assert "hunter2" not in settings.model_dump_json()
