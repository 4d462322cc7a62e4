"""
Compare the embedded timeline with the real TimelineJS: same events, same run, same machine.

    make bench-timeline

prints a table and writes it to docs/benchmarks/timeline.md. Times depend on the machine and its load, so the
two are measured alternately, and only the ratio counts.
"""

import io
import json
import os
import re
import statistics
import sys
import time

from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

from tests.support.chromium import chromium
from tests.support.served import ROOT, ServedSite
from tests.support.timelinejs import PACKAGE, TimelineJS

REPORT = ROOT / "docs" / "benchmarks" / "timeline.md"
SIZES = (20, 200, 1000)
RUNS = int(os.environ.get("RUNS", "3"))
# Seconds to wait until all events are visible.
PATIENCE = 120
# Milliseconds to wait for the page to finish its work.
REST = 1000

WATCH = """
(() => {
  const seen = (window.bench = { longTasks: 0, shift: 0, visible: null });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.longTasks += entry.duration;
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  const look = () => {
    if (document.querySelectorAll("SELECTOR").length < COUNT) return requestAnimationFrame(look);
    // It has been painted two frames later.
    requestAnimationFrame(() => requestAnimationFrame(() => (seen.visible = performance.now())));
  };
  look();
})();
"""


class Ours(ServedSite):
    """The site with a timeline of each size."""

    name = "ours"
    selector = "article.event"

    def __init__(self, sizes):
        super().__init__()
        self.fill("tests.bench.events", *sizes)
        self.start()
        for size in sizes:
            self.wait_for(self.page_of(size))

    def page_of(self, size):
        return f"{self.url}/events-{size}/embed/"

    def pages_of(self, size):
        """Return pairs of a URL and its number of events, for all windows of a long timeline."""
        address, found = self.page_of(size), []
        while address:
            html = self.wait_for(address).decode()
            found.append((address, html.count("<article")))
            after = re.search(r'<a rel="next" href="([^"#]+)', html)
            address = after and self.url + after[1].replace("&amp;", "&")
        return found

    def slides_of(self, size):
        """Return the same events for TimelineJS, without the data that only we read."""
        data = json.loads(self.wait_for(f"{self.url}/events-{size}/events.json"))
        for slide in data["events"]:
            del slide["lead_watch"]
        return data


class Theirs:
    """TimelineJS, with the same events."""

    name = "TimelineJS"
    selector = ".tl-timemarker"

    def __init__(self, ours):
        self.server = TimelineJS()
        self.pages = {size: self.server.page_of(ours.slides_of(size)) for size in SIZES}

    def page_of(self, size):
        return self.pages[size]

    def pages_of(self, size):
        return [(self.pages[size], size)]

    def close(self):
        self.server.close()


def load(browser, side, size, slower=1):
    """Measure what it costs to open a page once, with an empty cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Performance.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    kinds, sizes, hosts = {}, {}, set()
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]) if "//" in request.url else None)
    page.route(lambda url: "127.0.0.1" not in url and "//" in url, lambda route: route.abort())
    page.add_init_script(
        WATCH.replace("SELECTOR", side.selector).replace("COUNT", str(side.pages_of(size)[1]))
    )
    page.goto(side.page_of(size))
    wait_until(page, "window.bench.visible")
    page.wait_for_timeout(REST * slower)
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    code = {"Script", "Stylesheet", "Font"}
    found = {
        "code": sum(bytes_ for key, bytes_ in sizes.items() if kinds.get(key) in code),
        "script": sum(bytes_ for key, bytes_ in sizes.items() if kinds.get(key) == "Script"),
        "bytes": sum(sizes.values()),
        "requests": len(sizes),
        "others": len({host for host in hosts if not host.startswith("127.0.0.1")}),
        "cookies": len(context.cookies()),
        "paint": page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime"),
        "visible": page.evaluate("window.bench.visible"),
        "long_tasks": page.evaluate("window.bench.longTasks"),
        "cpu": metrics["TaskDuration"] * 1000,
        "heap": metrics["JSHeapUsedSize"] / 1e6,
        "nodes": page.evaluate("document.querySelectorAll('*').length"),
        "shift": page.evaluate("window.bench.shift"),
    }
    context.close()
    return found


def wait_until(page, expression):
    """Poll until an expression is true. The page's policy keeps Playwright from waiting inside the page."""
    end = time.monotonic() + PATIENCE
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise TimeoutError(f"{page.url}: not {expression}")
        page.wait_for_timeout(50)


