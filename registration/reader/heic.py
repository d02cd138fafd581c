"""HEIC: decoded by one thread and reduced strip by strip, for a phone's 50 megapixels are large."""

import io

import pillow_heif
from PIL import Image

from registration.reader import photos
from registration.reader.made import Made, Unreadable

STRIP = 128  # rows at a time, of the picture that is kept

# Each thread would hold tiles of its own; the next photo has a process of its own anyway.
pillow_heif.options.DECODE_THREADS = 1
pillow_heif.options.THUMBNAILS = False
pillow_heif.options.DEPTH_IMAGES = False
pillow_heif.options.AUX_IMAGES = False


def reencode(sent: bytes) -> Made:
    """Our own version of a HEIC. Raises Unreadable.

    The file's own transformations have turned it upright; its EXIF and XMP repeat that or are
    wrong, and are not read.
    """
    try:
        return photos.finished(_drawn(sent))
    except (*photos.FAILURES, RuntimeError):
        raise Unreadable("unreadable") from None


def _drawn(sent: bytes) -> Image.Image:
    image = pillow_heif.open_heif(io.BytesIO(sent), convert_hdr_to_8bit=True)
    photos.check_pixels(*image.size)
    reduced = _reduced(image)
    del image
    size = photos.fitted(*reduced.size)
    return photos.on_white(reduced.resize(size, Image.Resampling.BICUBIC))


def _reduced(image: pillow_heif.HeifFile) -> Image.Image:
    """By the largest whole factor that leaves the size wanted, without a second whole copy."""
    data = image.data  # the size may change while it is decoded
    (width, height), stride, mode = image.size, image.stride, image.mode
    factor = max(1, width // photos.fitted(width, height)[0])
    reduced = Image.new(mode, (-(-width // factor), -(-height // factor)))
    for top in range(0, height, STRIP * factor):
        rows = min(STRIP * factor, height - top)
        part = data[top * stride : (top + rows) * stride]
        strip = Image.frombuffer(mode, (width, rows), part, "raw", mode, stride, 1)
        reduced.paste(strip.reduce(factor), (0, top // factor))
    return reduced
