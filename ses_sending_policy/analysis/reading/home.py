"""The deployed stack that a template belongs to, and the template's place in it."""

from dataclasses import dataclass

from ses_sending_policy.analysis.reading.removal import Stay


@dataclass(frozen=True, slots=True)
class Home:
    """The deployed stack that a template belongs to: its own, or the one that its stack is nested in.

    :param label: the deployed stack's label for people: its path in the app, or its name. Default: - it is unknown.
    :param name: its physical name, which no other stack has. Default: - it is unknown.
    :param within: the logical ids of the nested stacks that lead to the template, as `Campaign/Inner`. Default: - it is
        the deployed stack's own.
    :param stay: why a nested stack stays when it leaves its parent template; None if it is deleted.
    """

    label: str = ""
    name: str = ""
    within: str = ""
    stay: Stay | None = None

    def nested(self, logical_id: str, stay: Stay | None) -> "Home":
        """Return the home of a template that is nested in this one's."""
        reason = stay and Stay(stay.reason.replace("its ", "its nested stack's "), stay.is_sure)
        within = f"{self.within}/{logical_id}".lstrip("/")
        return Home(self.label, self.name, within, reason or self.stay)
