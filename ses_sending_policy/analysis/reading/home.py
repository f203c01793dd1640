"""Which stack is deployed with a template, and where in it the template is."""

from dataclasses import dataclass

from ses_sending_policy.analysis.reading.removal import Stay


@dataclass(frozen=True, slots=True)
class Home:
    """The stack that is deployed, of which a template is the whole or a nested part.

    :param label: what people call that stack: its path in the app, or its name. Default: - nobody knows.
    :param name: what tells it from all others: its physical name. Default: - nobody knows.
    :param within: the logical ids of the nested stacks that lead to the template, as `Campaign/Inner`. Default: - it is
        the deployed stack's own.
    :param stay: why a nested stack stays that leaves the template around it; None where it is deleted.
    """

    label: str = ""
    name: str = ""
    within: str = ""
    stay: Stay | None = None

    def nested(self, logical_id: str, stay: Stay | None) -> "Home":
        """Return that of a template that is nested in this one."""
        reason = stay and Stay(stay.reason.replace("its ", "its nested stack's "), stay.is_sure)
        within = f"{self.within}/{logical_id}".lstrip("/")
        return Home(self.label, self.name, within, reason or self.stay)
