"""The desk: the sequential half, where signals become orders and orders become trades."""
