"""Version of the software, as written in traces and in the messages of the national services."""

from __future__ import annotations

from importlib.metadata import version

SOFTWARE_VERSION = version("amarre")
