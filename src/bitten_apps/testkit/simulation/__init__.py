"""The simulation: the real use cases on a broken world, in virtual time, from a seed that tells the same story again."""
