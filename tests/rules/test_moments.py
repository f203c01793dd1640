"""Which texts are moments, and how they are written in a sentence."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.moments import Moment, check_moment

ANY = "give a datetime with a time zone, or a string as 2031-01-01T00:00Z"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2031-12", "2031-12-01T00:00Z"),
        ("2031-12-31", "2031-12-31T00:00Z"),
        ("2032-02-29", "2032-02-29T00:00Z"),
        ("2031-12-31T23:59Z", "2031-12-31T23:59Z"),
        ("2031-12-31T23:59:59Z", "2031-12-31T23:59:59Z"),
        ("2031-12-31T23:59:00Z", "2031-12-31T23:59Z"),
        ("2031-12-31T23:59:59.9990Z", "2031-12-31T23:59:59.999Z"),
        ("2031-12-31T23:59:00.100Z", "2031-12-31T23:59:00.1Z"),
        ("2031-12-31T23:59:10.000Z", "2031-12-31T23:59:10Z"),
        ("2031-12-31T23:59:59.000000001Z", "2031-12-31T23:59:59.000000001Z"),
        ("2031-12-31T23:59+05:30", "2031-12-31T18:29Z"),
        ("2031-12-31T23:59:59-08:00", "2032-01-01T07:59:59Z"),
        ("2031-12-31T00:00+23:59", "2031-12-30T00:01Z"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"),
        ("0001-01", "0001-01-01T00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ("1924992000", "2031-01-01T00:00Z"),
        ("100000000", "1973-03-03T09:46:40Z"),
        ("9999999999", "2286-11-20T17:46:39Z"),
    ],
)
def test_a_moment(text: str, said: str) -> None:
    moment = Moment.read(text)
    assert moment
    assert str(moment) == said
    assert Moment.read(said) == moment
    assert check_moment("not_after", text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2031", ", which may be taken for seconds since 1970: write 2031-01-01T00:00Z"),
        ("20311231", ", which may be taken for seconds since 1970: write 2031-12-31T00:00Z"),
        ("2031-12-31T23Z", ", which is not one of the forms that AWS reads: write 2031-12-31T23:00Z"),
        ("2031-12-31 23:59Z", ", which is not one of the forms that AWS reads: write 2031-12-31T23:59Z"),
        ("2031-12-31T23:59+0530", ", which is not one of the forms that AWS reads: write 2031-12-31T18:29Z"),
        ("2031-12-31t23:59z", f": {ANY}"),
        ("2031-12-31T23:59", ", which has no time zone: write 2031-12-31T23:59Z if it is UTC"),
        ("2031-12-31 23:59", ", which has no time zone: write 2031-12-31T23:59Z if it is UTC"),
        ("2031-W01-1", ", which is not one of the forms that AWS reads: write 2030-12-30T00:00Z"),
        ("0000", f": {ANY}"),
        ("", f": {ANY}"),
        ("tomorrow", f": {ANY}"),
        ("31.12.2031", f": {ANY}"),
        ("12/31/2031", f": {ANY}"),
        ("2031-13", f": {ANY}"),
        ("2031-00", f": {ANY}"),
        ("2031-02-29", f": {ANY}"),
        ("2031-1-1", f": {ANY}"),
        ("2031-12-31T24:00Z", f": {ANY}"),
        ("2031-12-31T23:60Z", f": {ANY}"),
        ("2031-12-31T23:59:60Z", f": {ANY}"),
        ("2031-12-31T23:59+24:00", f": {ANY}"),
        ("2031-12-31T23:59Z ", f": {ANY}"),
        ("2031-12-31\n", f": {ANY}"),
        ("x2031", f": {ANY}"),
        ("-1", f": {ANY}"),
        ("99999999", f": {ANY}"),
        ("0123456789", f": {ANY}"),
        ("12345678901", f": {ANY}"),
        # Milliseconds: read as seconds, it would be after the year 50000.
        ("1612345678000", f": {ANY}"),
        ("\u0662\u0660\u0663\u0661", f": {ANY}"),
    ],
)
def test_no_moment(text: str, told: str) -> None:
    assert Moment.read(text) is None
    with pytest.raises(DeclarationError) as refusal:
        check_moment("not_after", text)
    assert str(refusal.value) == f"not_after is {text!r}{told}"


@pytest.mark.parametrize(
    "text",
    [
        # Years that Python does not support.
        "0001-01-01T00:00+02:00",
        "9999-12-31T23:59-02:00",
        # Some releases of Python read these, and others do not.
        "2031-12-31T23:59:59.Z",
        "2031-12-31T23:59+00:60",
        "2031-12-31T23:59:59.0000000001Z",
    ],
)
def test_no_moment_whatever_python_makes_of_it(text: str) -> None:
    assert Moment.read(text) is None
    with pytest.raises(DeclarationError, match=r"^not_after is '"):
        check_moment("not_after", text)


ZONES = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-14 * 60, 14 * 60))
LEAST, MOST = datetime(2, 1, 1), datetime(9998, 1, 1)  # noqa: DTZ001 - the zone comes on top


@given(st.datetimes(LEAST, MOST, timezones=ZONES), st.datetimes(LEAST, MOST, timezones=st.just(UTC)))
def test_they_are_what_python_takes_them_for(one: datetime, other: datetime) -> None:
    assert str(Moment.of(one)) == str(Moment.of(one.astimezone(UTC)))
    assert Moment.read(str(Moment.of(one))) == Moment.of(one)
    assert Moment.read(one.isoformat()) == Moment.of(one)
    assert (Moment.of(one) < Moment.of(other)) == (one < other)
    assert (Moment.of(one) == Moment.of(other)) == (one == other)
