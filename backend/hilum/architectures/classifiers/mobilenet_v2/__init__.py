"""MobileNetV2 to a sixteenth of the side, from random or ImageNet weights."""
