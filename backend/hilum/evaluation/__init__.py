"""Evaluation of models: figures with confidence intervals, and tests of their validity.

::

    figures ◄ {comparisons, robustness} ◄ {shortcuts, localisation, anatomy}
    evaluate                        `hilum evaluate figures` and `compare`
    reports                         their reports
"""
