"""
Messages of Wagtail that we put in other words: theirs name people or things wrongly, or are for developers.

Our words are in the catalogs of `leadwatch/locale`, those for English included: catalogs of a project come
before those of its packages.
"""

from django.utils.translation import gettext_noop as _

MESSAGES = [
    _("system"),
    _("System"),
    _("Reject"),
    _("Rejected"),
    _("Workflow: reject task"),
    _("Rejected at '%(task)s'. Changes requested"),
    _("Workflow task rejected. Workflow complete"),
    _("Changes requested"),
    _("Changes requested at"),
    _("Changes requested by %(requested_by)s"),
    _("Changes requested %(finished_at)s"),
    _("rejected notifications"),
    _("Receive notification when your page edit is rejected"),
    _("Your pages and snippets in a workflow"),
    _("Page/Snippet"),
    _("Page/Snippet ID"),
    _("Page/Snippet Type"),
    _("Page/Snippet Title"),
    _("No pages/snippets have been submitted for moderation yet"),
    _("root page"),
    _("Choose a root page"),
    _("Choose a different root page"),
    _(
        "The root level is where you can add new sites to your Wagtail installation. Pages created here will "
        "not be accessible at any URL until they are associated with a site."
    ),
]
