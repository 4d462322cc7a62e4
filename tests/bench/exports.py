"""
Measure the export of 100 and 10,000 events over HTTP: the server's memory and the time to the first byte.

    python -m tests.bench.exports

prints a table and writes it to docs/benchmarks/exports.md.
"""

import re
import time
import urllib.request
from pathlib import Path

from tests.bench.timeline import Ours
from tests.support.served import ROOT

REPORT = ROOT / "docs" / "benchmarks" / "exports.md"
FEW, MANY = 100, 10_000
FORMATS = ("json", "csv", "ics", "xlsx")
# Targets: additional MB for the larger export, and seconds to the first byte.
MOST_MEMORY, MOST_WAIT = 50, 0.5
HEAD = f"""# Exports of {MANY:,} events

Written by `make bench-exports`. Each file is requested over HTTP from a freshly started server with one
process. Memory is the process's peak, first after the export of {FEW} events, then after that of {MANY:,}.
A workbook is a zip archive, so its first byte is sent when the file is complete.

| | size | first byte | total time | peak memory, {FEW} | peak memory, {MANY:,} | |
|---|---:|---:|---:|---:|---:|---|
"""


def most_memory(server):
    """Return the peak memory of a server's only worker, in MB."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    status = Path(f"/proc/{children[0]}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1000


def fetch(address):
    """Return a file's size in bytes, and the seconds to its first and last byte."""
    start, size = time.monotonic(), 0
    response = urllib.request.urlopen(address)
    size += len(response.read(1))
    first = time.monotonic() - start
    while piece := response.read(64 * 1024):
        size += len(piece)
    return size, first, time.monotonic() - start


def main():
    lines = []
    with Ours((FEW, MANY)) as ours:
        for extension in FORMATS:
            ours.start()
            fetch(f"{ours.url}/events-{FEW}/events.{extension}")
            before = most_memory(ours.server)
            size, first, whole = fetch(f"{ours.url}/events-{MANY}/events.{extension}")
            after = most_memory(ours.server)
            is_met = after - before <= MOST_MEMORY and (first <= MOST_WAIT or extension == "xlsx")
            lines.append(
                f"| {extension} | {size / 1e6:.1f} MB | {first:.2f} s | {whole:.1f} s "
                f"| {before:.0f} MB | {after:.0f} MB | {'met' if is_met else '**missed**'} |"
            )
    report = HEAD + "\n".join(lines) + "\n"
    REPORT.write_text(report)
    print(report)


if __name__ == "__main__":
    main()
