"""
Wagtail's messages that this project words differently, because they are wrong here or meant for developers.

Our wording is in the catalogs of `leadwatch/locale`, including the one for English. A project's catalogs take
precedence over those of its packages.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

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
    # Wagtail calls a file a document. Here, a document is a page.
    _("Add/edit documents you own"),
    _("Edit any document"),
    _("Select documents in choosers"),
    _("Add tags to documents"),
    _("Add documents to collection"),
    _("Delete documents"),
    _("Latest documents"),
    _('Sorry, no documents match "<em>%(search_query)s</em>"'),
    _("You haven't uploaded any documents in this collection."),
    _("You haven't uploaded any documents."),
    _("Change document:"),
    _("Add a document"),
    _("Select all documents in listing"),
    _('Sorry, no documents match "<em>%(query_string)s</em>"'),
    _(
        "You haven't uploaded any documents in this collection. "
        'Why not <a href="%(wagtaildocs_add_document_url)s">upload one now</a>?'
    ),
    _(
        "You haven't uploaded any documents. "
        'Why not <a href="%(wagtaildocs_add_document_url)s">upload one now</a>?'
    ),
    _("Add multiple documents"),
    _("Drag and drop documents into this area to upload immediately."),
    _(
        "Upload successful. Please update this document with a more appropriate title, if necessary. You may "
        "also delete the document completely if the upload wasn't required."
    ),
    _("Document updated."),
    _("You need a password to access this document."),
    _("Document permissions"),
    _("Add a document permission"),
    _("Add tags to the selected documents"),
    _("Add selected documents to collection"),
    _("Delete selected documents"),
    _("Choose a document"),
    _("Choose another document"),
    _("Edit this document"),
    _("Document '%(document_title)s' added."),
    _("The document could not be saved due to errors."),
    _("Document '%(document_title)s' updated"),
    _("Delete document"),
    _("Document '%(document_title)s' deleted."),
    _("Add documents"),
    _("1 document selected"),
    _("%(objects)s documents selected"),
    _("All %(objects)s documents on this screen selected"),
    _("All documents in listing selected"),
    _("Privacy settings determine who is able to view documents in this collection."),
]
PLURALS = [
    ngettext_lazy(
        '%(total)s Document <span class="w-sr-only">created in %(site_name)s</span>',
        '%(total)s Documents <span class="w-sr-only">created in %(site_name)s</span>',
        1,
    ),
    ngettext_lazy("Add tags to 1 document", "Add tags to %(counter)s documents", 1),
    ngettext_lazy(
        "Are you sure you want to tag the following document?",
        "Are you sure you want to tag the following documents?",
        1,
    ),
    ngettext_lazy(
        "You don't have permission to add tags to this document",
        "You don't have permission to add tags to these documents",
        1,
    ),
    ngettext_lazy("Add 1 document to new collection", "Add %(counter)s documents to new collection", 1),
    ngettext_lazy(
        "Are you sure you want to add the following document to the selected collection?",
        "Are you sure you want to add the following documents to the selected collection?",
        1,
    ),
    ngettext_lazy(
        "You don't have permission to add this document to a collection",
        "You don't have permission to add these documents to a collection",
        1,
    ),
    ngettext_lazy("Delete 1 document", "Delete %(counter)s documents", 1),
    ngettext_lazy(
        "Are you sure you want to delete this document?",
        "Are you sure you want to delete these documents?",
        1,
    ),
    ngettext_lazy(
        "You don't have permission to delete this document",
        "You don't have permission to delete these documents",
        1,
    ),
    ngettext_lazy(
        "New tags have been added to %(num_parent_objects)d document",
        "New tags have been added to %(num_parent_objects)d documents",
        1,
    ),
    ngettext_lazy(
        "%(num_parent_objects)d document has been added to %(collection)s",
        "%(num_parent_objects)d documents have been added to %(collection)s",
        1,
    ),
    ngettext_lazy(
        "%(num_parent_objects)d document has been deleted",
        "%(num_parent_objects)d documents have been deleted",
        1,
    ),
    ngettext_lazy("%(count)s document", "%(count)s documents", 1),
]
