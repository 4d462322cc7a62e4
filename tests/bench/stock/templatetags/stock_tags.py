"""Tags for menus, as in Wagtail's tutorial and demo."""

from django import template
from wagtail.models import Page, Site

register = template.Library()


@register.simple_tag(takes_context=True)
def get_site_root(context):
    return Site.find_for_request(context["request"]).root_page


@register.inclusion_tag("stock/menu.html", takes_context=True)
def main_menu(context, parent, calling_page=None):
    pages = parent.get_children().live().in_menu()
    for page in pages:
        page.is_active = calling_page.url_path.startswith(page.url_path) if calling_page else False
    return {"pages": pages, "request": context["request"]}


@register.inclusion_tag("stock/footer_menu.html", takes_context=True)
def footer_menu(context, parent):
    pages = parent.get_children().live().filter(show_in_menus=False)
    return {"pages": pages, "request": context["request"]}


@register.inclusion_tag("stock/breadcrumbs.html", takes_context=True)
def breadcrumbs(context):
    page = context.get("self")
    ancestors = ()
    if page is not None and page.depth > 2:
        ancestors = Page.objects.ancestor_of(page, inclusive=True).filter(depth__gt=1)
    return {"ancestors": ancestors, "request": context["request"]}
