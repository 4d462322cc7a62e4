"""Show where a file of the library is used before it is replaced."""

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.admin_url_finder import AdminURLFinder

from home.admin.files.kept_file import KeepsFile

# The number of places using a file that are listed by name.
MOST_PLACES = 20


class AsksBeforeReplacing(KeepsFile):
    replace_everywhere = forms.BooleanField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        uses = self.instance.get_usage() if self.instance.pk and "file" in self.fields else None
        if uses and (count := uses.count()):
            self.ask(uses, count)
        else:
            del self.fields["replace_everywhere"]

    def ask(self, uses, count):
        field = self.fields["replace_everywhere"]
        words = ngettext(
            "Replace it in the %(count)s place where it is used",
            "Replace it in the %(count)s places where it is used",
            count,
        )
        field.label = words % {"count": count}
        field.help_text = format_html(
            "{} <ul>{}</ul>{}",
            _("Only needed if you choose another file above. It is used here:"),
            format_html_join("", "<li>{}</li>", ((place,) for place in self.places(uses[:MOST_PLACES]))),
            _("and elsewhere") if count > MOST_PLACES else "",
        )

    def places(self, uses):
        """Yield what uses the file, by name if the user may edit it."""
        finder = AdminURLFinder(self.user)
        for use, _references in uses:
            url = finder.get_edit_url(use)
            if url:
                yield format_html('<a href="{}">{}</a>', url, use)
            else:
                yield _("something that you may not edit")

    @property
    def has_new_file(self):
        return "file" in self.fields and "file" in self.changed_data

    def clean(self):
        data = super().clean()
        if "replace_everywhere" in self.fields and self.has_new_file and not data.get("replace_everywhere"):
            self.add_error(
                "replace_everywhere",
                _("Look at where it is used. To replace it there, check this box."),
            )
        return data
