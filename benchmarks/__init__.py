"""Measurements against peers, run by hand: `make bench`. Times are ratios within one run."""
