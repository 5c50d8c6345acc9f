"""Lungs and heart: outlines, measurements, and the lung field that models read."""

from hilum.models.anatomy.card import AnatomyCard
from hilum.models.anatomy.lung_field import LungField
from hilum.models.anatomy.masks import Organ
from hilum.models.anatomy.reader import Anatomy, AnatomyReader

__all__ = ["Anatomy", "AnatomyCard", "AnatomyReader", "LungField", "Organ"]
