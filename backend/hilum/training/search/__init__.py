"""Search for a better training recipe."""
