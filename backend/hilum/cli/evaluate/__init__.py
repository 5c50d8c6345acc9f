"""`hilum evaluate`: measure a model on labelled radiographs; one file for each command."""
