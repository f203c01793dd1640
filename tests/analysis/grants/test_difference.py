"""What a change of policies means: each rule in a table, with the sentences that a reviewer reads."""

from dataclasses import replace
from typing import Any

import pytest

from ses_sending_policy.analysis.grants.difference import difference
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from tests.analysis.findings.declare import ARN, HERE, policy, resource, template
from tests.analysis.grants.changes import (
    ALL,
    BOTH,
    CROSSED,
    JANE,
    MORE,
    MORE_BY_A_SEARCH,
    OTHER_SECRET,
    OWN,
    PERHAPS_MORE,
    REF,
    SAME,
    SECRET,
    UNDECIDED,
    A,
    deny,
    like,
    one,
    when,
)


def read(old: list[Declared], new: list[Declared]) -> list[str]:
    """Return the verdict, and what became of each changed grant."""
    found = difference(old, new)
    return [str(found.verdict), *(f"{each.kind}, {each.verdict}" for each in found.changes)]


def between(before: Any, after: Any) -> list[str]:
    """Return the same for one policy with one statement or several."""
    old, new = (each if isinstance(each, list) else [each] for each in (before, after))
    return read(policy(*old), policy(*new))


NO_CHANGE = ["unchanged"]
EVERYBODY = one(Principal={"AWS": "*", "Service": "s3.amazonaws.com"}, Action="ses:*")


@pytest.mark.parametrize("name", SAME)
def test_what_is_no_change(name: str) -> None:
    before, after = SAME[name]
    assert between(before, after) == between(after, before) == NO_CHANGE


@pytest.mark.parametrize("name", MORE)
def test_what_is_more(name: str) -> None:
    before, after = MORE[name]
    assert between(before, after) == ["broadened", "widened, broadened"]
    assert between(after, before) == ["narrowed", "narrowed, narrowed"]
    # To deny more is to allow less.
    before, after = (each | {"Effect": "Deny"} for each in (before, after))
    assert between(before, after) == ["narrowed", "widened, narrowed"]
    assert between([EVERYBODY, after], [EVERYBODY, before]) == ["broadened", "narrowed, broadened"]
    # In the owner's account somebody may be allowed to send without a policy.
    assert between(after, before) == ["changed", "narrowed, changed"]


@pytest.mark.parametrize("name", MORE_BY_A_SEARCH)
def test_what_is_more_though_no_condition_covers_another(name: str) -> None:
    before, after = MORE_BY_A_SEARCH[name]
    assert between(before, after) == ["broadened", "added, broadened"]
    assert between(after, before) == ["narrowed", "removed, narrowed"]


@pytest.mark.parametrize("name", PERHAPS_MORE)
def test_what_is_more_only_where_something_unread_does_not_hold(name: str) -> None:
    before, after = PERHAPS_MORE[name]
    assert between(before, after)[0] == "changed"
    assert between(after, before)[0] == "narrowed"


@pytest.mark.parametrize("name", CROSSED)
def test_what_is_more_in_one_thing_and_less_in_another(name: str) -> None:
    before, after = CROSSED[name]
    assert between(before, after)[0] == between(after, before)[0] == "broadened"


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_nobody_can_decide(name: str) -> None:
    before, after = UNDECIDED[name]
    assert between(before, after) == between(after, before) == ["changed", "changed, changed"]


def test_to_deny_no_longer_is_to_allow_more() -> None:
    denied = deny(Principal=JANE, Action=BOTH)
    assert between([one(), denied], one()) == ["broadened", "removed, broadened"]
    assert between(one(), [one(), denied]) == ["narrowed", "added, narrowed"]


def test_to_deny_no_longer_what_nobody_is_allowed_here_may_be_to_allow_more() -> None:
    assert between([one(Action=BOTH[0]), deny(Action=BOTH[1])], one(Action=BOTH[0])) == ["changed", "removed, changed"]


def test_two_lists_of_recipients_are_less_than_one_of_both() -> None:
    def only_to(*values: str) -> dict[str, Any]:
        return when("ForAllValues:StringLike", *values, key="ses:Recipients")

    apart, both = [only_to("a@b.c"), only_to("d@e.f")], only_to("a@b.c", "d@e.f")
    assert between(apart, both) == ["broadened", "widened, broadened"]
    assert between(both, apart) == ["narrowed", "narrowed, narrowed"]


