"""The rows: CloudFormation's order of events around one fault, and what is asked of a handler there.

Judged is what SES holds in the end and what was PUT, and neither what a handler logs nor what it says it did; but for
row 3, where the log is the matter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from benchmarks.handler_run import MOVED, NO_ANSWER, PARTNER, HandlerRun
from benchmarks.handlers import DOCUMENTS


@dataclass(frozen=True)
class Cell:
    """How one handler fared in one row.

    :param seen: in few words.
    :param passed: whether it is what was required.
    """

    seen: str
    passed: bool


@dataclass(frozen=True)
class Row:
    """A row of the fault table.

    :param number: the row's.
    :param fault: what goes wrong.
    :param required: what has to happen.
    :param play: plays it.
    """

    number: int
    fault: str
    required: str
    play: Callable[[HandlerRun], Cell]


def _tried_again(run: HandlerRun) -> Cell:
    done = run.update(run.settle(), first=[500])
    puts = f"{len(done.puts)} PUT{'s' * (len(done.puts) != 1)}"
    if done.answer is None:
        return Cell(f"{puts}, then {NO_ANSWER}", passed=False)
    same = len({put.body for put in done.puts}) == 1
    said = done.answer["Status"]
    return Cell(f"{puts}, {said} accepted", passed=same and said == "SUCCESS")


def _final(run: HandlerRun) -> Cell:
    done = run.update(run.settle(), then=403)
    leaks = "SECRET" in run.log
    ending = "ends as if all were well" if done.error is None else "then fails: Lambda sees it"
    log = "; the URL's signature is in the log" if leaks else ""
    seen = f"{len(done.puts)} PUT{'s' * (len(done.puts) != 1)}, {ending}{log}"
    return Cell(seen, passed=done.error is not None and len(done.puts) == 1 and not leaks)


def _taken(run: HandlerRun) -> Cell:
    theirs = run.seed()
    said = run.create()["Status"]
    fate = _fate(run, theirs)
    return Cell(f"{said}, policy {fate}", passed=(said, fate) == ("FAILED", "untouched"))


def _rolled_back(run: HandlerRun) -> Cell:
    theirs = run.seed()
    said = run.delete(run.create()["PhysicalResourceId"])["Status"]
    fate = _fate(run, theirs)
    return Cell(f"{said}, policy {fate}", passed=(said, fate) == ("SUCCESS", "untouched"))


def _made_again(run: HandlerRun) -> Cell:
    physical_id = run.settle()
    run.remove_by_hand()
    answer = run.update(physical_id).answer
    if answer is None:
        return Cell(NO_ANSWER, passed=False)
    there = run.statements == DOCUMENTS["Second"]["Statement"]
    kept = answer["PhysicalResourceId"] == physical_id
    fate = "policy made again" if there else "policy still gone"
    log_stream = "[$LATEST]" in answer["PhysicalResourceId"]
    new_id = "" if kept else f", its id is now {'a log stream' if log_stream else 'another'}"
    return Cell(f"{answer['Status']}, {fate}{new_id}", passed=answer["Status"] == "SUCCESS" and there and kept)


def _gone(run: HandlerRun) -> Cell:
    physical_id = run.settle()
    run.remove_by_hand()
    said = run.delete(physical_id)["Status"]
    return Cell(said if said == "SUCCESS" else f"{said}, the stack is stuck", passed=said == "SUCCESS")


def _moved(run: HandlerRun) -> Cell:
    old_id = run.settle()
    before = run.live or ""
    new = run.create(MOVED)
    # A refused Create is rolled back by its own Delete; after a good one, the old resource is cleaned up.
    if new["Status"] == "FAILED":
        deleted, last = "B", run.delete(new["PhysicalResourceId"], MOVED)
    else:
        deleted, last = "A", run.delete(old_id, PARTNER)
    fate = _fate(run, before)
    seen = f"Create B {new['Status']}, Delete {deleted} {last['Status']}, policy {fate}"
    return Cell(seen, passed=(new["Status"], last["Status"], fate) == ("FAILED", "SUCCESS", "untouched"))


def _fate(run: HandlerRun, before: str) -> str:
    if run.live is None:
        return "deleted"
    return "untouched" if run.live == before else "overwritten"


ROWS: Final = (
    Row(1, "the answer's PUT gets 500 once", "tried again, delivered once accepted", _tried_again),
    Row(
        3,
        "the answer's PUT gets 403: the URL has expired",
        "stops at once, fails, logs without the query",
        _final,
    ),
    Row(27, "a Create, and the name is somebody else's", "FAILED, untouched", _taken),
    Row(28, "the Delete that rolls row 27 back", "SUCCESS, untouched", _rolled_back),
    Row(33, "an Update, and somebody deleted the policy by hand", "SUCCESS, made again", _made_again),
    Row(38, "a Delete, and the policy is gone", "SUCCESS", _gone),
    Row(
        43,
        "a construct gets another logical id: Create B beside A, then Delete",
        "B is refused, the policy never lost",
        _moved,
    ),
)
