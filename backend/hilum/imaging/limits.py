"""Limits on the size and shape of images."""

from dataclasses import dataclass

from hilum.errors import ImageTooLargeError, UnreadableRadiographError

MIN_SIDE_PX = 32
"""Below this side, a chest cannot be distinguished from noise."""

SMALL_SIDE_PX = 160
"""Below this side, a lung is a few dozen pixels wide: a warning is given."""

MAX_ASPECT_RATIO = 4.0
"""A frontal chest film is between 1:1.5 and 1.5:1; this leaves room for borders."""

MAX_SCANS = 100
"""Of a JPEG; encoders of progressive ones write about ten, the most thorough twenty."""

MAX_SCANNED_PIXELS = 1_000_000_000
"""Scans of a JPEG x rows x columns: a decoder takes 0.4 ns for each."""

MAX_SEGMENTS = 5_000
"""Segments of a JPEG; of 64 kB each, those of the largest file are a thousand."""

MAX_METADATA_BYTES = 2_000_000
"""Exif and Photoshop resources of a JPEG. Exif has one segment of 64 kB; Pillow joins several in
quadratic time, and reads the resources one by one."""

MAX_TILES = 5_000
"""Of a JPEG 2000; of 128 x 128 pixels, as small as writers make them, 64 megapixels have 4,000."""

MAX_CODE_BLOCKS = 250_000
"""Of a JPEG 2000; a decoder takes 200 bytes for each. Of 32 x 32 pixels, 64 megapixels have 63,000
at full size and 83,000 in all."""

MAX_PACKETS = 500_000
"""Of a JPEG 2000: precincts of all resolutions x layers."""

MAX_TIFF_ENTRIES = 1_000
"""Of a directory of a TIFF; TIFF 6.0 has 74 tags."""

MAX_TIFF_VALUES = 100_000
"""Of an entry: strips of one line each, in three planes, of a picture as high as they are read."""

MAX_PNG_CHUNKS = 50_000
"""Writers end a chunk of pixels after 8 kB or more: those of the largest file are 8,000."""

MAX_WINDOWS = 50
"""Of a DICOM file, or its VOI LUTs; where one does not fit the picture, the next one is tried."""

MAX_STRAY_BYTES = 100_000
"""Bytes of a JPEG that belong to no segment."""

_GREY_BYTES = 2
"""Of a pixel of 16 bits: as many as are allowed may have so many."""


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """Bounds that are checked on a picture's header, before any pixel is decoded.

    Attributes
    ----------
    max_bytes : int
        Largest file, in bytes.
    max_pixels : int
        Largest rows x columns.
    max_sample_bytes : int
        Bytes of the decoded values of a picture in colour, of 16 bits or more; grey ones of 16
        bits may have `max_pixels` in any case.
    max_elements, max_items : int
        Elements, and items of sequences, of a DICOM header, at all levels. A radiograph's has a
        few hundred elements and some dozens of items; an item costs pydicom 0.1 ms.
    max_depth : int
        Levels of sequences in sequences; those of PS3.3 for radiographs have five at most.
    max_values : int
        Values of all elements of several, binary numbers but for a small share of theirs.
    max_fragments : int
        Items of encapsulated pixels: one for most writers, some write one for each few kB.
    """

    max_bytes: int = 64 * 1024 * 1024
    max_pixels: int = 64_000_000
    max_sample_bytes: int = 128_000_000
    max_elements: int = 20_000
    max_items: int = 3_000
    max_depth: int = 16
    max_values: int = 100_000
    max_fragments: int = 20_000

    def check_bytes(self, size: int) -> None:
        """Raise `ImageTooLargeError` where `size` bytes are over the limit."""
        if size > self.max_bytes:
            raise ImageTooLargeError(
                f"The file is {size / 2**20:.1f} MB; the limit is {self.max_bytes / 2**20:.0f} MB. "
                "Send a smaller export of the radiograph."
            )

    def check_pixels(self, rows: int, columns: int) -> None:
        """Raise `ImageTooLargeError` where a picture has more pixels than the limit."""
        if rows * columns > self.max_pixels:
            raise ImageTooLargeError(
                f"The picture claims {columns} x {rows} pixels; the limit is "
                f"{self.max_pixels / 1e6:.0f} megapixels. Send a smaller export."
            )

    def check_samples(self, rows: int, columns: int, samples: int, bits: int) -> None:
        """Raise `ImageTooLargeError` where the values of all pixels take too much memory."""
        room = rows * columns * samples * -(-bits // 8)
        if room > max(self.max_sample_bytes, _GREY_BYTES * self.max_pixels):
            raise ImageTooLargeError(
                f"The picture claims {columns} x {rows} pixels of up to {samples} values of {bits} "
                f"bits: {room / 2**20:.0f} MB in all. Send a smaller one, or one in grey with 8 or "
                "16 bits, as PNG or DICOM."
            )

    def check_size(self, rows: int, columns: int) -> None:
        """Raise an `ImageError` where a picture of this size must not be decoded."""
        self.check_pixels(rows, columns)
        if min(rows, columns) < MIN_SIDE_PX:
            raise UnreadableRadiographError(
                f"The picture is {columns} x {rows} pixels, too small to be read: "
                f"each side needs at least {MIN_SIDE_PX} pixels."
            )
        if max(rows, columns) > MAX_ASPECT_RATIO * min(rows, columns):
            raise UnreadableRadiographError(
                f"The picture is {columns} x {rows} pixels, far too elongated for a frontal "
                "chest radiograph. Send the whole film, uncropped."
            )
