"""Who may talk to the plain server: this machine's own browser and programs, nobody else.

A page of another site that makes a name of its own point at loopback (DNS rebinding) still sends that name in
Host; a form or a script of another origin sends its Origin. Sources: RFC 9110 §7.2 and §15.5.20,
Fetch Standard (Origin), Fetch Metadata (Sec-Fetch-Site).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from amarre.sandbox.service import SandboxRequest

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# What a browser says of a request that no other page caused. A program sends neither header.
OWN_SITES = frozenset({"same-origin", "none"})


def is_addressed_to_loopback(request: SandboxRequest) -> bool:
    """Tell whether the Host header names this machine by a loopback name, on whatever port."""
    host = request.headers.get("host", "")
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name in LOOPBACK and not set(host) & set("/@?#\\ ")


def comes_from_own_page(request: SandboxRequest) -> bool:
    """Tell whether a request that changes something comes from our own pages, or from a program.

    The site of the record is another origin of the same machine: its pages may link here, not act here.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin is not None and origin != f"http://{request.headers.get('host', '')}":
        return False
    return site is None or site in OWN_SITES
