"""
Run Lighthouse, as on a phone, on the site with its starter content, served as in production.

    make lighthouse

prints the scores and writes them to docs/benchmarks/lighthouse.md, with the audits that did not pass.
"""

import json
import os
import re
import subprocess
import sys
from statistics import median

from tests.support.chromium import OPTIONS, PROGRAM
from tests.support.packages import FOLDER
from tests.support.served import ROOT, ServedSite

REPORT = ROOT / "docs" / "benchmarks" / "lighthouse.md"
LIGHTHOUSE = FOLDER / ".bin" / "lighthouse"
RUNS = int(os.environ.get("RUNS", "3"))
# On a busy machine, Chromium sometimes misses the beginning of a page. Lighthouse then asks to run it again.
TRIES = 3
PAGES = {
    "Home": "/",
    "Timeline": "/timeline/",
    "Event": "/timeline/final-report/",
    "Concern": "/concerns/not-diverted/",
    "Partner": "/partners/ghjp/",
    "Search": "/search/?q=diversion",
}
CATEGORIES = {
    "performance": "Performance",
    "accessibility": "Accessibility",
    "best-practices": "Best practices",
    "seo": "SEO",
}
# Label, divisor and number format of each metric.
METRICS = {
    "first-contentful-paint": ("First paint", 1000, "{:.1f} s"),
    "largest-contentful-paint": ("Largest paint", 1000, "{:.1f} s"),
    "speed-index": ("Speed index", 1000, "{:.1f} s"),
    "total-blocking-time": ("Blocked", 1, "{:.0f} ms"),
    "cumulative-layout-shift": ("Layout shift", 1, "{:.3f}"),
    "total-byte-weight": ("Loaded", 1000, "{:.1f} KB"),
}
# The lowest score at which Lighthouse shows an audit as passed.
PASSED = 0.9


def run(address):
    """Return one Lighthouse report. By default, Lighthouse simulates a phone on a slow network."""
    flags = " ".join(["--headless=new", *OPTIONS])
    command = [LIGHTHOUSE, address, "--output=json", "--quiet", "--no-enable-error-reporting"]
    for _try in range(TRIES):
        output = subprocess.run(
            [*command, f"--chrome-flags={flags}"],
            env=os.environ | {"CHROME_PATH": PROGRAM},
            stdout=subprocess.PIPE,
        )
        if output.returncode == 0:
            return json.loads(output.stdout)
    raise RuntimeError(f"Lighthouse failed for {address}; see the output above.")


def scores(reports):
    return [
        round(100 * median(report["categories"][category]["score"] for report in reports))
        for category in CATEGORIES
    ]


def metrics(reports):
    for name, (_label, unit, form) in METRICS.items():
        yield form.format(median(report["audits"][name]["numericValue"] for report in reports) / unit)
    requests = (len(report["audits"]["network-requests"]["details"]["items"]) for report in reports)
    yield f"{median(requests):.0f}"


def not_passed(reports):
    """Yield the audits that most runs did not pass, and whether each counts toward a score."""
    weights = {}
    for category in reports[0]["categories"].values():
        for audit in category["auditRefs"]:
            weights[audit["id"]] = weights.get(audit["id"], 0) + audit["weight"]
    for name in reports[0]["audits"]:
        found = [report["audits"][name]["score"] for report in reports if name in report["audits"]]
        found = [score for score in found if score is not None]
        if found and median(found) < PASSED:
            yield name, weights.get(name, 0) > 0


def table(heads, rows):
    rule = ["---", *("---:" if head else "---" for head in heads[1:])]
    lines = [heads, rule, *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def describe(audit):
    """Return the title of an audit, its result, and the first sentence of its description."""
    about = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", audit["description"]).split(". ")[0].rstrip(".")
    measured = f": {audit['displayValue']}" if audit.get("displayValue") else ""
    return f"**{audit['title']}**{measured}. {about}.".replace("\xa0", " ").replace("|", r"\|")


def failures(found):
    """List the audits that did not pass, with the pages concerned."""
    pages, examples = {}, {}
    for page, reports in found.items():
        for audit in not_passed(reports):
            pages.setdefault(audit, []).append(page)
            examples.setdefault(audit, reports[0]["audits"][audit[0]])
    if not pages:
        return "None."
    lines = []
    for audit, where in sorted(pages.items(), key=lambda each: not each[0][1]):
        name, counts = audit
        weight = "counts toward a score" if counts else "not part of a score"
        places = "all pages" if len(where) == len(found) else ", ".join(where)
        lines.append(f"- `{name}`, on {places}; {weight}. {describe(examples[audit])}")
    return "\n".join(lines)


HEAD = """# Lighthouse scores

Written by `make lighthouse`. Lighthouse {version} simulates a phone: a processor four times slower than
this machine's, and a network with 1.6 Mb/s and a latency of 150 ms. The site has its starter content and
is served as in production, but without TLS, since Lighthouse and browsers treat localhost as secure.
Pages come from the page cache, as for every visitor but the first. Search results are never cached.
Medians of {runs} runs with an empty browser cache, {browser}, {cores} shared cores: use the times for
comparison only. Each score must be 100.
"""


def main():
    if not LIGHTHOUSE.exists():
        sys.exit("Lighthouse is not installed. Run make node.")
    found = {}
    with ServedSite() as site:
        site.manage("load_starter_content", "--verbosity", "0")
        site.start()
        for page, path in PAGES.items():
            site.wait_for(site.url + path)
            found[page] = [run(site.url + path) for _run in range(RUNS)]
    one = found["Home"][0]
    head = HEAD.format(
        version=one["lighthouseVersion"],
        runs=RUNS,
        cores=os.cpu_count(),
        browser=re.search(r"Chrome/\d+", one["environment"]["hostUserAgent"])[0].replace("/", " "),
    )
    by_page = [
        (f"{page}, `{PAGES[page]}`", *scores(reports), "met" if min(scores(reports)) == 100 else "**missed**")
        for page, reports in found.items()
    ]
    measured = [(page, *metrics(reports)) for page, reports in found.items()]
    parts = [
        head.rstrip(),
        table(["", *CATEGORIES.values(), ""], by_page),
        table(["", *(label for label, _unit, _form in METRICS.values()), "Requests"], measured),
        "## Audits that did not pass",
        failures(found),
    ]
    report = "\n\n".join(parts) + "\n"
    REPORT.write_text(report)
    print(report)


if __name__ == "__main__":
    main()
