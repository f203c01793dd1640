"""CloudFormation's side of a stack: which event it sends when, and what it keeps of each answer.

The resources do not depend on each other, so they may be handled one after the other. If AWS leaves open which of two
things comes first, both can be played.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import uuid4

from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.support.async_invoker import Answer, Brings, Event
from tests.support.cloudformation import REMOVED, Described, Happened
from tests.support.events import ACCOUNT, REGION
from tests.support.kept import Kept, Leftover, Properties

Template = Mapping[str, Properties]

# The time between two events: CloudFormation works through a workflow, and never within a second.
_STEP_SECONDS = 7.0


@dataclass
class Stack:
    """A stack that has only sending policies.

    :param invoker: delivers its events to the function.
    :param name: the stack's name.
    :param number: makes its ARN differ from that of an earlier stack with this name, as `region` does.
    """

    invoker: Brings
    name: str = "Mail"
    number: str = field(default_factory=lambda: str(uuid4()))
    region: str = REGION
    resources: dict[str, Kept] = field(default_factory=dict)
    status: str = ""
    retained: frozenset[str] = frozenset()
    """The logical ids with `DeletionPolicy: Retain` and `UpdateReplacePolicy: Retain`."""
    updates_back: bool = True
    """Whether the rollback of a replacement sends an Update to the old properties before it deletes the new resource.

    "If the stack update fails and a rollback occurs, the new physical resource ID is sent in the Delete event", says
    https://repost.aws/knowledge-center/best-practices-custom-cf-lambda, and nothing of an Update; that one is sent
    follows from https://github.com/aws/aws-cdk/issues/13527.
    """
    abandoned: list[Leftover] = field(default_factory=list)
    """What a clean-up failed to delete. It is not tried again: https://github.com/aws/aws-cdk/issues/852 has both."""
    spared: list[Leftover] = field(default_factory=list)
    """What was retained, or skipped when a rollback was continued."""
    happened: list[Happened] = field(default_factory=list)
    """What happened to its resources, the oldest first."""
    doing: str = ""
    """Its status as DescribeStacks says it, also during an operation."""
    _stable: dict[str, Kept] = field(default_factory=dict)
    _leftovers: list[Leftover] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.invoker.voices[self.id] = self.described
        self.invoker.stacks[self.id] = self

    @property
    def id(self) -> str:
        """The stack's ARN."""
        return f"arn:aws:cloudformation:{self.region}:{ACCOUNT}:stack/{self.name}/{self.number}"

    def described(self, logical_id: str) -> Described:
        """Return what DescribeStackResource says: also for a deleted stack, but not for what an update removed.

        "For deleted stacks, DescribeStackResource returns resource information for up to 90 days."
        https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html
        """
        kept = self.resources.get(logical_id)
        return Described(kept.status, kept.physical_id, kept.updated) if kept else REMOVED

    def deploy(self, template: Template, *, rollback: bool = True) -> str:
        """Create or update the stack, and wait for the end; return its status."""
        first = not self.status
        self.doing = "CREATE_IN_PROGRESS" if first else "UPDATE_IN_PROGRESS"
        failed = [name for name, properties in template.items() if not self._provision(name, properties)]
        if not failed:
            # What left the template, and what was replaced, is deleted only now: "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS:
            # Ongoing removal of old resources for one or more stacks after a successful stack update."
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
            self._end("CREATE_COMPLETE" if first else "UPDATE_COMPLETE", self.resources.keys() - template.keys())
        elif not rollback:
            self._preserve(failed, "CREATE_FAILED" if first else "UPDATE_FAILED")
        elif not self._stable:
            # "Ongoing removal of one or more stacks after a failed stack creation", ROLLBACK_IN_PROGRESS on that page;
            # that includes each failed resource, with the id in its answer (facts/cloudformation.md, section 2).
            self.doing = "ROLLBACK_IN_PROGRESS"
            self.status = "ROLLBACK_COMPLETE" if self._delete_all() else "ROLLBACK_FAILED"
        else:
            self.roll_back()
        self.doing = self.status
        return self.status

    def roll_back(self, *, skip: Iterable[str] = ()) -> str:
        """Roll an update back, or continue a failed rollback (ContinueUpdateRollback); return the stack's status."""
        self.doing = "UPDATE_ROLLBACK_IN_PROGRESS"
        for name in skip:
            kept, stable = self.resources[name], self._stable[name]
            self.spared += [Leftover(name, each.physical_id, each.properties) for each in (kept, stable)]
            kept.properties = stable.properties
            stable.physical_id = kept.physical_id
            self._stamp(name, "UPDATE_COMPLETE")
        changed = [name for name in self.resources if name in self._stable and not self._is_stable(name)]
        if [name for name in changed if not self._revert(name)]:
            self.status = "UPDATE_ROLLBACK_FAILED"
        else:
            # UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: what the failed update created is deleted last.
            self._end("UPDATE_ROLLBACK_COMPLETE", self.resources.keys() - self._stable.keys())
        self.doing = self.status
        return self.status

    def delete(self, *, retain: Iterable[str] = ()) -> str:
        """Delete the stack, except the resources to `retain` that could not be deleted; return its status."""
        for name in retain:
            self._spare(name)
        self.doing = "DELETE_IN_PROGRESS"
        self.status = self.doing = "DELETE_COMPLETE" if self._delete_all() else "DELETE_FAILED"
        return self.status

    def move(self, logical_id: str, other: "Stack", new_logical_id: str) -> None:
        """Refactor: move the resource to another stack and logical id, without an event.

        "Stack refactoring simplifies reorganizing the resources in your CloudFormation stacks while still preserving
        the existing resource properties and data [...] You can rename logical IDs during refactoring."
        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-refactoring.html
        """
        other.resources[new_logical_id] = self.resources.pop(logical_id)
        other._stable[new_logical_id] = self._stable.pop(logical_id)  # noqa: SLF001 - of its own class
        other.status = other.doing = other.status or "CREATE_COMPLETE"

    def begin(self, logical_id: str, properties: Properties) -> Event:
        """Return the Create event of a new resource."""
        self.resources[logical_id] = Kept(properties)
        self._stamp(logical_id, "CREATE_IN_PROGRESS")
        self.doing = self.doing if self.doing.endswith("_IN_PROGRESS") else "UPDATE_IN_PROGRESS"
        return self._event("Create", logical_id, properties)

    def cancel(self, logical_id: str) -> Event:
        """Return the Delete of a resource that is "Resource creation cancelled", because another one failed.

        Its Create has no answer yet, so its physical id is made up, and the event comes seconds later.
        https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1814
        """
        self._stamp(logical_id, "DELETE_IN_PROGRESS")
        self.doing = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"
        return self._delete_event(self._as_leftover(logical_id))

    def cancelled(self, logical_id: str, answer: Answer | None) -> None:
        """Note how that Delete ended, and remove the resource from the stack."""
        done = answer is not None and answer["Status"] == "SUCCESS"
        if not done:
            self.abandoned.append(self._as_leftover(logical_id))
        self._happens(self._as_leftover(logical_id), "DELETE_COMPLETE" if done else "DELETE_FAILED")
        self.doing = self.status
        del self.resources[logical_id]

    def _provision(self, name: str, properties: Properties) -> bool:
        kept = self.resources.get(name)
        if kept is not None and kept.status == "CREATE_FAILED":
            # It is created again, and the failed physical resource is deleted in the clean-up: docs/decisions/0003.
            self._leftovers.append(self._as_leftover(name))
            kept = None
        if kept is None:
            self.invoker.wait(_STEP_SECONDS)
            return self.ended("CREATE", name, self.invoker(self.begin(name, properties)))
        return (kept.properties == properties and kept.status != "UPDATE_FAILED") or self._update(name, properties)

    def change(self, name: str, properties: Properties) -> Event:
        """Return the Update event of a resource that changes."""
        before = self._as_leftover(name)
        self.resources[name].properties = properties
        self._stamp(name, "UPDATE_IN_PROGRESS")
        event = self._event("Update", name, properties)
        return event | {"PhysicalResourceId": before.physical_id, "OldResourceProperties": before.properties}

    def _update(self, name: str, properties: Properties) -> bool:
        self.invoker.wait(_STEP_SECONDS)
        kept, before = self.resources[name], self._as_leftover(name)
        done = self.ended("UPDATE", name, self.invoker(self.change(name, properties)))
        # "If the value returned is different, CloudFormation recognizes the update as a replacement and sends a delete
        # request to the old resource."
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-delete.html
        if kept.physical_id != before.physical_id:
            self._leftovers.append(before)
        return done

    def ended(self, kind: str, name: str, answer: Answer | None) -> bool:
        """Note how a Create or Update ended; return whether it succeeded."""
        done = answer is not None and answer["Status"] == "SUCCESS"
        if answer is not None:
            # That of a FAILED answer as well: https://github.com/aws/aws-cdk/issues/30012
            self.resources[name].physical_id = answer["PhysicalResourceId"]
        self._stamp(name, f"{kind}_{'COMPLETE' if done else 'FAILED'}")
        return done

    def _preserve(self, failed: Iterable[str], status: str) -> None:
        # "For stack creation [...] leaves the failed ones in a failed state until the next update operation. During
        # update [...] preserves the state of successful resources while rolling back failed resources to their last
        # known stable state. Failed resources will be in an UPDATE_FAILED state."
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
        self.doing = "UPDATE_ROLLBACK_IN_PROGRESS"
        for name in failed:
            if name in self._stable:
                self._revert(name)
                self._stamp(name, "UPDATE_FAILED")
        self.status = status

    def _is_stable(self, name: str) -> bool:
        kept, stable = self.resources[name], self._stable[name]
        same = (kept.properties, kept.physical_id) == (stable.properties, stable.physical_id)
        return same and kept.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}

    def _revert(self, name: str) -> bool:
        kept, stable = self.resources[name], self._stable[name]
        untouched = Leftover(name, stable.physical_id, stable.properties)
        # With the same physical id the old resource was changed: an event is needed to get the old properties back.
        was_replaced = kept.status == "UPDATE_COMPLETE" and kept.physical_id != stable.physical_id
        if not self.updates_back and was_replaced and untouched in self._leftovers:
            self._leftovers.append(self._as_leftover(name))
            self.resources[name] = replace(stable)
            self._stamp(name, "UPDATE_COMPLETE")
            return True
        return self._update(name, stable.properties)

    def _end(self, status: str, leaving: Iterable[str]) -> None:
        self.status = status
        self.doing = f"{status}_CLEANUP_IN_PROGRESS"
        for name in sorted(leaving):
            self._leftovers.append(self._as_leftover(name))
            self._stamp(name, "DELETE_IN_PROGRESS")
        leftovers, self._leftovers = self._leftovers, []
        for leftover in {(each.logical_id, each.physical_id): each for each in leftovers}.values():
            kept = self.resources.get(leftover.logical_id)
            if kept is not None and kept.physical_id == leftover.physical_id and leftover.logical_id not in leaving:
                continue  # the resource has it again, or still
            if leftover.logical_id in self.retained:
                self.spared.append(leftover)
            elif not self._deleted(leftover):
                self.abandoned.append(leftover)
        for name in leaving:
            del self.resources[name]
        self._stable = {name: replace(kept) for name, kept in self.resources.items()}

    def _delete_all(self) -> bool:
        for name in reversed(self.resources):
            if name in self.retained:
                self._spare(name)
            elif self.resources[name].status not in {"DELETE_COMPLETE", "DELETE_SKIPPED"}:
                self._stamp(name, "DELETE_IN_PROGRESS")
                self._stamp(name, "DELETE_COMPLETE" if self._deleted(self._as_leftover(name)) else "DELETE_FAILED")
        present = {(name, kept.physical_id) for name, kept in self.resources.items()}
        others = [each for each in self._leftovers if (each.logical_id, each.physical_id) not in present]
        self.spared += [each for each in others if each.logical_id in self.retained]
        self._leftovers = [each for each in others if each.logical_id not in self.retained and not self._deleted(each)]
        return not self._leftovers and all(kept.status != "DELETE_FAILED" for kept in self.resources.values())

    def _spare(self, name: str) -> None:
        self.spared.append(self._as_leftover(name))
        self._stamp(name, "DELETE_SKIPPED")

    def _deleted(self, leftover: Leftover) -> bool:
        self.invoker.wait(_STEP_SECONDS)
        self._happens(leftover, "DELETE_IN_PROGRESS")
        answer = self.invoker(self._delete_event(leftover))
        done = answer is not None and answer["Status"] == "SUCCESS"
        self._happens(leftover, "DELETE_COMPLETE" if done else "DELETE_FAILED")
        return done

    def _as_leftover(self, name: str) -> Leftover:
        kept = self.resources[name]
        # If there was no answer, it is made up: "<stack name>-<logical id>-<suffix>".
        return Leftover(name, kept.physical_id or f"{self.name}-{name}-1Q2W3E4R5T6Z", kept.properties)

    def _delete_event(self, leftover: Leftover) -> Event:
        event = self._event("Delete", leftover.logical_id, leftover.properties)
        return event | {"PhysicalResourceId": leftover.physical_id}

    def _stamp(self, name: str, status: str) -> None:
        kept = self.resources[name]
        kept.status, kept.updated = status, self.invoker.now
        self.happened.append(Happened(name, status, kept.physical_id, kept.updated, kept.properties))

    def _happens(self, to: Leftover, status: str) -> None:
        # What a resource was before has events as well: "DELETE_COMPLETE", with its id then.
        self.happened.append(Happened(to.logical_id, status, to.physical_id, self.invoker.now, to.properties))

    def _event(self, request_type: str, logical_id: str, properties: Properties) -> Event:
        return {
            "RequestType": request_type,
            "RequestId": str(uuid4()),
            "StackId": self.id,
            "LogicalResourceId": logical_id,
            "ResourceType": RESOURCE_TYPE,
            "ResponseURL": self.invoker.url(),
            "ResourceProperties": properties,
        }
