"""Entries in the history of a page or snippet whose translation was added."""

from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter, log
from wagtail.models import ModelLogEntry, PageLogEntry

ADDED = "leadwatch.add_translation"


def log_added(original, language):
    log(instance=original, action=ADDED, data={"language": language})


def originals_logged(language):
    """Return the content types and primary keys (as text) of all whose translation was once added."""
    pages = PageLogEntry.objects.filter(action=ADDED).values_list("content_type", "page_id", "data")
    snippets = ModelLogEntry.objects.filter(action=ADDED).values_list("content_type", "object_id", "data")
    return {(kind, str(pk)) for kind, pk, data in [*pages, *snippets] if data["language"] == language}


@hooks.register("register_log_actions")
def translation_log_actions(actions):
    @actions.register_action(ADDED)
    class Entry(LogFormatter):
        label = gettext_lazy("Add translation")

        def format_message(self, log_entry):
            language = get_language_info(log_entry.data["language"])["name_translated"]
            return _("Added the translation of the starter content: %(language)s") % {"language": language}
