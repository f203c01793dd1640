"""Environment variables for programs that use the local AWS, without variables that lead to another AWS."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from emulator.account_region import AccountRegion
from emulator.certificate import Certificate

# Variables of the user's shell for the real AWS, for a proxy, or for another local AWS.
_FOREIGN_PREFIXES: Final = ("AWS_", "CDK_", "MINISTACK_", "LOCALSTACK_", "BOTO_")
_FOREIGN_NAMES: Final = frozenset(
    name for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY") for name in (proxy, proxy.lower())
) | {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"}

# The only variables of the user that the local AWS itself gets: enough to find programs and libraries.
_INHERITED: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")

_LOCAL: Final = "localhost,127.0.0.1"


def is_foreign(name: str) -> bool:
    """Return whether an environment variable could make a program use another AWS than the local one."""
    return name.startswith(_FOREIGN_PREFIXES) or name in _FOREIGN_NAMES


def merged(environment: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """Return `environment` without variables that could lead to another AWS, plus `ours`."""
    return {name: value for name, value in environment.items() if not is_foreign(name)} | dict(ours)


def for_clients(
    place: AccountRegion, endpoint: str, ses: str, certificate: Certificate, *, secret: str
) -> dict[str, str]:
    """Return the variables that make the CDK CLI, boto3 and Python programs use the local AWS and no other."""
    return _common(place, endpoint, ses, secret) | {
        "AWS_CA_BUNDLE": str(certificate.authority),
        "SSL_CERT_FILE": str(certificate.bundle),
        "NODE_EXTRA_CA_CERTS": str(certificate.authority),
        "AWS_CURL_CONFIG": str(_curl_config(certificate)),
        "CDK_DEFAULT_ACCOUNT": place.account,
        "CDK_DEFAULT_REGION": place.region,
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        # jsii wants a list of Node.js major versions here, not a boolean.
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "18,20,22",
        "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": "true",
    }


def for_ministack(
    place: AccountRegion, endpoint: str, ses: str, certificate: Certificate, home: Path, *, secret: str
) -> dict[str, str]:
    """Return the environment of ministack, which the Lambda functions inherit."""
    _, host, port = endpoint.replace("//", "").split(":")
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return (
        inherited
        | _common(place, endpoint, ses, secret)
        | {
            "AWS_CA_BUNDLE": str(certificate.authority),
            "SSL_CERT_FILE": str(certificate.authority),
            "NODE_EXTRA_CA_CERTS": str(certificate.authority),
            "USE_SSL": "1",
            "MINISTACK_SSL_CERT": str(certificate.chain),
            "MINISTACK_SSL_KEY": str(certificate.key),
            # The host in the ResponseURL of a custom resource. The certificate must be valid for it.
            "MINISTACK_HOST": host,
            "GATEWAY_PORT": port,
            "BIND_HOST": host,
            "MINISTACK_ACCOUNT_ID": place.account,
            "MINISTACK_REGION": place.region,
            "HOME": str(home),
            "TMPDIR": str(home),
            "S3_DATA_DIR": str(home / "s3"),
            "STATE_DIR": str(home / "state"),
            # Services that are not needed here, turned off because they would listen on fixed ports.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            # If ministack finds a Docker daemon, it removes the containers of other ministacks, even the user's.
            "DOCKER_HOST": f"unix://{home}/no-docker",
            "PYTHONUNBUFFERED": "1",
        }
    )


def write_curl_config(place: AccountRegion, secret: str, certificate: Certificate) -> None:
    """Write the secret to a curl configuration that only its owner can read: all users can read command lines."""
    lines = {
        "user": f"{place.account}:{secret}",
        "aws-sigv4": f"aws:amz:{place.region}:ses",
        "cacert": str(certificate.authority),
    }
    file = _curl_config(certificate)
    file.touch(mode=0o600)
    file.write_text("".join(f'{name} = "{value}"\n' for name, value in lines.items()), encoding="utf-8")


def _curl_config(certificate: Certificate) -> Path:
    return certificate.authority.with_name("curl.config")


def _common(place: AccountRegion, endpoint: str, ses: str, secret: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_SESV2": ses,
        # If a user has set this to true, programs would ignore the addresses above and reach the real AWS.
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        # In ministack, an access key id of 12 digits is the account.
        "AWS_ACCESS_KEY_ID": place.account,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_REGION": place.region,
        "AWS_DEFAULT_REGION": place.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        # Files without profiles, so that the user's own profiles are not used.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": _LOCAL,
        "no_proxy": _LOCAL,
    }
