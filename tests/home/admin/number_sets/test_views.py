import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from wagtail.models import Locale

from home.dates.values import PreciseDate
from home.models import Figure, FigureValue
from tests.support import factories
from tests.support.people import member, visitor_of_the_admin

pytestmark = pytest.mark.django_db

LIST = "/admin/numbers/"


def typed(*rows, button="save", **time):
    """Return the form data for rows of a group, its number, and the number that was shown."""
    data = {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": 0, button: ""}
    for number, (group, value, *was) in enumerate(rows):
        data |= {f"rows-{number}-group": group, f"rows-{number}-value": value}
        data[f"rows-{number}-was"] = was[0] if was else ""
    return data | time


def numbers(figure):
    """Return the group, value and period of the published numbers."""
    return [
        (value.group, value.value, str(value.period_start))
        for value in FigureValue.objects.filter(figure=figure).order_by("sort_order")
    ]


def draft(figure):
    figure = Figure.objects.get(pk=figure.pk).get_latest_revision_as_object()
    return [(value.group, Decimal(value.value), str(value.period_start)) for value in figure.values.all()]


BEFORE = [("Downtown", 590, "2018"), ("Hill North", 12, "2018")]


def address(figure, query=""):
    return f"/admin/number-sets/{figure.pk}/{query}"


def test_the_form_has_rows_for_known_and_new_groups(moderator, figure):
    html = moderator.get(address(figure)).content.decode()
    assert re.findall(r'type="hidden" name="rows-\d-group" value="(.*?)"', html) == ["Downtown", "Hill North"]
    assert len(re.findall(r'type="text" name="rows-\d-group"', html)) == 3
    assert not re.search(r"\b590\b", html)


def test_a_set_is_published_at_once(moderator, figure):
    data = typed(
        ("Downtown", "1,600"), ("Hill North", ""), ("Dixwell", "7"), button="publish", period_start="Jan 2019"
    )
    assert moderator.post(address(figure), data).status_code == 302
    assert numbers(figure) == [*BEFORE, ("Downtown", 1600, "2019-01"), ("Dixwell", 7, "2019-01")]
    revision = Figure.objects.get(pk=figure.pk).latest_revision
    assert revision.user.username.startswith("Moderators")


def test_a_draft_changes_nothing_for_visitors(moderator, figure):
    data = typed(("Downtown", "600"), period_start="2019", period_end="June 2020", published="2021")
    moderator.post(address(figure), data)
    assert numbers(figure) == BEFORE
    assert draft(figure) == [*BEFORE, ("Downtown", 600, "2019")]


def test_numbers_of_an_unpublished_figure_are_in_the_list_at_once(moderator):
    figure = factories.make_figure(live=False)
    moderator.post(address(figure), typed(("", "5"), period_start="2019"))
    assert [number[1:] for number in numbers(figure)] == [(590, "2018"), (5, "2019")]
    assert not Figure.objects.get(pk=figure.pk).live


def test_a_stored_number_is_shown_before_it_is_changed(moderator, figure):
    data = typed(("downtown ", "600"), button="publish", period_start="2018")
    html = moderator.post(address(figure), data).content.decode()
    assert "This group already has a number for this time: 590." in html
    assert numbers(figure) == BEFORE
    was = re.search(r'name="rows-0-was" value="(.*?)"', html)[1]
    moderator.post(address(figure), typed(("Downtown", "600", was), button="publish", period_start="2018"))
    assert numbers(figure) == [("Downtown", 600, "2018"), ("Hill North", 12, "2018")]


def test_a_stored_set_can_be_opened_and_changed(moderator, figure):
    query = "?period_start=2018"
    assert f'href="{query}"' in moderator.get(address(figure)).content.decode()
    html = moderator.get(address(figure, query)).content.decode()
    assert re.findall(r'name="rows-\d-value" value="(.*?)"', html) == ["590", "12"]
    data = typed(
        ("Downtown", "601", "590"), ("Hill North", "12", "12"), button="publish", period_start="2018"
    )
    assert moderator.post(address(figure), data).status_code == 302
    assert numbers(figure) == [("Downtown", 601, "2018"), ("Hill North", 12, "2018")]


def test_money_without_a_period_is_matched_by_its_day_of_award(moderator):
    figure = factories.make_figure(values=[], unit="usd")
    figure.values = [FigureValue(value=75000, published="2017-09-22")]
    figure.save()
    figure.save_revision().publish()
    moderator.post(address(figure), typed(("", "$80,000"), button="publish", published="May 1, 2018"))
    values = figure.values.model.objects.filter(figure=figure).order_by("value")
    assert [value.value for value in values] == [75000, 80000]


@pytest.mark.parametrize(
    ("rows", "time", "words"),
    [
        ([("Downtown", "many")], {"period_start": "2019"}, "Write the number in digits"),
        ([("Downtown", "5%")], {"period_start": "2019"}, "This figure is not in percent."),
        ([("Downtown", "5")], {}, "Enter the period of the numbers"),
        ([("Downtown", "5")], {"period_start": "soon"}, "Write a date such as"),
        ([("Downtown", "5")], {"period_end": "2019"}, "Also enter when the period begins."),
        (
            [("Downtown", "5")],
            {"period_start": "2019", "period_end": "2018"},
            "The period ends before it begins.",
        ),
        ([("", "5")], {"period_start": "2019"}, "Enter the group that this number is for."),
        ([("Dixwell", "")], {"period_start": "2019"}, "Enter the number of this group"),
        ([("Dixwell", "5"), ("dixwell", "6")], {"period_start": "2019"}, "This group is listed twice."),
        ([("Downtown", "")], {"period_start": "2019"}, "Enter at least one number."),
        ([("Downtown", "5"), ("x" * 101, "5")], {"period_start": "2019"}, "at most 100 characters"),
    ],
)
@pytest.mark.parametrize("button", ["save", "publish"])
def test_errors_are_shown_and_no_input_is_lost(moderator, figure, rows, time, words, button):
    response = moderator.post(address(figure), typed(*rows, button=button, **time))
    html = response.content.decode()
    assert response.status_code == 200
    assert words in html
    for text in [cell for row in rows for cell in row] + list(time.values()):
        assert f'value="{text}"' in html or not text
    assert numbers(figure) == BEFORE
    assert draft(figure) == BEFORE


def test_a_group_with_several_numbers_for_a_time_is_refused(moderator, figure):
    figure.values.add(FigureValue(group="Downtown", value=600, period_start="2018", published="2021"))
    figure.save()
    figure.save_revision().publish()
    data = typed(("Downtown", "7"), button="publish", period_start="2018", published="2022")
    html = moderator.post(address(figure), data).content.decode()
    assert "This group has several numbers for this time." in html
    assert len(numbers(figure)) == 3


def test_a_forged_number_of_rows_is_refused(moderator, figure):
    data = typed(("Downtown", "5"), period_start="2019") | {"rows-TOTAL_FORMS": "100000"}
    assert moderator.post(address(figure), data).status_code == 200
    assert draft(figure) == BEFORE


# What others have begun


def begin_a_change(figure):
    figure.refresh_from_db()
    figure.description = "Half done"
    figure.save_revision()


def test_a_draft_by_somebody_else_is_kept_and_not_published(moderator, figure):
    begin_a_change(figure)
    html = moderator.get(address(figure)).content.decode()
    assert "This figure has unpublished changes." in html
    assert 'name="publish"' not in html
    moderator.post(address(figure), typed(("Downtown", "600"), period_start="2019"))
    latest = Figure.objects.get(pk=figure.pk).get_latest_revision_as_object()
    assert latest.description == "Half done"
    assert len(latest.values.all()) == 3


def test_a_draft_saved_in_the_meantime_is_not_published_either(moderator, figure):
    begin_a_change(figure)
    data = typed(("Downtown", "600"), button="publish", period_start="2019")
    html = moderator.post(address(figure), data).content.decode()
    assert "You can only save a draft now" in html
    assert 'value="600"' in html
    assert numbers(figure) == BEFORE
    assert Figure.objects.get(pk=figure.pk).description == ""


# Who may do what


def test_an_editor_may_save_a_draft_but_not_publish(client, figure):
    client.force_login(member("Editors"))
    assert 'name="publish"' not in client.get(address(figure)).content.decode()
    data = typed(("Downtown", "600"), button="publish", period_start="2019")
    assert client.post(address(figure), data).status_code == 302
    assert draft(figure) == numbers(figure) == BEFORE
    client.post(address(figure), data | {"save": ""} | {"publish": ""})
    assert draft(figure) == BEFORE
    client.post(address(figure), typed(("Downtown", "600"), period_start="2019"))
    assert len(draft(figure)) == 3


def test_contributors_do_not_see_the_list_of_numbers(client, figure):
    client.force_login(member("Contributors"))
    for place in (LIST, f"{LIST}?export=csv"):
        assert client.get(place).status_code == 302
    assert LIST not in client.get("/admin/").text


def test_users_who_may_not_add_figures_neither_see_nor_change_numbers(client, figure):
    client.force_login(visitor_of_the_admin())
    for place in (LIST, f"{LIST}?export=csv", "/admin/number-sets/", address(figure)):
        assert client.get(place).status_code in (302, 403)
    client.post(address(figure), typed(("Downtown", "600"), period_start="2019"))
    assert draft(figure) == BEFORE
    html = client.get("/admin/").content.decode()
    assert LIST not in html
    assert "number-sets" not in html


def test_the_permission_to_change_figures_decides(client, figure):
    user = visitor_of_the_admin()
    user.user_permissions.add(Permission.objects.get(codename="change_figure"))
    client.force_login(user)
    assert client.get(LIST).status_code == 200
    assert client.get(address(figure)).status_code == 200


def test_invalid_dates_in_the_url_are_ignored(moderator, figure):
    assert moderator.get(address(figure, "?period_start=soon&published=%00")).status_code == 200


def test_the_list_of_figures_links_to_the_form_for_numbers(moderator, figure):
    assert address(figure) in moderator.get("/admin/snippets/home/figure/").content.decode()
    assert address(figure) in moderator.get("/admin/number-sets/").content.decode()
    assert PreciseDate(2018) == figure.values.first().period_start


def test_the_list_to_choose_from_names_the_language_if_there_are_several(moderator, figure):
    assert ", English" not in moderator.get("/admin/number-sets/").content.decode()
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    factories.make_figure(title="Detenciones", locale=spanish)
    answer = moderator.get("/admin/number-sets/").content.decode()
    assert "by neighborhood, English" in answer
    assert "not broken down, Spanish" in answer


def test_numbers_are_entered_in_the_original_alone(moderator, figure):
    translation = factories.make_translation(figure, title="Arrestos")
    assert address(translation) not in moderator.get("/admin/number-sets/").content.decode()
    response = moderator.get(address(translation), follow=True)
    assert "The numbers of this figure are those of its original." in response.content.decode()


def test_a_figure_without_groups_says_why_it_takes_none(moderator, figure):
    assert "data-single" not in moderator.get(address(figure)).content.decode()
    single = factories.make_figure(title="Meetings")
    assert 'data-single="Nothing was pasted:' in moderator.get(address(single)).content.decode()


def test_the_form_opens_if_a_group_has_two_numbers_for_a_time(moderator, figure):
    figure.values.add(FigureValue(group="Downtown", value=591, period_start="2018"))
    figure.save_revision().publish()
    assert moderator.get(address(figure, "?period_start=2018")).status_code == 200
