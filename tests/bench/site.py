"""
Measure what pages of the site cost, beside a site of stock Wagtail.

    python -m tests.bench.site
    python -m tests.bench.site memory cached

prints the parts, all or some, and writes each into docs/benchmarks/site.md when it is done. So a run that is
stopped keeps what it has measured.
"""

import os
import signal
import sys
import time
from importlib import import_module

import django

from tests.bench.base import Base
from tests.bench.report import keep

# The most seconds that each part may take. Together with the sites, they are less than 20 minutes.
PARTS = {"pages": 300, "admin": 240, "cached": 200, "memory": 300, "readers": 240}


class TooLongError(Exception):
    pass


def stop(*_signal):
    raise TooLongError


def run(name, base):
    module, seconds, begun = import_module(f"tests.bench.{name}"), PARTS[name], time.monotonic()
    signal.alarm(seconds)
    try:
        text = module.section(base)
    except TooLongError:
        text = f"Not measured: this took more than {seconds} s."
    finally:
        signal.alarm(0)
    keep(module.HEADING, text)
    print(f"({time.monotonic() - begun:.0f} s)\n", flush=True)


def main(names):
    # The forms of editors need models.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadwatch.settings.test")
    django.setup()
    signal.signal(signal.SIGALRM, stop)
    with Base() as base:
        for name in names or PARTS:
            run(name, base)


if __name__ == "__main__":
    main(sys.argv[1:])
