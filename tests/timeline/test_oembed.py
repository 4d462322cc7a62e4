import json
from html import unescape
from re import findall, search
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from wagtail.embeds.finders.oembed import OEmbedFinder
from wagtail.models import CollectionViewRestriction, PageViewRestriction, Site

from home.models import FilePage
from tests.support import factories
from tests.support.records import record_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    factories.make_concern(slug="fit", title="Fit to New Haven")
    return factories.make_event(title='"Protest" <at> City Hall', slug="protest")


@pytest.fixture
def ask(client, event):
    """Return the response for a URL."""
    return lambda url, **parameters: client.get("/oembed/", {"url": url} | parameters)


def frame_in(response):
    assert response.status_code == 200
    return unescape(search(r'<iframe src="([^"]*)"', response.json()["html"])[1])


def test_timelines_events_and_concerns_have_a_frame_that_exists(ask, client, event):
    timeline, concern = factories.make_timeline(), factories.make_concern_index().get_children().first()
    frames = {
        timeline.full_url: f"{timeline.full_url}embed/",
        f"{timeline.full_url}?year=2018&q=a%26b": f"{timeline.full_url}embed/?year=2018&q=a%26b",
        event.full_url: f"{timeline.full_url}embed/?event=protest",
        concern.full_url: f"{timeline.full_url}embed/?concern=fit",
    }
    for url, frame in frames.items():
        assert frame_in(ask(url)) == frame
        assert client.get(frame.removeprefix("http://localhost")).status_code in (200, 302)


@pytest.mark.parametrize("make", [factories.make_timeline, factories.make_event, factories.make_concern])
def test_pages_link_to_the_description_of_their_frame(client, event, make):
    page = make()
    html = client.get(page.url).content.decode()
    links = dict(findall(r'type="([a-z]+/[a-z]+\+oembed)" href="([^"]+)"', html))
    assert set(links) == {"application/json+oembed", "text/xml+oembed"}
    for kind, link in links.items():
        parts = urlsplit(unescape(link))
        assert parts.path == "/oembed/"
        assert parse_qs(parts.query)["url"] == [page.full_url]
        answer = client.get(f"{parts.path}?{parts.query}")
        assert answer.status_code == 200
        assert ("json" in kind) == answer["Content-Type"].startswith("application/json")


def test_xml_contains_the_same_as_json(ask, event):
    xml = ElementTree.fromstring(ask(event.full_url, format="xml").content)
    assert {each.tag: each.text for each in xml} == {
        name: str(value) for name, value in json.loads(ask(event.full_url).content).items()
    }


def test_the_frame_has_a_title_and_a_fallback_link_and_both_are_escaped(ask, event):
    html = ask(event.full_url).json()["html"]
    assert 'title="&quot;Protest&quot; &lt;at&gt; City Hall"' in html
    assert f'<a href="{event.full_url}">' in html
    assert 'loading="lazy" referrerpolicy="no-referrer"' in html


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        *(
            ("300", 300),
            ("99999", 720),
            ("0", 720),
            ("-5", 720),
            ("x", 720),
            ("9" * 30, 720),
            ("9" * 5000, 720),
        ),
        *(("1e9", 720), ("\u0663\u0660\u0660", 720), ("300; height:9", 720), ('"><script>', 720)),
    ],
)
def test_a_frame_is_never_wider_than_requested(ask, event, asked, given):
    assert ask(event.full_url, maxwidth=asked).json()["width"] == given


