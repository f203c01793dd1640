"""The values that each key may have in a request of the small world."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from ipaddress import ip_network
from itertools import pairwise
from typing import Final

from tests.analysis.meaning.evaluator import FORMS, Keys
from tests.analysis.meaning.identities import covers
from tests.analysis.meaning.operators import moment

# Keys that are present or absent together.
TOGETHER: Final = {
    "aws:sourceip": "network",
    "aws:sourcevpce": "network",
    "aws:sourcevpc": "network",
    "aws:vpcsourceip": "network",
    "aws:sourcearn": "source",
    "aws:sourceaccount": "source",
    "aws:currenttime": "time",
    "aws:epochtime": "time",
}
_MOMENTS: Final = ("2025-12-31T23:59:59", "2026-01-01T00:00:00", "2026-03-01T12:00:00", "2026-06-01T00:00:00")

# For each key alone, its possible values; an empty one if the key may be missing.
CHOICES: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "ses:fromaddress": (
        ("a@example.com",),
        ("b@example.com",),
        ("a@sub.example.com",),
        ("ab@example.com",),
        ("A@example.com",),
        ("a@EXAMPLE.com",),
        ("*@example.com",),
    ),
    "ses:recipients": (
        (),
        ("a@example.com",),
        ("b@other.example",),
        ("a@example.com", "b@other.example"),
        ("ab@example.com", "a@example.com"),
    ),
    "ses:feedbackaddress": ((), ("a@example.com",), ("back@other.example",)),
    "ses:fromdisplayname": ((), ("Marketing",), ("Our Marketing",)),
    "ses:apiversion": (("v2",), ("v1",)),
    "aws:multifactorauthage": ((), ("4",), ("5",), ("6",), ("60",)),
    "aws:multifactorauthpresent": ((), ("true",), ("false",)),
    "aws:securetransport": (("true",), ("false",)),
    "aws:useragent": (("agent",), ("other",)),
    "aws:requestedregion": (("eu-west-1",),),
    "aws:viaawsservice": (("false",), ("true",)),
}


def choices(group: str, compared: Mapping[str, Sequence[str]], identities: Sequence[str]) -> list[Keys]:
    """Return the choices for a group of keys, beginning with the values that policies compare with."""
    if group in _GROUPS:
        return _GROUPS[group](compared)
    texts: list[tuple[str, ...]] = [(text,) for value in compared.get(group, ()) for text in _beside(value)]
    if "tag/" in group:
        return [{group: value} for value in dict.fromkeys(((), ("red",), ("a@example.com",), *texts[:4]))]
    if group == "ses:fromaddress":
        texts += [(identity,) for identity in identities if "@" in identity]
        known = [each for each in (*texts, *CHOICES[group]) if any(covers(one, each[0]) for one in identities)]
        return [{group: value} for value in dict.fromkeys((*known, ("a@example.com",)))]
    if group == "ses:recipients":
        texts = _mailed([each[0] for each in texts if "@" in each[0]])
    elif group == "aws:multifactorauthage":
        texts = [
            (str(int(float(value)) + beside),)
            for value in compared.get(group, ())
            if value[0].isdigit()
            for beside in (-1, 0, 1)
        ]
    elif group not in ("ses:feedbackaddress", "ses:fromdisplayname"):
        texts = []
    return [{group: value} for value in dict.fromkeys((*CHOICES[group], *texts[:9]))]


def _mailed(addresses: Sequence[str]) -> list[tuple[str, ...]]:
    """Return lists of recipients: the addresses that a policy compares with, alone and together."""
    some = list(dict.fromkeys(addresses))[:4]
    return [*((each,) for each in some), *pairwise(some), *((each, "z@z.example") for each in some[:2]), tuple(some)]


def _beside(value: str) -> tuple[str, ...]:
    """Return texts that match a value with wildcards, and one that does not."""
    if "${" in value:
        return ()
    return (re.sub(r"\*", "", value).replace("?", "q"), value.replace("*", "xq").replace("?", "q"))


def _like(key: str, compared: Mapping[str, Sequence[str]]) -> list[str]:
    """Return texts that match what policies compare a key with, and that the key can have."""
    return [text for each in compared.get(key, ()) for text in _beside(each) if re.fullmatch(FORMS[key], text)]


def _network(compared: Mapping[str, Sequence[str]]) -> list[Keys]:
    addresses = ["10.0.0.1", "10.1.0.1", "192.168.0.1", "2001:db8::1"]
    for value in compared.get("aws:sourceip", ()):
        try:
            network = ip_network(value, strict=False)
            addresses += [str(network[-1]), str(network[0])]
        except ValueError:
            continue
    endpoints = ["vpce-1", *_like("aws:sourcevpce", compared)]
    networks = ["vpc-1", *_like("aws:sourcevpc", compared)]
    through = {"aws:sourceip": (), "aws:vpcsourceip": ("10.0.0.1",)}
    outside = {"aws:sourcevpc": (), "aws:sourcevpce": (), "aws:vpcsourceip": ()}
    return [
        *({**outside, "aws:sourceip": (each,)} for each in dict.fromkeys(addresses)),
        *({**through, "aws:sourcevpc": ("vpc-1",), "aws:sourcevpce": (each,)} for each in dict.fromkeys(endpoints)),
        *({**through, "aws:sourcevpc": (each,), "aws:sourcevpce": ("vpce-1",)} for each in dict.fromkeys(networks)),
    ]


def _source(compared: Mapping[str, Sequence[str]]) -> list[Keys]:
    arns = _like("aws:sourcearn", compared)
    some = ["arn:aws:s3:::bucket", "arn:aws:s3:::other:bucket", "arn:aws:sns:eu-west-1:222222222222:topic"]
    return [
        {"aws:sourcearn": (), "aws:sourceaccount": ()},
        *(
            {"aws:sourcearn": (arn,), "aws:sourceaccount": (account,)}
            for arn in dict.fromkeys((*some, *arns[:6]))
            for account in ("222222222222", "333333333333")
            if arn.split(":")[4] in ("", account)
        ),
    ]


def _time(compared: Mapping[str, Sequence[str]]) -> list[Keys]:
    values = [*compared.get("aws:currenttime", ()), *compared.get("aws:epochtime", ())]
    moments = [moment(f"{each}Z") for each in _MOMENTS]
    for value in values:
        try:
            moments += [moment(value), moment(value) + timedelta(seconds=1)]
        except ValueError:
            continue
    return [
        {"aws:currenttime": (each.isoformat(),), "aws:epochtime": (str(int(each.timestamp())),)}
        for each in dict.fromkeys(moments)
    ]


_GROUPS: Final[Mapping[str, Callable[[Mapping[str, Sequence[str]]], list[Keys]]]] = {
    "network": _network,
    "source": _source,
    "time": _time,
}
