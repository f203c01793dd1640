"""The scheduled check, whether SES holds what was deployed: it counts for metrics, and logs each policy that differs.

It only reads. Where it crashes, Lambda counts an error, and the check's alarm looks at that as well.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from random import SystemRandom
from typing import Any, Final

from provider.clients import hang_up
from provider.event import LambdaContext
from provider.journal import Journal
from provider.pace import CONNECT_SECONDS, READ_SECONDS, pacer
from provider.reasons import Failure
from provider.ses import NotFoundError, SesPolicies, ses_client
from ses_sending_policy.rules.clock import Deadline, SystemClock
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.drift import State, state_of
from ses_sending_policy.rules.drift_check import DIMENSION, NAMESPACE, Check, Deployed
from ses_sending_policy.rules.equivalence import has_digest
from ses_sending_policy.rules.identity import Identity

# What is left at the end of the function's time for the last line.
KEPT_SECONDS: Final = CONNECT_SECONDS + READ_SECONDS + 2

# A deploy may need SES's one call a second more than this does.
INTERVAL_SECONDS: Final = 1.1


class DriftCheck:
    """Looks at the policies of a stack.

    :param check: what should be there.
    :param policies: SES.
    :param journal: is told of each policy that is not as it was deployed.
    """

    def __init__(self, check: Check, policies: SesPolicies, journal: Journal) -> None:
        self._check = check
        self._policies = policies
        self._journal = journal

    def run(self) -> Counter[State | None]:
        """Return how many policies are in which state; None are those that could not be read."""
        counts: Counter[State | None] = Counter()
        deployed = sorted(self._check.policies, key=_identity_name)
        for name, group in groupby(deployed, _identity_name):
            expected = {each.id.target.policy_name: each for each in group}
            try:
                live = self._policies.of(Identity.parse(name))
            except NotFoundError:
                live = {}
            except Failure as failure:
                self._journal.write("identity could not be read", identity=name, reason=failure.whole)
                counts[None] += len(expected)
                continue
            for policy_name, state in self._states(expected, live):
                counts[state] += 1
                if state is not State.IN_SYNC:
                    self._journal.write(f"policy is {state.value}", identity=name, policy=policy_name)
        return counts

    def _states(self, expected: Mapping[str, Deployed], live: Mapping[str, str]) -> Iterator[tuple[str, State]]:
        for policy_name, deployed in expected.items():
            text = live.get(policy_name)
            yield policy_name, State.MISSING if text is None else self._state(deployed, LivePolicy(text))
        for policy_name in sorted(live.keys() - expected.keys()):
            # One with a marker is another stack's, which has a check of its own or none.
            if LivePolicy(live[policy_name]).marker is None:
                yield policy_name, State.UNDECLARED

    def _state(self, deployed: Deployed, live: LivePolicy) -> State:
        is_same = has_digest(live.elements, deployed.digest, self._check.stack.partition)
        return state_of(live, deployed.owner, differs=not is_same)


def _identity_name(deployed: Deployed) -> str:
    return deployed.id.target.identity.name


def metric_line(check: Check, metrics: Mapping[str, int], now: float) -> str:
    """Return the line of the log that CloudWatch takes the metrics from.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in metrics],
    }
    about = {"Timestamp": int(now * 1000), "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": about, DIMENSION: check.name, **metrics})


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, int]:
    """Look at what `event` names, tell it, and return the metrics."""
    check, clock = Check.read(event), SystemClock()
    deadline = Deadline(clock, clock.now() + context.get_remaining_time_in_millis() / 1000)
    paced = pacer(deadline, KEPT_SECONDS, SystemRandom())
    policies = SesPolicies(ses_client(os.environ["AWS_REGION"]), paced, INTERVAL_SECONDS)
    journal = Journal(check=check.name, stack=check.stack.stack_name)
    try:
        metrics = check.metrics(DriftCheck(check, policies, journal).run())
    finally:
        hang_up()
    sys.stdout.write(metric_line(check, metrics, clock.now()) + "\n")
    return metrics
