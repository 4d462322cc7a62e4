"""
The forms by which pictures and files come into the library, in each of its screens and from an import: alone,
many at once, or from the chooser of a page.
"""

import logging
import re
from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from home.models.media import ImageTooLarge, clean_image

__all__ = ["SiteDocumentForm", "SiteImageForm", "readable_title"]

logger = logging.getLogger(__name__)

EXTENSION = re.compile(r"\.[a-z]{3,4}[0-9]?$", re.IGNORECASE)
# What cameras, telephones and scanners call a file, and programs one that was not named.
BY_A_MACHINE = re.compile(
    r"(img|dscn?|dscf|pxl|mvi|p(?=\d)|pict|picture|photo|images?|scan|screen ?shot|whatsapp image|signal"
    r"|fullsizerender|untitled|unnamed|document|doc|download|file)?"
    r"(\s|\d|[.,:()#-]|\bat\b|wa(?=\d)|\b[ap]m\b)*",
    re.IGNORECASE,
)
# Places where a file is used that are named one by one.
MOST_PLACES = 20

HOW_TO_EXPORT = gettext_lazy(
    "Pictures can be JPEG, PNG, WebP, GIF or AVIF. An iPhone saves HEIC: under Settings, Camera, Formats "
    "choose “Most Compatible”, or export the picture as JPEG. Export a drawing (SVG) as PNG."
)
HOW_TO_SHRINK = gettext_lazy(
    "In your telephone's mail program send it to yourself in a smaller size, or export it smaller, and add "
    "that."
)


def readable_title(name):
    """A title made of a file's name; empty if a machine gave the name, so that somebody has to say it."""
    title = re.sub(r"[\s_]+", " ", EXTENSION.sub("", name)).strip()
    if BY_A_MACHINE.fullmatch(title):
        return ""
    return title[:1].upper() + title[1:]


class LibraryForm(forms.ModelForm):
    """
    What pictures and files have in common: a title that people understand, nothing twice, and nothing
    replaced by somebody who has not seen where it is used.
    """

    add_again = forms.BooleanField(
        label=gettext_lazy("Add it again all the same"), required=False, widget=forms.HiddenInput
    )
    replace_everywhere = forms.BooleanField(required=False)

    # Whether a person fills it in, who can be asked for a better title and told of what there is already.
    is_typed = True

    class Media:
        css = {"all": ["site_admin/uploads.css"]}

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.user = user
        is_new = self.instance.pk is None
        if is_new and self.instance.title:
            self.initial["title"] = readable_title(self.instance.title)
        if "file" not in self.fields or not is_new:
            del self.fields["add_again"]
        if "file" not in self.fields or is_new or not self.ask_before_replacing():
            del self.fields["replace_everywhere"]
        if "file" in self.fields:
            self.order_fields(["title", "file", "replace_everywhere", "add_again", *self.fields])

    def ask_before_replacing(self):
        """Say beside the file where it is used, if anywhere."""
        uses = self.instance.get_usage()
        count = uses.count()
        if count:
            field = self.fields["replace_everywhere"]
            words = ngettext(
                "Replace it in the %(count)s place where it is used",
                "Replace it in the %(count)s places where it is used",
                count,
            )
            field.label = words % {"count": count}
            more = _("and elsewhere") if count > MOST_PLACES else ""
            field.help_text = format_html(
                "{} <ul>{}</ul>{}",
                _("Needed only if you choose another file above. It is used here:"),
                format_html_join("", "<li>{}</li>", ((place,) for place in self.places(uses[:MOST_PLACES]))),
                more,
            )
        return bool(count)

    def places(self, uses):
        """What uses it, by name for those who may edit that."""
        finder = AdminURLFinder(self.user)
        for use, _references in uses:
            url = finder.get_edit_url(use)
            if url:
                yield format_html('<a href="{}">{}</a>', url, use)
            else:
                yield _("something that you may not edit")

    def clean_title(self):
        title = self.cleaned_data["title"]
        file = self.files.get(self.add_prefix("file"))
        name = PurePath(file.name).stem if file else ""
        if not self.is_typed or (self.instance.pk and title == self.initial.get("title")):
            return title
        if not readable_title(title):
            raise ValidationError(_("Say in a few words what it is, in the place of a name like “IMG_2041”."))
        return readable_title(title) if title == name else title

    def clean(self):
        data = super().clean()
        if "replace_everywhere" in self.fields and self.has_new_file and not data.get("replace_everywhere"):
            self.add_error(
                "replace_everywhere",
                _("See where it is used. If it may be replaced there, tick this and choose the file again."),
            )
        return data

    @property
    def has_new_file(self):
        return "file" in self.fields and "file" in self.changed_data

    def _post_clean(self):
        super()._post_clean()
        if self.has_new_file and "file" not in self.errors:
            try:
                self.instance.set_file_metadata()
            except Exception:  # The libraries raise anything.
                logger.exception("A file was refused.")
                self.add_error("file", _("This file is damaged. Open it, save it anew, and add that."))
            else:
                self.look_for_another()
        if self.has_new_file and self.errors and self.instance.pk:
            # The form that comes back shows the file that is still there.
            self.instance.refresh_from_db(fields=["file", *self.file_facts])

    def look_for_another(self):
        """Refuse what is in the library already, unless it is wished once more."""
        if not self.is_typed or self.cleaned_data.get("add_again"):
            return
        ours = self.permission_policy.instances_user_has_permission_for(self.user, "choose")
        found = ours.filter(file_hash=self.instance.file_hash).exclude(pk=self.instance.pk).first()
        if not found:
            return
        words = _("This very file is in the library already: {}. Use that one.")
        link = format_html('<a href="{}">{}</a>', reverse(self.edit_url_name, args=[found.pk]), found.title)
        self.add_error("file", format_html(words, link))
        if "add_again" in self.fields:
            self.fields["add_again"].widget = forms.CheckboxInput()
            self.fields["add_again"].help_text = _("Then choose the file once more.")


