"""What is proven: the watch, the invariants, planted bugs, and campaigns over many stories."""
