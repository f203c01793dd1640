"""The Lambda of the drift check: it compares SES with what was deployed, writes metrics and logs each difference.

It never writes to SES. If it crashes, Lambda counts an error, and the check's alarm watches that count as well.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, TextIO

from botocore.config import Config

from provider.clients import client, hang_up
from provider.drift_notifications import CONFIG as PATIENT
from provider.drift_notifications import DriftedPolicy, DriftNotifications, NotToldError, mark_of
from provider.event import LambdaContext
from provider.failures import Failure
from provider.json_log import JsonLog
from provider.policy_reader import PolicyReader
from provider.retry_policy import CALL_LIMIT_SECONDS
from provider.ses import CONFIG, SesPolicies, is_proper, ses_client
from ses_sending_policy.rules.clock import Clock, Deadline, SystemClock
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.drift import State, state_of
from ses_sending_policy.rules.drift_check import (
    DIMENSION,
    NAMESPACE,
    QUICK_SECONDS,
    TOLD,
    DeployedPolicy,
    DriftCheckEvent,
    rotated,
)
from ses_sending_policy.rules.equivalence import has_digest
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.pacer import Pacer

KEPT_SECONDS: Final = CALL_LIMIT_SECONDS + 2
"""The seconds kept at the end of the function's time, to publish to the topic and to write the metrics."""

_QUICK: Final = CONFIG.merge(Config(connect_timeout=QUICK_SECONDS / 3, read_timeout=QUICK_SECONDS * 2 / 3))


@dataclass(frozen=True, slots=True)
class LookResult:
    """What one run of the drift check found.

    :param counts: the number of policies in each state; under None, those that could not be read.
    :param drift: the policies that were read and that raise the alarm.
    :param unread: the identities that could not be read.
    """

    counts: Mapping[State | None, int]
    drift: tuple[DriftedPolicy, ...]
    unread: tuple[Identity, ...]

    def told(self, before: Collection[str]) -> list[str]:
        """Return the marks (hashes) of all drift that counts as published after this run; `before`: before the run."""
        unread = {mark_of(identity) for identity in self.unread}
        # The drift of an identity that could not be read counts as unchanged.
        kept = {mark for mark in before if any(mark.startswith(each) for each in unread)}
        return sorted(kept | {each.mark for each in self.drift})


class DriftCheck:
    """Compares the policies that a stack deployed with those that SES holds.

    :param check: the deployed policies.
    :param reader: reads the live policies.
    :param log: gets a line for each policy that is not as it was deployed.
    """

    def __init__(self, check: DriftCheckEvent, reader: PolicyReader, log: JsonLog) -> None:
        self._check = check
        self._reader = reader
        self._log = log

    def run(self, now: float) -> LookResult:
        """Read every identity, and return what was found.

        :param now: when the check began; it decides which identity is read first.
        """
        deployed = sorted(self._check.policies, key=_identity_name)
        expected = {
            Identity.parse(name): {each.id.target.policy_name: each for each in group}
            for name, group in groupby(deployed, _identity_name)
        }
        read = dict(self._reader.read(rotated([*expected], now, self._check.interval)))
        counts: Counter[State | None] = Counter()
        drift: list[DriftedPolicy] = []
        unread: list[Identity] = []
        for identity, policies in expected.items():
            live = read[identity]
            if isinstance(live, Failure):
                # Without the failure's advice, which is about deploys.
                reason = f"{live.reason.value}: {live.sentence}"
                self._log.write("identity could not be read", identity=identity.name, reason=reason)
                unread.append(identity)
                counts[None] += len(policies)
                continue
            for each in self._states(identity, policies, live):
                counts[each.state] += 1
                if each.state is not State.IN_SYNC:
                    state = each.state
                    self._log.write(f"policy is {state.value}", identity=identity.name, policy=each.policy)
                if self._check.is_drift(each.state):
                    drift.append(each)
        return LookResult(counts, tuple(drift), tuple(unread))

    def _states(
        self, identity: Identity, expected: Mapping[str, DeployedPolicy], live: Mapping[str, str]
    ) -> Iterator[DriftedPolicy]:
        for name, deployed in expected.items():
            text = live.get(name)
            state = State.MISSING if text is None else self._state(deployed, LivePolicy(text))
            yield DriftedPolicy(identity, name, state, text or "")
        for name in sorted(live.keys() - expected.keys()):
            # A policy with a marker belongs to another stack. If that stack has a drift check, that check covers it.
            if LivePolicy(live[name]).marker is None:
                yield DriftedPolicy(identity, name, State.UNDECLARED, live[name])

    def _state(self, deployed: DeployedPolicy, live: LivePolicy) -> State:
        is_same = has_digest(live.elements, deployed.digest, self._check.stack.partition)
        return state_of(live, deployed.owner, differs=not is_same)


def _identity_name(deployed: DeployedPolicy) -> str:
    return deployed.id.target.identity.name


def metric_line(check: DriftCheckEvent, metrics: Mapping[str, int], now: float, **more: object) -> str:
    """Return the log line that CloudWatch reads the metrics from.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

    :param more: further fields of the line.
    """
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in metrics],
    }
    about = {"Timestamp": int(now * 1000), "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": about, DIMENSION: check.name, **metrics, **more})


def once(client: Any) -> SesPolicies:  # noqa: ANN401 - boto3 makes its clients at run time
    """Return an adapter for SES that tries each call once: `PolicyReader` decides whether it is tried again."""
    return SesPolicies(client, Pacer(SystemClock(), lambda: iter(()), {}))


def look(
    check: DriftCheckEvent, looker: DriftCheck, notifications: DriftNotifications | None, clock: Clock, output: TextIO
) -> dict[str, int]:
    """Run the check, publish new drift to the topic, write the metrics to `output`, and return them.

    The metrics are written even if publishing fails. `NotToldError` is raised then, and the next run counts the same
    drift as new.

    :param check: the deployed policies.
    :param looker: finds the drift.
    :param notifications: publishes to the topic; None if there is no topic.
    :param output: takes the line with the metrics.
    """
    before = notifications.told() if notifications else frozenset()
    found = looker.run(clock.now())
    metrics, told, error = check.metrics(found.counts), found.told(before), None
    if notifications:
        try:
            notifications.tell(found.drift, before)
        except NotToldError as not_told:
            told, error = sorted(before), not_told
    more = {TOLD: told} if notifications else {}
    output.write(metric_line(check, metrics, clock.now(), **more) + "\n")
    if error:
        raise error
    return metrics


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, int]:
    """Run the drift check that `event` describes, and return its metrics: Lambda calls this on a schedule."""
    check, clock, region = DriftCheckEvent.read(event), SystemClock(), os.environ["AWS_REGION"]
    deadline = Deadline(clock, clock.now() + context.get_remaining_time_in_millis() / 1000)
    quick = client("sesv2", region, _QUICK, is_proper)
    reader = PolicyReader(once(quick), once(ses_client(region)), deadline, KEPT_SECONDS)
    json_log = JsonLog(check=check.name, stack=check.stack.stack_name)
    notifications = None
    if check.topic:
        notifications = DriftNotifications(
            check, client("logs", region, PATIENT), client("sns", region, PATIENT), clock, json_log
        )
    try:
        return look(check, DriftCheck(check, reader, json_log), notifications, clock, sys.stdout)
    finally:
        hang_up()
