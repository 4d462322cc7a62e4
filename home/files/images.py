"""Write uploaded images again, from their pixels only. Runs in the child process, without Django."""

from io import BytesIO
from math import ceil, sqrt

# Pixels of the largest image to open. Opening it takes up to 700 MB of memory.
MAX_OPENED = 128_000_000
# Pixels of the longest side that is stored: the limit of WebP.
MAX_SIDE = 16_383
# Rows that are scaled down at a time, to need no second copy of a large image.
STRIP = 256
# Pillow reads more formats, some with the help of other programs.
FORMATS = ("AVIF", "GIF", "HEIF", "JPEG", "PNG", "WEBP")
# Formats that are stored as another one.
STORED_AS = {"GIF": "PNG", "HEIF": "JPEG"}
# Formats of images that can move.
MOVING = {"AVIF", "GIF", "PNG", "WEBP"}
# Modes of pixels that are kept, or become another one than RGB.
MODES = {"1": "L", "I;16": "L", "L": "L", "CMYK": "CMYK"}
# Threads take memory, and an editor is waiting for the AVIF.
OPTIONS = {
    "AVIF": {"quality": 90, "max_threads": 1, "speed": 8},
    "JPEG": {"quality": 90},
    "PNG": {},
    "WEBP": {"quality": 90},
}


def stored_image(file, max_stored):
    """
    Job: prepare an image for the library.

    :param max_stored: the number of pixels above which the image is scaled down.
    :returns: a tuple of its format and size, whether it moves, and the format and size of the new content;
        and that content, empty if the image is too large to open.
    """
    import pillow_heif
    from PIL import Image

    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener()
    # We check the limit ourselves, to tell the editor the size of the image.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(file, formats=FORMATS) as image:
        size = width, height = image.size
        # Pillow's name for a JPEG with several images, which phones make.
        given = "JPEG" if image.format == "MPO" else image.format
        new_format = STORED_AS.get(given, given)
        facts = given.lower(), size, moves(image), new_format.lower()
        if width * height > MAX_OPENED:
            return (*facts, size), b""
        content = BytesIO()
        clean = pixels(image, max_stored, has_alpha=new_format != "JPEG")
        clean.save(content, new_format, **OPTIONS[new_format])
    return (*facts, clean.size), content.getvalue()


def moves(image):
    try:
        return image.format in MOVING and image.is_animated
    except Exception:  # Pillow raises anything if a later picture is damaged. The first may be fine.
        return False


def pixels(image, max_stored, has_alpha):
    """
    Return a new image without metadata: upright, in sRGB, and of `max_stored` pixels at most. It has only the
    first frame of an animation.
    """
    width, height = image.size
    scale = min(1, sqrt(max_stored / (width * height)), MAX_SIDE / max(width, height))
    size = max(1, int(width * scale)), max(1, int(height * scale))
    # A JPEG can be read smaller. Other formats ignore this.
    image.draft(None, size)
    image.load()
    profile = image.info.get("icc_profile")
    clean = upright(scaled(image, size))
    clean = in_srgb(clean, profile, "RGBA" if has_alpha and "A" in clean.getbands() else "RGB")
    # Pillow can write `info` to the new file.
    clean.info = {}
    return clean


def scaled(image, size):
    """Return an image scaled to a size, in the mode L, RGB, RGBA or CMYK, with its `info`."""
    from PIL import Image

    small = image
    if image.mode == "I;16":
        # 16 bits for each pixel. Converting it would cut off values above 255.
        small = image.point(lambda value: value / 256)
    mode = "RGBA" if image.has_transparency_data else MODES.get(small.mode, "RGB")
    factor = min(image.width // size[0], image.height // size[1])
    if factor > 1:
        small = reduced(small, mode, factor)
    small = small.convert(mode)
    if small.size != size:
        small = small.resize(size, Image.Resampling.LANCZOS)
    small.info = image.info
    return small


def reduced(image, mode, factor):
    """Return an image in another mode, and smaller by a whole factor, without a large copy in between."""
    from PIL import Image

    small = Image.new(mode, (ceil(image.width / factor), ceil(image.height / factor)))
    for number, top in enumerate(range(0, image.height, STRIP * factor)):
        strip = image.crop((0, top, image.width, min(top + STRIP * factor, image.height)))
        small.paste(strip.convert(mode).reduce(factor), (0, number * STRIP))
    return small


def upright(image):
    """Return an image turned as its camera was held."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # Pillow raises anything if the metadata is damaged. The pixels may be fine.
        return image


def in_srgb(image, profile, mode):
    """Return an image in sRGB, without its color profile. Most of the web ignores other profiles."""
    from PIL import ImageCms

    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        given, srgb = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        try:
            return ImageCms.profileToProfile(image, given, srgb, outputMode=mode)
        except ImageCms.PyCMSError:
            # The profile is for another mode. Browsers ignore it, too.
            pass
    return image if image.mode == "L" else image.convert(mode)
