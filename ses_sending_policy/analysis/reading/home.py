"""The deployed stack that a template belongs to, and the template's place in it."""

from dataclasses import dataclass

from ses_sending_policy.analysis.reading.removal import Stay


@dataclass(frozen=True, slots=True)
class Home:
    """The deployed stack that a template belongs to: its own stack, or the outermost one that it is nested in.

    :param label: how people call the deployed stack: its path in the app, or its name. Default: - it is unknown.
    :param name: the deployed stack's physical name, which no other stack has. Default: - it is unknown.
    :param within: the logical ids of the nested stacks that lead to the template, as `Campaign/Inner`. Default: - it is
        the template of the deployed stack itself.
    :param stay: why a nested stack stays deployed when it leaves its parent template; None if it is deleted.
    """

    label: str = ""
    name: str = ""
    within: str = ""
    stay: Stay | None = None

    def nested(self, logical_id: str, stay: Stay | None) -> "Home":
        """Return the `Home` of a template that the stack `logical_id` of this template nests."""
        reason = stay and Stay(stay.reason.replace("its ", "its nested stack's "), stay.is_sure)
        within = f"{self.within}/{logical_id}".lstrip("/")
        return Home(self.label, self.name, within, reason or self.stay)
