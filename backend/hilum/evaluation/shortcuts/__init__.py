"""Whether a model decides by what lies outside the chest."""
