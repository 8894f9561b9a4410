"""Recording: decorators around the ports, which write down what comes in through them."""

__all__: list[str] = []
