"""Names of botocore that are not a public API: if one is gone, deploys still work.

Not covered are the names without which there is no boto3: `boto3.Session` and its `client`, `botocore.session`,
`Config`, the bases of its exceptions, and the parts of a request that is about to be sent.
"""

from pathlib import Path

import pytest

from tests.support.botocores import botocore_without
from tests.support.events import Resource
from tests.support.fake_aws import FakeAws

PARTNER = Resource()
TOLD = "botocore is another one, goes on as boto3 does"

# Whether the function notices that a name is gone. It does not if nothing calls the name any more.
SEAMS = {
    # For the clients' shortcuts.
    "Loader": True,
    "BUILTIN_DATA_PATH": True,
    "CUSTOMER_DATA_PATH": True,
    "register_component": True,
    "get_config_variable": True,
    "load_data": True,
    "load_data_with_path": False,
    "list_available_services": False,
    "data_loader": False,
    "regionRegex": True,
    "dnsSuffix": True,
    # For sending their calls.
    "AWSResponse": True,
    "ProxyConfiguration": True,
    "create_urllib3_context": True,
    "get_cert_path": True,
    "get_environ_proxies": True,
    "hyphenize": True,
    "proxy_headers_for": True,
    "proxy_url_for": True,
    "before-call": False,
    "before-send": False,
}


@pytest.mark.parametrize("name", SEAMS)
def test_what_is_gone_is_done_without(aws: FakeAws, tmp_path: Path, name: str) -> None:
    with aws.another_function(PYTHONPATH=str(botocore_without(tmp_path, name))) as function:
        assert function(PARTNER.create(aws.url)) is None, function.text
        assert (aws.calls, aws.answers.arrived[-1]["Status"]) == (["Create", "Update"], "SUCCESS"), function.text
        assert aws.live() is not None
        told = [line for line in function.log_lines if line["event"] == TOLD]
    assert bool(told) is SEAMS[name], function.text
    assert all(line["error"].startswith("sesv2: ") for line in told)


def test_nothing_is_gone_from_the_one_that_was_read(aws: FakeAws) -> None:
    with aws.another_function() as function:
        assert function(PARTNER.create(aws.url)) is None
    assert TOLD not in function.text
