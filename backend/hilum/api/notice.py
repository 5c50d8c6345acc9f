"""Notice shown with every reading."""

NOTICE = "For research and education. Not a medical device: a person decides."
