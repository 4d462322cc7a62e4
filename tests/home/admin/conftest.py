"""Fixtures for the tests of the admin."""

import pytest

from home.models import Figure, FigureValue
from tests.support import factories
from tests.support.people import member


@pytest.fixture
def moderator(client):
    """A client signed in as a moderator."""
    client.force_login(member("Moderators"))
    return client


@pytest.fixture
def figure():
    """A live figure with numbers of two neighborhoods for 2018."""
    figure = Figure(
        title="Arrests", slug="arrests", breakdown="neighborhood", locale=factories.Locale.get_default()
    )
    figure.values = [
        FigureValue(group=group, value=value, period_start="2018", sort_order=place)
        for place, (group, value) in enumerate([("Downtown", 590), ("Hill North", 12)])
    ]
    figure.save()
    figure.save_revision().publish()
    return figure
