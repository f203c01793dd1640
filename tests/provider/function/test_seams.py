"""The names of crhelper that the function relies on; some are private, so these tests check them."""

import inspect
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from crhelper import CfnResource

from provider.helper import Helper
from tests.support.clocks import HandClock


def test_the_sender_is_an_argument() -> None:
    send = vars(CfnResource)["_send"]
    assert list(inspect.signature(send).parameters) == ["self", "status", "reason", "send_response"]


def test_an_exception_leaves_the_physical_id_alone() -> None:
    helper = Helper(HandClock())
    helper.PhysicalResourceId = "kept"

    def fails(_event: object, _context: object) -> None:
        raise ValueError("no")

    vars(CfnResource)["_wrap_function"](helper, fails)
    assert (helper.PhysicalResourceId, helper.Status, helper.Reason) == ("kept", "FAILED", "no")


def test_its_clients_can_be_left_out() -> None:
    """It makes three boto3 clients unless this variable is set."""
    assert "os.getenv('AWS_SAM_LOCAL')" in inspect.getsource(CfnResource.__init__)


def test_the_timer_is_set_between_the_forgetting_of_the_id_and_the_event_s_function() -> None:
    source = inspect.getsource(vars(CfnResource)["_crhelper_init"])
    steps = ('self.PhysicalResourceId = ""', "self._set_timeout()", "self._wrap_function(self._get_func())")
    places = [source.index(step) for step in steps]
    assert all(before < after for before, after in pairwise(places))


def test_no_more_is_overridden_than_the_traps_need() -> None:
    own = {name for name, value in vars(Helper).items() if callable(value)} & vars(CfnResource).keys()
    assert own == {"__init__", "__call__", "_set_timeout", "_send"}


class Context:
    """A Lambda context with a minute left."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds that are left."""
        return 60_000


def test_a_function_is_found_by_the_request() -> None:
    """They are registered by crhelper's own decorators, which return them unchanged."""
    helper = Helper(HandClock())

    def named(name: str) -> Any:
        def function(_event: Mapping[str, Any], _context: Context) -> str:
            return name

        return function

    functions = {name: named(name) for name in ("create", "update", "delete")}
    for name, function in functions.items():
        assert getattr(helper, name)(function) is function
        assert vars(helper)[f"_{name}_func"] is function
