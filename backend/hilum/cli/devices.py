"""Devices of a training run."""

from hilum.cli.common import console
from hilum.training.config import TrainingConfig
from hilum.training.devices import share_batches


def use_devices(config: TrainingConfig) -> None:
    """Split batches over all devices, and say over how many."""
    count = share_batches(config.batch_size)
    if count > 1:
        console.print(f"Each batch is split over {count} devices.")
