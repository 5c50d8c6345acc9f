"""Labelled radiographs: download, layout on disk, splits.

::

    labelled ◄ {tables, folders, boxes, reader_labels} ◄ {splits, folds, leakage} ◄ card_splits
    downloads ◄ public                  a descriptor for each public data set

Evaluation and training both take their data from here, and neither from the other.
"""