FROM = "as any address of example.com"
READ = [
    ([], [one()], "added", f"from now on: account 222222222222 may send {FROM}"),
    ([one()], [], "removed", f"no longer: account 222222222222 may send {FROM}"),
    ([deny(Principal="*")], [], "removed", f"no longer: nobody may send {FROM}"),
    ([], [deny()], "added", f"from now on: account 222222222222 may not send {FROM}"),
    (
        [one(Action=BOTH[0])],
        [one()],
        "added",
        f"from now on: account 222222222222 may send with ses:SendRawEmail {FROM}",
    ),
    (
        [one()],
        [one(), one(Principal=JANE | {"Service": "ses.amazonaws.com"})],
        "added",
        f"from now on: service ses.amazonaws.com may send {FROM}",
    ),
    (
        [like("a@b.c")],
        [like("*@b.c")],
        "widened",
        "more than before: account 222222222222 may send as *@b.c; it was: account 222222222222 may send as a@b.c",
    ),
    (
        [one()],
        [one(Principal=JANE)],
        "narrowed",
        (
            f"less than before: user Jane of account 222222222222 may send {FROM}; "
            f"it was: account 222222222222 may send {FROM}"
        ),
    ),
    (
        [like("a@b.c", Effect="Deny")],
        [like("*@b.c", Effect="Deny")],
        "widened",
        (
            "stricter than before: account 222222222222 may not send as *@b.c; "
            "it was: account 222222222222 may not send as a@b.c"
        ),
    ),
    (
        [like("*@b.c", Effect="Deny")],
        [like("a@b.c", Effect="Deny"), like("b@b.c", Effect="Deny")],
        "narrowed",
        (
            "laxer than before: account 222222222222 may not send as a@b.c; "
            "and account 222222222222 may not send as b@b.c; it was: account 222222222222 may not send as *@b.c"
        ),
    ),
    (
        [like("a@b.c")],
        [like("b@b.c")],
        "changed",
        "not as before: account 222222222222 may send as b@b.c; it was: account 222222222222 may send as a@b.c",
    ),
    (
        [like({"no": "function"})],
        [like({"another": "one"})],
        "changed",
        "not as before, in what these words do not say: account 222222222222 may send as ${}",
    ),
]


@pytest.mark.parametrize(("before", "after", "kind", "words"), READ, ids=[row[3].split(":")[0] for row in READ])
def test_what_a_reviewer_reads(before: list[Any], after: list[Any], kind: str, words: str) -> None:
    old, new = (policy(*each) if each else [] for each in (before, after))
    [change] = difference(old, new).changes
    assert (change.kind, change.sentence) == (kind, words)


def test_whom_the_owner_s_account_names_needs_nobody_else_s_word() -> None:
    owner = {"AWS": "111111111111"}
    assert between(one(Principal=owner), one(Principal=OWN))[:2] == ["broadened", "added, broadened"]


def test_a_root_of_another_partition_is_somebody_else() -> None:
    there = one(Principal={"AWS": "arn:aws-us-gov:iam::222222222222:root"})
    assert between(there, one())[0] == "broadened"
    gov = [template(environment=KnownEnvironment("aws-us-gov"), P=resource(each)) for each in (there, one())]
    assert read(*gov) == NO_CHANGE


def test_what_everybody_but_somebody_may_is_compared_as_a_whole() -> None:
    but = [one(Principal=None, NotPrincipal={"AWS": names}) for names in ("222222222222", ["222222222222", "3"])]
    assert between(but[1], but[1]) == NO_CHANGE
    assert between(but[1], but[0])[0] != "narrowed"
    rest = [one(Action=None, NotAction=names) for names in (BOTH, BOTH[0])]
    assert between(rest[0], rest[1])[0] != "narrowed"


def test_a_place_is_an_account_and_a_region_and_an_identity() -> None:
    there = one(Resource=ARN.replace("111111111111", "999999999999"))
    dev = template("Dev", HERE, P=resource(one()))
    prod = template("Prod", KnownEnvironment("aws", "eu-west-1", "999999999999"), P=resource(there))
    assert read(dev, [*dev, *prod]) == ["broadened", "added, broadened"]
    assert read([*dev, *prod], dev) == ["narrowed", "removed, narrowed"]


def test_neither_stacks_nor_names_have_a_part_in_the_meaning() -> None:
    nowhere = KnownEnvironment()
    bare = {"Resource": {"Fn::Sub": "arn:aws:ses:${AWS::Region}:${AWS::AccountId}:identity/example.com"}}
    old = template("Old", nowhere, P=resource(one(**bare), PolicyName="Old"))
    new = template("New", nowhere, Q=resource(one(**bare), PolicyName="New"))
    assert read(old, new) == ["changed", "added, changed", "removed, narrowed"]
    known = [[replace(each, environment=HERE) for each in side] for side in (old, new)]
    assert read(*known) == NO_CHANGE


