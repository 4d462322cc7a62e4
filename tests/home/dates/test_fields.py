import datetime
import logging
from unittest import mock

import pytest
from django import forms
from django.apps.registry import Apps
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.migrations.writer import MigrationWriter
from django.utils.translation import override
from hypothesis import given
from modelcluster.models import get_serializable_data_for_fields, model_from_serializable_data
from modelsearch import index
from wagtail.admin.compare import comparison_class_registry
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel

from home.dates.fields import PreciseDateField, PreciseDateFormField, precise_date_order
from home.dates.values import DateParseError, PreciseDate, for_people
from tests.support.dates import precise_dates

pytestmark = pytest.mark.postgres

OCTOBER = PreciseDate(2016, 10, approximate=True)


class Meeting(models.Model):
    date = PreciseDateField()
    end_date = PreciseDateField(blank=True)

    class Meta:
        app_label = "tests"
        apps = Apps()  # its own registry, so that no migration is missed


class MeetingForm(WagtailAdminModelForm):
    class Meta:
        model = Meeting
        fields = ["date", "end_date"]


def field(name="date"):
    return Meeting._meta.get_field(name)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def test_a_new_object_has_no_date():
    assert Meeting().date is None


def test_a_default_may_be_text_or_a_callable():
    assert PreciseDateField(default="about 2016").get_default() == PreciseDate(2016, approximate=True)
    assert PreciseDateField(default=lambda: OCTOBER).get_default() == OCTOBER


@given(precise_dates())
def test_what_is_stored_is_read_back(date):
    stored = field().get_prep_value(date)
    assert len(stored) <= field().max_length
    assert field().from_db_value(stored, None, None) == date


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_no_date_is_stored_as_the_empty_text_and_read_as_none(empty):
    assert field().get_prep_value(empty) == ""
    assert field().to_python(empty) is None
    assert field().from_db_value("", None, None) is field().from_db_value(None, None, None) is None


def test_an_invalid_stored_value_is_none_and_logged(caplog):
    with caplog.at_level(logging.WARNING, "home.dates.fields"):
        assert field().from_db_value("2016-99", None, None) is None
    assert "2016-99" in caplog.text
    assert "Meeting.date" in caplog.text


@pytest.mark.parametrize(
    "value", [OCTOBER, "2016-10~", "about October 2016", "hacia octubre de 2016", " Oct. 2016~ "]
)
def test_dates_edtf_and_formatted_dates_are_accepted(value):
    assert field().to_python(value) == OCTOBER
    assert field().get_prep_value(value) == "2016-10~"


def test_a_calendar_date_is_taken_as_its_day():
    assert field().to_python(datetime.date(2016, 10, 25)) == PreciseDate(2016, 10, 25)


@pytest.mark.parametrize("garbage", ["soon", "2016-99", 2016, object()])
def test_invalid_text_is_a_validation_error_that_explains_dates(garbage):
    for method in (field().to_python, field().get_prep_value):
        with pytest.raises(ValidationError) as refusal:
            method(garbage)
        assert refusal.value.messages == [str(DateParseError.message)]


def test_cleaning_an_object_turns_text_into_dates():
    meeting = Meeting(date="about October 2016", end_date="")
    meeting.full_clean()
    assert meeting.date == OCTOBER


def test_cleaning_an_object_asks_for_a_required_date():
    with pytest.raises(ValidationError) as refusal:
        Meeting().full_clean()
    assert refusal.value.message_dict == {"date": ["This field cannot be blank."]}


def test_validators_of_the_field_see_its_date():
    validator = mock.Mock()
    PreciseDateField(validators=[validator]).clean("2016", None)
    validator.assert_called_once_with(PreciseDate(2016))
    with pytest.raises(ValidationError):
        PreciseDateField(validators=[RegexValidator(r"-\d\d-\d\d$", "Give the day.")]).clean("2016", None)


def test_a_revision_gives_the_dates_back():
    data = get_serializable_data_for_fields(Meeting(pk=1, date=OCTOBER))
    assert data == {"pk": 1, "date": "2016-10~", "end_date": None}
    meeting = model_from_serializable_data(Meeting, data)
    assert (meeting.date, meeting.end_date) == (OCTOBER, None)


def test_a_fixture_holds_the_edtf_text():
    assert field().value_to_string(Meeting(date=OCTOBER)) == "2016-10~"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (PreciseDate(2016, 10, 25), PreciseDate(2016, 11, 25), "November"),
        (None, OCTOBER, "about October 2016"),
        (OCTOBER, None, "about October 2016"),
        (OCTOBER, OCTOBER, "about October 2016"),
        (None, None, ""),
    ],
)
def test_revisions_are_compared_in_words(before, after, shown):
    comparison = comparison_class_registry.get(field())(field(), Meeting(date=before), Meeting(date=after))
    assert comparison.has_changed() == (before != after)
    assert shown in comparison.htmldiff()
    assert "None" not in comparison.htmldiff()


