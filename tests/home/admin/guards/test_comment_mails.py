"""Mails about comments say nothing to people who may not read the page any more."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Comment, PageSubscription
from wagtail.test.utils.form_data import inline_formset

from tests.support import factories
from tests.support.forms import data_of
from tests.support.people import member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", ["thread", "subscription"])
@pytest.mark.parametrize("is_still_editor", [True, False])
def test_comments_are_mailed_only_to_people_who_may_edit_the_page(client, mailoutbox, way, is_still_editor):
    draft = factories.make_event(live=False)
    person, editor = member("Editors"), member("Editors")
    person.email = "rosa@example.org"
    person.save()
    comment = Comment.objects.create(
        page=draft, user=person if way == "thread" else editor, text="A question", contentpath="title"
    )
    if way == "subscription":
        PageSubscription.objects.create(page=draft, user=person, comment_notifications=True)
    if not is_still_editor:
        person.groups.set([Group.objects.get(name="Contributors")])
    client.force_login(editor)
    reply = {"id": "", "text": "An answer in confidence", "user": editor.pk, "DELETE": ""}
    row = {"id": comment.pk, "text": comment.text, "contentpath": "title", "position": "", "resolved": ""}
    replies = inline_formset([reply])
    data = data_of(draft, comments=inline_formset([row | {"replies": replies}], initial=1))
    assert client.post(f"/admin/pages/{draft.pk}/edit/", data).status_code == 302
    assert comment.replies.get().text == "An answer in confidence"
    mails = [mail.body for mail in mailoutbox if mail.to == ["rosa@example.org"]]
    assert [f"/admin/pages/{draft.pk}/edit/" in mail for mail in mails] == [True] * is_still_editor
    # Mails pass through other people's servers.
    assert "in confidence" not in "".join(mails)
