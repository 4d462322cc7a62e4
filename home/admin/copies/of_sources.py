"""The screen with the sources of a page or figure, on which an editor keeps copies of them."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button, ListingButton
from wagtail.log_actions import log
from wagtail.models import Page

from home.admin.copies.access import copies_for
from home.admin.files.uploads import DISK_IS_FULL
from home.admin.screens import STYLES, breadcrumbs
from home.copies.storage import CopiesStorage
from home.copies.uploads import read_upload
from home.models import Figure, KeptCopy, Sourced
from home.tasks import keep_copy, read_copy

KEPT = "home.copy.keep"


@dataclass(frozen=True)
class CitedAddress:
    address: str
    title: str
    copies: list


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("PDF, WACZ file or screenshot"),
        help_text=gettext_lazy("Its date is today. PDFs and images lose what they say about who made them."),
    )


def has_sources(owner):
    return isinstance(owner, Sourced | Figure) and getattr(owner, "alias_of_id", None) is None


def may_keep(owner, user):
    """Return whether a user may keep copies of what a page or figure cites."""
    if not user.has_perm("home.add_keptcopy") or not has_sources(owner):
        return False
    if isinstance(owner, Figure):
        return user.has_perm("home.change_figure")
    return owner.permissions_for_user(user).can_edit()


class CopiesOfSources(WagtailAdminTemplateMixin, TemplateView):
    template_name = "home/admin/copies_of_sources.html"
    page_title = gettext_lazy("Copies of sources")
    header_icon = "copy"
    model = Page

    def dispatch(self, request, pk):
        owner = get_object_or_404(self.model, pk=pk)
        self.owner = owner.specific if isinstance(owner, Page) else owner
        if not may_keep(self.owner, request.user):
            raise PermissionDenied
        return super().dispatch(request)

    @cached_property
    def sources(self):
        """The CitedAddresses of the newest draft, in order, once each."""
        draft = self.owner.get_latest_revision_as_object()
        titles = {}
        for source in draft.sources.all():
            if source.url.startswith(("http://", "https://")):
                titles.setdefault(source.url, source.title)
        copies, visible = {}, copies_for(self.request.user).filter(address__in=titles)
        seen = set(visible.values_list("pk", flat=True))
        for copy in KeptCopy.objects.light().filter(address__in=titles):
            # Nothing on record says who else may edit a source that only a draft has.
            copy.has_screen = copy.pk in seen
            copies.setdefault(copy.address, []).append(copy)
        return [CitedAddress(url, title, copies.get(url, [])) for url, title in titles.items()]

    def post(self, request):
        address = request.POST.get("address", "")
        if address not in [source.address for source in self.sources]:
            # Our server asks no site that is not cited.
            messages.error(request, _("Nothing here cites this address any longer."))
        elif not CopiesStorage().has_room():
            messages.error(request, DISK_IS_FULL)
        elif "upload" in request.POST:
            self.upload(address)
        else:
            self.fetch(address)
        return redirect(self.request.path)

    def fetch(self, address):
        copy = KeptCopy.objects.ask_for(address, self.request.user)
        if copy:
            keep_copy.enqueue(copy.pk)
            log(instance=copy, action=KEPT, user=self.request.user)
            words = _(
                "A copy is being fetched. This takes up to two minutes. Load this page again to see it."
            )
            messages.success(self.request, words)
        else:
            messages.warning(self.request, _("A copy of this is being fetched already."))

    def upload(self, address):
        form = UploadForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            messages.error(self.request, " ".join(form.errors.get("file", [])))
            return
        try:
            content, extension, text = read_upload(form.cleaned_data["file"])
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return
        copy = KeptCopy(address=address, kind=KeptCopy.Kind.UPLOADED, text=text, asked_by=self.request.user)
        copy.keep(content, extension)
        if extension == "pdf":
            read_copy.enqueue(copy.pk)
        log(instance=copy, action=KEPT, user=self.request.user)
        messages.success(self.request, _("The copy is kept. Visitors read that there is one."))

    def get_page_subtitle(self):
        return str(self.owner)

    def get_breadcrumbs_items(self):
        if isinstance(self.owner, Figure):
            form = reverse(Figure.snippet_viewset.get_url_name("edit"), args=[self.owner.pk])
        else:
            form = reverse("wagtailadmin_pages:edit", args=[self.owner.pk])
        return breadcrumbs((form, self.get_page_subtitle()), ("", self.page_title))

    def get_context_data(self, **kwargs):
        more = {"media": STYLES, "owner": self.owner, "sources": self.sources, "form": UploadForm()}
        return super().get_context_data(**kwargs) | more


@hooks.register("register_admin_urls")
def copies_urls():
    # To read an upload takes seconds, in which others must be able to write.
    of_page = transaction.non_atomic_requests(CopiesOfSources.as_view())
    of_figure = transaction.non_atomic_requests(CopiesOfSources.as_view(model=Figure))
    return [
        path("pages/<int:pk>/copies/", of_page, name="copies_of_page"),
        path("figures/<int:pk>/copies/", of_figure, name="copies_of_figure"),
    ]


def copies_address(owner):
    """Return the address of the screen for a page or figure."""
    return reverse("copies_of_figure" if isinstance(owner, Figure) else "copies_of_page", args=[owner.pk])


def copies_url(use, user):
    """Return the address of the screen for what cites a link, which the user may edit; or an empty text."""
    is_alias = bool(use.page and use.page.alias_of_id)
    return copies_address(use.owner) if user.has_perm("home.add_keptcopy") and not is_alias else ""


@hooks.register("register_page_header_buttons")
def copies_button(page, user, next_url=None, **kwargs):
    if may_keep(page.specific, user):
        yield Button(_("Copies of sources"), url=copies_address(page), icon_name="copy", priority=65)


@hooks.register("register_snippet_listing_buttons")
def figure_copies_button(snippet, user, next_url=None):
    if isinstance(snippet, Figure) and may_keep(snippet, user):
        address = copies_address(snippet)
        yield ListingButton(_("Copies of sources"), address, icon_name="copy", priority=40)
