"""Keras networks, one folder each: layers, starting weights, and a name to find it by.

::

    receptive_field, layers ◄ {classifiers, segmentation}

An architecture is added as a folder of `classifiers`; nothing else lists them. Only training
imports this package: a bundle is served by its compiled form, without Keras.
"""
