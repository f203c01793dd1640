"""The output of a program is shown as it comes, in lines that fit."""

import os
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from rich.console import Console

from emulator.progress import fitting, lines, tell


def test_each_line_is_there_at_once_and_each_silence_as_well() -> None:
    reading, writing = os.pipe()
    said = lines(reading, 0.01)
    assert next(said) is None
    os.write(writing, b"first\nsec")
    assert next(said) == "first"
    assert next(said) is None
    os.write(writing, b"ond\n\n\xff\nlast")
    os.close(writing)
    assert list(said) == ["second", "", "\ufffd", "last"]
    os.close(reading)


def test_a_silence_is_told_by_what_goes_on() -> None:
    shown = StringIO()
    said = ["", "a", None, None, "", " ", "b", ""]
    tell(said, Console(file=shown, width=80), doing="the CDK runs app.py")
    still = "  still: the CDK runs app.py ...\n"
    assert shown.getvalue() == f"a\n{still}{still}\nb\n\n"


def test_what_only_decorates_is_left_out_where_there_is_nothing_but_ascii() -> None:
    shown = TextIOWrapper(BytesIO(), encoding="ascii", errors="backslashreplace")
    tell(["\u2705  Gr\u00fc\u00dfe"], Console(file=shown, width=80), doing="")
    shown.seek(0)
    assert shown.read() == "  Gr\\xfc\\xdfe\n"


EVENT = "SendingPolicyExample | 4/11 | 12:01:59 PM |"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            " \x1b[32mand\x1b[0m so on, and so on, and so on, and so  \r",
            [" and so on, and so on, and so on, and so"],
        ),
        (
            " and so on, and so on, and so on, and so on",
            [" and so on, and so on, and so on, and so", "     on"],
        ),
        ("it-breaks-no-words-with-hyphens not-even-there", ["it-breaks-no-words-with-hyphens", "    not-even-there"]),
        ("arn:aws:cloudformation:eu-west-1:111111111111:stack/Mail", ["arn:aws:cloudfor...11111:stack/Mail"]),
        (f"{EVENT} CREATE_IN_PROGRESS      | AWS::IAM::Role       | Role (Role26) ", []),
        (
            f"{EVENT} CREATE_COMPLETE         | AWS::IAM::Role       | Role (Role26) ",
            ["  CREATE_COMPLETE AWS::IAM::Role Role"],
        ),
        (
            f"{EVENT} CREATE_FAILED | AWS::IAM::Role | Role (Role26) | for a reason",
            [
                "SendingPolicyExample | 4/11 | 12:01:59",
                "    PM | CREATE_FAILED | AWS::IAM::Role",
                "    | Role (Role26) | for a reason",
            ],
        ),
    ],
)
def test_a_line_is_cut_between_words(line: str, told: list[str]) -> None:
    assert fitting(line, 40) == told
