"""A request as one plain sentence, in the words that the sentences of grants have."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ses_sending_policy.analysis.grants.condition_words import Part, Told, member, shown_of
from ses_sending_policy.analysis.grants.grant import Grant
from ses_sending_policy.analysis.grants.sentence import any_address, who
from ses_sending_policy.analysis.grants.spelling import condition_in_one_spelling
from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.caller import OWN_ORGANIZATION, USUAL
from ses_sending_policy.analysis.requests.request import OF_CALLER, Request, plain
from ses_sending_policy.rules.actions import SENDING_ACTIONS
from ses_sending_policy.rules.key_types import OPERATORS_OF_KEY

_FROM: Final = "ses:fromaddress"
_SENDING: Final = frozenset(each.lower() for each in SENDING_ACTIONS)
_USUAL: Final = "ses:sendemail"
_ANYBODY: Final = "anybody"
# The keys that are about the identity's account, and not about the caller.
_OF_IDENTITY: Final = ("aws:resourceaccount", "aws:resourceorgid")
_RESOURCE_ORGANIZATION: Final = "${aws:ResourceOrgID}"
# A grant that makes sentences show the values of a request as plain text, without policy variables.
_WITHOUT_VARIABLES: Final = Grant("", version="2008-10-17")
# By the family of a key's operators, the operator that asks whether the key has one certain value.
_EQUALS: Final = {"Bool": "Bool", "Date": "DateEquals", "IpAddress": "IpAddress"}
_OPERATORS: Final = {key.lower(): _EQUALS.get(families[0], "") for key, families in OPERATORS_OF_KEY.items()}


def request_sentence(request: Request, *, is_new: bool) -> str:
    """Return who may do what, in lower case and without a full stop.

    :param is_new: whether the request was not allowed before: then it "may now" be made.
    """
    keys = {key.lower(): value for key, value in request.keys.items()}
    told = sorted(_conditions(request), key=lambda each: each.place)
    origins = [each.text for each in told if each.part is Part.ORIGIN]
    caller = caller_words(request)
    called = " ".join((caller, " and ".join(origins))).rstrip()
    called += f", as account {request.account}," if caller == _ANYBODY else ""
    sender = str(keys.get(_FROM, ""))
    sends_as = f"as {shown_of(sender, _WITHOUT_VARIABLES)}" if sender else any_address(request.identity)
    with_action = "" if request.action.lower() == _USUAL else f"with {request.action} "
    sends = request.action.lower() in _SENDING
    doing = f"send {with_action}{sends_as}" if sends else f"call {request.action} on {request.identity}"
    may = "may now" if is_new else "may"
    return ", ".join([f"{called} {may} {doing}", *(each.text for each in told if each.part is not Part.ORIGIN)])


def caller_words(request: Request) -> str:
    """Return the words for the caller of a request, as `account 222222222222` or `anybody`."""
    caller, name = request.caller, request.named
    if caller.kind == "AWS" and member(name):
        words = member(name)
    elif caller.is_stranger:
        words = "any service" if caller.kind == "Service" else _ANYBODY
    else:
        words = who(caller.kind, caller.account or name)
    return plain(words)


def _conditions(request: Request) -> Iterator[Told]:
    """Yield words for the values of keys that say something, as a condition on them would be put into words."""
    for key, value in request.keys.items():
        if key.lower() in (_FROM, *OF_CALLER, *_OF_IDENTITY) or value == USUAL.get(key.lower()):
            continue
        values = (value,) if isinstance(value, str) else value
        operator = _OPERATORS.get(key.lower()) or "StringEquals"
        operator = operator if isinstance(value, str) else f"ForAnyValue:{operator}"
        is_own = value == OWN_ORGANIZATION
        for each in (_RESOURCE_ORGANIZATION,) if is_own else values:
            condition = condition_in_one_spelling(Condition("", operator, key, (each,)))
            told = Told.of(condition, Grant(request.identity) if is_own else _WITHOUT_VARIABLES)
            # A condition without words of its own shows its operator, which here means no more than "is".
            yield replace(told, text=told.text.replace(f" {operator} ", " is ", 1))
