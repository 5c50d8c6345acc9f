"""Fit what turns logits into probabilities and decisions: for a bundle, or at a site."""