# `root` is our address, such as http://localhost, and `host` the part after its slashes.
OTHER_HOSTS = """
    http://evil.example/timeline/protest/
    https://{host}/timeline/protest/
    {root}.evil.example/timeline/protest/
    http://evil.{host}/timeline/protest/
    {root}:81/timeline/protest/
    {root}./timeline/protest/
    http://evil.example/?{root}/timeline/protest/
    http://evil.example#{root}/timeline/protest/
    http://evil.example/{root}/timeline/protest/
    http://evil.example\\@{host}/timeline/protest/
    http://evil.example@{host}/timeline/protest/
    http://user:pass@{host}/timeline/protest/
    http://{host}@evil.example/timeline/protest/
    http://@{host}/timeline/protest/
    http://127.0.0.1/timeline/protest/
    http://127.1/timeline/protest/
    http://0x7f000001/timeline/protest/
    http://2130706433/timeline/protest/
    http://[::1]/timeline/protest/
    http://[::ffff:127.0.0.1]/timeline/protest/
    http://[::1
    http://169.254.169.254/latest/meta-data/
    http://10.0.0.1:6379/
    http://0/
"""
OTHER_SCHEMES = """
    javascript:alert(1)
    javascript://{host}/timeline/protest/
    data:text/html,{root}/timeline/protest/
    file:///etc/passwd
    file://{host}/timeline/protest/
    ftp://{host}/timeline/protest/
    gopher://{host}/timeline/protest/
    view-source:{root}/timeline/protest/
    http:{host}/timeline/protest/
    http:/{host}/timeline/protest/
    http:///{host}/timeline/protest/
    //{host}/timeline/protest/
"""
ENCODED = """
    http%3A%2F%2F{host}%2Ftimeline%2Fprotest%2F
    http://%6c%6f%63%61%6c%68%6f%73%74/timeline/protest/
    http://loca\uff4chost/timeline/protest/
    {root}/%74imeline%2Fprotest/
    {root}/timeline/%00/
    {root}/timeline/%ff/
    {root}/timeline%2f..%2fadmin/
    {root}/timeline/protest%0d%0aX-Evil:1/
    {root}/timeline\\protest/
"""
OTHER_PATHS = """
    /timeline/protest/
    timeline/protest/
    {root}
    {root}/
    {root}/admin/
    {root}/contact/
    {root}/timeline/nothing/
    {root}/es/timeline/
    {root}//timeline/
    {root}/./timeline/
    {root}/timeline/../timeline/
    {root}/timeline/protest/../planned/
    {root}/timeline/planned/
    {root}/timeline/planned/?event=protest
    {root}/timeline/secret/
    {root}/timeline/secret/#protest
    {root}/oembed/?url={root}/timeline/protest/
"""
HOSTILE = [*f"{OTHER_HOSTS} {OTHER_SCHEMES} {ENCODED} {OTHER_PATHS}".split(), "", " ", "x" * 9000]


@pytest.fixture
def no_requests(monkeypatch):
    def fail(*args, **kwargs):
        raise AssertionError("A request leaves this machine.")

    for name in ("getaddrinfo", "create_connection", "gethostbyname"):
        monkeypatch.setattr(f"socket.{name}", fail)
    monkeypatch.setattr("socket.socket.connect", fail)


def test_other_urls_are_not_found(ask, event, no_requests):
    factories.make_event(title="Only planned", slug="planned").unpublish()
    secret = factories.make_event(title="Kept secret", slug="secret")
    PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
    root = Site.objects.get(is_default_site=True).root_url
    assert len(HOSTILE) >= 60
    for url in HOSTILE:
        response = ask(url.replace("{root}", root).replace("{host}", urlsplit(root).netloc))
        assert response.status_code == 404, url
        assert response.content == b"", url


def test_without_a_url_nothing_is_found(client, event):
    assert client.get("/oembed/").status_code == 404


def test_other_formats_are_not_implemented(ask, event):
    assert ask(event.full_url, format="yaml").status_code == 501


def test_every_site_may_read_the_response(ask, event):
    response = ask(event.full_url)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/timeline/?year=2017", "/timeline/protest/", "/concerns/fit/"])
