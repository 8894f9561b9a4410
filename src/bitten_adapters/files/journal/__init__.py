"""The journal as files: what `bitten verify` reads where there is no database."""

__all__: list[str] = []
