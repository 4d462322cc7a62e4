"""Wagtail imports this module for the hooks of the app. Each of these modules registers its own."""

from wagtail import hooks

from home import views  # noqa: F401
from home.admin import handbook  # noqa: F401
from home.admin.accounts import bulk, log, own_account, own_email, people, second_factor  # noqa: F401
from home.admin.conversation import asking, assignments, changes, reviewing  # noqa: F401
from home.admin.copies import kept, of_sources  # noqa: F401
from home.admin.files import changed_images, consents, images, menu, records, visitors  # noqa: F401
from home.admin.front import news, panel, reports, shortcuts, unsent_mails  # noqa: F401
from home.admin.guards import api_search, comment_mails, library, mentions, publishing  # noqa: F401
from home.admin.history import withholding  # noqa: F401
from home.admin.links import report  # noqa: F401
from home.admin.lists import documents, exports, figures_and_terms, numbers  # noqa: F401
from home.admin.messages import access, floods, inbox, key  # noqa: F401
from home.admin.number_sets import views as number_set_views  # noqa: F401
from home.admin.suggestions import deciding, entry, suggesting, waiting  # noqa: F401
from home.admin.suggestions import log as suggestion_log  # noqa: F401
from home.admin.translating import beginning, telling  # noqa: F401
from home.admin.translating import report as translations_report  # noqa: F401
from home.admin.writing import (  # noqa: F401
    actions,
    checks,
    copied_blocks,
    dates,
    outcomes,
    paste,
    rows,
    saving,
    side_panel,
    sources,
    tables,
    undo,
)
from home.blocks.rich_text import DocumentLinkHandler, PageLinkHandler


@hooks.register("register_rich_text_features", order=100)
def register_link_handlers(features):
    """Replace Wagtail's handlers, which are registered before, to link to public pages and files only."""
    features.register_link_type(PageLinkHandler)
    features.register_link_type(DocumentLinkHandler)


@hooks.register("before_serve_page", order=-1)
def remember_page(page, request, *args):
    """Let leadwatch/logs.py show the path of the request, since it is not made up."""
    request.served_page = page


@hooks.register("construct_help_menu")
def remove_external_help(request, menu_items):
    """Remove links to other sites, which would learn the URL of the admin."""
    menu_items[:] = [item for item in menu_items if not item.url.startswith(("http:", "https:"))]