def test_wagtail_discovers_the_frame(client, event, monkeypatch, path):
    """Another Wagtail site finds it by the link in the page."""
    address = event.get_site().root_url + path
    page = client.get(path).content.decode()
    found = unescape(search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page)[1])
    endpoint = urlsplit(found)._replace(query="").geturl()
    finder = OEmbedFinder(providers=[{"endpoint": endpoint, "urls": [rf"^{event.get_site().root_url}/.+$"]}])
    assert finder.accept(address)

    def get(url, params, **options):
        response = client.get(urlsplit(url).path, params)
        response.raise_for_status = lambda: None
        return response

    monkeypatch.setattr("wagtail.embeds.finders.oembed.requests.get", get)
    embed = finder.find_embed(address)
    assert embed["type"] == "rich"
    frame = unescape(search(r'<iframe src="([^"]*)"', embed["html"])[1])
    assert client.get(frame.removeprefix(event.get_site().root_url), follow=True).status_code == 200


def test_a_page_of_a_document_is_a_photo(ask, client):
    record = record_of("One", "Two", words=[["Two", [100, 100, 80, 12]], ["words", [200, 100, 80, 12]]])
    address = f"{record.full_url}pages/2/"
    answer = ask(address).json()
    assert (answer["type"], answer["title"]) == ("photo", "Page 2 of “Minutes of May”")
    assert (answer["width"], answer["height"]) == (1600, 2070)
    large, small = FilePage.objects.get(number=2).images
    assert answer["url"] == f"http://localhost{large[0]}"
    assert client.get(large[0]).headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    answer = ask(f"{address}#text", maxwidth="600").json()
    assert (answer["width"], answer["height"]) == (600, 776)
    assert answer["url"] == f"http://localhost{small[0]}"


def test_quoted_words_of_a_page_are_a_quotation_that_leads_to_it(ask, client):
    record = record_of("Two <words>", words=[["Two", [100, 100, 80, 12]], ["<words>", [200, 100, 80, 12]]])
    address = f"{record.full_url}pages/1/"
    answer = ask(f"{address}?q=%22two%20%3Cwords%3E%22").json()
    assert answer["type"] == "rich"
    assert answer["html"].startswith("<blockquote><p>“two &lt;words&gt;”</p>")
    [link] = findall(r'href="([^"]+)"', answer["html"])
    assert b"file-page-marks" in client.get(link.removeprefix("http://localhost")).content
    # Words that are not on the page are nobody's quotation.
    assert ask(f"{address}?q=%22other+words%22").json()["type"] == "photo"


def test_pages_of_documents_link_to_their_description(client):
    record = record_of("Two words", words=[["Two", [100, 100, 80, 12]], ["words", [200, 100, 80, 12]]])
    for query, kind in ("", "photo"), ("?q=%22two+words%22", "rich"):
        html = client.get(f"{record.url}pages/1/{query}").content.decode()
        [link] = findall(r'type="application/json\+oembed" href="([^"]+)"', html)
        parts = urlsplit(unescape(link))
        assert client.get(f"{parts.path}?{parts.query}").json()["type"] == kind


def test_a_page_that_a_stranger_may_not_see_has_no_description(ask):
    record = record_of("One", "Two")
    FilePage.objects.filter(number=2).update(state=FilePage.State.WAITING)
    for path in ("pages/2/", "pages/3/", "pages/0/", "pages/1", "pages/"):
        assert ask(record.full_url + path).status_code == 404
    assert ask(f"{record.full_url}pages/1/").status_code == 200
    assert ask(factories.make_event().full_url + "pages/1/").status_code == 404
    restriction = PageViewRestriction.objects.create(page=record, restriction_type="login")
    assert ask(f"{record.full_url}pages/1/").status_code == 404
    restriction.delete()
    record.file.collection = record.file.collection.add_child(name="Kept back")
    record.file.save()
    assert ask(f"{record.full_url}pages/1/").status_code == 200
    CollectionViewRestriction.objects.create(collection=record.file.collection, restriction_type="login")
    assert ask(f"{record.full_url}pages/1/").status_code == 404
