"""The batches that training draws."""

from dataclasses import replace

import numpy as np

from hilum.architectures.classifiers.head import ACTIVATION_MAP, LOGITS
from hilum.imaging import Preprocessing
from hilum.imaging.preprocess import WHOLE
from hilum.training.classifier.films import AugmentedBatches, Films
from hilum.training.classifier.objective import one_of_many
from hilum.training.config import Augmentation
from tests.datasets.phantom_data import draw_film

SIDE = 32


def batches(changes=None, *, mixup=0.0):
    pictures = np.stack([draw_film(seed, side=SIDE) / np.float32(255) for seed in range(8)])
    chests = np.zeros(pictures.shape, dtype=np.uint8)
    chests[:, 8:24, 8:24] = 1
    return AugmentedBatches(
        Films(pictures, [WHOLE] * 8, chests),
        replace(one_of_many(np.arange(8) % 2, 2), weights=np.array([1, 3] * 4, dtype=np.float32)),
        Preprocessing(input_size_px=SIDE), changes or Augmentation(), batch_size=4, seed=3,
        mixup=mixup,
    )  # fmt: skip


def test_labels_are_even_where_lungs_and_heart_are_filled():
    _, targets, _ = batches(Augmentation(chestless=1.0))[0]

    np.testing.assert_array_equal(targets[LOGITS], np.full((4, 2), 0.5))
    assert not targets[ACTIVATION_MAP].any()


def test_labels_are_the_films_own_elsewhere():
    drawn = batches()
    drawn.begin_epoch(1)
    everything = [drawn[number] for number in range(len(drawn))]
    targets = np.concatenate([each[1][LOGITS] for each in everything])
    weights = np.concatenate([each[2][LOGITS] for each in everything])

    np.testing.assert_array_equal(targets.sum(axis=0), [4, 4])
    np.testing.assert_array_equal(weights, np.where(targets[:, 0] == 1, 1, 3))


def test_mixed_labels_and_weights_keep_their_sums():
    plain, mixed = batches()[0], batches(mixup=0.5)[0]

    assert not np.allclose(mixed[0], plain[0])
    np.testing.assert_allclose(mixed[1][LOGITS].sum(axis=1), 1, rtol=1e-6)
    assert ((mixed[1][LOGITS] > 0) & (mixed[1][LOGITS] < 1)).any()
    # A film of label 0 weighs 1 and one of label 1 weighs 3, mixed or not.
    np.testing.assert_allclose(mixed[2][LOGITS], mixed[1][LOGITS] @ [1, 3], rtol=1e-5)


def test_the_same_seed_and_epoch_draw_the_same_batch():
    one, other = batches(mixup=0.5)[1], batches(mixup=0.5)[1]

    np.testing.assert_array_equal(one[0], other[0])
