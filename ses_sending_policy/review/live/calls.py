"""The interface by which reviews call AWS, and paging."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol

from ses_sending_policy.rules.faults import CallError

# The most pages that are read. SES gives one page a second, of up to 1,000 identities, so 1,000 pages take a quarter of
# an hour.
_MOST_PAGES: Final = 1000


class Calls(Protocol):
    """Calls operations of AWS in one account and region."""

    @property
    def region(self) -> str:
        """The region, for instance `eu-west-1`."""
        ...

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as AWS takes them
        """Call an operation once, without waiting before it, and return its answer.

        Raises `CallError` if AWS refused or failed, and `ReviewError` if nothing can be called, for instance without
        credentials.

        :param service: for instance `sesv2`.
        :param operation: for instance `GetEmailIdentityPolicies`.
        """
        ...

    def call(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - the same
        """Call an operation at the pace that AWS allows, repeat it after a temporary fault, and return its answer.

        Raises `CallError` if AWS refused, and `ReviewError` if the fault lasts or nothing can be called.
        """
        ...


def pages(call: Callable[..., Mapping[str, Any]], **parameters: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - as AWS takes them
    """Yield each page of an answer; raise `CallError` if the pages do not end.

    :param call: returns a page, given the `NextToken` of the one before.
    :param parameters: the other parameters of each call.
    """
    tokens: list[str] = []
    while len(tokens) < _MOST_PAGES:
        answer = call(**parameters, **({"NextToken": tokens[-1]} if tokens else {}))
        yield answer
        token = answer.get("NextToken")
        if not token:
            return
        if token in tokens:
            raise CallError("", f"page {tokens.index(token) + 2} of the answer came twice, so its pages do not end")
        tokens.append(token)
    raise CallError("", f"the answer has more than {_MOST_PAGES} pages")
