"""Log entries: that the translation of a page or snippet was added, and that all of a language were."""

from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter, log
from wagtail.models import ModelLogEntry, PageLogEntry

ADDED = "leadwatch.add_translation"
ALL_ADDED = "leadwatch.add_translations"


def log_added(original, language):
    log(instance=original, action=ADDED, data={"language": language})


def originals_logged(language):
    """Return the content types and primary keys (as text) of all whose translation was once added."""
    pages = PageLogEntry.objects.filter(action=ADDED).values_list("content_type", "page_id", "data")
    snippets = ModelLogEntry.objects.filter(action=ADDED).values_list("content_type", "object_id", "data")
    return {(kind, str(pk)) for kind, pk, data in [*pages, *snippets] if data["language"] == language}


def log_all_added(locale, version):
    log(instance=locale, action=ALL_ADDED, data={"version": version, "language": locale.language_code})


def languages_with_all(version):
    """Return the codes of the languages to which everything in a version of the data files was added."""
    entries = ModelLogEntry.objects.filter(action=ALL_ADDED).values_list("data", flat=True)
    return {data["language"] for data in entries if data["version"] == version}


@hooks.register("register_log_actions")
def translation_log_actions(actions):
    actions.register_action(
        ALL_ADDED,
        gettext_lazy("Add translations"),
        gettext_lazy("Added the translations of the starter content"),
    )

    @actions.register_action(ADDED)
    class Entry(LogFormatter):
        label = gettext_lazy("Add translation")

        def format_message(self, log_entry):
            language = get_language_info(log_entry.data["language"])["name_translated"]
            return _("Added the translation of the starter content: %(language)s") % {"language": language}