class PictureField(WagtailImageField):
    """Wagtail's, which says what to do with a picture that it refuses, and takes a damaged one for that."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        too_large = _("This picture has %(file_size)s; up to %(max_filesize)s can be taken.")
        unknown = _("This picture has more than %(size)s.") % {"size": self.max_upload_size_text}
        damaged = _("This is no picture, or it is damaged.")
        unseen = _("Pictures of this kind cannot be shown on the web.")
        named = _("This file is named .%(extension)s, but in truth it is %(image_format)s.")
        self.error_messages |= {
            "file_too_large": f"{too_large} {HOW_TO_SHRINK}",
            "file_too_large_unknown_size": f"{unknown} {HOW_TO_SHRINK}",
            "invalid_image": f"{damaged} {HOW_TO_EXPORT}",
            "invalid_image_extension": f"{unseen} {HOW_TO_EXPORT}",
            "invalid_image_known_format": f"{named} {HOW_TO_EXPORT}",
        }

    def to_python(self, data):
        """
        The picture as it is to be stored.

        Nothing here opens the file, as Wagtail's field would: that may take any amount of memory.
        """
        file = forms.FileField.to_python(self, data)
        if not file:
            return None
        self.check_image_file_size(file)
        extension = PurePath(file.name).suffix.lower().removeprefix(".")
        if extension not in self.allowed_image_extensions:
            raise self.refusal("invalid_image_extension")
        try:
            image_format, clean = clean_image(file)
        except ImageTooLarge as error:
            raise ValidationError(
                f"{error.messages[0]} {HOW_TO_SHRINK}", code="file_too_many_pixels"
            ) from error
        except Exception as error:  # The libraries raise anything.
            logger.warning("A picture was refused.", exc_info=True)
            raise self.refusal("invalid_image") from error
        if image_format != extension.replace("jpg", "jpeg"):
            raise self.refusal("invalid_image_known_format", extension=extension, image_format=image_format)
        clean.is_without_metadata = True
        return clean

    def refusal(self, code, **values):
        return ValidationError(self.error_messages[code], code=code, params=values)


class SiteImageForm(LibraryForm, BaseImageForm):
    file_facts = ("file_size", "file_hash", "width", "height")
    edit_url_name = "wagtailimages:edit"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = PictureField(
                label=field.label, required=field.required, max_length=field.max_length, widget=field.widget
            )


class SiteDocumentForm(LibraryForm, BaseDocumentForm):
    file_facts = ("file_size", "file_hash", "details")
    edit_url_name = "wagtaildocs:edit"

    keep_as_is = forms.BooleanField(
        label=gettext_lazy("Keep the file byte for byte"),
        required=False,
        help_text=gettext_lazy(
            "For an official record whose every detail matters. Otherwise what it says of who made it, when "
            "and with what is taken out."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            shrink = _("Scan with 150 to 200 dots per inch, or save the PDF as “reduced size”, and add that.")
            too_large = _("This file has %(file_size)s; up to %(max_filesize)s can be taken.")
            unknown = _("This file has more than %(size)s.") % {"size": field.max_upload_size_text}
            field.error_messages |= {
                "file_too_large": f"{too_large} {shrink}",
                "file_too_large_unknown_size": f"{unknown} {shrink}",
            }
            self.order_fields(["title", "file", "keep_as_is", *self.fields])
        else:
            del self.fields["keep_as_is"]
        if self.instance.pk:
            field = self.fields["file" if "file" in self.fields else "title"]
            field.help_text = f"{self.instance.get_details_display()} {field.help_text}".strip()

    def _post_clean(self):
        self.instance.keeps_metadata = self.cleaned_data.get("keep_as_is", False)
        super()._post_clean()
