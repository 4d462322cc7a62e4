"""Whether people can be recognized in an image, and their consent to be shown."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import ImageQuerySet

# A consent that ends before this time has passed is reported.
SOON = timedelta(days=61)


class People(models.TextChoices):
    """The answers to the question whether anybody can be recognized."""

    NOBODY = "nobody", _("No, nobody")
    AGREED = "agreed", _("Yes, and they agreed to be shown here")
    PUBLIC = "public", _("Yes, but only officials at work, or a crowd at a public event")


class ImageWithPeopleQuerySet(ImageQuerySet):
    def unanswered(self):
        """Images of which nobody has said whether people can be recognized."""
        return self.filter(people="")

    def withheld(self):
        """Images whose consent has ended or was withdrawn. Visitors don't see them."""
        return self.without_consent_on(timezone.localdate())

    def with_consent_ending(self):
        """Images whose consent has ended or ends soon."""
        return self.without_consent_on(timezone.localdate() + SOON)

    def without_consent_on(self, day):
        ended = Q(consent_withdrawn=True) | Q(consent_until__lt=day)
        return self.filter(ended, people=People.AGREED)


class ImageWithPeople(models.Model):
    """
    The answer for one image. It is empty for images that are older than the question.

    Who agreed is a private note: it is only in the form of the image, for those who may change it.
    """

    people = models.CharField(
        _("Can anybody be recognized?"),
        max_length=6,
        choices=People,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "By a face, tattoo, name tag or license plate. If somebody did not agree, blur or crop "
            "the image first. Never show people who use LEAD or are being arrested without their consent."
        ),
    )
    consent_from = models.CharField(
        _("Who agreed"),
        max_length=255,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Only people who may change this image see it. For somebody under 18, name the parent or "
            "guardian who agreed."
        ),
    )
    consent_on = models.DateField(_("When they agreed"), null=True, blank=True)
    consent_until = models.DateField(
        _("Until when"),
        null=True,
        blank=True,
        help_text=_(
            "The last day. After it, the site stops showing the image. Leave it empty if they set no end."
        ),
    )
    consent_withdrawn = models.BooleanField(
        _("Consent was withdrawn"),
        default=False,
        db_default=False,
        help_text=_("The site stops showing the image at once."),
    )
    # Whether the search index and cached pages leave the image out.
    is_left_out = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        abstract = True

    @property
    def is_withheld(self):
        """Whether visitors must not see the image."""
        has_ended = self.consent_until is not None and self.consent_until < timezone.localdate()
        return self.people == People.AGREED and (self.consent_withdrawn or has_ended)

    def clean_consent(self):
        """Return the errors by field. Without a consent, forget what was entered about one."""
        if self.people != People.AGREED:
            self.consent_from, self.consent_on, self.consent_until = "", None, None
            self.consent_withdrawn = False
            return {}
        errors = {}
        if not self.consent_from:
            errors["consent_from"] = _("Say who agreed, in a name or a few words.")
        if not self.consent_on:
            errors["consent_on"] = _("Enter the day on which they agreed.")
        elif self.consent_until and self.consent_until < self.consent_on:
            errors["consent_until"] = _("This is before the day on which they agreed.")
        return errors


def shown(image):
    """Return an image if visitors may see it, else None."""
    return image if image and not image.is_withheld else None
