"""The way to the hub: its address, and the proxy before it, as they are set, and fit to be shown.

Only a process that asks the hub loads this.
"""

import os
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from huggingface_hub import constants


def endpoint() -> str:
    """The hub that is asked."""
    return _without_password(constants.ENDPOINT)


def proxy() -> str:
    """The proxy between here and the hub; empty where there is none."""
    variable = proxy_variable()
    return _without_password(os.environ[variable]) if variable else ""


def proxy_variable() -> str:
    """The variable that names it."""
    hub = urlsplit(constants.ENDPOINT)
    if not hub.hostname or proxy_bypass(hub.hostname):
        return ""
    used = next((kind for kind in (hub.scheme, "all") if kind in getproxies()), "")
    names = (f"{used}_proxy", f"{used}_proxy".upper())
    return next((name for name in names if os.environ.get(name)), "")


def _without_password(url: str) -> str:
    """An address that can be shown."""
    before, marked, host = url.rpartition("@")
    if not marked:
        return url
    scheme, named, _ = before.partition("://")
    return f"{scheme}://{host}" if named else host
