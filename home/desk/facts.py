"""Figures and glossary terms."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from home.models import Figure, GlossaryTerm


class FigureViewSet(SnippetViewSet):
    model = Figure
    icon = "table"
    list_display = ["title", "unit", "breakdown", "live"]
    list_filter = ["unit", "breakdown"]


class GlossaryTermViewSet(SnippetViewSet):
    model = GlossaryTerm
    icon = "openquote"
    list_display = ["term", "aliases", "live"]


@register_snippet
class FactsViewSetGroup(SnippetViewSetGroup):
    items = (FigureViewSet, GlossaryTermViewSet)
    menu_label = _("Figures and terms")
    menu_icon = "list-ul"
    menu_order = 300
