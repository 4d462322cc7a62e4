"""Make a document of a file: the form for a new document, filled with what the file says."""

import re
from functools import wraps

from django.urls import reverse
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.create import CreateView
from wagtail.coreutils import find_available_slug
from wagtail.permission_policies.pages import PagePermissionPolicy

from home.dates.parsing import first_date
from home.models import DocumentIndexPage, DocumentPage, SiteDocument
from home.wagtail_internals import permission_policy, replace_method

# Words of titles, in English and Spanish.
KINDS = {
    DocumentPage.Kind.MINUTES: "minutes|actas?",
    DocumentPage.Kind.LETTER: "letter|cartas?",
    DocumentPage.Kind.AGREEMENT: "agreement|memorandum|mou|moa|acuerdo|convenio",
    DocumentPage.Kind.CONTRACT: "contract|contrato",
    DocumentPage.Kind.REPORT: "report|evaluation|informe",
}
# Characters of the file that are looked at, and that become the summary.
MOST_READ = 1000
SUMMARY = 300


def address_for(user):
    """Return the address of the form for a new document, to which the key of a file is added; or None."""
    # The first list of documents is that of the site's first language.
    lists = DocumentIndexPage.objects.order_by("path")
    allowed = PagePermissionPolicy().instances_user_has_permission_for(user, "add")
    parent = lists.filter(pk__in=allowed.values("pk")).first()
    if parent is None:
        return None
    names = DocumentPage._meta.app_label, DocumentPage._meta.model_name
    return reverse("wagtailadmin_pages:add", args=[*names, parent.pk]) + "?file="


def with_documents(files):
    """Return the keys of those files that a document shows."""
    documents = DocumentPage.objects.filter(file__in=files)
    return set(documents.values_list("file", flat=True).distinct())


def kind_of(title):
    for kind, words in KINDS.items():
        if re.search(rf"\b({words})\b", title, re.IGNORECASE):
            return kind
    return DocumentPage.Kind.OTHER


def fill(page, parent, file):
    page.title, page.file, page.kind = file.title, file, kind_of(file.title)
    # The browser makes the address of a title only when it is typed.
    page.slug = find_available_slug(parent, slugify(file.title, allow_unicode=True) or "document")
    text = " ".join(" ".join(page.file_pages)[: 2 * MOST_READ].split())[:MOST_READ]
    page.summary = Truncator(text).chars(SUMMARY)
    page.date = first_date(file.title) or first_date(text)


@wraps(CreateView.get)
def filled(view, request, stock=CreateView.get):
    key = request.GET.get("file", "")
    if view.page_class is DocumentPage and re.fullmatch(r"[0-9]{1,18}", key):
        files = permission_policy(SiteDocument).instances_user_has_any_permission_for(
            request.user, ["choose", "change"]
        )
        if file := files.filter(pk=key).first():
            fill(view.page, view.parent_page, file)
            words = _("Filled in from the file “%(title)s”. Check each field, and say who issued it.")
            messages.info(request, " ".join([words % {"title": file.title}, view.page.file_note]))
    return stock(view, request)


replace_method(CreateView, "get", filled)
