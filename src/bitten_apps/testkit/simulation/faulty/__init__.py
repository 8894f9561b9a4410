"""What goes wrong: kinds of faults, and the line and the store that have them."""
