"""Put conditions into plain words.

A condition gets words of its own only if they say all of it and nothing else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from ses_sending_policy.analysis.grants.grant import Grant, has_variable, only_deploy_knows
from ses_sending_policy.analysis.grants.quoting import listed, quoted, shown
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.conditions import has_wildcard

_OF_TAG: Final = "/"


class Part(Enum):
    """Where in a sentence the words for a condition stand."""

    ORIGIN = auto()
    """After the principal: which of its callers the condition is about, as `of organization o-1`."""
    SENDER = auto()
    """After the verb: the addresses that they may send from, as `as news@example.com`."""
    BUT = auto()
    """After the sender: the addresses that they may not send from, as `but ceo@example.com`."""
    MORE = auto()
    """After all of these, as a part of its own."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words for some conditions.

    :param key: the key of the conditions; if it ends in `/`, a tag's name follows in the condition.
    :param operators: the operators of the conditions. `IfExists` after one of them adds words of its own.
    :param text: the words, with `{}` for the values; if the key has a tag's name, a `{}` for that comes first.
    :param values: the only values that the words fit. Default: - all values, but none with a wildcard if the operator
        takes it for a plain character.
    :param part: where in the sentence the words stand. Default: - at its end, as `Part.MORE` says.
    """

    key: str
    operators: frozenset[str]
    text: str
    values: tuple[str, ...] = ()
    part: Part = Part.MORE

    def fits(self, condition: Condition, grant: Grant) -> bool:
        """Return whether the words say all that `condition` of `grant` says.

        The caller has checked that key and operator are those of this phrase.
        """
        if self.values:
            return condition.values == self.values and not any(is_plain(each, grant) for each in self.values)
        return not (_is_exact(condition) and any(map(has_wildcard, condition.values)))

    def of(self, condition: Condition, grant: Grant) -> str:
        """Return the words for `condition`."""
        tag = [shown(condition.key.partition(_OF_TAG)[2])] if self.key.endswith(_OF_TAG) else []
        case = " in any case" if condition.comparison.endswith("IgnoreCase") else ""
        return self.text.format(*tag, _values(condition, grant) + case)


def _any_of(*names: str, quantifier: str = "") -> frozenset[str]:
    return frozenset(f"{quantifier}{name}" for name in names)


def _strings(quantifier: str = "", word: str = "") -> frozenset[str]:
    names = (f"String{word}{name}" for name in ("Equals", "Like", "EqualsIgnoreCase"))
    return _any_of(*names, quantifier=quantifier)


def _text(key: str, text: str, negated: str = "", part: Part = Part.MORE) -> Iterator[Phrase]:
    yield Phrase(key, _strings(), text, part=part)
    yield Phrase(key, _strings(word="Not"), negated or f"not {text}", part=part)


def _list(key: str, text: str, negated: str, part: Part = Part.MORE) -> Iterator[Phrase]:
    # These two are each other's opposite: "any of them is" and "none of them is".
    yield Phrase(key, _strings("ForAnyValue:"), text, part=part)
    yield Phrase(key, _strings("ForAllValues:", "Not"), negated, part=part)


def _arn(key: str, text: str) -> Iterator[Phrase]:
    yield Phrase(key, _any_of("ArnLike", "StringEquals"), text)
    yield Phrase(key, _any_of("ArnNotLike", "StringNotEquals"), f"not {text}")


def _bool(key: str, text: str, negated: str = "") -> Iterator[Phrase]:
    for value, words in (("true", text), ("false", negated or f"not {text}")):
        yield Phrase(key, _any_of("Bool"), words, (value,))


def _owner(key: str, variable: str, text: str) -> Iterator[Phrase]:
    for operator, words in (("StringEquals", "of"), ("StringNotEquals", "outside")):
        yield Phrase(key, _any_of(operator), f"{words} the owner's {text}", (variable,), Part.ORIGIN)


def _origin(key: str, text: str) -> Iterator[Phrase]:
    make = _list if key.endswith("OrgPaths") else _text
    yield from make(key, f"of {text} {{}}", f"outside {text} {{}}", Part.ORIGIN)


def _time(comparison: str, text: str) -> Phrase:
    return Phrase("aws:CurrentTime", _any_of(f"Date{comparison}"), text)


# Sorted as the words stand in a sentence. If two phrases have the same key and operator, the first one that fits is
# used.
_PHRASES: Final = (
    Phrase("ses:Recipients", _strings("ForAllValues:"), "only to {}"),
    *_list("ses:Recipients", "with {} among the recipients", "with no {} among the recipients"),
    Phrase("ses:Recipients", _strings("ForAnyValue:", "Not"), "with others than {} among the recipients"),
    *_text("ses:FromDisplayName", "with the display name {}"),
    *_text("ses:FeedbackAddress", "with bounces to {}"),
    *_text("aws:SourceAccount", "for account {}"),
    *_arn("aws:SourceArn", "for {}"),
    _time("GreaterThan", "after {}"),
    _time("GreaterThanEquals", "from {} on"),
    _time("LessThan", "before {}"),
    _time("LessThanEquals", "until {}"),
    _time("Equals", "at {}"),
    _time("NotEquals", "at any time but {}"),
    *_text("aws:SourceOrgID", "for organization {}"),
    *_list("aws:SourceOrgPaths", "for organization path {}", "not for organization path {}"),
    Phrase("ses:FromAddress", _strings(), "as {}", part=Part.SENDER),
    Phrase("ses:FromAddress", _strings(word="Not"), "but {}", part=Part.BUT),
    *_owner("aws:PrincipalOrgID", "${aws:ResourceOrgID}", "organization"),
    *_origin("aws:PrincipalOrgID", "organization"),
    *_origin("aws:PrincipalOrgPaths", "organization path"),
    *_owner("aws:PrincipalAccount", "${aws:ResourceAccount}", "account"),
    *_origin("aws:PrincipalAccount", "account"),
    *_arn("aws:PrincipalArn", "by {}"),
    *_text("aws:userid", "with the user id {}"),
    *_text("aws:username", "with the user name {}"),
    *_text("aws:SourceIdentity", "with the source identity {}"),
    *_text("aws:PrincipalTag/", "where the caller's tag {} is {}", "where the caller's tag {} is not {}"),
    *_text("aws:ResourceTag/", "where the identity's tag {} is {}", "where the identity's tag {} is not {}"),
    *_text("ses:TenantName", "for tenant {}"),
    *_text("ses:ApiVersion", "through version {} of the API"),
    *_text("ses:MultiRegionEndpointId", "through multi-region endpoint {}"),
    Phrase("aws:SourceIp", _any_of("IpAddress"), "from network {}"),
    Phrase("aws:SourceIp", _any_of("NotIpAddress"), "from outside {}"),
    Phrase("aws:VpcSourceIp", _any_of("IpAddress"), "from private network {}"),
    Phrase("aws:VpcSourceIp", _any_of("NotIpAddress"), "from outside private network {}"),
    *_text("aws:SourceVpc", "through VPC {}"),
    *_text("aws:SourceVpce", "through VPC endpoint {}"),
    *_text("aws:VpceAccount", "through a VPC endpoint of account {}"),
    *_text("aws:VpceOrgID", "through a VPC endpoint of organization {}"),
    *_bool("aws:SecureTransport", "over TLS", "without TLS"),
    *_bool("aws:MultiFactorAuthPresent", "with MFA", "without MFA"),
    Phrase("aws:MultiFactorAuthAge", _any_of("NumericLessThan"), "with MFA less than {} seconds ago"),
    Phrase("aws:MultiFactorAuthAge", _any_of("NumericGreaterThan"), "with MFA more than {} seconds ago"),
    *_bool("aws:ViaAWSService", "by way of an AWS service"),
    *_bool("aws:PrincipalIsAWSService", "by an AWS service itself"),
    *_text("aws:RequestedRegion", "in region {}"),
    *_text("aws:UserAgent", "with the user agent {}"),
)


_PLACES: Final[dict[tuple[str, str], list[tuple[int, Phrase]]]] = {}
for _place, _phrase in enumerate(_PHRASES):
    for _operator in _phrase.operators:
        _PLACES.setdefault((_phrase.key, _operator), []).append((_place, _phrase))


@dataclass(frozen=True, slots=True)
class Told:
    """A condition in words.

    :param place: a number that orders the words within one part of the sentence.
    :param part: the part of the sentence that it stands in.
    :param text: the words.
    """

    place: int
    part: Part
    text: str

    @classmethod
    def of(cls, condition: Condition, grant: Grant) -> "Told":
        """Return a condition in words. If no phrase fits, the words show its key, operator and values.

        :param condition: as `condition_in_one_spelling` returns it.
        """
        name, slash, _ = condition.key.partition(_OF_TAG)
        operator = condition.operator.removesuffix("IfExists")
        for place, phrase in _PLACES.get((f"{name}{slash}", operator), ()):
            if phrase.fits(condition, grant):
                text = phrase.of(condition, grant)
                if operator == condition.operator:
                    return cls(place, phrase.part, text)
                only = "and only " if phrase.part is Part.SENDER else ""
                return cls(place, Part.MORE, f"{only}{text} or where the request has no {shown(condition.key)}")
        return cls(len(_PHRASES), Part.MORE, _raw(condition, grant))


def _is_exact(condition: Condition) -> bool:
    """Return whether the operator of `condition` takes a wildcard for a plain character."""
    return condition.comparison.startswith("String") and not condition.comparison.endswith("Like")


def _raw(condition: Condition, grant: Grant) -> str:
    key = shown(condition.key)
    if condition.operator == "Null" and condition.values in (("true",), ("false",)):
        return f"where the request has {'no ' if condition.values == ('true',) else ''}{key}"
    return f"where {key} {shown(condition.operator)} {_values(condition, grant, exactly='')}"


def _values(condition: Condition, grant: Grant, exactly: str = "exactly ") -> str:
    def show(value: str) -> str:
        is_unknown_time = condition.compares_dates and is_known(value) and not condition.moment(value)
        if is_unknown_time:
            return f"the unknown time {quoted(value)}"
        if condition.key == "aws:PrincipalArn" and condition.comparison in ("ArnLike", "ArnNotLike"):
            return member(value) or shown_of(value, grant)
        # Only an operator without wildcards compares an unknown value exactly. For the others, the value may be a
        # pattern.
        is_literal = _is_exact(condition) and only_deploy_knows(value) and not is_plain(value, grant)
        return f"{exactly if is_literal else ''}{shown_of(value, grant)}"

    return listed(condition.values, show=show)


def is_plain(value: str, grant: Grant) -> bool:
    """Return whether text in `value` that looks like a policy variable is plain text, by the document's Version."""
    return grant.has_plain_variables and has_variable(value)


def shown_of(value: str, grant: Grant) -> str:
    """Return a value as a sentence shows it.

    A remark says so if text in it looks like a policy variable and is none.
    """
    return f"the text {quoted(value)}" if is_plain(value, grant) else shown(value)


def member(text: str) -> str:
    """Return the words for a user, role or session, as `role News of account 222222222222`; empty for any other ARN."""
    arn = Arn.parse(text)
    if not arn or not arn.member or not re.fullmatch(r"\S+", arn.member[1]) or has_space(arn):
        return ""
    return f"{arn.member[0]} {arn.member[1]} of account {arn.account}{partition_of(arn)}"


def has_space(arn: Arn) -> bool:
    """Return whether the account or the partition of an ARN has a space: a reader could not tell where it ends."""
    return any(is_known(part) and re.search(r"\s", part) for part in (arn.account, arn.partition))


def partition_of(arn: Arn) -> str:
    """Return the partition of an ARN in words; empty for `aws`, which most readers have."""
    # Not shown if unknown: then it is the partition that SES is in, since principals of other partitions cannot be
    # named.
    return "" if arn.partition == "aws" or not is_known(arn.partition) else f" in {arn.partition}"
