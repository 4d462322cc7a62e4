"""
Measure what it costs to open a page: bytes on the wire, including headers, and layout shift.

    python -m tests.bench.weight

prints both for every type and state of page, served as in production, with an empty browser cache.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.chromium import chromium
from tests.support.everyone.places import PLACES
from tests.support.served import ServedSite

WATCH = """
window.shift = 0;
const isSticky = ({ node }) => {
  for (let each = node; each; each = each.parentElement)
    if (each.nodeType === 1 && getComputedStyle(each).position === "sticky") return true;
};
new PerformanceObserver(list => {
  for (const { hadRecentInput, sources, value } of list.getEntries()) {
    const isScrolling = sources.length && sources.every(isSticky);
    if (!hadRecentInput && !isScrolling) window.shift += value;
  }
}).observe({ type: "layout-shift", buffered: true });
"""
# Scroll down, so that lazy images load, too. On a busy machine, Chromium counts what is sticky as shifted by
# scrolling, so WATCH ignores it. What shifts a page moves other elements, too.
READ_ON = """async () => {
  const nextFrame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  await document.fonts.ready;
  for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight) {
    scrollTo({ top, behavior: "instant" });
    await nextFrame();
  }
  await Promise.all([...document.images].map(image => image.decode().catch(() => null)));
  await nextFrame();
  return window.shift;
}"""
TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml")
# Texts of fewer bytes hardly get smaller when compressed.
TINY = 300
COLUMNS = ("Document", "Stylesheet", "Script")


@dataclass
class Response:
    """A response as the browser received it; `length` is the size of an uncompressed body, else 0."""

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
    responses: list
    shift: float

    def of(self, kind):
        return [response for response in self.responses if response.kind == kind]

    def bytes(self, *kinds):
        return sum(response.bytes for kind in kinds for response in self.of(kind))

    @property
    def without_images(self):
        return sum(response.bytes for response in self.responses if not response.is_image)


def weigh(browser, address, width=360):
    """Return the Weight of a page, without the frames in it."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    responses = {}

    def begin(event):
        if event["frameId"] != frame:
            return
        response = event["response"]
        headers = {name.lower(): value for name, value in response["headers"].items()}
        length = 0 if headers.get("content-encoding") else int(headers.get("content-length", TINY + 1))
        responses[event["requestId"]] = Response(response["url"], event["type"], response["mimeType"], length)

    def end(event):
        if response := responses.get(event["requestId"]):
            response.bytes = event["encodedDataLength"]

    session.on("Network.responseReceived", begin)
    session.on("Network.loadingFinished", end)
    page.add_init_script(WATCH)
    page.goto(address)
    weight = Weight([], page.evaluate(READ_ON))
    weight.responses = list(responses.values())
    context.close()
    return weight


@contextmanager
def served():
    """Serve the site with all of PLACES, as in production."""
    with ServedSite() as site:
        site.manage("load_starter_content", "--verbosity", "0")
        site.fill("tests.support.everyone.content")
        site.start()
        yield site


def addresses(site):
    """Return the URLs of the PLACES that need no steps to get there, by name."""
    return {name: site.url + where for name, where in PLACES.items() if not callable(where)}


def main():
    print("|", " | ".join(["page", *COLUMNS, "without images", "images", "requests", "shift"]), "|")
    print("|---|" + "---:|" * (len(COLUMNS) + 4))
    with served() as site, chromium() as browser:
        for name, address in addresses(site).items():
            weight = weigh(browser, address)
            total = sum(response.bytes for response in weight.responses)
            cells = [weight.bytes(kind) for kind in COLUMNS]
            cells += [weight.without_images, total - weight.without_images, len(weight.responses)]
            print("|", " | ".join([name, *map("{:,}".format, cells), f"{weight.shift:.4f}"]), "|", flush=True)


if __name__ == "__main__":
    main()
