"""For every rule, what it must report, with the places, and what it must not."""

from tests.analysis.findings.rows import actions, collection, conditions, documents, principals

ROWS = [*principals.ROWS, *documents.ROWS, *actions.ROWS, *conditions.ROWS, *collection.ROWS]