def test_a_search_index_filters_by_the_stored_text():
    assert index.FilterField("date").get_value(Meeting(date=OCTOBER)) == "2016-10~"
    assert index.FilterField("date").get_value(Meeting()) == ""


def test_a_migration_names_the_field_and_no_default_of_it():
    code, _ = MigrationWriter.serialize(PreciseDateField(blank=True))
    assert code == "home.dates.fields.PreciseDateField(blank=True)"
    assert PreciseDateField(max_length=20).deconstruct()[3] == {"max_length": 20}
    assert field().clone().max_length == field().max_length


def test_the_order_ignores_about():
    expression = precise_date_order("date")
    sql, parameters = Meeting.objects.order_by(expression).query.sql_with_params()
    # With parameters, an index on the expression would not be used.
    assert """REPLACE("tests_meeting"."date", '~', '')""" in sql.partition("ORDER BY")[2]
    assert parameters == ()
    assert type(expression.output_field) is models.CharField


@pytest.mark.parametrize("lookup", ["lt", "lte", "gt", "gte", "range"])
def test_dates_are_compared_without_about_and_rows_without_a_date_are_left_out(lookup):
    rhs = ["2016", "about 2017"] if lookup == "range" else "about 2017"
    sql = str(Meeting.objects.filter(**{f"date__{lookup}": rhs}).query)
    assert sql.count("REPLACE(") == (3 if lookup == "range" else 2)
    assert "\"date\" <> ''" in sql
    assert "2017~" in sql


def test_a_lookup_of_none_finds_rows_without_a_date():
    assert "IS NULL" not in str(Meeting.objects.filter(date=None).query)


# Forms


def test_a_model_form_reads_and_shows_dates():
    form = MeetingForm({"date": " about October 2016 ", "end_date": ""})
    assert form.is_valid(), form.errors
    assert (form.instance.date, form.instance.end_date) == (OCTOBER, None)


def test_the_form_shows_a_date_as_people_write_it():
    form = MeetingForm(instance=Meeting(date=OCTOBER))
    assert 'value="about October 2016"' in str(form["date"])
    assert " value=" not in str(form["end_date"])


def test_the_form_shows_a_date_in_the_readers_language():
    with override("es"):
        assert 'value="25 de octubre de 2016"' in str(
            MeetingForm(instance=Meeting(date=PreciseDate(2016, 10, 25)))["date"]
        )


@pytest.mark.parametrize("language", ["en", "en-gb", "es", "es-mx", "fr", "de", "ja", "ar"])
@given(date=precise_dates())
def test_what_the_form_shows_is_read_back_in_any_language(language, date):
    with override(language):
        form_field = PreciseDateFormField()
        shown = form_field.prepare_value(date)
        assert form_field.clean(shown) == date
        assert not form_field.has_changed(date, shown)


def test_the_form_falls_back_to_edtf_where_its_words_cannot_be_read():
    with override("fr"):
        assert PreciseDateFormField().prepare_value(PreciseDate(2016, 8, 25)) == "2016-08-25"


def test_a_typed_error_is_shown_again_with_how_to_write_a_date():
    form = MeetingForm({"date": "last <week>", "end_date": "x" * 100_000})
    assert form.errors == {name: [str(DateParseError.message)] for name in ("date", "end_date")}
    assert 'value="last &lt;week&gt;"' in str(form["date"])


def test_a_required_date_is_asked_for():
    assert MeetingForm({"date": "  "}).errors == {"date": ["This field is required."]}


def test_the_input_has_no_maximum_length():
    assert "maxlength" not in str(MeetingForm()["date"])
    assert MeetingForm({"date": "around the 25th of September 2016"}).is_valid()


def test_a_panel_of_the_editor_shows_the_form_field():
    panel = FieldPanel("date").bind_to_model(Meeting)
    form_class = forms.modelform_factory(Meeting, form=WagtailAdminModelForm, **_form_options(panel))
    form = form_class(instance=Meeting(date=OCTOBER))
    bound = panel.get_bound_panel(instance=form.instance, form=form)
    assert bound.bound_field.value() == for_people(OCTOBER)


def _form_options(panel):
    return {"fields": panel.get_form_options()["fields"]}


def test_a_form_says_which_weekday_a_date_has():
    with override("en"), pytest.raises(ValidationError, match="March 4, 2019 was a Monday"):
        PreciseDateFormField().clean("Tuesday, March 4, 2019")
