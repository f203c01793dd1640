"""Avoids a slow proxy of jsii: for objects that are known by an interface alone, it asks Node for each value twice."""

from typing import Any, TypeVar

_T = TypeVar("_T")


def direct(proxy: _T) -> _T:
    """Return the object behind `proxy`, which asks Node for each value once; `proxy` itself if there is none."""
    delegates: Any = getattr(proxy, "__dict__", {}).get("_delegates")
    return delegates[0] if isinstance(delegates, list) and len(delegates) == 1 else proxy
