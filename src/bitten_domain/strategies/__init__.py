"""Strategies: causal frames in, candidates out. One file each, independent of each other."""

from bitten_domain.strategies.candidate import Candidates, concatenate
from bitten_domain.strategies.profiles import Profile, strategies_of
from bitten_domain.strategies.strategy import Strategy, Style

__all__ = ["Candidates", "Profile", "Strategy", "Style", "concatenate", "strategies_of"]
