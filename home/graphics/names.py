"""Names in the charts and the table of a figure."""


class Name(str):
    """
    The name of a group.

    `lang` is the code of its language if that is not the reader's.
    """

    __slots__ = ("lang",)

    def __new__(cls, text, lang=""):
        name = super().__new__(cls, text)
        name.lang = lang
        return name
