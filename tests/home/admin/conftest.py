"""Fixtures for the tests of the admin."""

import pytest

from home.models import Figure, FigureValue
from tests.support import factories
from tests.support.people import member


@pytest.fixture
def sign_in(groups, client):
    """Return a function that signs in a new member of a group, and returns the user."""

    def sign_in(group):
        user = member(group)
        client.force_login(user)
        return user

    return sign_in


@pytest.fixture
def moderator(client, sign_in):
    """A client signed in as a moderator."""
    sign_in("Moderators")
    return client


@pytest.fixture
def editor(sign_in, settings, tmp_path):
    """A user who is signed in as an editor, and whose uploads are in a folder of their own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return sign_in("Editors")


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
