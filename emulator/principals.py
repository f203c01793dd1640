"""Checks the principals of a statement by their form. Whether a principal exists is not checked.

The quotations are from https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
unless another page is named.
"""

import re
from typing import Final

from emulator.errors import bad_request
from emulator.grammar import one_or_more

# "arn:aws:iam::account-ID:root", "arn:aws:iam::AWS-account-ID:role/role-name" and ":user/user-name",
# "arn:aws:sts::AWS-account-ID:assumed-role/role-name/role-session-name" and ":federated-user/user-name"; "You cannot
# identify a user group as a principal in a policy". "you must specify the 12-digit identifier of the trusted account".
# "You cannot use a wildcard to match part of a principal name or ARN."
_ACCOUNT: Final = "[0-9]{12}"
_NAME: Final = r"[^*?/\s]+"
_ARN: Final = (
    rf"arn:aws[a-z-]*:(iam::{_ACCOUNT}:(root|(user|role)(/{_NAME})+)"
    rf"|sts::{_ACCOUNT}:(assumed-role/{_NAME}/{_NAME}|federated-user/{_NAME}))"
)

# "The identifier for a service principal includes the service name, and is usually in the following format:
# service-name.amazonaws.com"
_SERVICE: Final = r"[a-z0-9-]+(\.[a-z0-9-]+)+"

# "arn:aws:iam::AWS-account-ID:saml-provider/provider-name", or a domain as "accounts.google.com".
_PROVIDER: Final = rf"arn:aws[a-z-]*:iam::{_ACCOUNT}:(saml|oidc)-provider(/{_NAME})+|{_SERVICE}"

# "AWS account IDs and IAM user ARNs are specified using "AWS" ... AWS service names are specified using "Service"":
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html. The grammar has "Federated" as well, and
# "CanonicalUser", of which it says: "Most resource-based policies do not support this mapping."
# `*` is everybody: "use * only to specify "everyone/anonymous.""
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
_KINDS: Final = {
    "AWS": re.compile(rf"\*|{_ACCOUNT}|{_ARN}"),
    "Service": re.compile(_SERVICE),
    "Federated": re.compile(_PROVIDER),
}


def check_principal(where: str, principal: object) -> None:
    """Refuse a Principal of an unknown kind or form.

    :param where: the statement, for instance `Statement 1`.
    """
    # By the grammar, an account or ARN must have a kind such as "AWS", but published recordings show one without it:
    # https://github.com/cloud-custodian/cloud-custodian
    kinds = principal if isinstance(principal, dict) else {"AWS": principal}
    for kind, named in kinds.items():
        if kind not in _KINDS:
            raise bad_request(f"{where} has a Principal of the kind {kind}, it must be one of {', '.join(_KINDS)}")
        for each in one_or_more(f"{where}: Principal {kind}", named):
            if not (isinstance(each, str) and _KINDS[kind].fullmatch(each)):
                raise bad_request(f"Invalid principal in policy: {kind} {each}")
