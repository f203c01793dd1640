"""Faults that somebody could make in the model of requests: `make meaning-faults` injects each alone."""

from typing import Final

from tests.analysis.meaning.injected_faults_of_changes import OF_CHANGES
from tests.mutants.replacement import Replacement

_REQUESTS: Final = "ses_sending_policy.analysis.requests."
_CALLER, _CLAUSE, _KEY_CONDITION, _KEYS, _PATTERN, _PRINCIPALS, _READINGS, _SEARCH, _SOLUTION = (
    _REQUESTS + name
    for name in ("caller", "clause", "key_condition", "keys", "pattern", "principals", "readings", "search", "solution")
)
_NEWLY: Final = "ses_sending_policy.analysis.grants.newly_allowed"

_OF_CALLERS: Final = (
    Replacement(
        "users are forgotten among the callers",
        _CALLER,
        '("user", "role", "federated-user", "root") if sorts',
        '("role", "federated-user", "root") if sorts',
    ),
    Replacement(
        "strangers are forgotten among the callers",
        _CALLER,
        '    found += [Caller("AWS", sort, "", "", but=frozenset(whole)) for sort in kinds]\n',
        "",
    ),
    Replacement(
        "services are forgotten among the callers",
        _CALLER,
        '    found.append(Caller("Service", "", "", "", but=',
        '    assert (Caller("Service", "", "", "", but=',
    ),
    Replacement(
        "a session is not called by its role",
        _PRINCIPALS,
        "return is_session and mine",
        "return not is_session and mine",
    ),
    Replacement(
        "an account's users are not called by their account",
        _PRINCIPALS,
        'if clause.kind == "AWS" and caller.kind in OF_ACCOUNTS and name and name == caller.account:',
        "if not clause.kind:",
    ),
    Replacement(
        "the owner's account needs no administrator",
        _PRINCIPALS,
        'if clause.effect != "Allow" or not caller.is_owner or caller.sort == "root":',
        "if True:",
    ),
    Replacement(
        "the owner's callers need an Allow",
        _NEWLY,
        "    return UNDECIDED\n",
        "    return NONE\n",
    ),
)

_OF_KEYS: Final = (
    Replacement(
        "accounts carry the source of services",
        _KEYS,
        '"SourceOrgID", "SourceOwner"), Key(_NEVER, _PERHAPS)',
        '"SourceOrgID", "SourceOwner"), Key(_PERHAPS, _PERHAPS)',
    ),
    Replacement(
        "services carry no source",
        _KEYS,
        '"SourceOrgID", "SourceOwner"), Key(_NEVER, _PERHAPS)',
        '"SourceOrgID", "SourceOwner"), Key(_NEVER, _NEVER)',
    ),
    Replacement(
        "what everybody carries may be missing",
        _KEYS,
        '"PrincipalIsAWSService", "ResourceAccount"),\n        Key(_ALWAYS, _ALWAYS)',
        '"PrincipalIsAWSService", "ResourceAccount"),\n        Key()',
    ),
    Replacement(
        "the names of keys are in one case",
        _KEYS,
        "    name = name.lower()\n",
        "",
    ),
    Replacement(
        "the two keys of the time are two",
        _KEYS,
        'return TIME if name == "aws:epochtime" else name + slash + tag',
        "return name + slash + tag",
    ),
    Replacement(
        "who manages an identity has the keys of messages",
        _KEYS,
        "if name in MESSAGE and action in _MANAGING:",
        "if not name:",
    ),
    Replacement(
        "each action that sends has all keys of messages",
        _READINGS,
        "is_unlisted(key, action) or ",
        "",
    ),
)

