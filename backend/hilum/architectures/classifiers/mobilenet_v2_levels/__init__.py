"""MobileNetV2 read at four depths."""
