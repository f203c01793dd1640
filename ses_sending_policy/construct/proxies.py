"""Avoids a slow proxy of jsii: for objects that are known by an interface alone, it asks Node for each value twice."""

from typing import Any, TypeVar

_T = TypeVar("_T")


def direct(proxy: _T) -> _T:
    """Return the object behind the proxy, which asks for each value once; the proxy itself if jsii has changed."""
    delegates: Any = getattr(proxy, "__dict__", {}).get("_delegates")
    return delegates[0] if isinstance(delegates, list) and len(delegates) == 1 else proxy
