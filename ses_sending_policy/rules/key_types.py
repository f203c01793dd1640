"""The types of condition keys: which operators can compare a key, and whether it is single-valued or multivalued."""

from collections.abc import Mapping
from typing import Final

from ses_sending_policy.rules.actions import MESSAGE_KEYS, V2_KEYS

# For each key, "Works with date operators", "Works with Boolean operators", and so on; for the epoch "date operators or
# numeric operators", and for ARNs "ARN operators and string operators".
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# "ses:FromAddress: String", "ses:MailManagerRuleSetArn: ARN", and so on
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservice-mailmanager.html
_ARNS: Final = (
    *("aws:PrincipalArn", "aws:SourceArn"),
    *("ses:AddonSubscriptionArn", "ses:MailManagerRuleSetArn", "ses:MailManagerTrafficPolicyArn"),
)
_BOOLEANS: Final = (
    *("aws:MultiFactorAuthPresent", "aws:PrincipalIsAWSService", "aws:SecureTransport", "aws:ViaAWSService"),
)
_DATES: Final = ("aws:CurrentTime", "aws:TokenIssueTime")
_NETWORKS: Final = ("aws:Ec2InstanceSourcePrivateIPv4", "aws:SourceIp", "aws:VpcSourceIp")
_TEXTS: Final = (
    *("aws:CalledViaFirst", "aws:CalledViaLast", "aws:Ec2InstanceSourceVpc", "aws:FederatedProvider"),
    *("aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalServiceName", "aws:PrincipalType", "aws:referer"),
    *("aws:RequestedRegion", "aws:ResourceAccount", "aws:ResourceOrgID", "aws:SourceAccount", "aws:SourceIdentity"),
    *("aws:SourceOrgID", "aws:SourceVpc", "aws:SourceVpce", "aws:UserAgent", "aws:userid", "aws:username"),
    "aws:VpceOrgID",
    *MESSAGE_KEYS,
    *V2_KEYS,
    *("ses:ExportSourceType", "ses:MailManagerIngressPointType"),
)

# "Value type: Multivalued"; "ses:Recipients: ArrayOfString"
MULTIVALUED_KEYS: Final = frozenset(
    {
        *("aws:CalledVia", "aws:PrincipalOrgPaths", "aws:PrincipalServiceNamesList", "aws:ResourceOrgPaths"),
        *("aws:SourceOrgPaths", "aws:TagKeys", "aws:VpceOrgPaths"),
        *("ses:ConfigurationSetOptions", "ses:Recipients", "ses:ReplicaRegion"),
    }
)

OPERATORS_OF_KEY: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(_ARNS, ("Arn", "String")),
    **dict.fromkeys(_BOOLEANS, ("Bool",)),
    **dict.fromkeys(_DATES, ("Date",)),
    **dict.fromkeys(("aws:EpochTime",), ("Date", "Numeric")),
    **dict.fromkeys(("aws:MultiFactorAuthAge",), ("Numeric",)),
    **dict.fromkeys(_NETWORKS, ("IpAddress",)),
    **dict.fromkeys((*_TEXTS, *MULTIVALUED_KEYS), ("String",)),
}
"""The families of operators of each key for which AWS documents them; a tag's value can be compared by any."""

SINGLE_VALUED_KEYS: Final = frozenset(OPERATORS_OF_KEY) - MULTIVALUED_KEYS
"""The keys that a request has one value of: "Value type: Single-valued", for each on the pages above."""
