from io import StringIO
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.management import call_command
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from modelsearch.index import get_indexed_models

        from search.index.cluster import is_used
        from search.index.signals import follow_content

        follow_content()
        if not is_used():
            # Our receivers update the index. Wagtail would do it again in a background task.
            for model in get_indexed_models():
                model.search_auto_update = False
        post_migrate.connect(fill_empty_index, sender=self)


def fill_empty_index(sender: Any, using: str, verbosity: int = 1, **kwargs: Any) -> None:
    """Signal receiver: fill the index if the site has pages from before there was one."""
    from wagtail.models import Page

    if not sender.get_model("Entry").objects.exists() and Page.objects.filter(depth__gt=1).exists():
        backends = settings.WAGTAILSEARCH_BACKENDS.items()
        ours = next(name for name, backend in backends if backend["BACKEND"] == "search.backend")
        call_command("update_index", backend_name=ours, stdout=StringIO())
