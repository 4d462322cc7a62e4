"""Security headers and languages of each kind of response."""

from itertools import product

import pytest
from django.http import HttpResponse

from leadwatch.middleware import PolicyMiddleware
from tests.support import factories
from tests.support.permissions.requests import rendering_disabled
from tests.support.routes import PublicSite, filled

pytestmark = pytest.mark.django_db


def directives(response):
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: value for name, _space, value in parts}


def test_a_page_runs_no_foreign_code_and_cannot_be_framed(client):
    response = client.get(factories.make_event().url)
    policy = directives(response)
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "img-src", "font-src", "connect-src")} == {
        "'self'"
    }
    assert policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize(
    "kind", ["text/html; charset=utf-8", "image/svg+xml", "application/pdf", "text/javascript", "text/css"]
)
def test_only_scripts_and_styles_have_no_permissions_policy(rf, kind):
    response = PolicyMiddleware(lambda request: HttpResponse(content_type=kind))(rf.get("/"))
    assert ("Permissions-Policy" in response) == (kind not in ("text/javascript", "text/css"))
    assert directives(response)["default-src"] == "'none'"


def test_a_404_page_has_the_policy_of_a_page(client):
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert directives(response)["default-src"] == "'none'"


def test_the_login_page_has_the_policy_of_a_page(client):
    response = client.get("/admin/login/")
    assert directives(response)["script-src"] == "'self'"
    assert response["X-Frame-Options"] == "DENY"


def test_the_admin_allows_the_inline_code_of_wagtail(admin_client):
    response = admin_client.get("/admin/")
    assert directives(response)["script-src"] == "'self' 'unsafe-inline'"
    assert directives(response)["frame-ancestors"] == "'self'"
    assert response["Referrer-Policy"] == "same-origin"


def test_only_the_admin_may_frame_a_preview(admin_user):
    event = factories.make_event()
    response = event.make_preview_request()
    assert directives(response)["frame-ancestors"] == "'self'"
    assert directives(response)["script-src"] == "'self'"
    assert response["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("address", ["/robots.txt", "/feed/", "/.well-known/security.txt", "/healthz"])
def test_other_sites_may_read_data_but_run_nothing(client, address):
    response = client.get(address)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert directives(response) == {"default-src": "'none'", "frame-ancestors": "'none'"}


def test_other_sites_may_show_images_but_originals_are_not_served(client):
    image = factories.make_image()
    factories.make_event(lead_image=image)
    rendition = image.get_rendition("width-20")
    response = client.get(rendition.url)
    assert response.status_code == 200
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cache-Control"] == "public, max-age=300"
    assert client.get(image.file.url).status_code == 404


def test_files_are_downloaded_and_never_displayed(client):
    file = factories.make_file()
    factories.make_document(file=file)
    response = client.get(file.url)
    assert response["Content-Disposition"].startswith("attachment")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert client.get(file.file.url).status_code == 404


def test_the_language_depends_only_on_the_url(client):
    factories.make_home()
    english = client.get("/search/", headers={"accept-language": "es"})
    spanish = client.get("/es/search/", headers={"accept-language": "en"})
    assert 'lang="en"' in english.content.decode()
    assert 'lang="es"' in spanish.content.decode()
    assert english["Content-Language"] == "en"
    assert spanish["Content-Language"] == "es"


def test_an_untranslated_page_has_no_spanish_url(client):
    event = factories.make_event()
    response = client.get(f"/es{event.url}")
    assert response.status_code == 404
    assert "hreflang" not in client.get(event.url).content.decode()


def test_a_translated_page_links_to_its_other_language(client):
    from wagtail.models import Locale

    home = factories.make_home()
    spanish, _new = Locale.objects.get_or_create(language_code="es")
    translated = home.copy_for_translation(spanish)
    translated.title, translated.headline = "Observatorio", "Lo que LEAD prometió"
    translated.alias_of = None
    translated.save_revision().publish()
    page = client.get("/es/").content.decode()
    assert "Lo que LEAD prometió" in page
    assert 'lang="es"' in page
    assert 'hreflang="en"' in page
    assert 'hreflang="es"' in client.get("/").content.decode()


def test_other_sites_can_frame_no_route_but_those_for_frames(client, admin_client):
    """A redirect has no policy, because that of its target counts. A download is not shown in a frame."""
    site = PublicSite()
    embeds, others = [], []
    paths = dict.fromkeys([*site.addresses(), *filled("1"), *filled("lead")])
    for path, visitor in product(paths, (client, admin_client)):
        with rendering_disabled():
            response = visitor.get(path)
        ancestors = directives(response).get("frame-ancestors", "")
        is_refused = ancestors in ("'none'", "'self'")
        is_download = response.get("Content-Disposition", "").startswith("attachment")
        if not is_refused and not is_download and response.status_code not in (301, 302):
            (embeds if path.endswith("/embed/") else others).append(path)
    assert len(embeds) > 1
    assert others == []


def test_what_a_session_may_read_is_stored_nowhere(client, admin_client):
    """Neither by the browser nor by a cache on the way, but for public files and data."""
    site = PublicSite()
    addresses = [*site.addresses(), site.private.url, "/nothing/", "/es/nothing/"]
    assert len(addresses) > 60
    for address in addresses:
        answer = admin_client.get(address)
        kept = answer.get("Cache-Control", "")
        if "no-store" not in kept:
            assert kept == client.get(address)["Cache-Control"], address
            assert "public" in kept, address
            assert b"wagtail-userbar" not in answer.getvalue(), address


def test_no_cache_guesses_how_long_it_may_keep_an_answer(client):
    """Neither a browser's nor a CDN's. An old page, a redirect or a missing page would stay for days."""
    site = PublicSite()
    redirects = [site.event.url.rstrip("/"), f"/cover/000{site.event.pk}.png"]
    for address in (*site.addresses(), site.private.url, *redirects, "/nothing/", "/es/nothing/"):
        answer = client.get(address)
        assert answer.get("Cache-Control"), address
        assert not answer.cookies or "no-store" in answer["Cache-Control"], address
    events = f"{site.event.get_parent().url}events.csv"
    for address in ("/", "/nothing/", f"/cover/{site.event.pk}.png", events):
        assert client.get(address)["Cache-Control"] == "no-cache", address
