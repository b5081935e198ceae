"""The apps of the record: one folder of `amarre.dui` with an `apps.py` is one app.

A new bounded context adds its folder and nothing else; `demo` is never part of a production installation.
"""

from __future__ import annotations

from pathlib import Path

_DUI = Path(__file__).resolve().parent.parent


def found_apps(*, with_demo: bool) -> list[str]:
    """Return the dotted names of the apps present, in alphabetical order."""
    names = sorted(folder.parent.name for folder in _DUI.glob("*/apps.py"))
    return [f"amarre.dui.{name}" for name in names if with_demo or name != "demo"]


def found_urls(apps: list[str]) -> list[str]:
    """Return the dotted names of the `urls` modules of these apps, in the same order."""
    others = [app for app in apps if not app.endswith(".config")]
    return [f"{app}.urls" for app in others if (_DUI / app.rsplit(".", 1)[1] / "urls.py").exists()]
