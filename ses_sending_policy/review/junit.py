"""Writes JUnit XML, which most build servers show as test results."""

from xml.etree import ElementTree as ET

from ses_sending_policy.review.text_output import shown


def element(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    """Add an element to `parent` and return it. Characters that XML does not allow in its attributes become escapes."""
    return ET.SubElement(parent, tag, {name: shown(value) for name, value in attributes.items()})


def written(suite: ET.Element, *, failures: int, errors: int, skipped: int) -> str:
    """Return the XML file with one test suite and its counts."""
    counts = {"tests": len(suite), "failures": failures, "errors": errors, "skipped": skipped}
    for name, count in counts.items():
        suite.set(name, str(count))
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'
