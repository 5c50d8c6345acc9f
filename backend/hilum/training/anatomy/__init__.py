"""Train the anatomy model."""
