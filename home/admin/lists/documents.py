"""The records at a glance."""

from django.contrib.admin import display
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail_modeladmin.options import modeladmin_register

from home.admin.lists.base import ChoicesFilter, Filter, sortable, when
from home.admin.lists.pages import LocaleFilter, PageListAdmin, SourceFilter, StageFilter, YearFilter
from home.models import DocumentPage, FileText


class KindFilter(ChoicesFilter):
    parameter_name = "kind"


class ForceFilter(ChoicesFilter):
    parameter_name = "status"

    def __init__(self, *args):
        super().__init__(*args)
        self.title = _("in force")


# What the search knows of a file, in a few words; longer ones are for the record's own page.
READ = {
    FileText.State.READ: gettext_lazy("can be searched"),
    FileText.State.EMPTY: gettext_lazy("pictures of pages, cannot be searched"),
    FileText.State.UNREADABLE: gettext_lazy("cannot be read by the search"),
    FileText.State.UNSUPPORTED: gettext_lazy("of a kind that is not searched"),
}
NOT_READ_YET = gettext_lazy("not read by the search yet")


class FileFilter(Filter):
    title = gettext_lazy("the search and the file")
    parameter_name = "file"

    def lookups(self, request, model_admin):
        states = [(state.value, words) for state, words in READ.items()]
        return [
            ("none", _("No file")),
            *((value, _("File %(state)s") % {"state": words}) for value, words in states),
        ]

    def narrow(self, records, value):
        if value == "none":
            return records.filter(file=None)
        return records.filter(file__file_text__state=value)


def name_of_file(record):
    """The name and the size of the file."""
    if not record.file:
        return ""
    size = record.file.file_size
    return f"{record.file.filename} ({filesizeformat(size)})" if size else record.file.filename


def reading_of_file(record):
    """Whether the search knows the file."""
    if not record.file:
        return ""
    text = getattr(record.file, "file_text", None)
    return READ[text.state] if text and text.is_of(record.file) else NOT_READ_YET


@modeladmin_register
class RecordAdmin(PageListAdmin):
    model = DocumentPage
    add_to_admin_menu = True
    menu_label = gettext_lazy("Records")
    menu_icon = "doc-full"
    menu_order = 160
    list_display = [
        "shown_date",
        "shown_title",
        "kind_name",
        "from_whom",
        "file_and_reading",
        "sources_in_all",
        "stage",
    ]
    list_filter = [StageFilter, KindFilter, ForceFilter, FileFilter, YearFilter, SourceFilter, LocaleFilter]
    search_fields = ["title", "draft_title", "summary", "issued_by", "file__title", "file__file"]
    list_export = {
        gettext_lazy("Date"): lambda record: when(record.date),
        gettext_lazy("Date to sort by"): lambda record: sortable(record.date),
        gettext_lazy("Title"): lambda record: record.title,
        gettext_lazy("Kind"): lambda record: record.get_kind_display(),
        gettext_lazy("From whom"): lambda record: record.issued_by,
        gettext_lazy("In force"): lambda record: record.get_status_display(),
        gettext_lazy("Summary"): lambda record: record.summary,
        gettext_lazy("File"): name_of_file,
        gettext_lazy("The search and the file"): reading_of_file,
        gettext_lazy("Number of sources"): lambda record: record.source_count,
        gettext_lazy("Sources"): lambda record: "\n".join(map(str, record.sources.all())),
        **PageListAdmin.export_of_every_page,
    }
    details = {
        gettext_lazy("Date"): lambda record: when(record.date),
        gettext_lazy("Kind"): lambda record: record.get_kind_display(),
        gettext_lazy("From whom"): lambda record: record.issued_by,
        gettext_lazy("In force"): lambda record: record.get_status_display(),
        gettext_lazy("Summary"): lambda record: record.summary,
        gettext_lazy("File"): lambda record: record.file and link_to_file(record),
        gettext_lazy("The search and the file"): reading_of_file,
    }

    def get_queryset(self, request):
        records = super().get_queryset(request).select_related("file__file_text")
        # The texts may be whole books.
        return records.defer("file__file_text__pages").prefetch_related("sources")

    def buttons(self, user):
        yield from self.add_button(user, _("Add a record"))

    @display(description=gettext_lazy("Date"), ordering="dated")
    def shown_date(self, record):
        return when(record.date)

    @display(description=gettext_lazy("Kind"), ordering="kind")
    def kind_name(self, record):
        return record.get_kind_display()

    @display(description=gettext_lazy("From whom"), ordering="issued_by")
    def from_whom(self, record):
        return record.issued_by

    @display(description=gettext_lazy("File"))
    def file_and_reading(self, record):
        return f"{name_of_file(record)}\n{reading_of_file(record)}" if record.file else _("No file")


def link_to_file(record):
    return format_html('<a href="{}">{}</a>', record.file.url, name_of_file(record))
