"""Views of images, files and kept copies, for those who may read something that uses them."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db.models import BigIntegerField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.cache import get_conditional_response
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents.views.serve import serve
from wagtail.models import Page, ReferenceIndex, get_default_page_content_type

from home.consent.models import People
from home.copies.downloads import download
from home.models import FilePage, KeptCopy, LinkUse, SiteDocument, SiteRendition
from home.privacy import may_read
from home.querysets import BasePageQuerySet
from home.wagtail_internals import permission_policy

# Seconds for which browsers may cache a public file. A withdrawn file stays visible for that time at most.
AGE = 300
# The maximum number of pages that use a file to check for whether the visitor may read them.
MOST_PAGES = 20
UNAVAILABLE = 503


@require_safe
def serve_image(request, path):
    """Serve a rendition. Originals and other files of the media folder are never served."""
    rendition = get_object_or_404(SiteRendition.objects.select_related("image"), file=f"images/{path}")
    image = rendition.image
    is_public = image.is_open and has_public_use(image)
    if not is_public and not has_access(image, request):
        raise Http404
    mark = f"{rendition.pk} {rendition.file.name} {image.file_hash}"
    response = image_response(request, mark, rendition.file.open, is_public)
    if is_public and image.people == People.AGREED and response.status_code != UNAVAILABLE:
        # Caches must ask each time, since the consent can end.
        response["Cache-Control"] = "public, no-cache"
    return response


@require_safe
def serve_page(request, name, end):
    """Serve the image of a page of a file, to those who get the file itself."""
    page = get_object_or_404(FilePage.objects.drawn().select_related("document"), name=name)
    is_public = page.document.is_open and has_public_use(page.document)
    if not is_public and not has_access(page.document, request):
        raise Http404
    path = page.files[bool(end)]
    return image_response(request, path, lambda: default_storage.open(path), is_public)


def image_response(request, mark, open_file, is_public):
    """Return the response with an image, or without it if the browser has the one with the same mark."""
    mark = salted_hmac("picture", mark).hexdigest()
    # A browser that has the image needs no file, and so no bucket.
    response = get_conditional_response(request, f'"{mark}"')
    if response is None:
        try:
            response = FileResponse(open_file())
        except FileNotFoundError:
            raise Http404 from None
        except OSError:
            return unavailable(content_type="text/plain")
    response["ETag"] = f'"{mark}"'
    return with_cache_headers(response, is_public)


@require_safe
def serve_file(request, document_id, name):
    """Serve a file for download. Wagtail checks the restrictions of its collection."""
    file = get_object_or_404(SiteDocument, pk=document_id)
    is_used = has_public_use(file)
    if not is_used and not has_access(file, request):
        raise Http404
    try:
        response = serve(request, document_id, name)
    except FileNotFoundError:
        raise Http404 from None
    except OSError:
        return unavailable()
    return with_cache_headers(response, is_used and file.is_open)


@require_safe
def kept_copy(request, pk):
    """Serve the words of a copy that visitors can read. Nothing is rendered of the HTML of the other site."""
    copy, uses, _is_public = find_copy(request, pk)
    others = KeptCopy.objects.kept().light().of(copy.address).filter(is_shown=True).exclude(pk=pk)
    pages = list(dict.fromkeys(use.page for use in uses if use.page))
    language = get_language()
    context = {
        "copy": copy,
        # The same page may cite it twice, and several pages in the same words.
        "citations": list(dict.fromkeys(use.words for use in uses)),
        # Those in the reader's language, if there are any.
        "pages": [page for page in pages if page.locale.language_code == language] or pages,
        "others": others,
    }
    response = TemplateResponse(request, "home/kept_copy.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def kept_copy_file(request, pk):
    """Serve the file of a copy that visitors can read, for download."""
    copy, _uses, is_public = find_copy(request, pk)
    # An editor may decide otherwise at any time.
    return download(copy, "public, no-cache" if is_public else "private, no-store")


def find_copy(request, pk):
    """Return a copy that visitors can read, where this one reads that it is cited, and if everybody does."""
    copy = get_object_or_404(KeptCopy.objects.kept(), pk=pk, is_shown=True)
    uses = LinkUse.objects.citing(copy.address).select_related("page__locale", "figure")
    public = BasePageQuerySet(Page).for_visitors()
    found = list(uses.filter(Q(page__in=public.values("pk")) | Q(figure__live=True)))
    if found:
        return copy, found, True
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        found = [use for use in uses.exclude(page=None)[:MOST_PAGES] if may_read(use.page, request)]
    if not found:
        raise Http404
    return copy, found, False


def unavailable(**options):
    """Return the response while the disk or the bucket fails. HTML without text becomes the error page."""
    response = HttpResponse(
        status=UNAVAILABLE, headers={"Retry-After": 60, "Cache-Control": "no-store"}, **options
    )
    # Otherwise, Django would log a line for each image of each page.
    response._has_been_logged = True
    return response


def with_cache_headers(response, is_public):
    """Set how long browsers may cache a response. The password form has a header of its own."""
    response.policy = "login" if hasattr(response, "template_name") else "file"
    # Wagtail's own policy for files has no sandbox.
    response.headers.pop("Content-Security-Policy", None)
    response.headers.setdefault(
        "Cache-Control", f"public, max-age={AGE}" if is_public else "private, no-store"
    )
    return response


def has_public_use(file):
    return file.pk in in_public_use([file])


def in_public_use(files):
    """
    Return the keys of those images, or of those files, that something public uses: a page, a published
    snippet such as a figure, or the site's settings. Draft changes of live pages are not in the reference
    index.
    """
    references = ReferenceIndex.get_references_to_in_bulk(files).order_by()
    on_pages = Q(base_content_type=get_default_page_content_type())
    pages = BasePageQuerySet(Page).for_visitors().filter(pk=OuterRef("number"))
    shown = references.filter(on_pages).annotate(number=Cast("object_id", BigIntegerField()))
    found = set(shown.filter(Exists(pages)).values_list("to_object_id", flat=True).distinct())
    if len(found) < len(files):
        others = references.exclude(on_pages).exclude(to_object_id__in=found)
        by_user = others.values_list("base_content_type", "object_id", "to_object_id").distinct()
        users = {}
        for content_type, key, file in by_user:
            users.setdefault(content_type, {}).setdefault(key, set()).add(file)
        for content_type, uses in users.items():
            found.update(*(uses[key] for key in _live_ones(content_type, uses)))
    return {file.pk for file in files if str(file.pk) in found}


def _live_ones(content_type, keys):
    """Return those of these keys, as text, whose objects are published."""
    model = ContentType.objects.get_for_id(content_type).model_class()
    if issubclass(model, BaseGenericSetting | BaseSiteSetting):
        return keys
    if not hasattr(model, "live"):
        return ()
    return map(str, model.objects.filter(pk__in=keys, live=True).values_list("pk", flat=True))


def has_access(file, request):
    """Return whether a visitor may choose the file in the admin, or read a restricted page that uses it."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    policy = permission_policy(type(file))
    if policy.user_has_any_permission_for_instance(request.user, ["choose", "change"], file):
        return True
    if getattr(file, "is_withheld", False):
        return False
    if not all(each.accept_request(request) for each in file.collection.get_view_restrictions()):
        return False
    pages = BasePageQuerySet(Page).live().linking_to([file])[:MOST_PAGES]
    return has_public_use(file) or any(may_read(page, request) for page in pages)
