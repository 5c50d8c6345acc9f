"""MobileNetV2 with all its stages."""