def read(browser, side, size):
    """Count accessibility violations and the events readable without scripts and on paper, in all windows."""
    text, printed, violations = "", "", 0
    for address, count in side.pages_of(size):
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(address)
        text += " ".join(page.text_content("main, body").split())
        context.close()
        context = browser.new_context()
        page = context.new_page()
        page.route(lambda url: "127.0.0.1" not in url and "//" in url, lambda route: route.abort())
        page.goto(address)
        page.locator(side.selector).nth(count - 1).wait_for(state="attached", timeout=PATIENCE * 1000)
        # The page around the frame has the first heading.
        rules = {"rules": {"page-has-heading-one": {"enabled": False}}}
        found = Axe().run(page, options=rules).response["violations"]
        violations += sum(len(violation["nodes"]) for violation in found)
        pdf = PdfReader(io.BytesIO(page.pdf()))
        printed += " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
        context.close()
    titles = [f"Event {number:04} " for number in range(size)]
    return {
        "axe": violations,
        "without_script": sum(title in text for title in titles),
        "printed": sum(title in printed for title in titles),
    }


def measure(browser, sides, size):
    """Return all measurements for a number of events, by side: medians of runs that alternate."""
    fast, slow = {side.name: [] for side in sides}, {side.name: [] for side in sides}
    for _run in range(RUNS):
        for side in sides:
            fast[side.name].append(load(browser, side, size))
            slow[side.name].append(load(browser, side, size, slower=4))
    found = {}
    for side in sides:
        numbers = {name: middle(fast[side.name], name) for name in fast[side.name][0]}
        for name in ("visible", "long_tasks"):
            numbers[f"{name}_slow"] = middle(slow[side.name], name)
        found[side.name] = numbers | read(browser, side, size)
    return found


def middle(runs, name):
    return statistics.median(run[name] or 0 for run in runs)


# Label, unit, and the targets for 20, 200 and 1000 events.
ROWS = {
    "code": ("Code: scripts, styles, fonts", "KB", (20, 20, 20)),
    "script": ("of which scripts", "KB", (6, 6, 6)),
    "bytes": ("Everything loaded", "KB", (None,) * 3),
    "requests": ("Requests", "", (4, 4, 4)),
    "others": ("Other sites contacted", "", (0, 0, 0)),
    "cookies": ("Cookies", "", (0, 0, 0)),
    "paint": ("First paint", "ms", (None,) * 3),
    "visible": ("All events visible", "ms", (None, 300, None)),
    "visible_slow": ("All events visible, CPU slowed down four times", "ms", (None, 1000, 1500)),
    "cpu": ("Main thread", "ms", (100, 120, 250)),
    "long_tasks": ("Long tasks", "ms", (None,) * 3),
    "long_tasks_slow": ("Long tasks, CPU slowed down four times", "ms", (None, 200, None)),
    "nodes": ("Elements", "", (None, 20 * 200, None)),
    "heap": ("Script memory", "MB", (None,) * 3),
    "shift": ("Layout shift", "", (0, 0, 0)),
    "axe": ("Violations found by axe", "", (0, 0, 0)),
    "without_script": ("Events readable without scripts", "", None),
    "printed": ("Events printed", "", None),
}


def table(size, place, found):
    lines = [
        f"## {size} events",
        "",
        "| | ours | TimelineJS | TimelineJS / ours | target | |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for name, (label, unit, targets) in ROWS.items():
        ours, theirs = found["ours"][name], found["TimelineJS"][name]
        if unit == "KB":
            ours, theirs = ours / 1000, theirs / 1000
        target = size if targets is None else targets[place]
        is_met = target is None or (ours >= target if targets is None else ours <= target)
        ratio = f"{theirs / ours:.1f}" if ours else ""
        sign = "≥" if targets is None else "≤"
        goal = "" if target is None else f"{sign} {target}"
        verdict = "" if target is None else ("met" if is_met else "**missed**")
        lines.append(
            f"| {label} | {shown(ours)} {unit} | {shown(theirs)} {unit} | {ratio} | {goal} | {verdict} |"
        )
    return "\n".join(lines)


def shown(number):
    return f"{number:.2f}" if 0 < number < 1 else f"{number:,.1f}" if number < 20 else f"{number:,.0f}"


HEAD = """# The timeline compared with TimelineJS

Written by `make bench-timeline`. Ours is the embedded page (`embed/`), served as in production from the page
cache, as for every visitor but the first. TimelineJS 3.9.11 shows the same events, without images, on a
page of its own that is served compressed from the same machine. Fonts from other sites are blocked, so
they count as contacted but not as loaded. Ours shows more than 200 events in parts of about 100: the first
part is loaded, and all parts are read by axe, without scripts and on paper. Medians of {runs} alternating
runs with an empty browser cache.
The times are from two shared cores: compare the two columns, but do not quote either of them.
"""


def main():
    if not PACKAGE.exists():
        sys.exit("TimelineJS is not installed. Run make node.")
    with Ours(SIZES) as ours, chromium() as browser:
        theirs = Theirs(ours)
        try:
            tables = [
                table(size, place, measure(browser, (ours, theirs), size)) for place, size in enumerate(SIZES)
            ]
        finally:
            theirs.close()
    report = "\n\n".join([HEAD.format(runs=RUNS).rstrip(), *tables]) + "\n"
    REPORT.write_text(report)
    print(report)


if __name__ == "__main__":
    main()
