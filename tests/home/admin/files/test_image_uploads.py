"""Every stored image is made anew from its pixels, and is small; all else is refused in words."""

import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pillow_heif
import pytest
from django.urls import reverse
from PIL import Image, ImageCms, PngImagePlugin
from wagtail.models import UploadedFile

from home.files import cleaning
from home.files.child import JobFailed, JobResult
from home.files.jobs import JOBS
from home.models import SiteImage
from tests.support import factories
from tests.support.images import photo_with_position, png_of, stored
from tests.support.upload_screens import choose, drop, edit, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("editor")]
SCRIPT = b"<html><script>alert('Planted')</script></html>"
pillow_heif.register_heif_opener()


@pytest.fixture
def _in_this_process(monkeypatch):
    """Call the job itself, to save the time of starting a child process for each image."""

    def run_job(name, file, **options):
        try:
            return JobResult(*JOBS[name].function(file, **options))
        except Exception as error:
            raise JobFailed from error

    monkeypatch.setattr(cleaning, "run_job", run_job)
    # The job changes this, which would last until the end of this process.
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)


def as_bytes(image_format, mode="RGB", size=(40, 30), color=None, **options):
    content = BytesIO()
    image = Image.new(mode, size, color) if color is not None else Image.effect_noise(size, 90).convert(mode)
    image.save(content, image_format, **options)
    return content.getvalue()


def frames(image_format, **options):
    content = BytesIO()
    pictures = [Image.new("RGB", (40, 30), (80 * number, 0, 0)) for number in range(3)]
    pictures[0].save(content, image_format, save_all=True, append_images=pictures[1:], **options)
    return content.getvalue()


def archive():
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as new:
        new.writestr("Planted.html", SCRIPT)
    return content.getvalue()


def camera():
    exif = Image.Exif()
    exif[0x010F] = "PlantedCamera"
    return exif


def with_text():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SCRIPT.decode())
    info.add_itxt("XML:com.adobe.xmp", "<x>Planted</x>", zip=True)
    return as_bytes("PNG", pnginfo=info)


def with_strange_profile():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    return as_bytes("PNG", icc_profile=profile)


