"""The form that adds the URL of an archived copy to every source with a dead link."""

from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from home.external_links.fields import PublicURLFormField
from home.models import ExternalLink, Figure, LinkUse


@dataclass
class Written:
    """The pages and figures of the sources, by what happened to them."""

    published: list = field(default_factory=list)
    drafts: list = field(default_factory=list)
    locked: list = field(default_factory=list)


def keep_archived_copy(uses, archived_url, user):
    """
    Add the URL of an archived copy to the sources that have the link but no archived copy.

    The change is published at once if the user may publish and there are no other unpublished changes.
    Otherwise it becomes part of the draft.

    :param uses: the LinkUse objects of one link, on pages and figures that the user may edit.
    """
    written = Written()
    owners = {use.owner: use.link.url for use in uses if use.is_source}
    for owner, url in owners.items():
        owner = owner if isinstance(owner, Figure) else owner.specific
        if is_locked(owner, user):
            written.locked.append(owner)
            continue
        # Checked before the new draft is saved, which is an unpublished change itself.
        may_publish = can_publish(owner, user) and not owner.has_unpublished_changes
        if (revision := draft_with(owner, url, archived_url, user)) is not None:
            if may_publish:
                revision.publish(user=user)
            (written.published if may_publish else written.drafts).append(owner)
    return written


def draft_with(owner, url, archived_url, user):
    """Save a draft with the archived copy. Return its revision; None if no source lacks the copy."""
    draft = owner.get_latest_revision_as_object()
    sources = list(draft.sources.all())
    lacking = [source for source in sources if source.url == url and not source.archived_url]
    for source in lacking:
        source.archived_url = archived_url
    draft.sources = sources
    return draft.save_revision(user=user, log_action=True, clean=False) if lacking else None


def is_locked(owner, user):
    if isinstance(owner, Figure):
        return False
    return bool(owner.alias_of_id) or owner.permissions_for_user(user).page_locked()


def can_publish(owner, user):
    if isinstance(owner, Figure):
        return user.has_perm("home.publish_figure")
    return owner.permissions_for_user(user).can_publish()


class ArchivedCopyForm(forms.Form):
    """The URL of an archived copy, for the sources with a dead link."""

    archived_url = PublicURLFormField(
        label=gettext_lazy("Address of the archived copy"),
        help_text=gettext_lazy("It is added to each of these sources that has no archived copy yet."),
        max_length=500,
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
