"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
from pathlib import Path

import pytest

import amarre
from amarre.interop.common.errors import AmarreError, walk_error_classes

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
MODULES = [p for p in SOURCES if "migrations" not in p.parts]
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_no_module_over_600_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 600


@pytest.mark.parametrize("path", TESTS, ids=relative)
def test_no_test_module_over_1000_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 1000


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_no_function_one_must_scroll(path: Path) -> None:
    too_long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > 70
    ]
    assert too_long == []


def test_no_dumping_ground() -> None:
    names = {"utils", "helpers", "misc", "signals", "tools"}
    assert [relative(p) for p in SOURCES if p.stem in names or p.parent.name in names] == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_public_functions_of_the_kit_have_docstrings(path: Path) -> None:
    if "interop" not in path.parts:
        return
    missing = [
        node.name
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert missing == []


def import_everything() -> None:
    for module in pkgutil.walk_packages(amarre.__path__, "amarre."):
        if module.name.endswith("__main__") or ".config.settings" in module.name:
            continue
        importlib.import_module(module.name)


def product_errors() -> list[type[AmarreError]]:
    import_everything()
    return [cls for cls in walk_error_classes() if cls.__module__.startswith("amarre.")]


def test_every_error_is_complete_and_its_code_is_unique() -> None:
    seen: dict[str, str] = {}
    for cls in product_errors():
        where = f"{cls.__module__}.{cls.__qualname__}"
        assert cls.code not in seen, f"{cls.code}: {seen.get(cls.code)} and {where}"
        seen[cls.code] = where
        for name in ("phase", "fault", "retry", "effect", "what", "data_state", "advice", "contact"):
            assert getattr(cls, name, ""), f"{where} has no {name}"


def test_error_sentences_are_plain_french() -> None:
    banned = re.compile(r"veuillez|erreur est survenue|désolé|le système|oups", re.IGNORECASE)
    for cls in product_errors():
        for text in (cls.what, cls.data_state, cls.advice):
            assert not banned.search(text), f"{cls.code}: {text}"
            assert text.endswith((".", "»", ")", "}")), f"{cls.code}: {text}"


def test_no_two_errors_say_the_same_thing() -> None:
    sentences: dict[str, str] = {}
    for cls in product_errors():
        assert cls.what not in sentences, f"{cls.code} and {sentences.get(cls.what)} say the same"
        sentences[cls.what] = cls.code


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_nothing_speaks_of_a_workplace() -> None:
    forbidden = re.compile(
        r"(?<![\w.])/(work|root|farm)/|pypi\.org|npmjs|files\.pythonhosted" + "|TO" + r"DO\b|FIX" + r"ME\b"
    )
    found = []
    for path in tracked_files():
        if path.suffix in {".png", ".ttf", ".otf", ".pdf"} or "vendor" in path.parts:
            continue
        for number, line in enumerate(path.read_text(errors="ignore").splitlines(), 1):
            if forbidden.search(line) and path != Path(__file__):
                found.append(f"{relative(path)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_no_private_key_is_committed() -> None:
    marker = "-----BEGIN " + "PRIVATE KEY"
    assert [relative(p) for p in tracked_files() if marker in p.read_text(errors="ignore")] == []
