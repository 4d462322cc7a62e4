import pytest

from home.kept import kept, once, reading

calls = []


@kept
def twice(number):
    calls.append(number)
    return 2 * number


@pytest.fixture(autouse=True)
def _no_calls():
    calls.clear()


def test_a_result_is_kept_until_the_version_changes():
    for version in ("test 1", "test 1", "test 2", "test 2"):
        with reading(lambda version=version: version):
            assert twice(3) == 6
    assert calls == [3, 3]


def test_each_argument_has_its_own_result():
    with reading(lambda: "test 3"):
        assert [twice(3), twice(4), twice(3)] == [6, 8, 6]
    assert calls == [3, 4]


def test_without_a_version_a_result_is_kept_for_the_request():
    for _request in range(2):
        with reading():
            assert [twice(3), twice(3)] == [6, 6]
    assert calls == [3, 3]


def test_nothing_is_kept_outside_a_request_that_reads():
    assert [twice(3), twice(3)] == [6, 6]
    assert calls == [3, 3]


def test_the_version_is_read_before_the_result_and_only_if_needed():
    def version():
        calls.append("version")
        return "test 4"

    with reading(version):
        assert calls == []
        twice(3)
    assert calls == ["version", 3]


def test_an_error_is_not_kept():
    @kept
    def fail():
        calls.append("fail")
        raise ValueError("wrong")

    with reading(lambda: "test 5"):
        for _try in range(2):
            with pytest.raises(ValueError, match="wrong"):
                fail()
    assert calls == ["fail", "fail"]


def test_something_is_looked_up_once_in_each_request():
    for _request in range(2):
        with reading(lambda: "test 6"):
            assert [once("key", lambda: twice(5)) for _time in range(3)] == [10, 10, 10]
        with reading(lambda: "test 7"):
            assert once("key", lambda: 11) == 11
    assert once("key", lambda: 12) == 12
