"""Training of a classifier: pneumonia."""
