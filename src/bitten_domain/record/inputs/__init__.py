"""What decisions are made from, written down so that they can be made again."""

__all__: list[str] = []
