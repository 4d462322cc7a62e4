"""The editors' handbook, `docs/editors.md`, as a screen of the admin."""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from markdown import Markdown
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

FILE = settings.BASE_DIR / "docs" / "editors.md"
TITLE = re.compile(r"\A# .*\n")
# The URL of an image is relative to the file.
IMAGE = re.compile(r'src="\.\./leadwatch/static/([^"]+)"')


@dataclass(frozen=True)
class Handbook:
    """The text and the table of contents, as HTML."""

    text: str
    contents: str


@cache
def handbook():
    """Return the handbook, read once per process."""
    markdown = Markdown(extensions=["tables", "toc"], extension_configs={"toc": {"toc_depth": "2-3"}})
    html = markdown.convert(TITLE.sub("", FILE.read_text(encoding="utf-8")))
    html = IMAGE.sub(lambda match: f'src="{static(match[1])}"', html)
    # The file is part of the code, so its HTML is safe.
    return Handbook(mark_safe(html), mark_safe(markdown.toc))


class HandbookView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "home/admin/handbook.html"
    page_title = _("Help")
    header_icon = "help"

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(handbook=handbook(), **kwargs)


@hooks.register("register_admin_urls")
def handbook_url():
    return [path("help/", HandbookView.as_view(), name="handbook")]


@hooks.register("register_help_menu_item")
def handbook_menu_item():
    return MenuItem(_("Handbook"), reverse("handbook"), icon_name="help", order=100)
