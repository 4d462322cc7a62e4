"""When a person leaves, somebody takes over what is theirs, and the account is closed."""

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail import VERSION as WAGTAIL
from wagtail.models import Comment, ModelLogEntry, Page, Workflow, WorkflowState

from home.accounts import log
from home.accounts.invitations import send_link
from home.models import Assignment, Figure, SiteDocument, SiteImage, User
from tests.support import factories
from tests.support.people import member
from tests.support.sealing import make_key

pytestmark = pytest.mark.django_db

PASSWORD = "three violet kettles"
# Fields for a person that stay when she leaves: what she did, and what is about herself alone.
STAYS = {
    "home.Assignment.made_by",
    "home.InboxKey.made_by",
    "home.KeptCopy.asked_by",
    "home.MessageNote.made_by",
    "home.Suggestion.decided_by",
    "home.Suggestion.user",
    "home.WithheldVersion.withheld_by",
    "timeline.EventImport.user",
    "timeline.EventImport.undone_by",
    "wagtailadmin.EditingSession.user",
    "wagtailadmin.FormState.user",
    "wagtailcore.Comment.resolved_by",
    "wagtailcore.Comment.user",
    "wagtailcore.CommentReply.user",
    "wagtailcore.ModelLogEntry.user",
    "wagtailcore.PageLogEntry.user",
    "wagtailcore.PageSubscription.user",
    "wagtailcore.Revision.user",
    "wagtailcore.TaskState.finished_by",
    "wagtailcore.UploadedFile.uploaded_by_user",
    "wagtaildocs.Document.uploaded_by_user",
    "wagtailimages.Image.uploaded_by_user",
    "wagtailusers.UserProfile.user",
}
GOES = {
    *(["wagtailcore.APIToken.user"] if WAGTAIL >= (8, 0) else []),
    "home.Assignment.person",
    "home.SiteDocument.uploaded_by_user",
    "home.SiteImage.uploaded_by_user",
    "otp_static.StaticDevice.user",
    "otp_totp.TOTPDevice.user",
    "home.Figure.locked_by",
    "home.GlossaryTerm.locked_by",
    "timeline.EventCategory.locked_by",
    "wagtailcore.Page.locked_by",
    "wagtailcore.Page.owner",
    "wagtailcore.WorkflowState.requested_by",
}


@pytest.fixture
def ana(client):
    """Create a contributor with a draft, a page in review, a locked page, an image and a file."""
    ana = member("Contributors")
    ana.first_name, ana.last_name, ana.email = "Ana", "Lee", "ana@example.org"
    ana.set_password(PASSWORD)
    ana.last_login = timezone.now()
    ana.save()
    timeline = factories.make_timeline()
    draft = factories.make_event(timeline, owner=ana, live=False, title="Her draft")
    draft.save_revision(user=ana)
    review = factories.make_event(timeline, owner=ana, live=False, title="In review")
    review.save_revision(user=ana)
    Workflow.objects.get().start(review, ana)
    factories.make_event(timeline, locked=True, locked_by=ana, locked_at=timezone.now())
    factories.make_figure(locked=True, locked_by=ana, locked_at=timezone.now())
    factories.make_image(uploaded_by_user=ana)
    factories.make_file(uploaded_by_user=ana)
    Assignment.objects.create(page=draft, person=ana)
    administrator = User.objects.create_superuser("maya", "maya@example.org", first_name="Maya")
    client.force_login(administrator)
    return ana


@pytest.fixture
def bo(ana):
    bo = member("Contributors")
    bo.first_name, bo.last_name = "Bo", "Ray"
    bo.save()
    return bo


def leave(client, person, heir=None):
    fields = {"heir": heir.pk} if heir else {}
    return client.post(reverse("wagtailusers_users:leaving", args=[person.pk]), fields, follow=True)


def test_the_screen_lists_what_somebody_takes_over(client, ana, bo):
    page = client.get(reverse("wagtailusers_users:leaving", args=[ana.pk])).text
    for words in (
        "2 pages",
        "2 locked pages, figures, terms and categories",
        "1 submission in review",
        "1 image",
        "1 file",
        "1 assignment",
        "Bo Ray (Contributor)",
    ):
        assert words in page
    assert ana.get_full_name() not in page.partition("<select")[2].partition("</select>")[0]


def test_somebody_must_take_over(client, ana):
    response = leave(client, ana)
    assert "heir" in response.context["form"].errors
    ana.refresh_from_db()
    assert ana.is_active


def test_everything_is_handed_over_and_told(client, ana, bo):
    page = leave(client, ana, bo).text
    assert "The account of Ana Lee is closed." in page
    assert "Bo Ray took over: 2 pages, with their drafts" in page
    assert not Page.objects.filter(owner=ana).exists()
    assert Page.objects.filter(owner=bo).count() == 2
    assert Page.objects.get(locked=True).locked_by == Figure.objects.get().locked_by == bo
    assert WorkflowState.objects.get().requested_by == bo
    assert SiteImage.objects.get().uploaded_by_user == bo
    assert Assignment.objects.get().person == bo
    assert SiteDocument.objects.get().uploaded_by_user == bo
    [entry] = ModelLogEntry.objects.filter(action=log.LEFT)
    assert entry.data["counts"] == {
        "pages": 2,
        "locks": 2,
        "reviews": 1,
        "images": 1,
        "files": 1,
        "assignments": 1,
    }
    history = client.get(reverse("wagtailadmin_reports:site_history")).text
    assert "Account closed; Bo Ray took over: 2 pages, with their drafts" in history


def test_the_first_screen_counts_the_drafts_for_who_takes_over(client, ana, bo):
    leave(client, ana, bo)
    client.force_login(bo)
    assert "You have 1 unfinished draft." in client.get(reverse("wagtailadmin_home")).text
    assert "Her draft" in client.get(reverse("my_drafts")).text


