"""The parts of a difference: conditions side by side, grants, and changes one after the other."""

import json
from typing import Any, Final

import pytest

from ses_sending_policy.analysis.grants.change import Change, ComparedGrant, Kind, Verdict
from ses_sending_policy.analysis.grants.condition import canonical, implies, is_any_of
from ses_sending_policy.analysis.grants.difference import difference
from ses_sending_policy.analysis.grants.grant import Grant, grants_of
from ses_sending_policy.analysis.grants.permission import permissions
from ses_sending_policy.analysis.reading.declared import KnownEnvironment
from ses_sending_policy.analysis.reading.statement import Condition
from tests.analysis.findings.declare import ARN, MACRO, REF, policy, resource, statement, template

FROM: Final = "ses:FromAddress"


def held(operator: str, *values: str, key: str = FROM) -> Condition:
    return Condition("", operator, key, values)


def test_a_condition_as_everybody_has_it() -> None:
    found = canonical(Condition("Properties/Policy", "StringLike", FROM, ("b", "a", "b", "d", "c")))
    assert found == held("StringLike", "a", "b", "c", "d")


@pytest.mark.parametrize(
    ("one", "other", "implied"),
    [
        (held("Odd", "a"), held("Odd", "a"), True),
        (held("StringLike"), held("StringLike"), True),
        (held("StringLike"), held("StringLike", "a"), False),
        (held("StringLike", "a"), held("StringLike"), False),
        (held("StringLike", "a"), held("StringLike", "a", "b"), True),
        (held("StringLike", "a", "b"), held("StringLike", "a"), False),
        (held("Odd", "a"), held("StringLike", "a"), False),
        (held("StringLike", "a"), held("Odd", "a"), False),
        (held("Every:StringLike", "a"), held("Every:StringLike", "*"), False),
        (held("StringLike", "a"), held("StringLike", "a", key="ses:Recipients"), False),
        (held("StringLike", "a"), held("ForAnyValue:StringLike", "a"), False),
        (held("StringEquals", "a"), held("StringEqualsIfExists", "a", "b"), True),
        (held("StringEqualsIfExists", "a"), held("StringEquals", "a", "b"), False),
        (held("StringEqualsIfExists", "a"), held("StringEqualsIfExists", "a", "b"), True),
        (held("StringNotEqualsIfExists", "a", "b"), held("StringNotEquals", "a"), True),
        (held("ForAllValues:StringLikeIfExists", "a"), held("ForAllValues:StringLike", "a", "b"), True),
        (held("ForAnyValue:StringNotLikeIfExists", "a", "b"), held("ForAnyValue:StringNotLike", "a"), False),
        (held("StringNotLike", "a", "b"), held("StringNotLike", "a"), True),
        (held("StringNotLike", "a"), held("StringNotLike", "a", "b"), False),
        (held("StringLike", "a"), held("StringNotLike", "b"), False),
        (held("StringNotLike", "a"), held("StringLike", "*"), False),
    ],
    ids=str,
)
def test_one_condition_beside_another(one: Condition, other: Condition, *, implied: bool) -> None:
    assert implies(one, other) is implied


@pytest.mark.parametrize(
    ("condition", "is_one"),
    [
        (held("StringLike", "a", "b"), True),
        (held("StringLike", "a", key="aws:SourceArn"), True),
        (held("StringLike", "a", key="ses:Recipients"), False),
        (held("StringLike", "a", key="aws:PrincipalTag/x"), False),
        (held("ForAnyValue:StringLike", "a"), False),
        (held("ForAnyValue:StringLike", "a", key="ses:Recipients"), False),
        (held("StringNotLike", "a"), False),
        (held("Odd", "a"), False),
        (held("StringLike"), False),
    ],
    ids=str,
)
def test_what_holds_for_one_of_its_values_alone(condition: Condition, *, is_one: bool) -> None:
    assert is_any_of(condition) is is_one


# Grants


def grants(**elements: Any) -> list[Grant]:
    return list(grants_of({"Statement": [statement(**elements)]}, "example.com"))


