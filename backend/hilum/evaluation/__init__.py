"""Measure a model: figures with intervals, and how far they can be trusted.

::

    figures ◄ {comparisons, robustness} ◄ {shortcuts, localisation, anatomy}
    evaluate                        the whole of `hilum evaluate figures` and `compare`
    reports                         what is written of it
"""
