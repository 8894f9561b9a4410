"""Market: bars, calendars of the week, frames and indicators; nothing here knows of a trade."""

__all__: list[str] = []
