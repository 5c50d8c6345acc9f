"""Networks that outline organs."""
