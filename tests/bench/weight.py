"""
What it costs to open a page once: bytes as they come over the wire, with their headers, and how much moves.

    python -m tests.bench.weight

prints it for every type of page and state of the site as in production, for a browser with an empty cache.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.chromium import chromium
from tests.support.everyone.places import PLACES
from tests.support.served import ServedSite

WATCH = """
window.shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
# Also what waits until somebody scrolls to it.
READ_ON = """async () => {
  const nextFrame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  await document.fonts.ready;
  for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight) {
    scrollTo(0, top);
    await nextFrame();
  }
  await Promise.all([...document.images].map(image => image.decode().catch(() => null)));
  await nextFrame();
  return window.shift;
}"""
TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml")
# Bytes of a text that compressing hardly makes smaller.
TINY = 300
COLUMNS = ("Document", "Stylesheet", "Script")


@dataclass
class Answer:
    """What came for one request; `length` is that of a body that is not compressed."""

    address: str
    kind: str
    mime: str
    length: int
    bytes: int = 0

    @property
    def is_image(self):
        return self.mime.startswith("image/")

    @property
    def is_plain(self):
        return self.mime.startswith(TEXT) and self.length > TINY


@dataclass
class Weight:
    answers: list
    shift: float

    def of(self, kind):
        return [answer for answer in self.answers if answer.kind == kind]

    def bytes(self, *kinds):
        return sum(answer.bytes for kind in kinds for answer in self.of(kind))

    @property
    def without_images(self):
        return sum(answer.bytes for answer in self.answers if not answer.is_image)


def weigh(browser, address, width=360):
    """The Weight of a page. What a frame in it loads is that of another page."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    answers = {}

    def begin(event):
        if event["frameId"] != frame:
            return
        response = event["response"]
        headers = {name.lower(): value for name, value in response["headers"].items()}
        length = 0 if headers.get("content-encoding") else int(headers.get("content-length", TINY + 1))
        answers[event["requestId"]] = Answer(response["url"], event["type"], response["mimeType"], length)

    def end(event):
        if answer := answers.get(event["requestId"]):
            answer.bytes = event["encodedDataLength"]

    session.on("Network.responseReceived", begin)
    session.on("Network.loadingFinished", end)
    page.add_init_script(WATCH)
    page.goto(address)
    weight = Weight([], page.evaluate(READ_ON))
    weight.answers = list(answers.values())
    context.close()
    return weight


@contextmanager
def served():
    """The site with all of PLACES, as in production."""
    with ServedSite() as site:
        site.manage("load_starter_content", "--verbosity", "0")
        site.fill("tests.support.everyone.content")
        site.start()
        yield site


def addresses(site):
    """Those of PLACES that are reached by an address alone, by name."""
    return {name: site.url + where for name, where in PLACES.items() if not callable(where)}


def main():
    print("|", " | ".join(["page", *COLUMNS, "all but images", "images", "requests", "shift"]), "|")
    print("|---|" + "---:|" * (len(COLUMNS) + 4))
    with served() as site, chromium() as browser:
        for name, address in addresses(site).items():
            weight = weigh(browser, address)
            total = sum(answer.bytes for answer in weight.answers)
            cells = [weight.bytes(kind) for kind in COLUMNS]
            cells += [weight.without_images, total - weight.without_images, len(weight.answers)]
            print("|", " | ".join([name, *map("{:,}".format, cells), f"{weight.shift:.4f}"]), "|", flush=True)


if __name__ == "__main__":
    main()
