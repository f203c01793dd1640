"""Histories as a state machine: what people, CloudFormation, Lambda and SES may do next, in any order."""

import json
from collections import Counter
from typing import Any, Final

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from emulator.faults import ScriptedFault
from tests.support.async_invoker import AsyncInvoker
from tests.support.cloudformation import Described
from tests.support.events import Resource
from tests.support.fake_aws import IDENTITIES, FakeAws
from tests.support.function import FunctionProcess
from tests.support.history_checks import HistoryChecks
from tests.support.kept import Properties
from tests.support.model import bare, token
from tests.support.random_declarations import (
    NAMES,
    PRINCIPALS,
    Declares,
    declarations,
    places,
    policy,
    templates,
    troubles,
)
from tests.support.stack import Stack

_SETTLED: Final = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}
_DEPLOYABLE: Final = _SETTLED | {"", "CREATE_FAILED", "UPDATE_FAILED"}
_GONE: Final = {"DELETE_COMPLETE", "ROLLBACK_COMPLETE"}


class Histories(RuleBasedStateMachine):
    """Histories, one after the other, on one fake AWS."""

    def __init__(self, aws: FakeAws, function: FunctionProcess, another: FunctionProcess, tally: Counter[str]) -> None:
        super().__init__()
        aws.reset()
        function.log.clear()
        self.aws = aws
        self.another = another
        self.invoker = AsyncInvoker(aws, function)
        self.lines: list[str] = []
        self.judge = HistoryChecks(self.invoker, tally, self.lines.append)
        self.judge.identities.update(IDENTITIES)
        self.tally = tally
        tally["histories"] += 1

    @initialize(
        update_missing=st.sampled_from(["not-found", "upsert", "no-op"]),
        delete_missing=st.sampled_from(["not-found", "ok"]),
        drops_id=st.sampled_from([False, False, False, True]),
    )
    def reading(self, **reading: Any) -> None:
        """Choose how SES behaves where its documentation leaves that open."""
        self.aws.ses.change(**reading)
        self.judge.drops_id = reading["drops_id"]

    def _deploy(self, stack: Stack, template: dict[str, Properties], *, rollback: bool) -> None:
        """Deploy, but create nothing under a logical id that a refactoring moved elsewhere: see test_histories.py."""
        for name in template.keys() - stack.resources.keys():
            if self.judge.homes.get(token(stack.id, name), (stack.id, name)) != (stack.id, name):
                self.tally["logical id used again after a refactoring, not played"] += 1
                del template[name]
        stack.deploy(template, rollback=rollback)

    def _stack(self, index: int) -> Stack:
        """Return one of two stacks; a new one of the same name if it was deleted."""
        name = ("Mail", "Other")[index]
        for stack in self.judge.stacks:
            if stack.name == name and stack.status not in _GONE:
                return stack
        stack = Stack(self.invoker, name)
        self.judge.stacks.append(stack)
        return stack

    @rule(
        index=st.integers(0, 1),
        template=templates,
        rollback=st.booleans(),
        updates_back=st.booleans(),
        retained=st.sampled_from([frozenset(), frozenset(), frozenset({"B"})]),
    )
    def deploy(
        self, *, index: int, template: dict[str, Declares], rollback: bool, updates_back: bool, retained: Any
    ) -> None:
        """Deploy a stack; if a rollback or a deletion of it failed, try that again instead."""
        stack = self._stack(index)
        stack.updates_back, stack.retained = updates_back, retained
        if stack.status == "UPDATE_ROLLBACK_FAILED":
            stack.roll_back()
        elif stack.status in {"DELETE_FAILED", "ROLLBACK_FAILED"}:
            stack.delete()
        else:
            self._deploy(stack, {name: each.properties for name, each in template.items()}, rollback=rollback)

    @rule(index=st.integers(0, 1), name=st.sampled_from(NAMES), declares=declarations, rollback=st.booleans())
    def change(self, *, index: int, name: str, declares: Declares, rollback: bool) -> None:
        """Deploy a stack with one resource changed or added."""
        stack = self._stack(index)
        if stack.status in _DEPLOYABLE:
            template = {each: kept.properties for each, kept in stack.resources.items()}
            self._deploy(stack, template | {name: declares.properties}, rollback=rollback)

    change_again = change
    change_once_more = change

    @rule(index=st.integers(0, 1), first=declarations, second=declarations)
    def rename_and_fail(self, *, index: int, first: Declares, second: Declares) -> None:
        """Change up to two resources of a stack, and add one that fails, so that the stack is rolled back."""
        stack = self._stack(index)
        if stack.status in _DEPLOYABLE and stack.status:
            broken = Resource().properties(Policy={})
            template = dict(zip(stack.resources, [first.properties, second.properties], strict=False))
            stack.deploy({each: kept.properties for each, kept in stack.resources.items()} | template | {"C": broken})

    @rule(index=st.integers(0, 1))
    def delete(self, *, index: int) -> None:
        """Delete a stack."""
        stack = self._stack(index)
        if stack.status:
            stack.delete()

    @rule(index=st.integers(0, 1))
    def skip(self, *, index: int) -> None:
        """Continue a failed rollback or deletion without the resources that made it fail."""
        stack = self._stack(index)
        failed = [name for name, kept in stack.resources.items() if kept.status in {"UPDATE_FAILED", "DELETE_FAILED"}]
        if stack.status == "UPDATE_ROLLBACK_FAILED":
            stack.roll_back(skip=failed)
            for name in failed:
                self.judge.disown(stack.resources[name].physical_id)
        elif stack.status == "DELETE_FAILED":
            stack.delete(retain=failed)

    @rule(some=troubles)
    def ses_fails(self, *, some: list[ScriptedFault]) -> None:
        """Let the next calls fail."""
        self.aws.ses.fail(*some)

    @rule(
        meets=st.sampled_from([[], [403], [403] * 3, ["reset"], ["reset"] * 8, ["taken"], ["taken"] * 8, [500, 429]]),
        doubles=st.integers(0, 3),
    )
    def lambda_fails(self, *, meets: list[int | str], doubles: int) -> None:
        """Cut off the next answers, before or after they were accepted, and deliver the next events twice."""
        self.aws.answers.script.extend(meets)
        self.invoker.doubles = doubles

    @rule(
        place=places,
        hand=st.sampled_from([*PRINCIPALS, "delete"]),
        keeps_marker=st.booleans(),
        id_=st.sampled_from(["", "mail team, 2021"]),
    )
    def by_hand(self, *, place: tuple[str, str], hand: Any, keeps_marker: bool, id_: str) -> None:
        """Write or delete a policy by hand. What is written has its former `Id`, no `Id`, or a person's own."""
        if place[0] not in self.judge.identities:
            return
        live = self.aws.live(place[1], place[0])
        if hand != "delete":
            id_ = json.loads(live).get("Id", "") if live and keeps_marker else id_
            self.judge.by_hand(place, json.dumps(({"Id": id_} if id_ else {}) | policy(hand, place[0])))
        elif live:
            self.aws.ses.clear_faults()
            self.judge.by_hand(place, None)

    @rule(identity=st.sampled_from(["example.com", "other.example"]))
    def by_hand_identity(self, *, identity: str) -> None:
        """Delete an identity, or create it again."""
        if identity in self.judge.identities:
            self.judge.without(identity)
        else:
            self.aws.ses.add_identity(identity)
            self.judge.identities.add(identity)

    @rule(seconds=st.sampled_from([10.0, 600.0, 7200.0]))
    def time_passes(self, *, seconds: float) -> None:
        """Nothing happens for a while."""
        self.invoker.wait(seconds)

    @precondition(lambda self: self.invoker.sent)
    @rule(back=st.integers(0, 11))
    def replay(self, *, back: int) -> None:
        """Deliver an event again that was handled before, as Lambda may."""
        recent = self.invoker.sent[::-1] + self.invoker.unaware[::-1]
        event = recent[back % len(recent)]
        self.invoker.wait(10)
        self.judge.replays = True
        self.invoker.once(event)
        self.judge.replays = False

    @rule(
        index=st.integers(0, 1),
        to=st.integers(0, 1),
        name=st.sampled_from(NAMES),
        new_name=st.sampled_from([*NAMES, "Moved"]),
    )
    def refactor(self, *, index: int, to: int, name: str, new_name: str) -> None:
        """Move a resource to another stack, or change its logical id."""
        source, other = self._stack(index), self._stack(to)
        settled = {source.status, other.status} <= _SETTLED
        if not settled or name not in source.resources or new_name in other.resources:
            return
        owner = bare(source.resources[name].physical_id).rpartition("|")[2]
        source.move(name, other, new_name)
        self.judge.homes[owner] = (other.id, new_name)

    @rule(
        index=st.integers(0, 1),
        declares=declarations,
        throttled=st.integers(5, 40),
        question=st.integers(1, 4),
        after_the_answer=st.booleans(),
    )
    def overtake(
        self, *, index: int, declares: Declares, throttled: int, question: int, after_the_answer: bool
    ) -> None:
        """Let a Create wait for SES; another resource fails meanwhile, and the Delete of this one is handled first.

        The Delete comes when the Create asks CloudFormation, before that question is answered or right after.
        """
        stack = self._stack(index)
        if stack.status not in _SETTLED:
            return
        self.aws.ses.fail(ScriptedFault("refusal", status=429, code="TooManyRequestsException", times=throttled))
        asked = 0
        wrong: list[BaseException] = []

        def says(logical_id: str) -> Described:
            nonlocal asked
            asked += 1
            described = stack.described(logical_id)
            if asked == question:
                try:
                    self._cancel(stack, logical_id)
                except BaseException as error:  # noqa: BLE001 - this is a thread of the server, which would swallow it
                    wrong.append(error)
            return described if after_the_answer else stack.described(logical_id)

        event = stack.begin("New", declares.properties)
        self.invoker.voices[stack.id] = says
        self.judge.overlaps = True
        self.invoker.once(event)
        self.judge.overlaps = False
        self.invoker.voices[stack.id] = stack.described
        for error in wrong:
            raise error
        if "New" in stack.resources:
            self._cancel(stack, "New")
        else:
            self.tally["overtaken"] += 1

    def _cancel(self, stack: Stack, name: str) -> None:
        event = stack.cancel(name)
        self.invoker.wait(2)
        answer = self.invoker.once(event, function=self.another).accepted
        stack.cancelled(name, answer)

    @invariant()
    def at_rest(self) -> None:
        """Check that SES holds what was declared, and nothing else of ours."""
        self.tally["steps"] += 1
        self._tell()
        self.judge.at_rest()

    def _tell(self) -> None:
        for line in self.lines:
            note(line)
        self.lines.clear()

    def teardown(self) -> None:
        """Let nothing fail any more, and delete all stacks."""
        self._tell()
        self.aws.ses.clear_faults()
        self.aws.answers.script.clear()
        for stack in self.judge.stacks:
            if stack.status and stack.delete() != "DELETE_COMPLETE":
                raise AssertionError(f"{stack.name} cannot be deleted, though nothing goes wrong")
        self._tell()
        self.judge.at_rest()
        self.tally["events"] += len(self.invoker.sent)