def test_the_identity_is_known_by_its_name() -> None:
    assert read(policy(one(), EmailIdentity=ARN), policy(one())) == NO_CHANGE
    assert read(policy(one(), EmailIdentity="Example.COM"), policy(one())) == NO_CHANGE
    old, new = (policy(one(), EmailIdentity=each) for each in (SECRET, OTHER_SECRET))
    assert read(old, old) == NO_CHANGE
    assert read(old, new)[0] == "broadened"


def test_a_policy_that_is_there_only_sometimes_is_less_than_one_that_always_is() -> None:
    def sometimes(condition: str, each: dict[str, Any]) -> list[Declared]:
        return template(P=resource(each) | {"Condition": condition})

    assert read(sometimes("IsProd", one()), sometimes("IsProd", one())) == NO_CHANGE
    assert read(sometimes("IsProd", one()), policy(one())) == ["broadened", "widened, broadened"]
    assert read(policy(one()), sometimes("IsProd", one())) == ["narrowed", "narrowed, narrowed"]
    assert read(policy(deny()), sometimes("IsProd", deny())) == ["changed", "narrowed, changed"]
    allow = template(Q=resource(one(Action=ALL)))
    found = read([*allow, *policy(deny())], [*allow, *sometimes("IsProd", deny())])
    assert found == ["broadened", "narrowed, broadened"]
    assert read(sometimes("IsProd", one()), sometimes("IsDev", one())) == ["broadened", "changed, broadened"]
    [change] = difference(policy(one()), sometimes("IsProd", one())).changes
    assert change.sentence == (
        f"less than before: account 222222222222 may send {FROM}, only if IsProd is true at the deploy; "
        f"it was: account 222222222222 may send {FROM}"
    )


def test_an_address_without_a_policy_has_its_domain_s() -> None:
    """The address's policy hid the domain's; then the address loses its last one."""
    address = template(A=resource(one(Principal=JANE, Resource=_ADDRESS), EmailIdentity="a@example.com"))
    domain = template(D=resource(one(Principal={"AWS": "333333333333"})))
    found = difference([*address, *domain], domain)
    by_domain = "by the policy of example.com, which counts while a@example.com has none of its own"
    assert [each.sentence for each in found.changes] == [
        f"from now on: account 333333333333 may send as a@example.com, {by_domain}",
        "no longer: user Jane of account 222222222222 may send as a@example.com",
    ]
    assert found.verdict == "broadened"
    assert read(domain, [*address, *domain]) == ["broadened", "added, broadened", "removed, narrowed"]


def test_what_only_the_deploy_knows_may_have_a_wildcard() -> None:
    exact, pattern = (one(Condition={each: {"ses:FromAddress": REF}}) for each in ("StringEquals", "StringLike"))
    assert between([exact], [pattern])[0] == "changed"
    # The other way round, a Deny of one text does not deny everything that matches it as a pattern.
    denied, more = (deny(Condition={each: {"ses:FromAddress": REF}}) for each in ("StringLike", "StringEquals"))
    assert between([denied], [more])[0] == "changed"


def test_a_variable_without_a_value_may_make_the_whole_statement_invalid() -> None:
    team = "${aws:PrincipalTag/team, 'a'}@example.com"
    both, alone = when("StringEquals", team, "${aws:username}@example.com"), when("StringEquals", team)
    assert between([both], [alone])[0] == "changed"
    assert between([alone], [both])[0] == "changed"


_ADDRESS = ARN.replace("example.com", "a@example.com")


def test_broader_counts_more_than_undecided_and_that_more_than_narrower() -> None:
    jane, service = one(Principal=JANE), one(Principal={"Service": "ses.amazonaws.com"})
    assert between([like("a@b.c"), jane], [like("b@b.c"), service])[0] == "broadened"
    assert between([like("a@b.c"), service], [like("b@b.c")]) == ["changed", "changed, changed", "removed, narrowed"]


def test_what_goes_and_was_covered_has_no_part_in_what_comes() -> None:
    [change] = difference(policy(like("*@b.c"), like("a@b.c")), policy(like("*@b.c"), like(A))).changes
    assert change.sentence == "from now on: account 222222222222 may send as a@example.com"


def test_what_was_widened_has_no_part_in_what_is_added() -> None:
    assert between(like(A), [like("*@example.com"), like("z@news.example.com")]) == [
        "broadened",
        "added, broadened",
        "widened, broadened",
    ]
