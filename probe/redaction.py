"""Removes account ids, ARNs, names and keys from the answers of SES, so that they can be sent to anybody."""

import re
from dataclasses import dataclass, replace
from typing import Final

from probe.port import ProbeTarget
from probe.reading import ProbeReading, SesAnswer
from probe.scratch import Names

# Account data that AWS's messages may contain besides the names that the probe knows, and what replaces each.
_ALWAYS: Final = (
    (re.compile(r"https?://[^\s\"'<>]+"), "<url>"),
    (re.compile(r"arn:[\w*-]*:[\w*-]*:[\w*-]*:[^\s\"'<>]*"), "<arn>"),
    # Ids of keys, roles and users begin with "AKIA", "ASIA", "AROA", "AIDA" and others.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    (re.compile(r"\bA[A-Z0-9]{3}[A-Z0-9]{12,}\b"), "<unique id>"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE), "<request id>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "<ip>"),
    (re.compile(r"(?<!\d)\d{12}(?!\d)"), "<account>"),
)


@dataclass(frozen=True, slots=True)
class Redaction:
    """Removes account data from texts, answers and readings.

    :param place: the account and region.
    :param names: the names of the identities of this run.
    """

    place: ProbeTarget
    names: Names

    def text(self, text: str) -> str:
        """Return `text` with placeholders such as `<account>` in place of account data."""
        arn = self.place.identity
        known = [(self.place.principal("root"), "<root arn>"), (arn(self.names.missing), "<missing identity arn>")]
        for identity in self.names.identities:
            known += [(arn(identity), "<identity arn>"), (identity, "<identity>")]
        known += [(self.names.unicode, "<missing unicode identity>")]
        known += [(self.names.missing, "<missing identity>"), (self.names.token, "<token>")]
        for word, place in known:
            text = re.sub(re.escape(word), place, text, flags=re.IGNORECASE)
        for pattern, place in _ALWAYS:
            text = pattern.sub(place, text)
        return text

    def said(self, said: SesAnswer) -> SesAnswer:
        """Return an answer of SES without account data, and without its policies, which are not needed any more."""
        return replace(said, message=self.text(said.message), policies={})

    def reading(self, reading: ProbeReading) -> ProbeReading:
        """Return a reading without account data."""
        return replace(
            reading,
            note=self.text(reading.note),
            said=tuple(self.said(each) for each in reading.said),
            sent=self.text(reading.sent),
            kept=self.text(reading.kept),
        )
