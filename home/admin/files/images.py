"""Images without a description: a list, and a notice on the first screen."""

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.images.views.images import IndexView

from home.admin.front.panel import Notice
from home.admin.screens import register_list
from home.models import SiteImage
from home.wagtail_internals import permission_policy


class ImagesWithoutDescription(IndexView):
    page_title = gettext_lazy("Images without a description")
    index_url_name = "images_without_description"

    def get_base_queryset(self):
        return super().get_base_queryset().undescribed()


register_list(ImagesWithoutDescription, "pictures-without-words/")


@hooks.register("register_notice")
def undescribed_images(request):
    images = permission_policy(SiteImage).instances_user_has_permission_for(request.user, "change")
    count = images.undescribed().count()
    words = ngettext("%(count)s image has no description.", "%(count)s images have no description.", count)
    yield Notice(count, words % {"count": count}, reverse("images_without_description"), icon="image")
