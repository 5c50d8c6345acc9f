"""Ratios are medians of ratios within a round, where both sides met the same noise."""

import pytest
from benchmarks.frozen import Networks
from benchmarks.one_core import PARTS, REQUEST, summary
from benchmarks.throughput import HILUM, rates_table, times


def test_times_as_fast_is_of_each_pass() -> None:
    # The machine was ten times as slow in the second pass.
    row = {HILUM: [30.0, 3.0, 36.0], "other": [10.0, 1.5, 9.0]}

    assert times(row, "other") == 3.0
    assert "| other | 9.0 | 3.00 times as fast |" in rates_table({1: row}).splitlines()


def test_one_core_ratios() -> None:
    frozen = {"anatomy": 20, "pneumonia": 5, "decode": 5, "reading": 40, REQUEST: 50}
    present = {"anatomy": 5, "pneumonia": 3, "decode": 4, "reading": 18, REQUEST: 24}
    assert frozen.keys() == {*PARTS, REQUEST}
    noise = [1.0, 10.0, 1.0]
    found = summary(
        {
            networks: {part: [each * took for each in noise] for part, took in times_.items()}
            for networks, times_ in ((Networks.FROZEN, frozen), (Networks.PRESENT, present))
        }
    )

    assert list(found.values()) == pytest.approx([5 / 20, 18 / 40, 24 / 50, 18 / 12, 24 / 12])
