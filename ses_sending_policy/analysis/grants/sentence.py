"""A grant as one plain sentence. Two grants that give something else do not read alike."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.grants.grant import NOT, UNKNOWN, Grant
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.rules.actions import SENDING_ACTIONS, usual_actions
from ses_sending_policy.rules.arns import OWN_ACCOUNT, Arn, is_account


@dataclass(frozen=True, slots=True)
class _Words:
    """How a condition is put.

    :param key: its key.
    :param exact: the operators under which a wildcard is a plain character; with one in a value, others say it.
    :param patterns: the operators under which it is a wildcard.
    :param text: the words, with `{}` for the values.
    """

    key: str
    exact: frozenset[str]
    patterns: frozenset[str]
    text: str

    def fit(self, condition: Condition) -> bool:
        """Return whether the words say all that `condition` does."""
        has_wildcard = any(re.search(r"[*?]", value) for value in condition.values)
        if condition.compares_seconds and not all(map(condition.moment, condition.values)):
            return False  # a number that is no date to a reader
        operators = self.patterns if has_wildcard else self.patterns | self.exact
        return condition.key == self.key and condition.operator in operators


def _text(key: str, text: str, quantifier: str = "") -> _Words:
    return _Words(key, frozenset({f"{quantifier}StringEquals"}), frozenset({f"{quantifier}StringLike"}), text)


def _arn(key: str, text: str) -> _Words:
    return _Words(key, frozenset({"StringEquals", "StringLike"}), frozenset({"ArnEquals", "ArnLike"}), text)


# By which operators each key of the time is compared.
_TIMES: Final = {"aws:CurrentTime": ("Date",), "aws:EpochTime": ("Date", "Numeric")}


def _moments(comparison: str, text: str) -> Iterator[_Words]:
    for key, kinds in _TIMES.items():
        yield _Words(key, frozenset(kind + comparison for kind in kinds), frozenset(), text)


_AS: Final = _text("ses:FromAddress", "as {}")
_OF: Final = _text("aws:PrincipalOrgID", "of organization {}")
# In the order in which a sentence has them.
_MORE: Final = (
    _text("ses:Recipients", "only to {}", "ForAllValues:"),
    _text("ses:Recipients", "with {} among the recipients", "ForAnyValue:"),
    _text("ses:FromDisplayName", "with the display name {}"),
    _text("ses:FeedbackAddress", "with bounces to {}"),
    _text("aws:SourceAccount", "for account {}"),
    _arn("aws:SourceArn", "for {}"),
    *_moments("GreaterThan", "after {}"),
    *_moments("GreaterThanEquals", "from {} on"),
    *_moments("LessThan", "before {}"),
    *_moments("LessThanEquals", "until {}"),
)

_SENDING: Final = {action.lower(): action for action in SENDING_ACTIONS}


def sentence(grant: Grant) -> str:
    """Return who may send as what, under which conditions: in lower case, and without a full stop.

    An account that may send from some addresses is `account 222222222222 may send as *@news.example.com`.
    """
    if grant.effect == UNKNOWN:
        who = f": {_shown(grant.principal)}" if grant.principal != UNKNOWN else ""
        return f"only the deploy knows who may send as {grant.identity}{who}"
    conditions = sorted(grant.conditions, key=lambda condition: (condition.key, condition.operator))
    origin = _taken(conditions, _OF)
    sender = _taken(conditions, _AS)
    clause = [_subject(grant), *origin, _verb(grant), *(sender or [_any_address(grant.identity)])]
    more = [part for words in _MORE for part in _taken(conditions, words, all_of_them=True)]
    more += [f"where {each.key} {each.operator} {_values(each)}" for each in conditions]
    if grant.is_open:
        names = f": {_listed(grant.open_conditions, 'and')}" if grant.open_conditions else ""
        more.append(f"under conditions that only the deploy knows{names}")
    return ", ".join([" ".join(clause), *more])


def _taken(conditions: list[Condition], words: _Words, *, all_of_them: bool = False) -> list[str]:
    """Return what `words` say of `conditions`, and take those out of these."""
    said = [condition for condition in conditions if words.fit(condition)]
    for condition in said if all_of_them else said[:1]:
        conditions.remove(condition)
    return [words.text.format(_values(condition)) for condition in (said if all_of_them else said[:1])]


def _values(condition: Condition) -> str:
    def shown(value: str) -> str:
        moment = condition.moment(value)
        if moment:
            return str(moment)
        is_unknown = condition.compares_dates and is_known(value)
        return f"the unknown time {json.dumps(value, ensure_ascii=False)}" if is_unknown else _shown(value)

    return _listed(condition.values, shown=shown)


def _subject(grant: Grant) -> str:
    who = _who(grant.kind.removeprefix(NOT), grant.principal)
    if grant.kind.startswith(NOT):
        return f"everybody but {who}"
    return "nobody" if who == "everybody" and grant.effect == "Deny" else who


def _who(kind: str, principal: str) -> str:
    if principal == UNKNOWN:
        return "somebody whom only the deploy knows"
    if kind == UNKNOWN:
        return f"whoever {_shown(principal)} is"
    if kind in ("AWS", "*") and principal == "*":
        return "everybody"
    of_account = _of_account(principal) if kind == "AWS" else ""
    if of_account:
        return of_account
    return f"{'service' if kind == 'Service' else 'principal' if kind == 'AWS' else kind} {_shown(principal)}"


def _of_account(principal: str) -> str:
    """Return what a principal is called that is an account or in one; empty for any other."""
    if is_account(principal) or principal == OWN_ACCOUNT:
        return f"account {principal}"
    arn = Arn.parse(principal)
    if not arn:
        return ""
    # A principal can only be of the partition that SES is in, which most readers have but one of.
    place = "" if arn.partition == "aws" or not is_known(arn.partition) else f" in {arn.partition}"
    if arn.whole_account:
        return f"account {arn.account}{place}"
    if arn.member and re.fullmatch(r"\S+", arn.member[1]):
        return f"{arn.member[0]} {arn.member[1]} of account {arn.account}{place}"
    return ""


def _verb(grant: Grant) -> str:
    # "everybody" and "nobody" tell allowing and denying apart already.
    nobody = _subject(grant) == "nobody"
    may = "may" if grant.effect == "Allow" or nobody else "may not" if grant.effect == "Deny" else "may or may not"
    others = [action.removeprefix(f"{NOT} ") for action in grant.actions if action.startswith(f"{NOT} ")]
    if others:
        return f"{may} call everything but {_listed(others, 'and')}"
    usual = usual_actions(denies=grant.effect == "Deny")
    if {action.lower() for action in grant.actions} == {action.lower() for action in usual}:
        return f"{may} send"
    called = _listed((_SENDING.get(action.lower(), action) for action in grant.actions), "and")
    return f"{may} {'send with' if all(action.lower() in _SENDING for action in grant.actions) else 'call'} {called}"


def _any_address(identity: str) -> str:
    return f"as {identity}" if "@" in identity or not is_known(identity) else f"as any address of {identity}"


def _listed(values: Iterable[str], word: str = "or", *, shown: Callable[[str], str] | None = None) -> str:
    texts = dict.fromkeys(map(shown or _shown, sorted(values)))
    return f" {word} ".join(texts) or "nothing"


def _shown(value: str) -> str:
    """Return `value` so that it is clear where it ends."""
    return value if re.fullmatch(r'[^\s,"]+', value) else json.dumps(value, ensure_ascii=False)
