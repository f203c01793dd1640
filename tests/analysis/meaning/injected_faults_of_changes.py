"""Faults that somebody could make where the model compares the state before a change with the state after it."""

from typing import Final

from tests.mutants.replacement import Replacement

_GRANTS: Final = "ses_sending_policy.analysis.grants."
_CHANGE, _DIFFERENCE, _NEWLY, _SETS = (
    _GRANTS + name for name in ("change", "difference", "newly_allowed", "permission_sets")
)

OF_CHANGES: Final = (
    Replacement(
        "variables are variables under each Version",
        _NEWLY,
        'has_variables=permission.variables == "variable"',
        "has_variables=True",
    ),
    Replacement(
        "variables are plain text",
        _NEWLY,
        'has_variables=permission.variables == "variable"',
        "has_variables=False",
    ),
    Replacement(
        "a Deny keeps nobody out",
        _NEWLY,
        '    denies = [clause_of(each) for each in here if each.effect == "Deny"]\n',
        "    denies: list[Clause] = []\n",
    ),
    Replacement(
        "a policy is there whatever its condition says",
        _NEWLY,
        'else (f"{permission.within} {each[0]}", each[1])\n                for each in permission.exists\n',
        'else (f"{permission.within} {each[0]}", each[1])\n                for each in ()\n',
    ),
    Replacement(
        "a domain's policy counts for no address",
        _SETS,
        "for domain in domains.around(place, there):",
        "for domain in ():",
    ),
    Replacement(
        "a domain's policy counts beside that of its address",
        _SETS,
        "        if place in there:\n            continue\n",
        "",
    ),
    Replacement(
        "SES finds every identity by the From address",
        _SETS,
        'is_sure and (is_found or each.effect == "Deny") and each in sure',
        "is_sure and each in sure",
    ),
    Replacement(
        "what stays is forgotten",
        _SETS,
        'worst=[*sure, *(each for each in perhaps if each.effect != "Deny")]',
        "worst=[*sure]",
    ),
    Replacement(
        "what may stay denies for sure",
        _SETS,
        'held=Permissions([*sure, *(each for each in doubtful if each.effect == "Allow")])',
        "held=Permissions([*sure, *doubtful])",
    ),
    Replacement(
        "a Deny that is gone is not looked at",
        _DIFFERENCE,
        'loosened = _of(gained, "Allow", lost, "Deny")',
        'loosened = _of(gained, "Allow", {}, "Deny")',
    ),
    Replacement(
        "a Deny that shrinks is less",
        _CHANGE,
        "    Kind.REMOVED: Verdict.BROADENED,\n    Kind.NARROWED: Verdict.BROADENED,\n",
        "    Kind.REMOVED: Verdict.NARROWED,\n    Kind.NARROWED: Verdict.NARROWED,\n",
    ),
)
