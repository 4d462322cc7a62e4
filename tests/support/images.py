"""Images made for tests."""

from functools import cache
from io import BytesIO

from PIL import Image

from tests.support import factories


def photo_with_position():
    """Return a photo as a phone takes it: rotated, and with its position and camera in the metadata."""
    exif = Image.Exif()
    exif[0x010F] = "PlantedCamera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (41.0, 18.0, 30.0)
    return factories.image_file(exif=exif, comment=b"PlantedComment")


def stored(image):
    with image.file.open() as file:
        return file.read()


@cache
def png_of(size):
    content = BytesIO()
    Image.new("1", size).save(content, "PNG")
    return content.getvalue()
