"""Input logs as files: a part per process and trading day, packed once the day is over."""

__all__: list[str] = []
