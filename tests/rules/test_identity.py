"""An identity, from its name or its ARN."""

import string

import idna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity, IdentityArn, canonical_name

GOOD = {
    "example.com": "example.com",
    "Example.COM": "example.com",
    "a@example.com": "a@example.com",
    "A.B+c@Example.com": "A.B+c@example.com",
    "a|b/c@example.com": "a|b/c@example.com",
    '"a@b"@example.com': '"a@b"@example.com',
    "_dmarc.example.com": "_dmarc.example.com",
    "a.b": "a.b",
    f"{'d' * 63}.{'c' * 63}": f"{'d' * 63}.{'c' * 63}",
    f"{'l' * 64}@example.com": f"{'l' * 64}@example.com",
    "b\u00fccher.example": "xn--bcher-kva.example",
    "A@B\u00dcCHER.Example": "A@xn--bcher-kva.example",
    "bu\u0308cher.example": "xn--bcher-kva.example",
    "XN--BCHER-KVA.example": "xn--bcher-kva.example",
    # Fullwidth letters are the same letters, also in the DNS.
    "\uff45\uff58.example": "ex.example",
    # These letters are not "ss": fass.example is another domain.
    "fa\u00df.example": "xn--fa-hia.example",
    "FA\u1e9e.example": "xn--fa-hia.example",
    "\u03c3\u03b1\u03c2.example": "xn--mxa8ab.example",
    "\u03a3\u0391\u03a3.example": "xn--mxa9ab.example",
    # Its vowel signs do not count as letters.
    "\u0939\u093f\u0928\u094d\u0926\u0940.example": "xn--j2bd4cyah0f.example",
    "arn:aws:ses:eu-west-1:111111111111:identity/b\u00fccher.example": "xn--bcher-kva.example",
    "arn:aws:ses:eu-west-1:111111111111:identity/Example.com": "example.com",
    "arn:aws-us-gov:ses:us-gov-west-1:111111111111:identity/a@example.com": "a@example.com",
}

BAD = [
    "",
    "example",
    "example..com",
    "example.com.",
    ".example.com",
    "-example.com",
    "example.com-",
    "example-.com",
    "example.-com",
    f"com.{'d' * 64}",
    "exa mple.com",
    "a b@example.com",
    "@example.com",
    f"{'l' * 65}@example.com",
    f"{'d' * 64}.com",
    f"{'d.' * 127}com",
    "example.com\n",
    "arn:aws:ses:eu-west-1:111111111111:configuration-set/example.com",
    "arn:aws:ses:eu-west-1:1111:identity/example.com",
    f"arn:aws:ses:eu-west-1:{chr(0x661) * 12}:identity/example.com",
    f"arn:aws:ses:eu-west-{chr(0x661)}:111111111111:identity/example.com",
    "arn:aws:ses:eu-west-1:111111111111:identity/",
    "arn:aws:ses:eu-west-:111111111111:identity/example.com",
    "arn:aws:ses:eu-1:111111111111:identity/example.com",
    "arn:aws:ses:eu--1:111111111111:identity/example.com",
    "arn:aws:ses:*:111111111111:identity/example.com",
    "arn:aws:s3:::example.com",
    "arn:aws",
    "arn:Aws:ses:eu-west-1:111111111111:identity/example.com",
    "arn:aws:ses::111111111111:identity/example.com",
    "arn:aws:email:eu-west-1:111111111111:identity/example.com",
    "arn:aws:ses:eu-west-1:111111111111:identity/nowhere",
    "\ud800@example.com",
    "\ud800.example",
    # One character that becomes a dot, and a joiner without the mark that must precede it.
    "\u2488.example",
    "a\u200db.example",
    "1\u2488.example",
    "user\uff20example.com",
    "example\uff0ecom",
    "example\u2024com",
    "exa\u034fmple.com",
    "exa\ufe0fmple.com",
    "snow\u2603.example",
    "\u00fc" * 60 + ".example",
    "-\u00fc.example",
]


@pytest.mark.parametrize(("text", "name"), GOOD.items())
def test_a_name_or_an_arn_is_reduced_to_the_name(text: str, name: str) -> None:
    assert Identity.parse(text) == Identity(name)


@pytest.mark.parametrize("text", BAD)
def test_anything_else_is_refused_with_its_value(text: str) -> None:
    with pytest.raises(DeclarationError) as refusal:
        Identity.parse(text)
    name = text.removeprefix("arn:aws:ses:eu-west-1:111111111111:identity/") or text
    assert str(refusal.value) == (
        f"{name!r} is not the ARN of an email identity: "
        "it must look like arn:aws:ses:eu-west-1:111111111111:identity/example.com"
        if name.startswith("arn:")
        else f"identity {name!r} is neither a domain nor an email address: "
        "give a name like example.com or a@example.com, or the ARN of an identity"
    )


