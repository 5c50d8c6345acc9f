"""A small residual network, trained from random weights."""
