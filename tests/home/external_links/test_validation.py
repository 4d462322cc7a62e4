"""No link leads to the admin, whatever an editor pasted."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query as SearchQuery
from wagtail.contrib.search_promotions.models import SearchPromotion

from home.blocks import BodyBlock
from home.external_links.cleaning import clean_links, link_for_visitors
from home.external_links.fields import PublicURLFormField
from home.external_links.unwrapping import unwrap_url
from home.external_links.validation import leads_to_the_admin
from home.models import PartnerPage
from tests.support import factories
from tests.support.content_checks import problems
from timeline.models import EventPage, EventSource

SITE = "https://leadwatch.example.org"
GOOGLE = "https://www.google.com/url?q=https://example.org/a%3Fb%3D1&sa=D&source=docs&ust=17&usg=AOv"
ADMIN = [
    "/admin/",
    "/admin",
    "/admin?next=/",
    "/ADMIN/pages/3/",
    " /admin/pages/3/edit/preview/",
    "\t/ad\nmin/",
    "/%61dmin/",
    "/%2561dmin/",
    "/admin%2Fpages/",
    "/./admin/",
    "//leadwatch.example.org/admin/",
    "/\\leadwatch.example.org/admin/",
    "\\admin\\pages",
    "/es/../admin/",
    "/es/%2e%2e/admin/",
    "/es/_util/login/",
    "/_util/authenticate_with_password/1/2/",
    "admin/pages/3/",
    "../../edit/../../admin/",
    f"{SITE}/admin/pages/3/view_draft/",
    f"{SITE}//admin/",
    f"{SITE}/admin/pages/3/edit/#_ftn1",
    "HTTPS://LeadWatch.Example.org/admin/",
    "http://leadwatch.example.org:8000/admin/",
    "https:/admin/",
    "https:admin/",
    "https:\\\\leadwatch.example.org\\admin",
    "https://leadwatch.example.org./admin/",
    "https://www.leadwatch.example.org/admin/",
    "https://ｌeadwatch.example.org/admin/",
    "https://lead%77atch.example.org/admin/",
    "https://me:secret@leadwatch.example.org/admin/",
    "https://old.example.net/admin/",
    "https://any.partner.example/admin/",
    "http://localhost:8000/admin/",
    "http://[::1]:8000/admin/",
    f"https://www.google.com/url?q={SITE}/admin/pages/3/&sa=D",
]
ELSEWHERE = [
    "",
    "/",
    "/timeline/",
    "/administration/",
    "/concerns/admin/",
    "#source-1",
    "?year=2018",
    "https://example.org/admin/",
    "//example.org/admin/",
    "https://example.org/?next=/admin/",
    f"{SITE}/es/timeline/",
    f"{SITE}/admin/../timeline/",
    "mailto:admin@leadwatch.example.org",
    "http://[",
]
OF_NO_USE = [
    "#_ftn1",
    "#_ftnref12",
    "#_edn3",
    "#_msocom_1",
    "#sdfootnote1sym",
    "#ftnt1",
    "#cmnt2",
    "#heading=h.gjdgxs",
    "#",
    "",
    "file:///C:/Users/me/Documents/minutes.docx#_ftn1",
    "about:blank#_ftn1",
    "data:text/html,hi",
    "java\nscript:alert(1)",
    "ms-word:ofe|u|https://example.org/a.docx",
]


@pytest.fixture(autouse=True)
def hosts(settings):
    settings.WAGTAILADMIN_BASE_URL = SITE
    settings.ALLOWED_HOSTS = ["leadwatch.example.org", "old.example.net", ".partner.example", "testserver"]


@pytest.mark.parametrize("address", ADMIN)
def test_any_spelling_of_an_admin_address_is_recognized(address):
    assert leads_to_the_admin(address)
    assert link_for_visitors(address) == ""


@pytest.mark.parametrize("address", ELSEWHERE)
def test_other_addresses_are_not_admin_addresses(address):
    assert not leads_to_the_admin(address)
    assert link_for_visitors(address) == address


@pytest.mark.parametrize("address", OF_NO_USE)
def test_anchors_of_word_processors_are_not_links(address):
    assert link_for_visitors(address) == ""


@pytest.mark.parametrize(
    ("address", "target"),
    [
        (GOOGLE, "https://example.org/a?b=1"),
        ("https://www.google.co.uk/url?sa=t&url=https%3A%2F%2Fexample.org%2F", "https://example.org/"),
        (
            "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2F&data=05",
            "https://example.org/",
        ),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2F&h=AT", "https://example.org/"),
        ("https://www.google.com/search?q=https://example.org/", None),
        ("https://www.google.com/url?q=/search", None),
        ("https://example.org/url?q=https://example.net/", None),
    ],
)
def test_tracking_links_are_unwrapped(address, target):
    assert unwrap_url(address) == (target or address)


def test_a_bad_link_becomes_text_and_the_rest_is_unchanged():
    html = '<p data-block-key="a1">1 &lt; 2 <a href="{}">see</a> <a id="3" linktype="page">it</a>.</p>'
    for address in (*ADMIN[:3], "#_ftn1"):
        assert clean_links(html.format(address)) == html.replace('<a href="{}">see</a>', "see")
    fine = html.format("https://example.org/?a=1&amp;b=2")
    assert clean_links(fine) == fine
    assert clean_links(html.format(GOOGLE.replace("&", "&amp;"))) == html.format("https://example.org/a?b=1")


TEXT = f'<p>The vote<a href="{SITE}/admin/pages/3/edit/#_ftn1">[1]</a>, <a href="{GOOGLE}">told</a></p>'
CLEAN_TEXT = '<p>The vote[1], <a href="https://example.org/a?b=1">told</a></p>'


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "{}"),
        ("callout", {"tone": "note", "heading": "", "text": "{}"}),
        ("question", {"question": "Who?", "answer": "{}", "level": "h2"}),
    ],
)
def test_every_rich_text_in_a_form_is_cleaned(kind, value):
    def block(text):
        filled = text if kind == "text" else {name: part.format(text) for name, part in value.items()}
        return {"type": kind, "value": filled, "id": "b0"}

    body = BodyBlock()
    cleaned = body.get_prep_value(body.clean(body.to_python([block(TEXT)])))
    assert cleaned == [block(CLEAN_TEXT)]


@pytest.mark.django_db
def test_stored_admin_links_are_hidden_and_reported(client):
    page = factories.make_standard_page(
        body=[("text", TEXT), ("button", {"text": "On", "page": None, "url": f"{SITE}/admin/"})]
    )
    assert "/admin/" in str(page.body.raw_data)
    html = client.get(page.url).content.decode()
    assert "The vote" in html
    assert "/admin/" not in html
    assert "google.com" not in html
    found = [words for words in problems(page) if "only editors can open" in words]
    assert [words.partition("”")[0] for words in found] == ["“[1]", f"“{SITE}/admin/"]


@pytest.mark.django_db
def test_model_fields_refuse_the_admin_and_unwrap_links():
    source = EventSource(title="A letter", url=f"{SITE}/admin/pages/3/", archived_url=GOOGLE)
    with pytest.raises(ValidationError, match="only editors can open"):
        source.clean_fields(exclude=["owner"])
    assert source.archived_url == "https://example.org/a?b=1"
    partner = factories.make_partner()
    partner.website = f"{SITE}/admin/"
    with pytest.raises(ValidationError, match="only editors can open"):
        partner.full_clean()


@pytest.mark.django_db
def test_no_page_feed_or_export_gives_an_address_of_the_admin(client):
    event = factories.make_event(
        sources=[EventSource(title="A letter", url=f"{SITE}/admin/a/", archived_url=f"{SITE}/admin/b/")],
        body=[("quote", {"text": "So", "source_title": "A letter", "source_url": f"{SITE}/admin/c/"})],
    )
    event.imported = {
        "start_date": {"year": "2016"},
        "text": {"headline": event.title, "text": f'<p>So <a href="{SITE}/admin/e/">here</a></p>'},
        "media": {"url": f"{SITE}/admin/f/"},
        "background": {"url": "/admin/g.png"},
    }
    event.save()
    query = SearchQuery.get("letter")
    SearchPromotion.objects.create(query=query, external_link_url=f"{SITE}/admin/h/", external_link_text="On")
    assert "/admin/" in str(EventPage.objects.get(pk=event.pk).imported)
    partner = factories.make_partner()
    PartnerPage.objects.filter(pk=partner.pk).update(website=f"{SITE}/admin/d/")
    timeline = event.get_parent().url
    for address in (
        event.url,
        partner.url,
        "/feed/",
        "/search/?q=letter",
        *(f"{timeline}{name}" for name in ("", "feed/", "embed/", "events.json", "events.csv", "events.ics")),
    ):
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200
        assert b"/admin/" not in content.replace(b"\r\n ", b""), address


@pytest.mark.django_db
def test_no_redirect_leads_into_the_admin(client):
    Redirect.add_redirect("/editing/", f"{SITE}/admin/")
    Redirect.add_redirect("/minutes/", "https://example.org/")
    factories.make_standard_page()
    assert client.get("/minutes/").status_code == 301
    assert client.get("/editing/").status_code == 404


def test_form_fields_refuse_the_admin_and_unwrap_links():
    field = PublicURLFormField()
    assert field.clean(GOOGLE) == "https://example.org/a?b=1"
    with pytest.raises(ValidationError, match="only editors can open"):
        field.clean(f"{SITE}/admin/")


def test_an_invalid_address_is_refused_with_an_example():
    for field in (PublicURLFormField(), EventSource._meta.get_field("url")):
        with pytest.raises(ValidationError, match=r"such as https://example\.org/page"):
            field.run_validators("https://no address")


@pytest.mark.django_db
def test_the_link_chooser_refuses_the_admin(admin_client):
    def answer(address):
        data = {"external-link-chooser-url": address}
        return admin_client.post(reverse("wagtailadmin_choose_page_external_link"), data).json()

    refused = answer(f"{SITE}/admin/pages/3/edit/")
    assert refused["step"] == "external_link"
    assert "only editors can open" in refused["html"]
    assert answer(GOOGLE)["result"]["url"] == "https://example.org/a?b=1"
