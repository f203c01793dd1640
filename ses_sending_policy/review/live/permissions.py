"""The IAM policies with the least permissions that `adopt`, `drift` and `plan` need, for `--print-iam-policy`."""

import re
from collections.abc import Iterable, Iterator, Sequence

from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.partitions import partition_of


def adopt_permissions(identity: Identity, region: str | None = None) -> Json:
    """Return the IAM policy that `adopt` needs for one identity.

    :param region: the region that the policy is for. Default: - any.
    """
    # "${*} - use where you need an * (asterisk) character"
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    literal = re.sub(r"[*?$]", r"${\g<0>}", identity.name)
    return _policy([_reads(literal, region or "*")])


def drift_permissions(*, every: bool = False, stacks: Sequence[str] = (), region: str | None = None) -> Json:
    """Return the IAM policy that `drift` needs.

    `sts:GetCallerIdentity` is called as well, and needs no permission.

    :param every: whether all identities are read.
    :param stacks: the names or ARNs of the deployed stacks that are read.
    :param region: the region that the policy is for. Default: - any.
    """
    return _policy(_statements(every=every, stacks=stacks, region=region or "*"))


def plan_permissions(region: str | None = None) -> Json:
    """Return the IAM policy that `plan` needs. It allows to read any stack, because only an assembly names them.

    :param region: the region that the policy is for. Default: - any.
    """
    return _policy(_statements(every=False, stacks=["*"], region=region or "*"))


def _policy(statements: Iterable[Json]) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _reads(identity: str, region: str) -> Json:
    resource = f"arn:{partition_of(region)}:ses:{region}:*:identity/{identity}"
    return {"Effect": "Allow", "Action": "ses:GetEmailIdentityPolicies", "Resource": resource}


def _statements(*, every: bool, stacks: Sequence[str], region: str) -> Iterator[Json]:
    yield _reads("*", region)
    if every:
        # This action has no resource types, so only "*" is possible.
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
        yield {"Effect": "Allow", "Action": "ses:ListEmailIdentities", "Resource": "*"}
    if stacks:
        names = [name.split("/")[1] if name.startswith("arn:") and "/" in name else name for name in stacks]
        place = f"arn:{partition_of(region)}:cloudformation:{region}:*:stack"
        yield {
            "Effect": "Allow",
            "Action": [
                "cloudformation:DescribeStacks",
                "cloudformation:GetTemplate",
                "cloudformation:ListStackResources",
            ],
            # `-*` is for nested stacks, whose names begin with the name of the stack around them.
            "Resource": [f"{place}/{name}{more}/*" for name in names for more in ("", "-*") if name != "*" or not more],
        }
        yield {"Effect": "Allow", "Action": "cloudformation:ListExports", "Resource": "*"}
