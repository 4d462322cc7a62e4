"""Malformed requests are distinguished from errors of the site."""

from json import JSONDecodeError

import pytest
from django.urls import ResolverMatch

from home.middleware import is_fault_of


@pytest.fixture
def request_for(rf):
    def make(method="get", data=None, **kwargs):
        request = getattr(rf, method)("/", data)
        request.resolver_match = ResolverMatch(None, (), kwargs)
        return request

    return make


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"data": {"id": "x"}}, "Field 'id' expected a number but got 'x'."),
        ({"method": "post", "data": {"id": "x"}}, "Field 'id' expected a number but got 'x'."),
        ({"pk": "x"}, "invalid literal for int() with base 10: 'x'"),
    ],
)
def test_an_error_that_quotes_the_request_is_its_fault(request_for, sent, error):
    assert is_fault_of(request_for(**sent), ValueError(error))


def test_invalid_json_is_the_fault_of_the_request(request_for):
    request = request_for(method="post", data={"rows": "{x"})
    assert is_fault_of(request, JSONDecodeError("no", "{x", 1))
    assert not is_fault_of(request, JSONDecodeError("no", "{stored", 1))


@pytest.mark.parametrize(
    "sent",
    [
        {"page_id": 5},
        {"page_id": "5"},
        {"data": {"p": "5"}},
        {"method": "post", "data": {"title": "expected 5"}},
    ],
)
def test_an_error_that_contains_a_number_of_the_request_is_not_its_fault(request_for, sent):
    assert not is_fault_of(request_for(**sent), ValueError("not enough values to unpack (expected 5, got 2)"))
