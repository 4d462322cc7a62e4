"""Check uploaded images and remove their metadata. Runs in the child process; nothing here imports Django."""

from io import BytesIO

# Pixels: the limit of WebP.
MAX_SIDE = 16_383
# Pillow reads more formats, some with the help of other programs.
FORMATS = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")


def stored_image(file, max_pixels):
    """
    Job: prepare an image for the library.

    :param max_pixels: the most pixels to accept, in all frames together.
    :returns: a tuple of its format, width, height and number of frames; and the new content, empty if the
        image is too large.
    """
    from PIL import Image

    # We check the limit ourselves, to tell the editor the size of the image.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(file, formats=FORMATS) as image:
        image_format, (width, height) = image.format.lower(), image.size
        is_small = width <= MAX_SIDE and height <= MAX_SIDE and width * height <= max_pixels
        # Counting frames can take long.
        frames = getattr(image, "n_frames", 1) if is_small else 1
    content = b""
    if is_small and width * height * frames <= max_pixels:
        content = image_without_metadata(file).getvalue()
    return (image_format, width, height, frames), content


def image_without_metadata(file):
    """
    Write an image again from its pixels, without position, camera, author or comments. Returns a BytesIO.

    The orientation is applied to the pixels. Color profile and animation are kept.
    """
    from PIL import Image, ImageOps, ImageSequence

    file.seek(0)
    image = Image.open(file, formats=FORMATS)
    options = {"format": image.format}
    if profile := image.info.get("icc_profile"):
        options["icc_profile"] = profile
    if image.format in {"JPEG", "WEBP", "AVIF"}:
        options["quality"] = 90
    if image.format == "AVIF":
        # Threads take memory, and an editor is waiting.
        options |= {"max_threads": 1, "speed": 8}
    frames = [ImageOps.exif_transpose(frame) for frame in ImageSequence.Iterator(image)]
    if len(frames) > 1:
        options |= {"save_all": True, "append_images": frames[1:], "loop": image.info.get("loop", 0)}
        if duration := image.info.get("duration"):
            options["duration"] = duration
    # Pillow can write `info` to the new file, so keep only the transparent color.
    for frame in frames:
        frame.info = {name: value for name, value in frame.info.items() if name == "transparency"}
    clean = BytesIO()
    frames[0].save(clean, **options)
    clean.seek(0)
    return clean
