"""CloudFormation at work: people deploy stacks; it sends events in parallel, cancels, rolls back and cleans up."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from tests.provider.interleaved.jobs import Leftover, Sender, Stack
from tests.provider.interleaved.plan import Deploy, Remove
from tests.provider.interleaved.record import Kept, Record
from tests.provider.interleaved.timeline import FOREVER, Process
from tests.support.clocks import BEGIN

_GONE: Final = {"DELETE_COMPLETE"}
_MUST_GO: Final = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"}


class Engine(Sender):
    """All that CloudFormation does.

    :param records: all stacks, by id; new ones are added.
    """

    def __init__(self, *ports: Any, records: dict[str, Record], **more: Any) -> None:
        super().__init__(*ports, **more)
        self.records = records
        self.stacks: dict[str, Stack] = {}
        self._operations = 0
        self.busy = 0
        """How many stacks still have operations to play."""

    def play(self, name: str, items: Iterable[Deploy | Remove]) -> None:
        """Play the operations of a stack one after the other."""
        stack = self.stacks.get(name)
        if stack is None:
            stack = self.stacks[name] = Stack(self._new(name, 1))
        self.busy += 1
        stack.wake = self._timeline.play(self._life(stack, list(items)))

    def _new(self, name: str, number: int) -> Record:
        record = Record(self._timeline, name, number)
        self.records[record.id] = record
        return record

    def _life(self, stack: Stack, items: list[Deploy | Remove]) -> Process:
        for item in items:
            yield from self._sleep(BEGIN + item.at)
            yield from self._unstick(stack)
            self._operations += 1
            stack.operation = self._operations
            if isinstance(item, Remove):
                yield from self._remove(stack, item.pause)
            else:
                yield from self._deploy(stack, item)
        self.busy -= 1

    def _sleep(self, until: float) -> Process:
        while self._timeline.now < until:
            yield until

    def _step(self) -> Process:
        """Wait a little, because CloudFormation works through a workflow."""
        yield from self._sleep(self._timeline.now + (0.3 if self._reading.calm else self._random.uniform(0.2, 2.0)))

    def _deploy(self, stack: Stack, item: Deploy) -> Process:
        if stack.record.status in _MUST_GO:
            yield from self._remove(stack)
        if stack.record.status in _GONE:
            stack.record = self._new(stack.record.name, stack.record.number + 1)
        record, first = stack.record, not stack.record.status
        stack.stable, stack.leftovers, stack.jobs = record.snapshot(), [], []
        self._status(record, "CREATE_IN_PROGRESS" if first else "UPDATE_IN_PROGRESS")
        yield from self._step()
        for name, declared in item.template:
            kept = record.resources.get(name)
            if kept is None:
                record.resources[name] = Kept(declared.properties)
                self._begin(stack, "Create", name)
            elif kept.properties != declared.properties:
                self._update(stack, name, declared.properties)
        until = FOREVER if item.fails_after is None else self._timeline.now + item.fails_after
        yield from self._answered(stack, until, stops=True)
        if item.fails_after is not None and all(job.done for job in stack.jobs):
            yield from self._sleep(until)
        if item.fails_after is None and all(job.done for job in stack.jobs):
            gone = record.resources.keys() - {name for name, _ in item.template}
            yield from self._clean_up(stack, "CREATE_COMPLETE" if first else "UPDATE_COMPLETE", gone)
            return
        self._cancel(stack)
        self._status(record, "ROLLBACK_IN_PROGRESS" if first else "UPDATE_ROLLBACK_IN_PROGRESS")
        yield from self._sleep(self._timeline.now + item.pause)
        if first:
            yield from self._delete_all(stack, "ROLLBACK")
            self._overseer.rolled_back(record, stack.operation)
        else:
            yield from self._roll_back(stack)

    def _cancel(self, stack: Stack) -> None:
        for job in stack.jobs:
            if job.open:
                job.open, job.cancelled = False, self._timeline.now
                what = {"Create": "creation", "Update": "update"}[job.kind]
                self._stamped(job, f"{job.kind.upper()}_FAILED", f"Resource {what} cancelled")
                self._overseer.cancels(job)

    def _roll_back(self, stack: Stack, skip: Iterable[str] = ()) -> Process:
        record = stack.record
        stack.jobs = []
        for name, stable in stack.stable.items():
            kept = record.resources[name]
            if name in skip:
                kept.properties, kept.physical_id = stable.properties, kept.physical_id or stable.physical_id
                record.stamp(name, "UPDATE_COMPLETE")
                self._overseer.gives_up(record, Leftover(name, kept.physical_id, kept.properties), "skipped")
            elif (kept.properties, kept.physical_id, kept.status[-9:]) != (
                stable.properties,
                stable.physical_id,
                "_COMPLETE",
            ):
                self._revert(stack, name, stable)
        for job in stack.jobs:
            job.reverts = True
        yield from self._answered(stack, FOREVER, stops=False)
        if not all(job.done for job in stack.jobs):
            self._status(record, "UPDATE_ROLLBACK_FAILED")
            return
        gone = record.resources.keys() - stack.stable.keys()
        yield from self._clean_up(stack, "UPDATE_ROLLBACK_COMPLETE", gone)
        self._overseer.rolled_back(record, stack.operation)

    def _revert(self, stack: Stack, name: str, stable: Kept) -> None:
        kept = stack.record.resources[name]
        replaced = kept.physical_id != stable.physical_id and kept.status == "UPDATE_COMPLETE"
        if replaced and not self._reading.updates_back:
            stack.leftovers.append(Leftover(name, kept.physical_id, kept.properties))
            stack.record.resources[name] = replace(stable)
            stack.record.stamp(name, "UPDATE_COMPLETE")
        else:
            self._update(stack, name, stable.properties)

    def _unstick(self, stack: Stack) -> Process:
        """Continue a failed rollback, once as it is and then without the resources that fail."""
        tried = False
        while stack.record.status == "UPDATE_ROLLBACK_FAILED":
            yield from self._step()
            failed = [name for name, kept in stack.record.resources.items() if kept.status == "UPDATE_FAILED"]
            self._status(stack.record, "UPDATE_ROLLBACK_IN_PROGRESS")
            yield from self._roll_back(stack, failed if tried else ())
            tried = True

    def _clean_up(self, stack: Stack, status: str, leaving: Iterable[str]) -> Process:
        record, stack.jobs = stack.record, []
        leaving = sorted(leaving)
        present = {(name, kept.physical_id) for name, kept in record.resources.items() if name not in leaving}
        old = {(each.logical_id, each.physical_id): each for each in stack.leftovers}
        olds = [each for key, each in old.items() if key not in present]
        if leaving or olds:
            self._status(record, f"{status}_CLEANUP_IN_PROGRESS" if status[0] == "U" else status)
            yield from self._step()
            for each in olds:
                self._drop(stack, each)
            for name in leaving:
                self._begin(stack, "Delete", name)
            yield from self._answered(stack, FOREVER, stops=False)
        for job in stack.jobs:
            if not job.done:
                self._overseer.gives_up(record, Leftover(job.logical_id, job.physical_id, job.properties), "abandoned")
        for name in leaving:
            del record.resources[name]
        stack.leftovers = []
        self._status(record, status)

    def _remove(self, stack: Stack, pause: float = 0.0) -> Process:
        if stack.record.status in _GONE or not stack.record.status:
            return
        yield from self._delete_all(stack, "DELETE", pause)

    def _delete_all(self, stack: Stack, verb: str, pause: float = 0.0) -> Process:
        """Delete all resources; if some fail, try again, and then leave them."""
        record = stack.record
        for attempt in range(3):
            yield from self._sleep(self._timeline.now + (pause if attempt else 0.0))
            if verb == "DELETE" or attempt:
                self._status(record, "DELETE_IN_PROGRESS")
            yield from self._step()
            stack.jobs = []
            for name, kept in record.resources.items():
                if kept.status not in {"DELETE_COMPLETE", "DELETE_SKIPPED"}:
                    self._begin(stack, "Delete", name)
            yield from self._answered(stack, FOREVER, stops=False)
            failed = [job for job in stack.jobs if not job.done]
            if not failed:
                break
            self._status(record, f"{verb}_FAILED" if not attempt else "DELETE_FAILED")
            if attempt:
                for job in failed:
                    record.stamp(job.logical_id, "DELETE_SKIPPED")
                    left = Leftover(job.logical_id, job.physical_id, job.properties)
                    self._overseer.gives_up(record, left, "retained")
        self._status(record, f"{verb}_COMPLETE" if record.status.startswith(verb) else "DELETE_COMPLETE")

    def _answered(self, stack: Stack, until: float, *, stops: bool) -> Process:
        """Wait until all events are answered, or until a time; with `stops`, only until one has failed."""
        while any(job.open for job in stack.jobs):
            if stops and any(not job.open and not job.done for job in stack.jobs):
                return
            now = self._timeline.now
            if now >= until:
                return
            for job in stack.jobs:
                if job.open and now >= job.expires:
                    job.open = False
                    self._stamped(job, f"{job.kind.upper()}_FAILED", "did not receive a response in time")
                    self._overseer.cancels(job)
            # The job that expired just now may have been the last open one.
            if any(job.open for job in stack.jobs):
                yield min([until, *(job.expires for job in stack.jobs if job.open)])
