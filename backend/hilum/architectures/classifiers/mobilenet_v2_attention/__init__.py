"""MobileNetV2 with transformer blocks, read at four depths."""
