"""What goes back to the study that a radiograph came from: SR, SEG, SC, Encapsulated PDF."""
