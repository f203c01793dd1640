"""Condition keys, as AWS documents them."""

from typing import Final

from ses_sending_policy.rules.actions import MESSAGE_KEYS, V2_KEYS

# All condition keys of SES: those of sending, and those of other actions of SES v2 and of Mail Manager.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservice-mailmanager.html
SES_KEYS: Final = (
    MESSAGE_KEYS
    | V2_KEYS
    | {
        "ses:ClickTrackingEnabled",
        "ses:ConfigurationSetOptions",
        "ses:ExportSourceType",
        "ses:OpenTrackingEnabled",
        "ses:ReplicaRegion",
    }
    | {
        "ses:AddonSubscriptionArn",
        "ses:MailManagerIngressPointType",
        "ses:MailManagerRuleSetArn",
        "ses:MailManagerTrafficPolicyArn",
    }
)

# "ses:FeedbackAddress: String", and so on; "ses:Recipients: ArrayOfString". The `aws:` keys are from AWS's examples.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
SINGLE_KEYS: Final = (MESSAGE_KEYS - {"ses:Recipients"}) | {
    "aws:CurrentTime",
    "aws:PrincipalOrgID",
    "aws:SourceAccount",
    "aws:SourceArn",
}

# A key that ends in "/" is followed by a tag's name. Copied on 2026-11-22.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
GLOBAL_KEYS: Final = frozenset(
    f"aws:{name}"
    for name in (
        "AssumedRoot",
        "CalledVia",
        "CalledViaFirst",
        "CalledViaLast",
        "ChatbotSourceArn",
        "CurrentTime",
        "Ec2InstanceSourceVpc",
        "Ec2InstanceSourcePrivateIPv4",
        "EpochTime",
        "FederatedProvider",
        "IsMcpServiceAction",
        "MultiFactorAuthAge",
        "MultiFactorAuthPresent",
        "PrincipalAccount",
        "PrincipalArn",
        "PrincipalIsAWSService",
        "PrincipalOrgID",
        "PrincipalOrgPaths",
        "PrincipalServiceName",
        "PrincipalServiceNamesList",
        "PrincipalTag/",
        "PrincipalType",
        "referer",
        "RequestedRegion",
        "RequestTag/",
        "ResourceAccount",
        "ResourceOrgID",
        "ResourceOrgPaths",
        "ResourceTag/",
        "SecureTransport",
        "SourceAccount",
        "SourceArn",
        "SourceIdentity",
        "SourceIp",
        "SourceOrgID",
        "SourceOrgPaths",
        "SourceOwner",
        "SourceVpc",
        "SourceVpcArn",
        "SourceVpce",
        "TagKeys",
        "TokenIssueTime",
        "UserAgent",
        "userid",
        "username",
        "ViaAWSMCPService",
        "ViaAWSService",
        "VpcSourceIp",
        "VpceAccount",
        "VpceOrgID",
        "VpceOrgPaths",
    )
)

# The keys that tell on whose behalf a service calls.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
SOURCE_KEYS: Final = frozenset({"aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"})
