"""A network of four convolutions, for tests of how networks are trained."""
