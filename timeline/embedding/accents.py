"""Make a partner's color readable on our backgrounds."""

import colorsys

# `--paper-deep` of tokens.css, the darker of the backgrounds on which links stand.
BACKGROUNDS = {"light": "#f3ede3", "dark": "#241f1b"}
# WCAG 2.2, 1.4.3: minimum contrast of text with its background.
MIN_CONTRAST = 4.5
STEP = 0.01


def readable(color, theme):
    """
    Return the color, made darker or lighter if it can't be read on the background of the theme.

    :param color: six hexadecimal digits, without "#".
    :param theme: "light" or "dark".
    :returns: "#rrggbb".
    """
    background = luminance(channels(BACKGROUNDS[theme][1:]))
    hue, lightness, saturation = colorsys.rgb_to_hls(*channels(color))
    step = -STEP if theme == "light" else STEP
    rgb = channels(color)
    while contrast(luminance(rgb), background) < MIN_CONTRAST:
        lightness += step
        rgb = rounded(colorsys.hls_to_rgb(hue, min(max(lightness, 0), 1), saturation))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)


def contrast(one, other):
    """Return the contrast of two luminances, from 1 to 21."""
    lighter, darker = max(one, other), min(one, other)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(rgb):
    """Return the relative luminance as defined in https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in rgb
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def channels(color):
    """Return red, green and blue from 0 to 1."""
    return tuple(int(color[place : place + 2], 16) / 255 for place in (0, 2, 4))


def rounded(rgb):
    """Round to whole numbers of 255, so that the color that is checked is the one that is shown."""
    return tuple(round(channel * 255) / 255 for channel in rgb)
