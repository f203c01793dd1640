"""What is called in a live account."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol

from ses_sending_policy.rules.faults import CallError

# SES gives a page a second, of up to 1,000 identities: by then a look has waited for a quarter of an hour.
_MOST_PAGES: Final = 1000


class Calls(Protocol):
    """AWS, for one account in one region."""

    @property
    def region(self) -> str:
        """The region, as `eu-west-1`."""
        ...

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as AWS takes them
        """Call an operation and return its answer, without a wait before it or another try.

        Raises `CallError` where AWS did not do it, and `ReviewError` where nobody can call anything: without
        credentials, say.

        :param service: as `sesv2`.
        :param operation: as `GetEmailIdentityPolicies`.
        """
        ...

    def call(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - the same
        """Do the same at the pace that AWS allows, trying again where that helps: a `CallError` of it is final."""
        ...


def pages(call: Callable[..., Mapping[str, Any]], **parameters: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - as AWS takes them
    """Yield each page of an answer; raise `CallError` where they have no end.

    :param call: gives a page, by the token of the one before.
    :param parameters: of each call.
    """
    tokens: list[str] = []
    while len(tokens) < _MOST_PAGES:
        answer = call(**parameters, **({"NextToken": tokens[-1]} if tokens else {}))
        yield answer
        token = answer.get("NextToken")
        if not token:
            return
        if token in tokens:
            raise CallError("", f"page {tokens.index(token) + 2} of the answer came twice, and so it has no end")
        tokens.append(token)
    raise CallError("", f"the answer has more than {_MOST_PAGES} pages, and so it has no end")
