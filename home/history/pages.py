"""The history of a page for visitors, and the page as it was on a day."""

from datetime import date

from django.db.models import PROTECT
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.url_routing import RouteResult

from home.history.changes import changes, lines_of
from home.history.citations import Cited
from home.history.versions import version_on, versions_of, was_published
from home.seo.structured_data import site_name

# The parameter with a day, such as "?at=2026-11-28". The address stays the same as long as the site does.
AT = "at"
GONE = 410


class HistoryMixin(RoutablePageMixin):
    """A page whose published versions visitors can read."""

    # The Version that the page shows, if it isn't today's.
    version = None
    # Fields with words of earlier versions, which visitors don't read. Withholding a version empties them.
    fields_with_former_words = ()

    @classmethod
    def from_serializable_data(cls, data, *args, **kwargs):
        """Leave out a category or a file that was deleted since, for which modelcluster raises Exception."""
        try:
            return super().from_serializable_data(data, *args, **kwargs)
        except Exception:
            gone = {
                field.name: None
                for field in cls._meta.concrete_fields
                if field.many_to_one and field.null and field.remote_field.on_delete is PROTECT
                if (key := data.get(field.name)) and not field.related_model.objects.filter(pk=key).exists()
            }
            if not gone:
                raise
        return super().from_serializable_data(data | gone, *args, **kwargs)

    def save_revision(self, *args, overwrite_revision=None, **kwargs):
        """Keep what was published. Wagtail's autosave may overwrite it, if somebody goes back to the form."""
        if overwrite_revision and was_published(overwrite_revision.pk):
            overwrite_revision = None
        return super().save_revision(*args, overwrite_revision=overwrite_revision, **kwargs)

    def route(self, request, path_components):
        if AT in request.GET and not path_components and self.live:
            return RouteResult(self, args=(self.version_route, (), {}))
        return super().route(request, path_components)

    def version_route(self, request):
        """Serve the page as it was on a day. Each version has one address: that of its first day."""
        version = version_on(self, day_of(request.GET[AT])) if self.has_history else None
        if version is None:
            raise Http404
        if request.GET[AT] != version.day.isoformat():
            return HttpResponseRedirect(f"{self.get_url(request)}?{AT}={version.day}")
        if version.is_kept:
            version.shown.version = version
            response = answer(version.shown, request)
        else:
            response = self.gone(request, version)
        response["X-Robots-Tag"] = "noindex"
        return response

    def gone(self, request, version):
        context = {"page": self, "version": version}
        return TemplateResponse(request, "home/changes.html", context, status=GONE)

    @path("history/", name="history")
    def history_route(self, request):
        if not self.has_history:
            raise Http404
        context = {"page": self, "versions": versions_of(self)[::-1]}
        return TemplateResponse(request, "home/history.html", context)

    @path("history/<str:day>/", name="changes")
    def changes_route(self, request, day):
        """Serve what a version says that the one before it did not."""
        versions = versions_of(self) if self.has_history else []
        place = next((n for n, each in enumerate(versions) if each.day.isoformat() == day), None)
        if place is None:
            raise Http404
        version, before = versions[place], versions[place - 1] if place else None
        if not version.is_kept:
            return self.gone(request, version)
        context = {"page": self, "version": version, "before": before}
        if before and before.is_kept:
            old, new = (lines_of(answer(each.shown, request).render().content) for each in (before, version))
            context["changes"] = list(changes(old, new))
        return TemplateResponse(request, "home/changes.html", context)

    @path("cite/", name="cite")
    def cite_route(self, request):
        """Serve citations of the newest version, or of the one of a day."""
        day = day_of(request.GET[AT]) if AT in request.GET else localdate()
        version = version_on(self, day) if self.has_history else None
        if version and not version.is_kept:
            return self.gone(request, version)
        if not self.has_history or (AT in request.GET and not version):
            raise Http404
        # A page that was published before there was a log has its address alone.
        page, day = (version.shown, version.day) if version else (self, localdate(self.last_published_at))
        cited = Cited(
            site=site_name(request),
            title=page.title,
            slug=page.slug,
            day=day,
            address=self.full_url + (f"?{AT}={day}" if version else ""),
            language=self.locale.language_code,
        )
        return TemplateResponse(request, "home/cite.html", {"page": self, "cited": cited})

    @property
    def has_history(self):
        """Copies change with the page that they copy, which has a history."""
        return not self.alias_of_id


def answer(page, request):
    """Return the response with a page, which may be an old version."""
    view, args, kwargs = page.resolve_subpage("/")
    return page.serve(request, view, args, kwargs)


def day_of(text):
    """Return a date; one that isn't written as 2026-11-28 is not found."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
