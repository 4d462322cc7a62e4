"""A model field and a form field for public web addresses."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from home.external_links.completing import complete_url
from home.external_links.unwrapping import unwrap_url
from home.external_links.validation import validate_not_admin

ERROR_MESSAGES = {"invalid": _("Enter a full web address, such as https://example.org/page.")}


class PublicURLFormField(forms.URLField):
    default_error_messages = ERROR_MESSAGES
    default_validators = [*forms.URLField.default_validators, validate_not_admin]

    def __init__(self, **kwargs):
        super().__init__(**{"assume_scheme": "https"} | kwargs)

    def to_python(self, value):
        return unwrap_url(super().to_python(value))


class PublicURLField(models.URLField):
    """A complete and unwrapped address outside of the admin. Migrations see a URLField."""

    default_error_messages = ERROR_MESSAGES
    default_validators = [*models.URLField.default_validators, validate_not_admin]

    def to_python(self, value):
        value = super().to_python(value)
        return unwrap_url(complete_url(value)) if value else value

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PublicURLFormField} | kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
