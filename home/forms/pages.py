"""The editor's forms of pages."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_all_child_relations
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

from home.addresses.reserved import is_reserved, reserved_slug
from home.content_checks.obstacles import NotPublishable
from home.corrections.question import CorrectionForm
from home.forms.autosave import AutosavedForm
from home.translating.form import TranslationForm


class ObstacleForm(WagtailAdminPageForm):
    """Shows the page's obstacles when it is published or submitted. Saving a draft ignores them."""

    def _post_clean(self):
        super()._post_clean()
        if self.is_deferred_validation:
            return
        valid = {name for name, formset in self.formsets.items() if formset.is_valid()}
        for name in valid:
            self.formsets[name].instance = self.instance
            self.formsets[name].save(commit=False)
        # A row with an error of its own is shown with that error.
        shown = {*self.errors, *(self.formsets.keys() - valid)}
        if obstacles := [each for each in self.instance.obstacles() if each.path not in shown]:
            self.add_error(None, NotPublishable(self.instance, obstacles))


class BasePageForm(AutosavedForm, CorrectionForm, TranslationForm, ObstacleForm):
    """The form of every page. It also refuses addresses that are taken, and restores earlier versions."""

    # Whether rows of an earlier version that are deleted come back as new ones.
    renews_deleted_rows = True

    def __init__(self, *args, instance=None, **kwargs):
        if self.renews_deleted_rows and instance is not None and instance.pk:
            renew_deleted_rows(instance)
        super().__init__(*args, instance=instance, **kwargs)

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if is_reserved(slug, self.parent_page):
            raise ValidationError(reserved_slug(slug))
        # Wagtail checks this too, but with a message that few editors understand.
        siblings = self.parent_page.get_children() if self.parent_page else Page.objects.none()
        if siblings.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            words = _(
                "Another page has the address “%(slug)s” already. Please change it, such as by adding the "
                "year."
            )
            raise ValidationError(words % {"slug": slug})
        return slug


def renew_deleted_rows(page):
    """Clear the keys of an earlier version's rows that are deleted, since the form would reject them."""
    for relation in get_all_child_relations(page):
        rows = [row for row in getattr(page, relation.get_accessor_name()).all() if row.pk]
        known = relation.related_model._base_manager.in_bulk([row.pk for row in rows]) if rows else {}
        for row in rows:
            if row.pk not in known:
                row.pk = None
