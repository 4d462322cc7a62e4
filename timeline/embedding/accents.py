"""A partner's color, made readable on our paper."""

import colorsys

__all__ = ["PAPERS", "readable"]

# The light and the dark paper of tokens.css, its deeper shade, on which a link may stand too.
PAPERS = {"light": "#f3ede3", "dark": "#241f1b"}
# WCAG 2.2, 1.4.3: contrast of text with what it stands on.
LEAST_CONTRAST = 4.5
STEP = 0.01


def readable(color, theme):
    """
    The color itself if it can be read on the paper of the theme, else the nearest lightness that can.

    :param color: six hexadecimal digits, without the mark.
    :param theme: "light" or "dark".
    :returns: "#rrggbb".
    """
    paper = luminance(channels(PAPERS[theme][1:]))
    hue, lightness, saturation = colorsys.rgb_to_hls(*channels(color))
    toward = -STEP if theme == "light" else STEP
    red_green_blue = channels(color)
    while contrast(luminance(red_green_blue), paper) < LEAST_CONTRAST:
        lightness += toward
        red_green_blue = rounded(colorsys.hls_to_rgb(hue, min(max(lightness, 0), 1), saturation))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in red_green_blue)


def contrast(one, other):
    """The contrast of two luminances, from 1 to 21."""
    lighter, darker = max(one, other), min(one, other)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(red_green_blue):
    """Relative luminance as WCAG defines it: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in red_green_blue
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def channels(color):
    return tuple(int(color[place : place + 2], 16) / 255 for place in (0, 2, 4))


def rounded(red_green_blue):
    """As the color will be written, so that what is measured is what is shown."""
    return tuple(round(channel * 255) / 255 for channel in red_green_blue)
