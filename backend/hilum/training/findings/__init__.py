"""Training of the model of the findings of adults."""
