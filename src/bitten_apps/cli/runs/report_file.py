"""Where the report goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_domain.use_cases.trading.backtest import Backtest
    from bitten_domain.use_cases.trading.summary import BacktestSummary

__all__ = ["checked_report_path", "write_report"]


def checked_report_path(path: Path | None) -> Path | None:
    """Refuse a report's path before a long run rather than after it.

    Raises:
        InvalidInput: it is a folder, or lies in none.
    """
    from bitten_domain.errors import InvalidInput

    if path is None:
        return None
    if path.is_dir():
        raise InvalidInput(
            "the report's path is a folder", where=str(path), remedy=f"name a file, {path / 'report.html'}"
        )
    if not path.parent.is_dir():
        raise InvalidInput("there is no such folder", where=str(path.parent), remedy="make it, or choose another")
    return path


def write_report(path: Path, summary: BacktestSummary, run: Backtest) -> Path:
    """Write a run's report and give its absolute path.

    Raises:
        InvalidInput: the file cannot be written.
    """
    from bitten_apps.report.render import render_report
    from bitten_domain.errors import InvalidInput

    page = render_report(summary, run)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(
            f"the report cannot be written: {error.strerror}", where=str(path), remedy="choose another --report"
        ) from error
    return path.resolve()
