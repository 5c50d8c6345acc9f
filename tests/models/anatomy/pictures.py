"""What a picture shows, by hand."""

from hilum.models.anatomy.picture import Picture, PictureKind
from hilum.populations import Population


def picture_like(
    population: Population | None,
    *,
    is_known: bool = True,
    is_near: bool = True,
    is_ap: bool | None = None,
    kind: PictureKind = PictureKind.OTHER,
) -> Picture:
    """A film of a population; `kind` is what is shown where it is not known as a film."""
    return Picture(
        kind=PictureKind.FRONTAL_CHEST if is_known else kind,
        probability=0.99 if is_near else 0.5 if is_known else 0.01,
        is_known=is_known,
        is_near=is_near,
        adult_probability={Population.ADULTS: 0.99, Population.CHILDREN: 0.01}.get(population, 0.5),
        ap_probability={True: 0.99, False: 0.01}.get(is_ap, 0.5),
        population=population,
        is_ap=is_ap,
    )
