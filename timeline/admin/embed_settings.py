"""A warning about settings with which no other site may embed a timeline."""

from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages

from timeline.models import EmbedSettings


@hooks.register("after_edit_setting")
def warn_of_empty_list(request, setting):
    if isinstance(setting, EmbedSettings) and setting.listed_origins == []:
        words = _(
            "No site is listed, so no other site may show a timeline: what partners have embedded stays "
            "empty. List their sites, or choose “Any site”."
        )
        messages.warning(request, words)
