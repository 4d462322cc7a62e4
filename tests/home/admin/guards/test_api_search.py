import pytest

from tests.support import factories
from tests.support.people import member

pytestmark = pytest.mark.django_db


def test_a_search_does_not_tell_which_words_are_in_a_draft_of_somebody_else(client):
    draft = factories.make_event(title="Vigil", summary="Hidden words", live=False, owner=member("Editors"))
    client.force_login(member("Contributors"))
    for screen in ("api/main/pages/?search={}", "pages/search/?q={}", "choose-page/search/?q={}"):
        found, missed = (client.get(f"/admin/{screen.format(word)}") for word in ("hidden", "nowhere"))
        assert found.status_code == 200
        assert (draft.title in found.content.decode()) == (draft.title in missed.content.decode()), screen
