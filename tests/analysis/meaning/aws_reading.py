"""What AWS leaves open, and what a deploy makes of references: an `AwsReading` has one answer to each."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final, Literal

JANE: Final = "arn:aws:iam::222222222222:user/Jane"


@dataclass(frozen=True)
class AwsReading:
    """One answer to everything that AWS leaves open.

    :param everybody_is_services: whether `*` also means services.
    :param one_is_enough: whether one value of several is enough if there is no quantifier.
    :param arns_are_texts: whether `ArnLike` compares an ARN as a whole.
    :param by_given_arn: whether the sender chooses the identity by an ARN, or SES does by the From address.
    :param unresolved: the effect of a variable without a value: it matches nothing, its statement is invalid, or it
        is a text.
    :param return_path_is_own: whether a return path must be an address of the identity.
    :param missing_tag_is_empty: whether a missing tag is an empty text.
    :param ids_are_people: whether an id that replaced a principal, for instance `AROA...`, still means somebody.
    :param others_allow: whether a policy that is in no template allows everything on each identity.
    :param conditions: the template's conditions that are true.
    :param references: what the deploy makes of a function.
    """

    everybody_is_services: bool = False
    one_is_enough: bool = False
    arns_are_texts: bool = False
    by_given_arn: bool = False
    unresolved: Literal["null", "invalid", "text"] = "null"
    return_path_is_own: bool = False
    missing_tag_is_empty: bool = False
    ids_are_people: bool = False
    others_allow: bool = False
    conditions: frozenset[str] = frozenset()
    references: Callable[[Any], str] = json.dumps

    def text(self, value: Any) -> str:
        """Return a value as it stands in the policy after the deploy."""
        return value if isinstance(value, str) else self.references(value)


# The definitions of the template's conditions; a definition's first letter is the condition's name.
CONDITIONS: Final = ("A", "B", "B, defined anew")

# The readings that are true or false.
_SWITCHES: Final = (
    "everybody_is_services",
    "one_is_enough",
    "arns_are_texts",
    "by_given_arn",
    "return_path_is_own",
    "missing_tag_is_empty",
    "ids_are_people",
)


def aws_readings(random: Random) -> list[AwsReading]:
    """Return a random reading, and one that differs from it in everything that can differ."""
    some = {name: random.random() < 0.5 for name in _SWITCHES}
    unresolved: list[Literal["null", "invalid", "text"]] = ["null", "invalid", "text"]
    one, other = random.sample(unresolved, 2)
    first, second = random.sample(["a@example.com", "*", JANE, "222222222222"], 2)
    hold = frozenset(name for name in CONDITIONS if random.random() < 0.5)
    fail = frozenset(CONDITIONS) - hold
    others = random.random() < 0.2
    return [
        AwsReading(
            **some, unresolved=one, others_allow=others, conditions=hold, references=_deploy(first, is_so="A" in hold)
        ),
        AwsReading(
            **{name: not value for name, value in some.items()},
            unresolved=other,
            conditions=fail,
            references=_deploy(second, is_so="A" in fail),
        ),
    ]


def every_reading(world: AwsReading) -> Iterator[AwsReading]:
    """Yield a reading, and then others that each differ from it in one answer."""
    yield world
    for name in (*_SWITCHES, "others_allow"):
        other: dict[str, Any] = {name: not getattr(world, name)}
        yield replace(world, **other)
    yield replace(world, unresolved="invalid")
    yield replace(world, unresolved="text")


def _deploy(reference: str, *, is_so: bool) -> Callable[[Any], str]:
    def of(function: dict[str, Any]) -> str:
        return str(function["Fn::If"][1 if is_so else 2]) if "Fn::If" in function else reference

    return of
