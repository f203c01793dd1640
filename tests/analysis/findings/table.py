"""For every rule, what it must report, with the places, and what it must not report."""

from itertools import chain

from tests.analysis.findings.rows import (
    action_names,
    actions,
    collection,
    conditions,
    documents,
    operators,
    principal_names,
    principals,
    reach,
    shape,
    values,
    variables,
    vendors,
)

_TABLES = (principals, documents, actions, conditions, collection, shape, principal_names, action_names)
_MORE = (values, operators, variables, vendors, reach)

ROWS = list(chain.from_iterable(table.ROWS for table in (*_TABLES, *_MORE)))
