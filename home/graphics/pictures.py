"""Pictures in several sizes and formats."""

from django.utils.html import escape
from django.utils.safestring import mark_safe
from wagtail.images.models import Picture


class SitePicture(Picture):
    """Wagtail's Picture. Its HTML is the same, but takes a fraction of the time."""

    def __html__(self):
        fallback = self.get_fallback_format()
        shown = self.formats[fallback] if fallback else self.renditions
        sources = [
            tag(
                "source",
                srcset=self.get_width_srcset(self.formats[each.name]),
                sizes=self.attrs.get("sizes"),
                type=each.mime_type,
            )
            for each in self.source_format_order
            if each.name in self.formats and each.name != fallback
        ]
        first, srcset = shown[0], self.get_width_srcset(shown) if len(shown) > 1 else None
        size = {"src": first.url, "width": first.width, "height": first.height, "alt": first.alt}
        image = tag("img", **size | self.attrs, srcset=srcset)
        return mark_safe(f"<picture>{''.join(sources)}{image}</picture>")


def tag(name, **attributes):
    """Return a tag as text. An attribute that is None is left out."""
    words = [f' {key}="{escape(value)}"' for key, value in attributes.items() if value is not None]
    return f"<{name}{''.join(words)}>"
