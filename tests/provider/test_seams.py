"""The seams of crhelper that the frame leans on: underscore names, so they are held here."""

import inspect
from importlib.metadata import version

from crhelper import CfnResource
from crhelper import resource_helper as crhelper_source

from provider.frame import Frame


def test_it_is_the_version_that_was_read() -> None:
    assert version("crhelper") == "2.0.12"


def test_the_sender_is_an_argument() -> None:
    send = vars(CfnResource)["_send"]
    assert list(inspect.signature(send).parameters) == ["self", "status", "reason", "send_response"]


def test_an_exception_leaves_the_physical_id_alone() -> None:
    frame = Frame.__new__(Frame)
    frame.PhysicalResourceId = "kept"
    vars(frame).update(_event={}, _context=None)

    def fails(_event: object, _context: object) -> None:
        raise ValueError("no")

    vars(CfnResource)["_wrap_function"](frame, fails)
    assert (frame.PhysicalResourceId, frame.Status, frame.Reason) == ("kept", "FAILED", "no")


def test_its_clients_can_be_left_out() -> None:
    """It makes three for boto3 unless this variable is set."""
    assert "os.getenv('AWS_SAM_LOCAL')" in inspect.getsource(CfnResource.__init__)


def test_the_timer_and_the_id_are_methods_of_their_own() -> None:
    source = inspect.getsource(crhelper_source)
    for seam in ("self._set_timeout()", "self.generate_physical_id(event)", "self._timeout)"):
        assert seam in source
    for name in ("_set_timeout", "_timeout", "generate_physical_id", "_send", "__call__"):
        assert name in vars(Frame), f"{name} is not overridden"
        assert name in vars(CfnResource), f"crhelper has no {name} any more"
