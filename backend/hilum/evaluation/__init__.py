"""Evaluation of models: figures with confidence intervals, and tests of their validity.

::

    figures ◄ {comparisons, robustness} ◄ {shortcuts, localisation, anatomy}
    evaluate                        the whole of `hilum evaluate figures` and `compare`
    reports                         what is written of it
"""
