"""What users need to prove their own strategies and brokers: the contracts this project's adapters pass."""

__all__: list[str] = []