_OF_CONDITIONS: Final = (
    Replacement(
        "ForAllValues does not hold without the key",
        _KEY_CONDITION,
        'condition.operator.endswith("IfExists") or condition.quantifier == "ForAllValues"',
        'condition.operator.endswith("IfExists")',
    ),
    Replacement(
        "IfExists is dropped",
        _KEY_CONDITION,
        'condition.operator.endswith("IfExists") or condition.quantifier == "ForAllValues"',
        'condition.quantifier == "ForAllValues"',
    ),
    Replacement(
        "a negation does not hold without the key",
        _KEY_CONDITION,
        "without_key=is_optional or (negates and not condition.quantifier)",
        "without_key=is_optional",
    ),
    Replacement(
        "a negated ForAnyValue holds without the key",
        _KEY_CONDITION,
        "without_key=is_optional or (negates and not condition.quantifier)",
        "without_key=is_optional or negates",
    ),
    Replacement(
        "a negation is dropped",
        _KEY_CONDITION,
        "    negates = operator in NEGATIONS\n",
        "    negates = False\n",
    ),
    Replacement(
        "Null asks for the opposite",
        _KEY_CONDITION,
        'without_key=asked == {"true"}',
        'without_key=asked == {"false"}',
    ),
    Replacement(
        "ForAllValues and ForAnyValue are one",
        _KEY_CONDITION,
        'return self.quantifier == "ForAllValues"',
        "return False",
    ),
    Replacement(
        "StringEquals takes wildcards",
        _KEY_CONDITION,
        '("StringEquals", "BinaryEquals"), lambda text: (exactly(text),)',
        '("StringEquals", "BinaryEquals"), lambda text: (like(text),)',
    ),
    Replacement(
        "a bound belongs to what is less",
        _KEY_CONDITION,
        '"LessThan": lambda value: (_LOWEST, False, value, False)',
        '"LessThan": lambda value: (_LOWEST, False, value, True)',
    ),
    Replacement(
        "an address has to be in all networks",
        _KEY_CONDITION,
        "return any(value in network for network in self.networks)",
        "return all(value in network for network in self.networks)",
    ),
    Replacement(
        "a question mark is any text",
        _PATTERN,
        "            yield Piece(but, is_all_but=True)\n",
        "            yield Piece(but, is_all_but=True, is_many=True)\n",
    ),
    Replacement(
        "a question mark is a character of an action",
        _CLAUSE,
        "return like(pattern).matches(action)",
        'return like(pattern).matches(action) and ("*" in pattern or pattern == action)',
    ),
    Replacement(
        "what has to hold of a key is asked without what may not",
        _SOLUTION,
        "none = [one for patterns, truth in texts if not truth for one in patterns]",
        "none: list[Pattern] = []",
    ),
)

_OF_OPEN_ANSWERS: Final = (
    Replacement(
        "everybody means no services",
        _READINGS,
        "(False, True) if everybody else (False,)",
        "(False,)",
    ),
    Replacement(
        "everybody means services in any case",
        _READINGS,
        "(False, True) if everybody else (False,)",
        "(True,)",
    ),
    Replacement(
        "mail is of this identity's addresses in any case",
        _READINGS,
        "    if key in _OF_MAIL:",
        "    if not key:",
    ),
    Replacement(
        "a variable always has a value",
        _CLAUSE,
        "    if clause.has_variables and variables:\n",
        "    if not variables and clause.has_variables:\n",
    ),
    Replacement(
        "one value of a list is enough in any case",
        _READINGS,
        "(True, False) if lists else (True,)",
        "(True,)",
    ),
    Replacement(
        "what only the deploy knows is none of the principals",
        _PRINCIPALS,
        "if not is_open or is_apart or assumed.references_differ:",
        "if True:",
    ),
    Replacement(
        "what only the deploy knows is a text of its own",
        _KEY_CONDITION,
        "if assumed.references_differ or not has_reference(value)",
        "if value",
    ),
    Replacement(
        "what cannot be written down is nothing",
        _SEARCH,
        "                    is_none = False\n",
        "",
    ),
)

FAULTS: Final = (*_OF_CALLERS, *_OF_KEYS, *_OF_CONDITIONS, *_OF_OPEN_ANSWERS, *OF_CHANGES)