def unread(**elements: Any) -> dict[str, Any]:
    """Return the elements of a statement that no word of its grant covers."""
    [grant] = grants(**elements)
    found: dict[str, Any] = json.loads(grant.unread or "{}")
    return {element: value for element, value in found.items() if element != "Statement"}


def test_a_grant_has_what_stands_in_the_document() -> None:
    condition = {"StringLike": {FROM: ["b", "a"]}}
    assert grants(Principal={"AWS": ["1", "2"]}, Action=["b", "a"], Condition=condition) == [
        Grant(
            "example.com",
            "Allow",
            "AWS",
            principal,
            ("a", "b"),
            (Condition(f"Properties/Policy/Statement/0/Condition/StringLike/{FROM}", "StringLike", FROM, ("b", "a")),),
            is_open=False,
        )
        for principal in ("1", "2")
    ]


def test_a_grant_of_which_only_the_deploy_knows() -> None:
    assert list(grants_of(REF, "example.com")) == [
        Grant("example.com", principal="${Parameter}", unread='{"Statement":[{"Ref":"Parameter"}]}')
    ]
    assert Grant("i") == Grant("i", "${}", "${}", "${}", ("${}",), (), is_open=True, unread="")


@pytest.mark.parametrize(
    ("elements", "told"),
    [
        ({}, {}),
        ({"Effect": REF}, {}),
        ({"Effect": MACRO}, {}),
        ({"Principal": None, "NotPrincipal": {"AWS": "1"}}, {"NotPrincipal": {"AWS": "1"}}),
        ({"Action": None, "NotAction": "a"}, {"NotAction": "a"}),
        ({"Principal": MACRO}, {}),
        ({"Principal": {"AWS": "${Name}"}}, {"Principal": {"AWS": "${Name}"}}),
        ({"Action": ["a", "${Name}"]}, {"Action": ["${name}", "a"]}),
        ({"Action": {"Ref": "Name"}}, {}),
        ({"Condition": MACRO}, {"Condition": MACRO}),
        ({"Condition": "x"}, {"Condition": "x"}),
        ({"Resource": ARN.replace(":identity/", ":other/")}, {"Resource": ARN.replace(":identity/", ":other/")}),
        ({"Condition": {"Bool": {"k": "${Name}"}}}, {"Condition": {"Bool": {"k": "${Name}"}}}),
        ({"Condition": {"Bool": {"k": {"Ref": "Name"}}}}, {}),
        ({"Resource": "*"}, {"Resource": "*"}),
        ({"Resource": [ARN, "*"]}, {"Resource": ["*", ARN]}),
        ({"Resource": f"{ARN}x"}, {"Resource": f"{ARN}x"}),
        ({"Resource": None, "NotResource": "x"}, {"NotResource": "x"}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_decides_and_is_in_no_word(elements: dict[str, Any], told: dict[str, Any]) -> None:
    assert unread(**elements) == told


def test_each_principal_has_what_is_unread_of_its_own() -> None:
    assert [each.unread for each in grants(Principal={"AWS": ["1", "${N}"]})] == [
        "",
        '{"Principal":{"AWS":["${N}","1"]},"Statement":[]}',
    ]
    both = grants(Principal={"AWS": "1"}, NotPrincipal={"AWS": "2"})
    assert [(each.kind, bool(each.unread)) for each in both] == [("AWS", False), ("NotAWS", True)]


def test_everybody_but_two_is_one_grant() -> None:
    [grant] = grants(Principal=None, NotPrincipal={"AWS": ["2", "1"], "Service": "a"})
    assert grant.principals == (("NotAWS", "1"), ("NotAWS", "2"), ("NotService", "a"))
    [one] = grants(Principal={"AWS": "1"})
    assert one.principals == (("AWS", "1"),)


def test_everybody_but_somebody_unknown() -> None:
    [grant] = grants(Principal=None, NotPrincipal=MACRO)
    assert (grant.kind, grant.principal) == ("Not${}", "${Fn::Transform ('Name': 'Who')}")


def test_the_order_of_unknown_statements_is_no_difference() -> None:
    one, other = ({"Statement": [each, rest]} for each, rest in ((REF, MACRO), (MACRO, REF)))
    assert list(grants_of(one, "i")) == list(grants_of(other, "i"))


# Changes


OTHER = {"AWS": "333333333333"}


def changed(before: Any, after: Any) -> tuple[Change, ...]:
    return difference(*(policy(*each) if each else [] for each in (before, after))).changes


def test_what_a_change_is_about() -> None:
    one, more = statement(), statement(Principal={"AWS": "222222222222"})
    [added] = changed([one], [one, more])
    [removed] = changed([one, more], [one])
    for change, kind in ((added, Kind.ADDED), (removed, Kind.REMOVED)):
        assert (change.kind, change.effect, change.identity) == (kind, "Allow", "example.com")
        assert (change.policy.logical_id, change.place.identity) == ("P", "example.com")
    assert (added.before, removed.after) == ((), ())
    assert isinstance(added.after, tuple)
    [entry] = added.grants_after
    assert isinstance(entry, ComparedGrant)
    assert entry.grant.actions == ("ses:SendEmail",)
    assert added.grants_before == []


@pytest.mark.parametrize("kind", Kind)
def test_what_a_change_means_by_its_effect(kind: Kind) -> None:
    [permission] = permissions(*policy(statement()))
    [denial] = permissions(*policy(statement(Effect="Deny")))
    [odd] = permissions(*policy(statement(Effect=REF)))
    [new] = changed([], [statement()])
    allows, denials = (("removed", "narrowed"), ("added", "widened"))
    assert Change(kind, (permission,), (permission,)).verdict == ("narrowed" if kind in allows else "changed")
    assert Change(kind, (denial,), (denial,)).verdict == ("narrowed" if kind in denials else "changed")
    assert Change(kind, (odd,), (odd,)).verdict is Verdict.CHANGED
    # A newly allowed request is the only reason for the verdict.
    assert new.witness
    for each in (permission, denial, odd):
        assert Change(kind, (each,), (each,), new.witness).verdict is Verdict.BROADENED
    of_all = {"added": "from now on", "removed": "no longer", "changed": "not as before"}
    for each, widened, narrowed in ((permission, "more", "less"), (denial, "stricter", "laxer")):
        words = of_all | {"widened": f"{widened} than before", "narrowed": f"{narrowed} than before"}
        assert Change(kind, (), (each,)).sentence.startswith(f"{words[kind]}: ")
    assert Change(kind, (), (odd,)).sentence.startswith("not as before: ")


def test_actions_are_told_in_one_order() -> None:
    actions = [f"ses:Send{letter}" for letter in "fedcba"]
    [change] = difference([], policy(statement(Action=actions))).changes
    assert [each.grant.actions for each in change.grants_after] == [tuple(sorted(actions))]


def test_changes_are_told_by_place_and_what_broadens_first() -> None:
    old = template(P=resource(statement()), Q=resource(statement(Effect="Deny", Principal=OTHER)))
    new = [
        *template(P=resource(statement(Principal=OTHER))),
        *template("B", KnownEnvironment("aws", "us-east-1", "111111111111"), R=resource(statement())),
    ]
    found = difference(old, new)
    assert [(each.place.region, str(each.verdict)) for each in found.changes] == [
        ("eu-west-1", "broadened"),
        ("eu-west-1", "broadened"),
        ("eu-west-1", "narrowed"),
        ("us-east-1", "broadened"),
    ]
    assert found.verdict is Verdict.BROADENED
    assert isinstance(found.changes, tuple)


def test_an_address_that_keeps_its_policy_still_hides_its_domain_s() -> None:
    both = template(P=resource(), Q=resource(statement(Action="ses:Send*"), EmailIdentity="a@example.com"))
    assert difference(both, both).changes == ()


def test_an_address_falls_back_to_the_nearest_domain_that_has_a_policy() -> None:
    domain = resource(statement(Principal={"AWS": "333333333333"}))
    address = resource(statement(Resource=ARN.replace("exa", "a@b.exa")), EmailIdentity="a@b.example.com")
    [change, gone] = difference(template(P=domain, Q=address), template(P=domain)).changes
    assert (str(change.verdict), change.identity) == ("broadened", "a@b.example.com")
    assert str(gone.verdict) == "narrowed"
