"""One implementation of each statistic, with intervals over patients."""
