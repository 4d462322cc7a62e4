"""The name of Wagtail's documents in menus, and no uploads of profile pictures."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.documents.views.documents import IndexView

# In menus and headings. Catalogs cannot translate it, since "Documents" are also pages of this site. See
# leadwatch/wagtail_locale for the rest.
FILES = _("Files")

IndexView.page_title = FILES


@hooks.register("construct_main_menu")
@hooks.register("construct_search")
def call_documents_files(request, items):
    for item in items:
        if item.name == "documents":
            item.label = FILES


# Pictures of the people who keep the site are not needed, and would be stored as they were uploaded.
AvatarSettingsPanel.is_active = lambda panel: False
