"""Say in the library whether visitors can open a file, and offer to make a document of it."""

from functools import wraps

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.documents.views.documents import EditView, IndexView

from home.admin.files.records import address_for, with_documents
from home.library import in_public_use
from home.wagtail_internals import replace_method


def state_of(file, is_used):
    """Return a sentence on whether visitors can open a file."""
    if not file.is_open:
        return _("Its collection is private, so visitors cannot open this file.")
    if not is_used:
        return _("No public page uses this file, so visitors cannot open it.")
    return _("Visitors can open this file.")


@wraps(IndexView.decorate_paginated_queryset)
def told(view, files, stock=IndexView.decorate_paginated_queryset):
    files = stock(view, files)
    listed = list(files)
    used, recorded = in_public_use(listed), with_documents(listed)
    address = address_for(view.request.user)
    for file in listed:
        file.state = state_of(file, file.pk in used)
        file.new_document = address and file.pk not in recorded and f"{address}{file.pk}"
    return files


def with_states(view, stock=IndexView.columns.func):
    found = stock(view)
    for column in found:
        if column.name == "title":
            column.cell_template_name = "home/admin/file_title.html"
    return found


@wraps(EditView.render_to_response)
def shown(view, context, stock=EditView.render_to_response, **options):
    file = view.object
    is_used = file.pk in in_public_use([file])
    address = None if with_documents([file]) else address_for(view.request.user)
    if address or not (is_used and file.is_open):
        buttons = [messages.button(f"{address}{file.pk}", _("Make a document of it"))] if address else []
        messages.info(view.request, state_of(file, is_used), buttons=buttons)
    return stock(view, context, **options)


columns = cached_property(with_states)
columns.__set_name__(IndexView, "columns")
replace_method(IndexView, "columns", columns)
replace_method(IndexView, "decorate_paginated_queryset", told)
replace_method(EditView, "render_to_response", shown)
