"""The style sheet is the one its sources give, and styles every class the templates use."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
DUI = ROOT / "src" / "amarre" / "dui"
CSS = DUI / "web" / "static" / "web" / "amarre.css"


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_css", ROOT / "scripts" / "build_css.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_committed_style_sheet_is_the_built_one(builder: ModuleType) -> None:
    assert CSS.read_text("utf-8") == builder.build()


def test_committed_script_is_the_built_one(builder: ModuleType) -> None:
    assert builder.BUILT_JS.read_text("utf-8") == builder.build_js()


def test_style_sheet_loads_nothing() -> None:
    css = CSS.read_text("utf-8")
    assert "url(" not in css
    assert "@import" not in css


def test_licence_of_bootstrap_stays_in_the_style_sheet() -> None:
    assert "Licensed under MIT" in CSS.read_text("utf-8")[:400]


def test_unread_custom_properties_are_dropped(builder: ModuleType) -> None:
    css = "a{--bs-x:1;--bs-y:2;color:var(--bs-y)}b{--bs-z:3}"
    assert builder.drop_unread_properties(css) == "a{--bs-y:2;color:var(--bs-y)}"


def used_classes() -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for path in DUI.rglob("templates/**/*.html"):
        text = re.sub(r"\{[%#].*?[%#]\}|\{\{.*?\}\}", "§", path.read_text("utf-8"), flags=re.DOTALL)
        for value in re.findall(r'\bclass="([^"]*)"', text):
            found |= {
                (name, path.name) for name in value.split() if re.fullmatch(r"[a-z][\w-]*[a-z0-9]", name)
            }
    return found


def test_every_class_of_the_templates_is_styled() -> None:
    styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", CSS.read_text("utf-8")))
    assert sorted((n, f) for n, f in used_classes() if n not in styled) == []
