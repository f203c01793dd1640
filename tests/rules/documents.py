"""Random documents, for hypothesis."""

from random import Random
from typing import Any

from hypothesis import strategies as st

_WORDS = st.sampled_from(["a", "b", "c", "d*", "222222222222", "333333333333", "true", "14"])
_SCALARS = st.one_of(_WORDS, st.booleans(), st.integers(0, 99))
_VALUES = st.one_of(_WORDS, st.lists(_WORDS, min_size=1, max_size=4))
_CONDITION_VALUES = st.one_of(_SCALARS, st.lists(_SCALARS, min_size=1, max_size=3))
_CONDITIONS = st.dictionaries(
    st.sampled_from(["StringEquals", "StringLike", "Bool"]),
    st.dictionaries(st.sampled_from(["ses:FromAddress", "aws:SourceArn"]), _CONDITION_VALUES, min_size=1),
    max_size=2,
)


def statements() -> st.SearchStrategy[dict[str, Any]]:
    """Return statements that SES could take, by their shape."""
    return st.fixed_dictionaries(
        {
            "Effect": st.sampled_from(["Allow", "Deny"]),
            "Principal": st.one_of(
                st.just("*"), st.dictionaries(st.sampled_from(["AWS", "Service"]), _VALUES, min_size=1)
            ),
            "Action": _VALUES,
            "Resource": _VALUES,
        },
        optional={"Sid": st.sampled_from(["A", "B"]), "Condition": _CONDITIONS},
    )


def documents() -> st.SearchStrategy[dict[str, Any]]:
    """Return documents that SES could take, by their shape."""
    return st.fixed_dictionaries(
        {"Statement": st.lists(statements(), min_size=1, max_size=4)}, optional={"Version": st.just("2012-10-17")}
    )


def shuffled(value: Any, random: Random) -> Any:
    """Return the same document in another order, with lists of one as single values, and scalars as strings."""
    if isinstance(value, dict):
        items = [(key, shuffled(item, random)) for key, item in value.items()]
        random.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        copies = [shuffled(item, random) for item in value]
        random.shuffle(copies)
        single = len(copies) == 1 and not isinstance(copies[0], dict)
        return copies[0] if single and random.random() < 0.5 else copies
    return value
