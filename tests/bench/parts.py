"""The words, sources, links and images that both sides of the benchmark of the site show."""

from io import BytesIO

from PIL import Image, ImageDraw

WORDS = (
    "The board heard from residents and put the vote off until the police could say how many people were "
    "referred, how many took part, and what became of those who did not."
)
SOURCES = [
    {
        "title": f"City and citizens discuss the program, part {number}",
        "publisher": "Yale Daily News",
        "url": f"https://example.org/news/{number}",
    }
    for number in (1, 2, 3)
]
# Pages that the page names besides those that its text links to.
RELATED = 4
SECTIONS = ("What was decided", "Who spoke", "What happened next")


def text(links):
    """Return rich text as Wagtail stores it: three paragraphs, each with links to a page and another site."""
    paragraph = (
        '<p><b>{words}</b> {words} See <a linktype="page" id="{link}">the program</a> and '
        '<a href="https://example.org/report">the report</a>.</p>'
    )
    return "".join(paragraph.format(words=WORDS, link=link) for link in links)


def picture(number):
    """Return a JPEG of 1,600 x 1,000 pixels."""
    image = Image.new("RGB", (1600, 1000), (20 * number % 256, 90, 120))
    ImageDraw.Draw(image).ellipse((300, 200, 1300, 800), fill=(200, 30 * number % 256, 60))
    content = BytesIO()
    image.save(content, "JPEG")
    return content.getvalue()
