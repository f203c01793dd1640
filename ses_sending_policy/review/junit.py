"""JUnit's XML, which most build servers show as tests."""

from xml.etree import ElementTree as ET

from ses_sending_policy.review.text_output import shown


def element(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    """Return a new element of `parent`, in whose attributes any text may stand: XML has a character for all of it."""
    return ET.SubElement(parent, tag, {name: shown(value) for name, value in attributes.items()})


def written(suite: ET.Element, *, failures: int, errors: int, skipped: int) -> str:
    """Return the file with one suite of tests, and how they ended."""
    counts = {"tests": len(suite), "failures": failures, "errors": errors, "skipped": skipped}
    for name, count in counts.items():
        suite.set(name, str(count))
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'
