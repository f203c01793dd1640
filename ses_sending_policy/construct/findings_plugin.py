"""Reports findings at synth: a plugin for the CDK's policy validation, which checks the final templates."""

import importlib.metadata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from weakref import WeakSet

import aws_cdk as cdk
import jsii
from constructs import IConstruct, Node

from ses_sending_policy.analysis.findings.catalogue import PLUGIN, RULES, UNCHECKED, UNREAD, distinct
from ses_sending_policy.analysis.findings.finding import Finding, Rule, Severity
from ses_sending_policy.analysis.reading.calls import called_policies
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.dummies import known_text
from ses_sending_policy.analysis.reading.foreign import foreign_policies
from ses_sending_policy.analysis.reading.macros import OVER_ALL
from ses_sending_policy.analysis.reading.template import Template
from ses_sending_policy.analysis.reading.unread import UnreadPart, unread_parts
from ses_sending_policy.construct.proxies import direct


@jsii.implements(cdk.IPolicyValidationPlugin)
class SendingPolicyValidation:
    """Checks every sending policy in an app's templates against rules, and reports the findings."""

    def __init__(self, rules: Sequence[Rule] = RULES) -> None:
        """Make a plugin.

        :param rules: the rules that are checked. Default: - all
        """
        self._rules = rules

    @property
    def name(self) -> str:
        """The plugin's name in the report."""
        return PLUGIN

    @property
    def version(self) -> str:
        """The version of this package."""
        return importlib.metadata.version("ses-sending-policy")

    @property
    def rule_ids(self) -> list[str]:
        """The ids of the rules, and of what could not be checked or read."""
        return [UNCHECKED, UNREAD, *(rule.id for rule in self._rules)]

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Return the findings on the templates of `context`."""
        policies: list[Declared] = []
        violations: list[cdk.PolicyViolation] = []
        for given in direct(context).stack_templates:
            environment = KnownEnvironment(account=known_text(given.account_id), region=known_text(given.region))
            try:
                top = Template.read(given.template_path, given.stack_construct_path, environment)
                for template in top.whole():
                    own = list(template.policies(takes_defaults=True))
                    policies += own
                    calls = called_policies(template, takes_defaults=True)
                    others = (*calls, *foreign_policies(template, takes_defaults=True))
                    violations += [_unseen(part, given) for part in unread_parts(template, [*own, *others])]
            except Exception as fault:  # noqa: BLE001 - whatever it is, it is reported as a finding
                violations.append(_unread(given, fault))
        now = datetime.now(UTC)
        for rule in self._rules:
            try:
                violations += [_violation(finding) for finding in distinct(rule.findings(policies, now))]
            except Exception as fault:  # noqa: BLE001 - whatever it is, it is reported as a finding too
                violations.append(_unchecked(rule, policies, fault))
        return cdk.PolicyValidationPluginReport(
            success=not any(violation.severity == Severity.ERROR.value for violation in violations),
            violations=violations,
        )


def _violation(finding: Finding) -> cdk.PolicyViolation:
    return cdk.PolicyViolation(
        rule_name=finding.rule,
        severity=finding.severity.value,
        description=finding.message,
        fix=finding.fix,
        violating_resources=[_resource(finding.policy, finding.location)],
    )


def _resource(policy: Declared, location: str) -> cdk.PolicyViolatingResource:
    return cdk.PolicyViolatingResource(
        resource_logical_id=policy.logical_id, template_path=policy.template, locations=[location]
    )


_REPORT_IT: Final = "report it to the authors of ses-sending-policy, and acknowledge it until it is mended"


def _unchecked(rule: Rule, policies: Sequence[Declared], fault: Exception) -> cdk.PolicyViolation:
    return cdk.PolicyViolation(
        rule_name=UNCHECKED,
        severity=Severity.ERROR.value,
        description=f"rule {rule.id} could not be checked: {type(fault).__name__}: {fault}",
        fix=_REPORT_IT,
        violating_resources=[_resource(policy, "Properties") for policy in policies],
    )


def _unseen(part: UnreadPart, template: cdk.PolicyValidationStack) -> cdk.PolicyViolation:
    """Return the warning on a part that may have a policy and was not read; it does not make the synth fail."""
    is_resource = part.logical_id.isalnum() and part.logical_id != OVER_ALL
    return cdk.PolicyViolation(
        rule_name=UNREAD,
        severity=Severity.WARNING.value,
        description=f"{part.what} may carry a sending policy, and was not read: {part.why}",
        fix=f"look at it, and then acknowledge {UNREAD} on it",
        violating_resources=[
            cdk.PolicyViolatingResource(
                resource_logical_id=part.logical_id, template_path=part.template, locations=["Properties"]
            )
            if is_resource
            else _stack(template)
        ],
    )


def _stack(template: cdk.PolicyValidationStack) -> cdk.PolicyViolatingResource:
    return cdk.PolicyViolatingResource(
        construct_path=template.stack_construct_path, template_path=template.template_path, locations=["Resources"]
    )


def _unread(template: cdk.PolicyValidationStack, fault: Exception) -> cdk.PolicyViolation:
    return cdk.PolicyViolation(
        rule_name=UNCHECKED,
        severity=Severity.ERROR.value,
        description=f"template {template.template_path!r} could not be looked at: {type(fault).__name__}: {fault}",
        fix=_REPORT_IT,
        violating_resources=[_stack(template)],
    )


# The apps that have the plugin. Reading that from their metadata would take calls to Node for every stack.
_APPS: Final[WeakSet[IConstruct]] = WeakSet()


def register(node: Node, rules: Sequence[Rule] = RULES) -> None:
    """Add the plugin with its rules to the app that `node` is in, once.

    To the app and not to a stage in it: a plugin on both would report every policy of the stage twice.
    """
    app = node.root
    if isinstance(app, cdk.App) and app not in _APPS:
        _APPS.add(app)
        cdk.Validations.of(app).add_plugins(SendingPolicyValidation(rules))
