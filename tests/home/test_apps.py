import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUTES = """
import django; django.setup()
from wagtail.contrib.routable_page.models import RoutablePageMixin
def fail(page): raise AssertionError("The routes were not collected at the start.")
RoutablePageMixin.get_subpage_urls = classmethod(fail)
from home.models import ContactPage
from timeline.models import TimelinePage
for model in (ContactPage, TimelinePage):
    assert model.get_resolver()
"""


def test_no_request_collects_the_routes_of_pages():
    """Two threads that did it at the same moment failed."""
    environment = {"DJANGO_SETTINGS_MODULE": "leadwatch.settings.test"}
    subprocess.run([sys.executable, "-c", ROUTES], cwd=ROOT, env=environment, check=True)
