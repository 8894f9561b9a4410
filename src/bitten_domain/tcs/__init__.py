"""The tactical confidence score: evidence, rank scale, score, gate, threshold."""

__all__: list[str] = []
