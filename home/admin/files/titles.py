"""Titles of images and files, made of their names."""

import re

EXTENSION = re.compile(r"\.[a-z]{3,4}[0-9]?$", re.IGNORECASE)
# Names that cameras, phones, scanners and other programs give to files.
BY_A_DEVICE = re.compile(
    r"(img|dscn?|dscf|pxl|mvi|p(?=\d)|pict|picture|photo|images?|scan|screen ?shot|whatsapp image|signal"
    r"|fullsizerender|untitled|unnamed|document|doc|download|file)?"
    r"(\s|\d|[.,:()#-]|\bat\b|wa(?=\d)|\b[ap]m\b)*",
    re.IGNORECASE,
)
# The same for a script.
MADE_UP = f"^(?:{BY_A_DEVICE.pattern})$"


def readable_title(name):
    """Return a title made of a file name; empty for a device's name, so that the editor enters one."""
    title = re.sub(r"[\s_]+", " ", EXTENSION.sub("", name)).strip()
    if BY_A_DEVICE.fullmatch(title):
        return ""
    return title[:1].upper() + title[1:]
