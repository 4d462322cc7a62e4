"""The name of Wagtail's library of documents, which are called files here. See `leadwatch/wagtail_locale`."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.documents.views.documents import IndexView

# In menus and headings. Catalogs cannot translate it, since "Documents" are also pages of this site.
FILES = _("Files")

IndexView.page_title = FILES


@hooks.register("construct_main_menu")
@hooks.register("construct_search")
def call_documents_files(request, items):
    for item in items:
        if item.name == "documents":
            item.label = FILES
