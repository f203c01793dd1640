"""What a clause asks: in a fixed order, split if something is open, and whether it can hold together with another."""

import pytest

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.clause import Clause, may_meet, parts

ACCOUNT, JANE, JOE = "222222222222", "arn:aws:iam::222222222222:user/Jane", "arn:aws:iam::222222222222:user/Joe"
OTHER = "arn:aws:iam::333333333333:user/Jane"
REFERENCE, VARIABLE = "${Sender}@example.com", "${aws:username}@example.com"


def condition(operator: str, key: str, *values: str) -> Condition:
    return Condition("", operator, key, values)


def clause(
    *conditions: Condition, principal: str = ACCOUNT, action: str = "ses:sendemail", kind: str = "AWS"
) -> Clause:
    return Clause("Allow", kind, principal, action, conditions)


def asked(one: Clause) -> list[str]:
    """Return the conditions of a clause in a short form."""
    return [f"{each.operator} {each.key} {'|'.join(each.values)}" for each in one.conditions]


FROM, LIST = "ses:FromAddress", "ses:Recipients"
PARTS: dict[str, tuple[tuple[Condition, ...], list[list[str]]]] = {
    "nothing": ((), [[]]),
    "known values": (
        (condition("StringLike", FROM, "a", "b"),),
        [["StringLike ses:FromAddress a|b"]],
    ),
    "two keys of which all is known": (
        (condition("StringEquals", "aws:userid", "c"), condition("StringLike", FROM, "a")),
        [["StringEquals aws:userid c", "StringLike ses:FromAddress a"]],
    ),
    "a negation behind another key": (
        (condition("StringEquals", "aws:userid", "c"), condition("StringNotLike", FROM, "a", REFERENCE)),
        [
            [
                "StringEquals aws:userid c",
                f"StringNotLike ses:FromAddress {REFERENCE}",
                "StringNotLike ses:FromAddress a",
            ]
        ],
    ),
    "no values": ((condition("StringLike", FROM),), [["StringLike ses:FromAddress "]]),
    "a negation of no values": ((condition("StringNotLike", FROM),), [["StringNotLike ses:FromAddress "]]),
    "one that is open": (
        (condition("StringLike", FROM, REFERENCE),),
        [[f"StringLike ses:FromAddress {REFERENCE}"]],
    ),
    "open ones and known ones": (
        (condition("StringLike", FROM, "a", REFERENCE, "b", "${Other}"),),
        [
            [f"StringLike ses:FromAddress {REFERENCE}"],
            ["StringLike ses:FromAddress ${Other}"],
            ["StringLike ses:FromAddress a|b"],
        ],
    ),
    "open ones alone": (
        (condition("StringLike", FROM, REFERENCE, "${Other}"),),
        [[f"StringLike ses:FromAddress {REFERENCE}"], ["StringLike ses:FromAddress ${Other}"]],
    ),
    "a negation": (
        (condition("StringNotLike", FROM, "a", REFERENCE, "b"),),
        [[f"StringNotLike ses:FromAddress {REFERENCE}", "StringNotLike ses:FromAddress a|b"]],
    ),
    "a quantifier": (
        (condition("ForAnyValue:StringLike", FROM, "a", REFERENCE),),
        [[f"ForAnyValue:StringLike ses:FromAddress a|{REFERENCE}"]],
    ),
    "a list": (
        (condition("StringLike", LIST, "a", REFERENCE),),
        [[f"StringLike ses:Recipients a|{REFERENCE}"]],
    ),
    "a list in another case": (
        (condition("StringLike", LIST.upper(), "a", REFERENCE),),
        [[f"StringLike SES:RECIPIENTS a|{REFERENCE}"]],
    ),
    "two keys": (
        (condition("StringEquals", "aws:userid", "c", "${Id}"), condition("StringLike", FROM, "a", REFERENCE)),
        [
            ["StringEquals aws:userid ${Id}", f"StringLike ses:FromAddress {REFERENCE}"],
            ["StringEquals aws:userid ${Id}", "StringLike ses:FromAddress a"],
            ["StringEquals aws:userid c", f"StringLike ses:FromAddress {REFERENCE}"],
            ["StringEquals aws:userid c", "StringLike ses:FromAddress a"],
        ],
    ),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_clause_has_parts_where_some_of_its_values_are_open(name: str) -> None:
    conditions, expected = PARTS[name]
    found = parts(clause(*conditions))
    assert [asked(each) for each in found] == expected
    assert all(not each.switches and not each.resolved for each in found)


@pytest.mark.parametrize("has_variables", [True, False])
def test_a_statement_may_be_invalid_where_a_variable_has_no_value(*, has_variables: bool) -> None:
    one = Clause(
        "Allow",
        "AWS",
        ACCOUNT,
        "ses:*",
        [
            condition("StringLike", FROM, VARIABLE, "${aws:UserId}x", "${*}"),
            condition("StringLike", "aws:userid", "${Ref}"),
        ],
        has_variables,
        [("stack A", False)],
    )
    named = "aws:userid aws:username have a value"
    for each in parts(one):
        assert set(each.switches) == {("stack A", False)} | ({(named, True)} if has_variables else set())
        assert each.resolved == ({named} if has_variables else set())


def test_a_statement_without_a_variable_needs_no_value_of_one() -> None:
    one = Clause("Allow", "AWS", ACCOUNT, "ses:*", [condition("StringLike", FROM, "a", "${*}")], has_variables=True)
    assert all(not each.switches for each in parts(one))


def test_the_variables_of_a_statement_are_told_in_one_order() -> None:
    values = [f"${{aws:PrincipalTag/{each}}}" for each in "edcba"]
    one = Clause("Allow", "AWS", ACCOUNT, "ses:*", [condition("StringLike", FROM, *values)], has_variables=True)
    named = " ".join(f"aws:principaltag/{each}" for each in "abcde")
    assert {each.switches for each in parts(one)} == {((f"{named} have a value", True),)}


@pytest.mark.parametrize(
    ("one", "is_open"),
    [
        (clause(condition("StringLike", FROM, "a")), False),
        (clause(condition("StringLike", FROM, "a", REFERENCE)), True),
        (clause(condition("StringLike", FROM, VARIABLE)), True),
        (clause(principal="${Role}"), True),
    ],
)
def test_what_is_open(one: Clause, *, is_open: bool) -> None:
    assert one.is_open is is_open


def test_a_clause_is_the_same_in_whatever_order_it_is_made() -> None:
    one, two = condition("StringLike", FROM, "a"), condition("StringLike", FROM, "b")
    three, four = condition("StringEquals", FROM, "b"), condition("StringEquals", "aws:userid", "b")
    found = Clause(
        "Allow", "AWS", ACCOUNT, "ses:*", [two, one, one, three, four], switches=[(each, True) for each in "edcbae"]
    )
    assert found.conditions == (four, three, one, two)
    assert found.switches == tuple((each, True) for each in "abcde")
    assert found.has_variables is False


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        (clause(), clause(), True),
        (clause(), clause(principal="333333333333"), False),
        (clause(), clause(principal=JANE), True),
        (clause(principal=JANE), clause(principal=JOE), True),
        (clause(principal=JANE), clause(principal=OTHER), False),
        (clause(principal="*"), clause(principal=OTHER), True),
        (clause(principal=JANE), clause(principal="*"), True),
        (clause(principal="${Role}"), clause(principal=JANE), True),
        (clause(principal=JANE), clause(principal="${Role}"), True),
        (clause(), clause(kind="Service"), False),
        (clause(principal="AROASENDER"), clause(principal="AROASENDER"), True),
        (clause(principal="AROASENDER"), clause(principal="AROAOTHER"), False),
        (clause(principal="arn:aws:iam:::root"), clause(principal="arn:aws:iam:::root"), True),
        (clause(principal="arn:aws:iam:::root"), clause(principal="arn:aws:iam:::user/Jane"), False),
        (clause(), clause(action="ses:sendrawemail"), False),
        (clause(), clause(action="ses:send*"), True),
        (clause(action="ses:send?mail"), clause(), True),
    ],
)
def test_which_clauses_may_hold_for_one_request(one: Clause, other: Clause, *, meets: bool) -> None:
    assert may_meet([one], other) is meets
    assert may_meet([clause(principal="*", action="*"), one], other) is meets


def test_a_clause_meets_all_of_nothing() -> None:
    assert may_meet([], clause()) is True
