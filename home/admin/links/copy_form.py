"""The form in the report about dead links that adds the URL of an archived copy."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from home.admin.links.archived_copies import keep_archived_copy
from home.external_links.fields import PublicURLFormField
from home.models import ExternalLink, LinkUse


class ArchivedCopyForm(forms.Form):
    """The URL of an archived copy, for the sources with a dead link."""

    archived_url = PublicURLFormField(
        label=gettext_lazy("Address of the archived copy"),
        help_text=gettext_lazy("It is added to each of these sources that has no archived copy yet."),
        max_length=500,
        assume_scheme="https",
    )

    def __init__(self, *args, link, **kwargs):
        super().__init__(*args, **kwargs)
        self.link = link

    def clean_archived_url(self):
        address = self.cleaned_data["archived_url"]
        if not address.startswith(("http://", "https://")):
            raise forms.ValidationError(_("Begin the address with https:// or http://."))
        if address == self.link.url:
            raise forms.ValidationError(_("This is the dead link itself, not an archived copy."))
        return address


class ArchivedCopyView(View):
    """Add the URL of an archived copy to the sources that the user may edit."""

    http_method_names = ["post"]

    def post(self, request, pk):
        link = get_object_or_404(ExternalLink, pk=pk)
        uses = LinkUse.objects.editable_by(request.user).filter(link=link)
        uses = list(uses.select_related("link", "page", "figure"))
        if not any(use.is_source for use in uses):
            raise PermissionDenied
        form = ArchivedCopyForm(request.POST, prefix=f"link-{link.pk}", link=link)
        if form.is_valid():
            report_result(request, keep_archived_copy(uses, form.cleaned_data["archived_url"], request.user))
        else:
            messages.error(request, " ".join(form.errors["archived_url"]))
        return redirect(get_valid_next_url_from_request(request) or reverse("dead_links"))


def report_result(request, written):
    """Tell the user what happened to each page."""
    if written.published:
        messages.success(request, _("Visitors now see the archived copy: %s.") % names_of(written.published))
    if written.drafts:
        messages.warning(
            request,
            _("The archived copy was saved in the draft. Publish it to show the copy to visitors: %s.")
            % names_of(written.drafts),
        )
    if written.locked:
        messages.warning(
            request, _("Nothing was saved, because the page is locked: %s.") % names_of(written.locked)
        )
    if not (written.published or written.drafts or written.locked):
        messages.warning(
            request,
            _("Nothing was saved: the latest draft no longer has this source, or already has a copy."),
        )


def names_of(things):
    return ", ".join(f"“{thing}”" for thing in things)
