"""Citations of a page as it was on a day, in the forms that people use. The site itself is the author."""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.html import format_html

# MLA Handbook, 9th edition, appendix 1. The other forms spell months out.
MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
LATEX = re.compile(r"[\\&%$#_{}~^]")
LATEX_WORDS = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


@dataclass(frozen=True)
class Cited:
    """A page that is cited, and the address at which it stays as it was."""

    site: str
    title: str
    slug: str
    day: date
    address: str
    language: str = "en"

    def in_words(self):
        """Yield the name of each style and the citation in it, as HTML."""
        day = date_format(self.day, "F j, Y") if self.language == "en" else date_format(self.day)
        apa = date_format(self.day, "Y, F j") if self.language == "en" else day
        mla = f"{self.day.day} {MONTHS[self.day.month - 1]} {self.day.year}" if self.language == "en" else day
        yield (
            "APA",
            format_html("{}. ({}). <em>{}</em>. {}", self.site, apa, self.title, self.address),
        )
        yield "MLA", format_html("“{}.” <em>{}</em>, {}, {}.", self.title, self.site, mla, self.address)
        yield "Chicago", format_html("{}. “{}.” {}. {}.", self.site, self.title, day, self.address)

    def as_wikitext(self):
        """Return Wikipedia's template "cite web"."""
        title = self.title.replace("|", "{{!}}").replace("[", "&#91;").replace("]", "&#93;")
        language = "" if self.language == "en" else f" |language={self.language}"
        about = f"url={self.address} |title={title} |website={self.site} |date={self.day}{language}"
        return f"{{{{cite web |{about}}}}}"

    def as_bibtex(self):
        """Return an entry of biblatex, which Zotero reads, too."""
        fields = {
            "author": f"{{{latex(self.site)}}}",
            "title": f"{{{latex(self.title)}}}",
            "date": self.day,
            "url": self.address,
            "langid": {"en": "english", "es": "spanish"}.get(self.language, self.language),
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@online{{{self.slug}-{self.day},\n{lines}}}\n"

    def as_ris(self):
        """Return a record for Zotero, EndNote and others."""
        fields = [
            ("TY", "ELEC"),
            ("AU", f"{self.site},"),
            ("TI", self.title),
            ("T2", self.site),
            ("PY", self.day.year),
            ("DA", f"{self.day:%Y/%m/%d}"),
            ("UR", self.address),
            ("LA", self.language),
            ("ER", ""),
        ]
        return "".join(f"{name}  - {value}\r\n" for name, value in fields)

    def as_coins(self):
        """Return a ContextObject, which Zotero finds in the title of an element."""
        return urlencode(
            {
                "ctx_ver": "Z39.88-2004",
                "rft_val_fmt": "info:ofi/fmt:kev:mtx:dc",
                "rft.type": "webpage",
                "rft.title": self.title,
                # Zotero would take a creator for a person, whose last name is the last word.
                "rft.aucorp": self.site,
                "rft.source": self.site,
                "rft.date": self.day,
                "rft.identifier": self.address,
                "rft.language": self.language,
            }
        )


def latex(text):
    return LATEX.sub(lambda found: LATEX_WORDS.get(found[0], f"\\{found[0]}"), text)
