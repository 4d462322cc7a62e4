"""Files that are archives of parts: those of Office and OpenDocument."""

from zipfile import ZipFile

__all__ = ["MOST_UNPACKED", "TooLarge", "contents", "opened"]

# Bytes to which the parts of a file may unpack, and how many parts; a few kilobytes can be made to unpack to
# gigabytes. `ZipFile` reads no more of a part than the archive says that there is.
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 10_000


class TooLarge(Exception):
    """A limit is passed. The arguments are the name of the limit, such as "megabytes", and its value."""

    def __str__(self):
        name, value = self.args
        return f"It unpacks to more than {value} {name}."


def opened(file, most_unpacked=MOST_UNPACKED):
    """
    Open an archive that is small enough to be unpacked.

    :param file: an open file of bytes.
    :returns: a ZipFile.
    :raises TooLarge: if its parts are too many or too large.
    """
    archive = ZipFile(file)
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most_unpacked:
        raise TooLarge("megabytes", most_unpacked // 1024 // 1024)
    return archive


def contents(file, parts, most_unpacked):
    """
    Job: whether an archive holds all these parts, and whether it holds programs.

    :raises TooLarge: if it is too large to be unpacked.
    """
    names = set(opened(file, most_unpacked).namelist())
    has_programs = any(name.endswith("vbaProject.bin") for name in names)
    return {"has_parts": names.issuperset(parts), "has_programs": has_programs}
