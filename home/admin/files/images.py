"""Pictures of the library that want a description."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.images.views.images import IndexView

from home.admin.front.panel import Notice
from home.models import SiteImage
from home.wagtail_internals import permission_policy


class PicturesWithoutWords(IndexView):
    """Wagtail's list of pictures, of those alone that nobody has described."""

    page_title = gettext_lazy("Pictures without a description")
    index_url_name = "pictures_without_words"
    index_results_url_name = "pictures_without_words_results"

    def get_base_queryset(self):
        return super().get_base_queryset().without_words()


@hooks.register("register_admin_urls")
def picture_urls():
    view = PicturesWithoutWords.as_view
    return [
        path("pictures-without-words/", view(), name="pictures_without_words"),
        path(
            "pictures-without-words/results/", view(results_only=True), name="pictures_without_words_results"
        ),
    ]


@hooks.register("register_notice")
def pictures_without_words(request):
    pictures = permission_policy(SiteImage).instances_user_has_permission_for(request.user, "change")
    count = pictures.without_words().count()
    words = ngettext("%(count)s picture has no description", "%(count)s pictures have no description", count)
    yield Notice(count, words % {"count": count}, reverse("pictures_without_words"), icon="image")
