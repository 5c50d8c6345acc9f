"""`hilum evaluate`: measure a model on labelled radiographs; one file per command."""
