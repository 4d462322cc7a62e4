"""Emails that could not be sent: a list for administrators, who can contact the recipients another way."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import ListView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from home.admin.front.panel import Notice
from home.models import OutgoingMail


class UnsentMails(WagtailAdminTemplateMixin, ListView):
    """The list of unsent emails, newest first. POST clears it."""

    page_title = gettext_lazy("Unsent emails")
    header_icon = "mail"
    template_name = "home/admin/unsent_mails.html"
    paginate_by = 50
    page_kwarg = "p"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return OutgoingMail.objects.given_up()

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def post(self, request):
        self.get_queryset().delete()
        messages.success(request, _("The list was cleared."))
        return redirect("wagtailadmin_home")


@hooks.register("register_admin_urls")
def unsent_urls():
    return [path("unsent-mails/", UnsentMails.as_view(), name="unsent_mails")]


@hooks.register("register_notice")
def unsent_mails(request):
    if request.user.is_superuser:
        count = OutgoingMail.objects.given_up().count()
        words = ngettext("%(count)s email could not be sent.", "%(count)s emails could not be sent.", count)
        yield Notice(count, words % {"count": count}, reverse("unsent_mails"), "mail", order=5)
