"""Kills: the real process ended by SIGKILL at each numbered crossing and at random, and what a restart makes of it."""
