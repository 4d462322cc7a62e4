"""Pictures and files of the library, given to those who may read something that uses them."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents.views.serve import serve
from wagtail.models import Page, ReferenceIndex

from home.models import SiteDocument, SiteRendition
from home.privacy import may_read
from home.querysets import BasePageQuerySet
from home.wagtail_internals import permission_policy

__all__ = ["document", "is_shown", "may_have", "picture"]

# Seconds for which browsers keep a public file, so a file that is withdrawn disappears after that time.
AGE = 300
# How many of the hidden pages that use a file are checked for whether the visitor may read them.
MOST_PAGES = 20


@require_safe
def picture(request, path):
    """A rendition of a picture. Originals are never served, nor is anything else from the media folder."""
    rendition = get_object_or_404(SiteRendition.objects.select_related("image"), file=f"images/{path}")
    image = rendition.image
    is_public = image.is_open and is_shown(image)
    if not is_public and not may_have(image, request):
        raise Http404
    try:
        response = FileResponse(rendition.file.open("rb"))
    except FileNotFoundError:
        raise Http404 from None
    mark = salted_hmac("picture", f"{rendition.pk} {rendition.file.name} {image.file_hash}").hexdigest()
    response["ETag"] = f'"{mark}"'
    return kept(response, is_public)


@require_safe
def document(request, document_id, name):
    """A file, for download. Wagtail asks for the password, or the login, of its collection."""
    file = get_object_or_404(SiteDocument, pk=document_id)
    is_used = is_shown(file)
    if not is_used and not may_have(file, request):
        raise Http404
    try:
        response = serve(request, document_id, name)
    except FileNotFoundError:
        raise Http404 from None
    return kept(response, is_used and file.is_open)


def kept(response, is_public):
    """Set how long browsers may keep a response. The form for a password already says that none may."""
    response.policy = "login" if hasattr(response, "template_name") else "file"
    response.headers.setdefault(
        "Cache-Control", f"public, max-age={AGE}" if is_public else "private, no-store"
    )
    return response


def is_shown(file):
    """
    Whether a stranger may read something that uses a picture or file: a page, a published snippet such as a
    figure, or the settings of the site. Drafts of what is live are in no index of references.
    """
    if BasePageQuerySet(Page).for_visitors().linking_to([file]).exists():
        return True
    used = ReferenceIndex.get_references_to(file).exclude(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    numbers = {}
    for content_type, number in used.values_list("base_content_type", "object_id").distinct():
        numbers.setdefault(content_type, []).append(number)
    return any(_any_is_live(content_type, pks) for content_type, pks in numbers.items())


def _any_is_live(content_type, pks):
    model = ContentType.objects.get_for_id(content_type).model_class()
    if issubclass(model, BaseGenericSetting | BaseSiteSetting):
        return True
    return hasattr(model, "live") and model.objects.filter(pk__in=pks, live=True).exists()


def may_have(file, request):
    """Whether a visitor may choose the file in the admin, or may read a restricted page that uses it."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    policy = permission_policy(type(file))
    if policy.user_has_any_permission_for_instance(request.user, ["choose", "change"], file):
        return True
    if not all(each.accept_request(request) for each in file.collection.get_view_restrictions()):
        return False
    pages = BasePageQuerySet(Page).live().linking_to([file])[:MOST_PAGES]
    return is_shown(file) or any(may_read(page, request) for page in pages)
