"""The list of documents."""

from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from wagtail_modeladmin.options import modeladmin_register

from home.admin.lists.columns import Column, In, date_for_people, date_for_sorting
from home.admin.lists.filters import (
    ChoicesFilter,
    Filter,
    LocaleFilter,
    SourceFilter,
    StageFilter,
    YearFilter,
)
from home.admin.lists.pages import SOURCE_COUNT, TITLE, TRACKING, PageListAdmin
from home.models import DocumentPage, FileText


class KindFilter(ChoicesFilter):
    parameter_name = "kind"


class ForceFilter(ChoicesFilter):
    parameter_name = "status"

    def __init__(self, *args):
        super().__init__(*args)
        self.title = _("in force")


# Whether the search can read a file. The document's own page explains it at length.
READ = {
    FileText.State.READ: _("can be searched"),
    FileText.State.MACHINE: _("read by a machine, can be searched"),
    FileText.State.PARTLY: _("some pages read by a machine, can be searched"),
    FileText.State.EMPTY: _("scanned images without text, cannot be searched"),
    FileText.State.UNREADABLE: _("cannot be read by the search"),
    FileText.State.UNSUPPORTED: _("file type is not searched"),
}
NOT_READ_YET = _("not read by the search yet")


class FileFilter(Filter):
    title = _("file and search")
    parameter_name = "file"

    def lookups(self, request, model_admin):
        states = [(state.value, words) for state, words in READ.items()]
        return [
            ("none", _("No file")),
            *((value, _("File: %(state)s") % {"state": words}) for value, words in states),
        ]

    def narrow(self, documents, value):
        if value == "none":
            return documents.filter(file=None)
        return documents.filter(file__file_text__state=value)


def file_name(document):
    if not document.file:
        return ""
    size = document.file.file_size
    return f"{document.file.filename} ({filesizeformat(size)})" if size else document.file.filename


def file_state(document):
    """Return whether the search can read the file, in words."""
    if not document.file:
        return ""
    text = getattr(document.file, "file_text", None)
    return READ[text.state] if text and text.is_of(document.file) else NOT_READ_YET


def file_summary(document):
    return f"{file_name(document)}\n{file_state(document)}" if document.file else _("No file")


def file_link(document):
    return document.file and format_html('<a href="{}">{}</a>', document.file.url, file_name(document))


@modeladmin_register
class DocumentAdmin(PageListAdmin):
    model = DocumentPage
    add_to_admin_menu = True
    menu_label = _("Documents")
    # Wagtail has a menu item named "documents".
    menu_item_name = "document-pages"
    menu_icon = "doc-full"
    menu_order = 160
    columns = [
        Column(_("Date"), lambda doc: date_for_people(doc.date), In.EVERYWHERE, sort="dated"),
        Column(_("Date to sort by"), lambda doc: date_for_sorting(doc.date), In.EXPORT),
        TITLE,
        Column(_("Title"), lambda doc: doc.title, In.EXPORT),
        Column(_("Kind"), lambda doc: doc.get_kind_display(), In.EVERYWHERE, sort="kind"),
        Column(_("Issued by"), lambda doc: doc.issued_by, In.EVERYWHERE, sort="issued_by"),
        Column(_("In force"), lambda doc: doc.get_status_display(), In.EXPORT | In.DETAILS),
        Column(_("Summary"), lambda doc: doc.summary, In.EXPORT | In.DETAILS),
        Column(_("File"), file_summary, In.LIST),
        Column(_("File"), file_name, In.EXPORT),
        Column(_("File"), file_link, In.DETAILS),
        Column(_("File and search"), file_state, In.EXPORT | In.DETAILS),
        SOURCE_COUNT,
        Column(_("Sources"), lambda doc: "\n".join(map(str, doc.sources.all())), In.EXPORT),
        *TRACKING,
    ]
    list_filter = [StageFilter, KindFilter, ForceFilter, FileFilter, YearFilter, SourceFilter, LocaleFilter]
    search_fields = ["title", "draft_title", "summary", "issued_by", "file__title", "file__file"]

    def get_queryset(self, request):
        documents = super().get_queryset(request).select_related("file__file_text")
        # The text of a file can be as long as a book.
        return documents.defer("file__file_text__pages").prefetch_related("sources")

    def buttons(self, user):
        yield from self.add_button(user, pgettext("page", "Add a document"))
