"""The simulation: the real use cases in a broken world, in virtual time; a seed tells the same story again."""
