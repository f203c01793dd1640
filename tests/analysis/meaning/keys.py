"""The condition keys that AWS documents for requests to SES: which callers have each, and its possible values.

Global keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
Keys of SES: https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html and
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

USER: Final = "user"
SESSION: Final = "session"
ROOT: Final = "root"
FEDERATED: Final = "federated"
SERVICE: Final = "service"

PEOPLE: Final = frozenset({USER, SESSION, ROOT, FEDERATED})
EVERYBODY: Final = PEOPLE | {SERVICE}
_TEMPORARY: Final = frozenset({SESSION, FEDERATED})
_SERVICE: Final = frozenset({SERVICE})

# Actions that send, and have an e-mail's keys. "ses:FeedbackAddress, ses:FromAddress [...]" stand in the service
# authorization reference beside SendEmail and those of v1, and not beside SendBulkEmail.
MAILS: Final = frozenset({"ses:sendemail", "ses:sendrawemail", "ses:sendtemplatedemail", "ses:sendbulktemplatedemail"})


@dataclass(frozen=True)
class Key:
    """A condition key.

    :param carriers: the callers that may have it; nobody else ever does.
    :param always: the callers whose requests always have it.
    :param is_multivalued: whether a request may have several values.
    :param of_mails: whether only requests that send an e-mail have it.
    """

    name: str
    carriers: frozenset[str] = EVERYBODY
    always: frozenset[str] = frozenset()
    is_multivalued: bool = False
    of_mails: bool = False


_KEYS: Final = (
    # "This key is always included in the request context."
    Key("aws:CurrentTime", always=EVERYBODY),
    Key("aws:EpochTime", always=EVERYBODY),
    Key("aws:SecureTransport", always=EVERYBODY),
    Key("aws:UserAgent", always=EVERYBODY),
    Key("aws:RequestedRegion", always=EVERYBODY),
    Key("aws:ViaAWSService", always=EVERYBODY),
    # "This key is present in the request context for all signed API requests that use AWS credentials."
    Key("aws:PrincipalIsAWSService", always=EVERYBODY),
    # "This key is included in the request context for all requests, including anonymous requests." Of an AWS service's
    # own calls the table says nothing; a service has no account.
    Key("aws:PrincipalAccount", PEOPLE, PEOPLE),
    Key("aws:PrincipalType", PEOPLE, PEOPLE),
    Key("aws:userid", PEOPLE, PEOPLE),
    # "This key is included in the request context for all signed requests. [...] You can specify the following types of
    # principals in this condition key: IAM role, IAM user, AWS STS federated user session, AWS account root user"
    Key("aws:PrincipalArn", PEOPLE, PEOPLE),
    # "This key is always included in the request context for IAM users. Anonymous requests and requests that are made
    # using the AWS account root user or IAM roles do not include this key."
    Key("aws:username", frozenset({USER}), frozenset({USER})),
    # "This key is included in the request context only if the principal is a member of an organization."
    Key("aws:PrincipalOrgID", PEOPLE),
    Key("aws:PrincipalOrgPaths", PEOPLE, is_multivalued=True),
    # "This key is included in the request context if the principal is using an IAM user with attached tags. It is
    # included for a principal using an IAM role with attached tags or session tags."
    Key("aws:PrincipalTag/", frozenset({USER, SESSION, FEDERATED})),
    # "This key is included in the request context only when the principal uses temporary credentials to make the
    # request." An IAM user may have such credentials as well.
    Key("aws:TokenIssueTime", frozenset({USER}) | _TEMPORARY, _TEMPORARY),
    Key("aws:MultiFactorAuthPresent", PEOPLE, _TEMPORARY),
    # "This key is included in the request context only if the principal making the call was authenticated using MFA."
    Key("aws:MultiFactorAuthAge", PEOPLE),
    # "This key is included in the request context after a source identity has been set when a role is assumed"
    Key("aws:SourceIdentity", _TEMPORARY),
    # "This key is present when the principal is a role session principal and that session was issued using a
    # third-party identity provider."
    Key("aws:FederatedProvider", _TEMPORARY),
    # "whenever the requester is signing requests with an Amazon EC2 role credential"
    Key("aws:Ec2InstanceSourceVpc", frozenset({SESSION})),
    Key("aws:Ec2InstanceSourcePrivateIPv4", frozenset({SESSION})),
    # "This key is present in the request when a service that supports `aws:CalledVia` uses the credentials of an IAM
    # principal to make a request to another service."
    Key("aws:CalledVia", PEOPLE, is_multivalued=True),
    Key("aws:CalledViaFirst", PEOPLE),
    Key("aws:CalledViaLast", PEOPLE),
    # "the `aws:SourceAccount` condition key is only available when the call to your resource is made directly by an AWS
    # service principal"
    Key("aws:SourceAccount", _SERVICE),
    Key("aws:SourceArn", _SERVICE),
    Key("aws:SourceOrgID", _SERVICE),
    Key("aws:SourceOrgPaths", _SERVICE, is_multivalued=True),
    # "This key is present in the request when the call is made by an AWS service principal. This key is not present in
    # any other situation"
    Key("aws:PrincipalServiceName", _SERVICE, _SERVICE),
    Key("aws:PrincipalServiceNamesList", _SERVICE, _SERVICE, is_multivalued=True),
    # "This key is included in the request context, except when the requester uses a VPC endpoint to make the request."
    Key("aws:SourceIp"),
    # "This key is included in the request context only if the requester uses a VPC endpoint to make the request."
    Key("aws:SourceVpc"),
    Key("aws:SourceVpce"),
    Key("aws:VpcSourceIp"),
    # "only if the request to the AWS resource was invoked by linking from a web page URL in the browser"
    Key("aws:referer"),
    # "This key is always included in the request context for most service actions."
    Key("aws:ResourceAccount", always=EVERYBODY),
    # "only if the account that owns the resource is a member of an organization"
    Key("aws:ResourceOrgID"),
    Key("aws:ResourceOrgPaths", is_multivalued=True),
    Key("aws:ResourceTag/"),
    # "ses:FromAddress: Restricts the "From" address."
    Key("ses:FromAddress", always=EVERYBODY, of_mails=True),
    Key("ses:FromDisplayName", of_mails=True),
    # "Restricts the "Return Path" address"
    Key("ses:FeedbackAddress", of_mails=True),
    # "Restricts the recipient addresses, which include the To:, "CC", and "BCC" addresses."
    Key("ses:Recipients", is_multivalued=True, of_mails=True),
    Key("ses:ApiVersion"),
    Key("ses:MultiRegionEndpointId"),
    Key("ses:TenantName"),
)
_BY_NAME: Final = {key.name.lower(): key for key in _KEYS}


def found(name: str) -> Key | None:
    """Return what is known of a key, by its name in any case; also of a tag's key."""
    prefix, slash, _ = name.lower().partition("/")
    return _BY_NAME.get(prefix + slash)


@cache
def is_there(name: str, kind: str, action: str) -> tuple[bool, bool]:
    """Return whether a request may have a key, and whether it must."""
    key = found(name)
    if key is None or kind not in key.carriers or (key.of_mails and action.lower() not in MAILS):
        return False, False
    return True, kind in key.always
