"""Measurements against peers, run by hand: `make bench`. Times are ratios within one run."""

# Before OpenVINO, which sends usage statistics otherwise.
import hilum  # noqa: F401
