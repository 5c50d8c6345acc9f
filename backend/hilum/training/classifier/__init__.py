"""Train a classifier: pneumonia."""
