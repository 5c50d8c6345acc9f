"""SqueezeNet 1.1."""