JPEG = as_bytes("JPEG")
TAKEN = {
    "JPEG": ("a.jpg", JPEG),
    "JPEG with a position": ("a.jpg", photo_with_position().read()),
    "JPEG named in capitals": ("a.JPG", JPEG),
    "JPEG and a zip archive": ("a.jpg", JPEG + archive()),
    "JPEG and a web page": ("a.jpg", JPEG + SCRIPT),
    "JPEG with a web page as comment": ("a.jpg", as_bytes("JPEG", comment=SCRIPT)),
    "JPEG in colors for printing": ("a.jpg", as_bytes("JPEG", "CMYK")),
    "JPEG with several images": ("a.jpg", frames("MPO")),
    "PNG and a web page": ("a.png", as_bytes("PNG") + SCRIPT),
    "PNG with texts": ("a.png", with_text()),
    "PNG with a strange color profile": ("a.png", with_strange_profile()),
    "PNG that moves": ("a.png", frames("PNG")),
    "PNG with 16 bits": ("a.png", as_bytes("PNG", "I;16", color=40_000)),
    "PNG with a palette": ("a.png", as_bytes("PNG", "P")),
    "PNG that is transparent": ("a.png", as_bytes("PNG", "RGBA")),
    "PNG of one long line": ("a.png", png_of((1, 20_000))),
    "GIF and a script": ("a.gif", as_bytes("GIF", "P") + b"/*Planted*/=1;alert(1)"),
    "GIF that moves": ("a.gif", frames("GIF")),
    "WebP that moves": ("a.webp", frames("WEBP")),
    "AVIF": ("a.avif", as_bytes("AVIF")),
    "HEIC": ("a.heic", as_bytes("HEIF")),
    "HEIC with a camera": ("a.HEIC", as_bytes("HEIF", exif=camera())),
    "JPEG with damaged metadata": ("a.jpg", as_bytes("JPEG", exif=b"Exif\0\0Planted")),
    "name with a path": ("../../Planted.jpg", JPEG),
}
REFUSED = {
    "drawing": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be shown on the web"),
    "drawing named .png": ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not an image"),
    "web page named .png": ("a.png", SCRIPT, "not an image"),
    "web page, then an image": ("a.jpg", SCRIPT + JPEG, "not an image"),
    "program": ("a.png", b"MZ\x90" + JPEG, "not an image"),
    "PDF named .jpg": ("a.jpg", factories.pdf_file(["x"]).read(), "not an image"),
    "HEIC named .jpg": ("a.jpg", as_bytes("HEIF"), "but it is heif"),
    "TIFF named .jpg": ("a.jpg", as_bytes("TIFF"), "not an image"),
    "half a JPEG": ("a.jpg", JPEG[: len(JPEG) // 2], "damaged"),
    "half a PNG": ("a.png", as_bytes("PNG")[:200], "damaged"),
    "nothing": ("a.png", b"", "empty"),
    "182 megapixels": ("a.png", png_of((14_000, 13_000)), "14,000 × 13,000 pixels"),
}


@pytest.mark.usefixtures("_in_this_process")
@pytest.mark.parametrize("kind", TAKEN)
def test_an_image_is_stored_as_pixels_only(client, kind, tmp_path):
    name, content = TAKEN[kind]
    choose(client, "images", upload(content, name))
    record = SiteImage.objects.get()
    written = stored(record)
    extension = record.file.name.rpartition(".")[2].lower()
    with Image.open(BytesIO(written)) as image:
        image.load()
        assert image.format == {"jpg": "JPEG"}.get(extension, extension.upper())
        assert image.format in {"AVIF", "JPEG", "PNG", "WEBP"}
        assert getattr(image, "n_frames", 1) == 1
        assert image.mode in {"L", "RGB", "RGBA"}
        assert not image.getexif()
        assert "icc_profile" not in image.info
        assert image.size == (record.width, record.height)
    assert b"Planted" not in written
    assert b"alert" not in written
    assert not zipfile.is_zipfile(BytesIO(written))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    # The other one is the preview in the form of a page.
    assert {path.parent for path in files} == {
        tmp_path / "media" / folder for folder in ("original_images", "images")
    }
    assert not [path for path in files if b"Planted" in path.read_bytes()]


@pytest.mark.usefixtures("_in_this_process")
@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_image_is_refused_in_words(client, kind):
    name, content, words = REFUSED[kind]
    assert words in drop(client, "images", upload(content, name))["error_message"]
    assert not SiteImage.objects.exists()
    assert not UploadedFile.objects.exists()


def test_at_least_30_kinds_of_images_are_tried():
    assert len(TAKEN) + len(REFUSED) >= 30


def test_an_image_keeps_its_look():
    """Check orientation, grays of 16 bits, transparency, and a color profile."""
    image = factories.make_image(file=photo_with_position())
    assert (image.width, image.height) == (40, 60)
    gray = factories.make_image(file=upload(TAKEN["PNG with 16 bits"][1], "gray.png"))
    assert Image.open(BytesIO(stored(gray))).getpixel((0, 0)) == 156
    glass = as_bytes("PNG", "RGBA", color=(10, 20, 30, 40))
    image = factories.make_image(file=upload(glass, "glass.png"))
    assert Image.open(BytesIO(stored(image))).getpixel((0, 0)) == (10, 20, 30, 40)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = factories.make_image(file=upload(as_bytes("JPEG", color="red", icc_profile=profile), "red.jpg"))
    red, green, blue = Image.open(BytesIO(stored(image))).getpixel((0, 0))
    assert red > 250
    assert green + blue < 10


@pytest.mark.usefixtures("_in_this_process")
def test_every_form_scales_an_image_above_10_megapixels_down(client):
    content = png_of((5_000, 6_000))
    drop(client, "images", upload(content, "a.png"))
    assert Image.open(UploadedFile.objects.get().file).size == (2_886, 3_464)
    choose(client, "images", upload(content, "a.png"))
    image = SiteImage.objects.get()
    assert (image.width, image.height) == (2_886, 3_464)
    image = factories.make_image()
    edit(client, image, file=upload(content, "b.png"), add_again="on")
    image.refresh_from_db()
    assert image.width * image.height <= 10_000_000


def test_a_png_of_121_megapixels_takes_little_memory_of_the_server():
    """Measure the memory of a new process that stores it, without its child process."""
    program = """
import resource
from io import BytesIO
from home.files import cleaning
from home.files.child import run_job
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
answer = run_job("image", BytesIO(open(0, "rb").read()), max_stored=10_000_000)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(answer.content) > 0, (after - before) // 1024)
"""
    sent = subprocess.run(
        [sys.executable, "-c", program],
        input=png_of((11_000, 11_000)),
        capture_output=True,
        cwd=Path(__file__).parents[4],
    )
    assert not sent.stderr
    is_stored, megabytes = sent.stdout.split()
    assert is_stored == b"True"
    assert int(megabytes) < 300


def test_the_position_of_an_image_is_stored_nowhere_before_its_form_is_complete(client, tmp_path, settings):
    for largest in (0, 10_000_000):  # In a temporary file, and in memory.
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = largest
        answer = drop(client, "images", upload(photo_with_position(), f"{largest}.jpg"))
        assert answer["success"], answer
    choose(client, "images", upload(photo_with_position(), "rally.jpg"), description="")
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) == 3
    assert not [path for path in kept if b"Planted" in path.read_bytes()]


def test_a_profile_picture_cannot_be_uploaded(client, tmp_path):
    address = reverse("wagtailadmin_account")
    assert 'type="file"' not in client.get(address).content.decode()
    client.post(address, {"avatar-avatar": upload(JPEG, "me.jpg")})
    assert not list(tmp_path.rglob("*.jpg"))
