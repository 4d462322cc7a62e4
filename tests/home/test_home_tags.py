from django.template import Context, Template
from django.test import SimpleTestCase, TestCase
from wagtail.models import Site
from wagtail.rich_text import RichText

from home.dates.values import PreciseDate
from home.models import DocumentSource, Figure, FigureSource, FigureValue
from home.templatetags.home_tags import cited_prose, prose, safe_link
from tests.support import factories

OUTWARD = 'rel="noopener noreferrer"'


class ProseTests(TestCase):
    def test_none_gives_an_empty_string(self):
        for empty in (None, "", RichText(None), RichText("")):
            assert prose(empty) == ""

    def test_markup_of_the_editor_is_kept(self):
        html = (
            "<h2>A</h2><h3>B</h3><h4>C</h4><p>One<br>two <b>b</b> <strong>s</strong> <i>i</i> <em>e</em>"
            " 1<sup>st</sup></p><ul><li>x</li></ul><ol><li>y</li></ol><blockquote>z</blockquote>"
        )
        assert prose(html) == html
        assert prose(RichText(html)) == html

    def test_stored_scripts_never_reach_the_page(self):
        hostile = [
            "<script>alert(1)</script>",
            "<SCRIPT SRC=//evil.example></SCRIPT>",
            "<p onclick='alert(1)'>x</p>",
            "<img src=x onerror=alert(1)>",
            "<svg onload=alert(1)>",
            "<a href='javascript:alert(1)'>x</a>",
            "<a href=' java\tscript:alert(1)'>x</a>",
            "<a href='&#106;avascript:alert(1)'>x</a>",
            "<a href='data:text/html,alert(1)'>x</a>",
            "<a href='vbscript:alert(1)'>x</a>",
            "<iframe src='https://evil.example'></iframe>",
            "<style>p{background:url(//evil.example)}</style>",
            "<p style='background:url(//evil.example)'>x</p>",
            "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
            "<embed embedtype='media' url='javascript:alert(1)'/>",
            "<p title='<script>alert(1)</script>'>x</p>",
        ]
        for html in hostile:
            with self.subTest(html):
                safe = str(prose(html))
                for bad in ("alert", "evil.example", "<script", "onclick", "onerror", "style", "script:"):
                    assert bad not in safe

    def test_text_inside_unknown_markup_is_kept(self):
        assert prose("<div><h1>Title</h1><span>words</span></div>") == "Titlewords"

    def test_links_may_be_urls_mail_addresses_or_phone_numbers(self):
        for address in ("/about/", "#section-lead", "?q=x", "mailto:us@example.org", "tel:+12035550100"):
            assert prose(f'<a href="{address}">x</a>') == f'<a href="{address}">x</a>'

    def test_links_to_other_sites_send_no_referrer(self):
        for address in (
            "https://example.org/",
            "http://example.org/",
            "HTTPS://example.org/",
            "//example.org/",
        ):
            assert prose(f'<a href="{address}" target="_blank" rel="opener">x</a>') == (
                f'<a {OUTWARD} href="{address}">x</a>'
            )

    def test_links_to_pages_are_resolved(self):
        page = Site.objects.get().root_page
        assert (
            prose(f'<p><a linktype="page" id="{page.pk}">Home</a></p>')
            == f'<p><a href="{page.url}">Home</a></p>'
        )

    def test_a_link_to_a_deleted_page_keeps_its_text(self):
        assert "Gone" in prose('<p><a linktype="page" id="999999">Gone</a></p>')

    def test_the_result_is_not_escaped_again(self):
        assert Template("{% load home_tags %}{{ x|prose }}").render(Context({"x": "<p>a &amp; b</p>"})) == (
            "<p>a &amp; b</p>"
        )


class SafeLinkTests(SimpleTestCase):
    def test_unsafe_links_become_empty(self):
        assert safe_link("https://example.org/") == "https://example.org/"
        assert safe_link("javascript:alert(1)") == ""
        assert safe_link(None) == ""


class FigureChartTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.figure = Figure.objects.create(
            title="Opt-in participants",
            slug="opt-in",
            description="Active cases only.",
            breakdown="neighborhood",
        )
        for group, value in [("Downtown", 1200), ("Hill North", 8)]:
            FigureValue.objects.create(
                figure=cls.figure, group=group, value=value, period_start=PreciseDate(2018)
            )
        FigureSource.objects.create(
            owner=cls.figure, title="Dashboard", publisher="City of New Haven", url="https://example.org/d"
        )
        FigureSource.objects.create(owner=cls.figure, title="A letter", url="javascript:alert(1)")

    def render(self, figure, caption=""):
        template = Template("{% load home_tags %}{% figure_chart figure caption %}")
        return template.render(Context({"figure": figure, "caption": caption}))

    def test_a_figure_has_a_chart_a_table_and_its_sources(self):
        html = self.render(self.figure)
        assert 'role="img"' in html
        assert "<caption>Opt-in participants</caption>" in html
        self.assertInHTML('<th scope="row">Downtown</th>', html)
        self.assertInHTML("<td>1,200</td>", html)
        assert "Active cases only." in html
        self.assertInHTML(f'<a href="https://example.org/d" {OUTWARD}>Dashboard</a>', html)
        assert "City of New Haven" in html

    def test_a_source_with_an_unsafe_url_has_no_link(self):
        html = self.render(self.figure)
        assert "A letter" in html
        assert "javascript" not in html

    def test_a_caption_replaces_the_title_but_not_the_accessible_name(self):
        html = self.render(self.figure, "Where people were met")
        assert "<caption>Where people were met</caption>" in html
        assert html.count("Opt-in participants") == 1
        assert '<section class="table-scroll" aria-label="Opt-in participants' in html

    def test_a_single_number_has_a_table_but_no_chart(self):
        FigureValue.objects.filter(group="Hill North").delete()
        html = self.render(Figure.objects.get())
        assert "<svg" not in html
        assert "1,200" in html

    def test_missing_and_unpublished_figures_show_nothing(self):
        self.figure.live = False
        assert self.render(None).strip() == ""
        assert self.render(self.figure).strip() == ""


class CitedProseTests(TestCase):
    def setUp(self):
        self.page = factories.make_document(sources=[DocumentSource(**factories.source_fields())])

    def shown(self, html, **context):
        return cited_prose(Context(context), RichText(html))

    def test_a_number_opens_its_source_without_a_script(self):
        html = self.shown('<p>Two people. <a href="#source-1">[1]</a></p>', page=self.page)
        assert 'Two people.<sup class="source-number"><button type="button" popovertarget="cited-1"' in html
        assert 'id="cited-1" popover' in self.client.get(self.page.url).content.decode()

    def test_a_number_in_brackets_is_enough(self):
        html = self.shown("<p>Two people. [1] <b>Three [1]</b></p>", page=self.page)
        assert html.count('popovertarget="cited-1"') == 2
        assert "[1]" not in html

    def test_numbers_in_links_and_numbers_without_a_source_stay_as_they_are(self):
        for words in ('<a href="https://a.example">as [1] says</a>', "[2]", "[0]", "[2018]", "[sic]"):
            assert words.partition(">")[2] in self.shown(f"<p>{words}</p>", page=self.page)
            assert "<button" not in self.shown(f"<p>{words}</p>", page=self.page)

    def test_a_link_to_a_missing_source_stays_a_link(self):
        for number in ("2", "0"):
            html = self.shown(f'<p><a href="#source-{number}">[{number}]</a></p>', page=self.page)
            assert f'<a href="#source-{number}">[{number}]</a>' in html

    def test_without_sources_or_a_page_a_number_stays_a_link(self):
        for context in ({}, {"page": factories.make_standard_page()}):
            assert "<button" not in self.shown('<p><a href="#source-1">[1]</a></p>', **context)
