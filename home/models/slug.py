from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.models import TranslatableMixin


class SluggedMixin(TranslatableMixin):
    """
    A translatable snippet whose `slug` is unique in its language.

    Forms have no field for the language, so Django doesn't validate this constraint.
    """

    class Meta(TranslatableMixin.Meta):
        abstract = True

    def clean(self):
        super().clean()
        others = type(self)._base_manager.filter(slug=self.slug, locale_id=self.locale_id).exclude(pk=self.pk)
        if other := self.slug and others.first():
            words = _("“%(other)s” has this short name already. Please choose another one.")
            raise ValidationError({"slug": words % {"other": other}})
