"""The forms for images and files, in every screen of the library, in choosers and for imports."""

import errno
import logging
import shutil
from contextlib import suppress
from pathlib import Path, PurePath

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from home.admin.files.image_field import ImageField
from home.admin.files.kept_file import STORE_IS_AWAY
from home.admin.files.records import address_for
from home.admin.files.replacing import AsksBeforeReplacing
from home.admin.files.titles import MADE_UP, readable_title
from home.consent.models import People
from home.forms.words import WordsField
from home.wagtail_internals import remember_dimensions

logger = logging.getLogger(__name__)

# Bytes that an upload leaves free, for smaller sizes of images and all else that the site writes.
SPARE = 20 * 1024 * 1024
DISK_IS_FULL = gettext_lazy(
    "The server’s disk is full, so nothing was stored. Tell the person who runs the site, and try again then."
)


def has_room_for(file):
    """Return whether its storage has room for a file, as far as a storage says so."""
    with suppress(FileNotFoundError, NotImplementedError):
        folder = Path(file.storage.path(""))
        # The first upload makes the folder.
        return shutil.disk_usage(folder if folder.exists() else folder.parent).free > file.size + SPARE
    return True


class LibraryForm(AsksBeforeReplacing):
    """A form for an image or a file, with a readable title, and no duplicate. The disk must have room."""

    add_again = forms.BooleanField(
        label=gettext_lazy("Add it again anyway"), required=False, widget=forms.HiddenInput
    )

    # Whether a person fills in the form, who can enter a better title and hear of duplicates.
    is_typed = True

    # The script of Wagtail's choosers stops at text fields that are required, and the other fields are named
    # only when the form is sent again. Without the attribute, the site names all at once.
    use_required_attribute = False

    class Media:
        css = {"all": ["site_admin/forms.css", "site_admin/uploads.css"]}
        js = ["site_admin/made_up_titles.js"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None
        if is_new and self.instance.title:
            self.initial["title"] = readable_title(self.instance.title)
        if "file" not in self.fields or not is_new:
            del self.fields["add_again"]
        if "file" in self.fields:
            # The script takes titles from the names of files.
            self.fields["file"].widget.attrs["data-made-up-names"] = MADE_UP
            self.order_fields(["title", "file", "replace_everywhere", "add_again", *self.fields])

    def clean_title(self):
        title = self.cleaned_data["title"]
        file = self.files.get(self.add_prefix("file"))
        name = PurePath(file.name).stem if file else ""
        if not self.is_typed or (self.instance.pk and title == self.initial.get("title")):
            return title
        if not readable_title(title):
            raise ValidationError(_("Describe it in a few words instead of a name like “IMG_2041”."))
        return readable_title(title) if title == name else title

    def _post_clean(self):
        super()._post_clean()
        if self.has_new_file and "file" not in self.errors:
            try:
                self.instance.set_file_metadata()
            except Exception:  # The libraries raise anything.
                logger.exception("A file was refused.")
                self.add_error("file", _("This file is damaged. Open it, save it again, and upload that."))
            else:
                self.refuse_duplicate()
                if not has_room_for(self.instance.file):
                    self.add_error("file", DISK_IS_FULL)
                else:
                    self.store_or_keep_file()
        if self.has_new_file and self.errors and self.instance.pk:
            # The form is shown again with the stored file. `refresh_from_db` would open that of an image.
            vars(self.instance).update(vars(type(self.instance).objects.get(pk=self.instance.pk)))

    def store_or_keep_file(self):
        """Store the file before the form is saved, so that the form is shown again if that fails."""
        try:
            if self.errors:
                self.keep_file()
                return
            content = self.instance.file.file
            self.instance.file.save(self.instance.file.name, content, save=False)
            # Don't read it from the store again.
            self.instance.file.file = content
        except OSError as error:
            logger.warning("A file could not be stored: %s", type(error).__name__)
            is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            self.add_error("file", DISK_IS_FULL if is_full else STORE_IS_AWAY)

    def refuse_duplicate(self):
        """Add an error if the library has the same file, unless the user wants it twice."""
        if not self.is_typed or self.cleaned_data.get("add_again"):
            return
        ours = self.permission_policy.instances_user_has_permission_for(self.user, "choose")
        found = ours.filter(file_hash=self.instance.file_hash).exclude(pk=self.instance.pk).first()
        if not found:
            return
        words = _("This file is already in the library: {}. Use that one.")
        link = format_html('<a href="{}">{}</a>', reverse(self.edit_url_name, args=[found.pk]), found.title)
        self.add_error("file", format_html(words, link))
        if "add_again" in self.fields:
            self.fields["add_again"].widget = forms.CheckboxInput()


class SiteImageForm(LibraryForm, BaseImageForm):
    """The form for an image. A person who fills it in must say whether anybody can be recognized."""

    class Media:
        js = ["site_admin/one_after_the_other.js"]

    edit_url_name = "wagtailimages:edit"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = ImageField(
                label=field.label, required=field.required, max_length=field.max_length, widget=field.widget
            )
        if self.kept:
            # An earlier attempt has passed it through ImageField.
            self.files[self.add_prefix("file")].is_without_metadata = True
        self.fields["description"].help_text = _(
            "What the image shows, in a sentence, for people who do not see it."
        )
        self.fields["descriptions"] = WordsField(
            {
                code: (capfirst(name), code)
                for code, name in settings.LANGUAGES
                if code != settings.LANGUAGE_CODE
            },
            self.fields["description"].max_length,
            label=self.fields["descriptions"].label,
            help_text=self.fields["descriptions"].help_text,
        )
        # It gets an asterisk. The model knows when it is needed.
        self.fields["description"].required = True
        people = self.fields["people"]
        self.fields["people"] = forms.ChoiceField(
            label=people.label,
            help_text=people.help_text,
            choices=People.choices,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose an answer. If in doubt, somebody can be recognized.")},
        )
        # Nobody withdraws a consent that is only being noted.
        if self.instance.pk is None:
            del self.fields["consent_withdrawn"]
        for name in ("consent_on", "consent_until"):
            self.fields[name].widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")

    def full_clean(self):
        if self.instance.pk:
            remember_dimensions(self.instance)
        self.fields["people"].required = self.is_typed
        description = self.fields["description"]
        description.required = False
        super().full_clean()
        description.required = True

    def save(self, commit=True):
        image = super().save(commit)
        if commit:
            # Wagtail's form has deleted the renditions of an image whose file was replaced.
            image.prepare_renditions()
        return image


class SiteDocumentForm(LibraryForm, BaseDocumentForm):
    class Media:
        js = ["site_admin/new_document.js"]

    edit_url_name = "wagtaildocs:edit"

    keep_as_is = forms.BooleanField(
        label=gettext_lazy("Keep the file byte for byte"),
        required=False,
        help_text=gettext_lazy(
            "For an official file that must stay exactly as issued. Otherwise, the file's details about "
            "its author, time and program are removed."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            shrink = _(
                "Scan at 150 to 200 dots per inch, or save the PDF as “reduced size”, and upload that."
            )
            too_large = _("This file has %(file_size)s. The maximum is %(max_filesize)s.")
            unknown = _("This file is larger than %(size)s.") % {"size": field.max_upload_size_text}
            field.error_messages |= {
                "file_too_large": f"{too_large} {shrink}",
                "file_too_large_unknown_size": f"{unknown} {shrink}",
            }
            self.order_fields(["title", "file", "keep_as_is", *self.fields])
        else:
            # On the screen for many files. The script offers the next step once the title is saved.
            del self.fields["keep_as_is"]
            if self.user and (address := address_for(self.user)):
                words = {"data-new-document": address, "data-words": _("Make a document of it")}
                self.fields["title"].widget.attrs |= words
        if self.instance.pk:
            field = self.fields["file" if "file" in self.fields else "title"]
            field.help_text = f"{self.instance.get_details_display()} {field.help_text}".strip()

    def _post_clean(self):
        self.instance.keeps_metadata = self.cleaned_data.get("keep_as_is", False)
        super()._post_clean()
