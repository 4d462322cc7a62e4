from hypothesis import given
from hypothesis import strategies as st

from timeline.embedding.accents import BACKGROUNDS, channels, contrast, luminance, readable

colors = st.integers(0, 0xFFFFFF).map("{:06x}".format)


@given(colors, st.sampled_from(["light", "dark"]))
def test_every_color_becomes_readable_on_our_backgrounds(color, theme):
    shown, paper = readable(color, theme), BACKGROUNDS[theme]
    assert contrast(luminance(channels(shown[1:])), luminance(channels(paper[1:]))) >= 4.5


@given(colors, st.sampled_from(["light", "dark"]))
def test_readable_colors_are_not_changed(color, theme):
    once = readable(color, theme)
    assert readable(once[1:], theme) == once


def test_contrast_is_that_of_wcag():
    assert round(contrast(luminance(channels("000000")), luminance(channels("ffffff"))), 2) == 21
    assert round(contrast(luminance(channels("777777")), luminance(channels("ffffff"))), 2) == 4.48


def test_the_backgrounds_are_those_of_the_stylesheet():
    from pathlib import Path

    from django.contrib.staticfiles import finders

    tokens = Path(finders.find("css/tokens.css")).read_text()
    assert f"--paper-deep: light-dark({BACKGROUNDS['light']}, {BACKGROUNDS['dark']});" in tokens
