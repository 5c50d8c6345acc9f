"""MobileNetV2 with stride 16, with random or ImageNet weights."""
