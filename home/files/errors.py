"""Errors of reading and cleaning files. Nothing here imports Django."""


class TooLarge(Exception):
    """A file exceeds a limit. The arguments are the name of the limit, such as "megabytes", and its value."""

    def __str__(self):
        name, value = self.args
        return f"The file unpacks to more than {value} {name}."


class StoreAway(OSError):
    """The store of images and files, such as a bucket, doesn't answer, or refuses a request."""


class UnreadableFile(Exception):
    """The file is damaged, locked with a password, or too unusual to read."""


class UnsupportedFile(Exception):
    """We don't read text from files of this kind."""


class Signed(Exception):
    """The file has a digital signature, which writing it again would invalidate."""


class Locked(Exception):
    """The file is encrypted."""
