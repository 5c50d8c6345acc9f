"""Hilum reads frontal chest X-rays. For research and education; not a medical device."""

import sys

__version__ = "0.2.0"

# OpenVINO tells Google Analytics that it was imported, by a fork of the running process, which can
# hang there. Without this package, which it depends on, it sends nothing.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
