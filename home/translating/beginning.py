"""Begin translations: a draft with the words of the original, to be replaced one by one."""

from django.db import transaction
from wagtail.models import GroupPagePermission, Page

from home.translating.originals import save, share


@transaction.atomic
def begin(original, locale, user=None):
    """
    Return the translation of a published page or snippet, as a draft if there was none.

    The pages above a page get drafts, too, if they lack a translation.
    """
    if found := original.get_translation_or_none(locale):
        return found
    is_page = isinstance(original, Page)
    translation = begin_page(original, locale, user) if is_page else begin_snippet(original, locale)
    share(original, translation)
    save(translation)
    translation.save_revision(user=user, clean=False)
    return translation


def begin_page(original, locale, user):
    parent = original.get_parent()
    if not parent.is_root():
        begin(parent.specific, locale, user)
    translation = original.copy_for_translation(locale)
    if parent.is_root():
        # Whoever may change the original may change the translation.
        for each in GroupPagePermission.objects.filter(page=original):
            translation.group_permissions.create(group=each.group, permission=each.permission)
    return translation


def begin_snippet(original, locale):
    translation = original.copy_for_translation(locale)
    translation.latest_revision = translation.live_revision = translation.first_published_at = None
    translation.live = False
    return translation