@pytest.mark.parametrize("times", [2, 1000])
def test_no_arn_stands_in_an_arn(times: int) -> None:
    """The inner ARN would be the local part of an address, which is another identity than the innermost one."""
    with pytest.raises(DeclarationError, match="is not the ARN of an email identity"):
        Identity.parse("arn:aws:ses:eu-west-1:111111111111:identity/" * times + "a@example.com")


def test_a_name_is_checked_however_it_is_made() -> None:
    with pytest.raises(DeclarationError) as refusal:
        Identity("Example.com")
    assert str(refusal.value) == "identity 'Example.com' is not in its one form: use Identity.parse"


def test_an_arn_of_both_regions_of_a_global_endpoint() -> None:
    text = "arn:aws:ses:*:111111111111:identity/example.com"
    assert str(IdentityArn.parse(text, any_region=True)) == text
    assert IdentityArn.parse(text.replace("*", "eu-west-1"), any_region=True).region == "eu-west-1"
    with pytest.raises(DeclarationError, match="is not the ARN of an email identity"):
        IdentityArn.parse(text)
    with pytest.raises(DeclarationError, match="is not the ARN of an email identity"):
        IdentityArn.parse(text.replace("*", "eu"), any_region=True)


def test_an_arn_and_its_text() -> None:
    text = "arn:aws-us-gov:ses:us-gov-west-1:111111111111:identity/a@example.com"
    arn = IdentityArn.parse(text)
    assert arn == IdentityArn("aws-us-gov", "us-gov-west-1", "111111111111", Identity("a@example.com"))
    assert str(arn) == text


_LABEL = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20)


@given(st.text(string.printable, max_size=64), st.lists(_LABEL, min_size=2, max_size=5))
def test_whatever_is_taken_stays_as_it_is(local: str, labels: list[str]) -> None:
    text = f"{local}@{'.'.join(labels)}"
    try:
        identity = Identity.parse(text)
    except DeclarationError:
        return
    assert Identity.parse(identity.name) == identity
    assert identity.name == text


# Letters with a small and a capital form, and letters that can be written in several ways.
_SCRIPTS = (
    "aZ\u00fc\u00dc\u00df\u1e9e\u03a3\u03c2\u0416\u0436\u05d0\u0939\u093f\u6587"
    "\uff21\u0130\u0131\u017f\ufb00\u13a0\uab70-1"
)


@settings(max_examples=500)
@given(st.text(_SCRIPTS, min_size=1, max_size=12) | st.text(min_size=1, max_size=6))
def test_a_label_is_what_the_standard_makes_of_it_or_refused(label: str) -> None:
    """UTS 46, non-transitional, as in browsers; `idna` is the reference in Python."""
    try:
        ours = Identity.parse(f"a@{label}.example").name
        standard = idna.encode(label, uts46=True).decode("ascii")
    except (DeclarationError, UnicodeError):
        return
    assert ours == f"a@{standard}.example"


@pytest.mark.parametrize("label", ["b\u00fccher", "\u00dcber", "\u0436\u0416", "\u6587", "\u05d0", "\uff21"])
def test_what_the_standard_takes_is_taken(label: str) -> None:
    assert canonical_name(f"{label}.example") == f"{idna.encode(label, uts46=True).decode('ascii')}.example"


@given(st.text(max_size=20))
def test_the_one_form_is_its_own(name: str) -> None:
    assert canonical_name(canonical_name(name)) == canonical_name(name)


@pytest.mark.parametrize(
    "name", ["user\uff20example.com", "a\uff0fb.com", "example\u2024com", "\u00fc" * 64 + ".com", "-\u00fc.com"]
)
def test_what_no_domain_can_have_stays_as_it_is(name: str) -> None:
    assert canonical_name(name) == name


@pytest.mark.parametrize("label", ["\u00fc" * 63, "a-b_\u00fc"])
def test_the_longest_label_and_one_with_other_signs(label: str) -> None:
    assert canonical_name(f"{label}.com") == f"xn--{label.encode('punycode').decode('ascii')}.com"


def test_a_label_of_ascii_is_in_small_letters_whatever_it_is() -> None:
    assert canonical_name("A B!.Example") == "a b!.example"


def test_a_long_name_takes_no_longer_for_being_no_ascii() -> None:
    """Punycode takes time in proportion to the square of the length: minutes for these 100,000 letters."""
    assert canonical_name("".join(map(chr, range(0x4E00, 0x4E00 + 20_000))) * 5 + ".com")
