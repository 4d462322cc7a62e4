"""Keep the file of a form whose other fields have errors, so that nobody has to choose it again."""

import re
from pathlib import PurePath

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile as SentFile
from django.db import transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import UploadedFile

from home.files.errors import StoreAway

STORE_IS_AWAY = gettext_lazy(
    "The place where the site keeps images and files does not answer, so nothing was stored. "
    "What you typed is still here. Try again in a few minutes."
)


class KeepsFile(forms.ModelForm):
    """
    A form with a field `file`, and the number of the file that an earlier attempt kept in a hidden field.

    Wagtail's model for unfinished uploads stores it, and `delete_old_uploads` deletes it after a week.
    """

    kept_file = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.user = user
        self.kept = self.find_kept()
        self.is_out_of_reach = False
        if self.kept:
            self.take_kept()
        if "file" not in self.fields:
            del self.fields["kept_file"]

    def find_kept(self):
        """Return the kept UploadedFile, or None if the user has chosen another file, or it isn't hers."""
        number = self.data.get(self.add_prefix("kept_file"), "")
        is_new = self.files.get(self.add_prefix("file"))
        if "file" not in self.fields or is_new or not re.fullmatch(r"[0-9]{1,18}", number):
            return None
        return UploadedFile.objects.filter(pk=number, **self.owner()).first()

    def take_kept(self):
        """Treat the kept file as if it had been sent."""
        name = PurePath(self.kept.file.name).name
        try:
            file = SentFile(self.kept.file.file, name, size=self.kept.file.size)
        except StoreAway:
            self.is_out_of_reach = True
            self.fields["file"].required = False
        else:
            self.files = MultiValueDict({self.add_prefix("file"): [file]})

    def clean(self):
        data = super().clean()
        if self.is_out_of_reach:
            self.add_error("file", STORE_IS_AWAY)
        return data

    def owner(self):
        of_this_kind = ContentType.objects.get_for_model(self._meta.model)
        return {"uploaded_by_user": self.user, "for_content_type": of_this_kind}

    def keep_file(self):
        """Store the file that was sent, and show its name in the form instead of asking for it again."""
        name = self.add_prefix("kept_file")
        if name not in self.data:
            # Wagtail's screen for many files has no hidden field, and stores the file itself if it can.
            self.instance.file.storage.exists(self.instance.file.name)
            return
        if not self.kept:
            file = self.files[self.add_prefix("file")]
            self.kept = UploadedFile.objects.create(file=file, **self.owner())
            self.data = self.data.copy()
            self.data[name] = str(self.kept.pk)
        self.fields["file"].required = False
        words = _("%(name)s is kept. Choose a file only if you want another one.")
        words %= {"name": PurePath(self.kept.file.name).name}
        changes = getattr(self.files[self.add_prefix("file")], "changes", [])
        # The form was bound before it was checked.
        self["file"].help_text = " ".join([words, *changes])

    def save(self, commit=True):
        saved = super().save(commit=commit)
        if self.kept:
            stored = self.kept.file
            self.kept.delete()
            transaction.on_commit(lambda: stored.storage.delete(stored.name))
        return saved