def test_who_takes_over_may_change_and_publish_the_drafts(client, ana, bo):
    draft = Page.objects.get(title="Her draft").specific
    assert not draft.permissions_for_user(bo).can_edit()
    leave(client, ana, bo)
    draft.refresh_from_db()
    assert draft.permissions_for_user(bo).can_edit()
    # The version that she saved names her as the owner.
    assert draft.get_latest_revision_as_object().owner == bo
    draft.latest_revision.publish()
    draft.refresh_from_db()
    assert draft.owner == bo
    assert draft.latest_revision.user == ana


def test_the_account_can_no_longer_be_used(client, ana, bo, django_capture_on_commit_callbacks):
    hers = Client()
    assert hers.login(username=ana.username, password=PASSWORD)
    assert hers.get("/admin/").status_code == 200
    link = send_link(ana, bo)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        leave(client, ana, bo)
    assert hers.get("/admin/").status_code == 302
    assert not hers.login(username=ana.username, password=PASSWORD)
    path = link.partition("//")[2].partition("/")[2]
    assert "This link no longer works" in hers.get(f"/{path}", follow=True).text
    ana.refresh_from_db()
    assert not ana.has_usable_password()
    [letter] = mail.outbox
    assert letter.to == ["ana@example.org"]
    assert "Your account was deactivated." in letter.body
    # Opening the account again revives neither the session nor the password.
    User.objects.filter(pk=ana.pk).update(is_active=True)
    assert hers.get("/admin/").status_code == 302
    assert not hers.login(username=ana.username, password=PASSWORD)


@pytest.mark.skipif(WAGTAIL < (8, 0), reason="Wagtail has tokens since 8.0")
def test_tokens_for_the_api_are_deleted(client, ana, bo):
    from wagtail.models import APIToken

    for person in (ana, bo):
        APIToken.create_token(user=person, name="a script")
    leave(client, ana, bo)
    assert [token.user for token in APIToken.objects.all()] == [bo]


def test_a_person_without_anything_leaves_without_an_heir(client, ana, bo):
    assert "There is nothing" in client.get(reverse("wagtailusers_users:leaving", args=[bo.pk])).text
    assert "The account of Bo Ray is closed." in leave(client, bo).text


@pytest.mark.parametrize(("group", "is_asked"), [("Moderators", True), ("Editors", False)])
def test_the_key_of_the_inbox_is_replaced_when_its_readers_leave(client, ana, group, is_asked):
    factories.make_contact()
    assert "replace its key" not in leave(client, member(group)).text
    make_key()
    page = leave(client, member(group)).text
    assert ("replace its key" in page) == is_asked
    assert (reverse("inbox_key") in page) == is_asked


def test_nobody_closes_their_own_account_or_takes_over_their_own_things(client, ana):
    administrator = User.objects.get(username="maya")
    leave(client, administrator)
    administrator.refresh_from_db()
    assert administrator.is_active
    assert "heir" in leave(client, ana, ana).context["form"].errors


def test_a_closed_account_gets_no_link(client, ana, bo):
    leave(client, ana, bo)
    address = reverse("wagtailusers_users:link", args=[ana.pk])
    for method in (client.get, client.post):
        assert method(address).status_code == 404
    assert address not in client.get(reverse("wagtailusers_users:edit", args=[ana.pk])).text
    assert "Closed" in client.get(reverse("wagtailusers_users:index")).text


def test_somebody_takes_over_from_an_account_that_is_closed_already(client, ana, bo):
    User.objects.filter(pk=ana.pk).update(is_active=False)
    leave(client, ana, bo)
    assert Page.objects.filter(owner=bo).count() == 2


def test_an_owner_is_not_deleted(client, ana, bo):
    response = client.post(reverse("wagtailusers_users:delete", args=[ana.pk]), follow=True)
    assert "First choose who takes over" in response.text
    assert response.redirect_chain[0][0] == reverse("wagtailusers_users:leaving", args=[ana.pk])
    response = client.post(f"/admin/bulk/home/user/delete/?id={ana.pk}&id={bo.pk}", follow=True)
    assert "First choose who takes over" in response.text
    with pytest.raises(ProtectedError), transaction.atomic():
        ana.delete()
    with pytest.raises(ProtectedError), transaction.atomic():
        User.objects.all().delete()
    assert Page.objects.filter(owner=ana).count() == 2


def test_an_account_is_deleted_once_somebody_took_over(client, ana, bo):
    leave(client, ana, bo)
    client.post(reverse("wagtailusers_users:delete", args=[ana.pk]))
    assert not User.objects.filter(pk=ana.pk).exists()
    assert Page.objects.filter(owner=bo).count() == 2


def test_comments_are_not_deleted_with_an_account(client, ana, bo):
    Comment.objects.create(
        page=Page.objects.get(title="Her draft"), user=bo, text="Which day?", contentpath="x"
    )
    response = client.post(reverse("wagtailusers_users:delete", args=[bo.pk]), follow=True)
    assert "The comments of Bo Ray on pages would be deleted, too." in response.text
    assert Comment.objects.exists()


def test_each_field_for_a_person_is_known_to_go_or_to_stay():
    """Add a new field for a person to GOES, and to home/accounts/leaving.py, or to STAYS."""
    fields = {
        f"{field.related_model._meta.label}.{field.field.name}"
        for field in get_user_model()._meta.get_fields(include_hidden=True)
        if field.auto_created and (field.one_to_many or field.one_to_one)
    }
    throughs = {f"home.User_{name}.user" for name in ("groups", "user_permissions")}
    assert fields - throughs <= GOES | STAYS
    assert fields >= GOES
