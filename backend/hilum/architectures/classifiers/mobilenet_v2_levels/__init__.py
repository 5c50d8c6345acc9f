"""MobileNetV2 read at three depths."""
