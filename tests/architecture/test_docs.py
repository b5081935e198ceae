"""The documentation says what exists: links, paths, commands, settings, codes, identifiers, examples."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GENERATED = {
    "reponses-anormales.md",
    "erreurs.md",
    "parametres.md",
    "commandes.md",
    "verbes-journal.md",
    "terminologies.md",
}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")


def pages() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted({ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()})


PAGES = pages()
HAND_WRITTEN = [page for page in PAGES if page.name not in GENERATED]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def codes(page: Path) -> list[str]:
    """Return what is written as code: spans, then lines of blocks."""
    text = page.read_text("utf-8")
    blocks = [line.strip() for _, body in FENCE.findall(text) for line in body.splitlines()]
    return CODE.findall(FENCE.sub("", text)) + blocks


def slug(heading: str) -> str:
    """Return the anchor code hosts give to a heading."""
    plain = re.sub(r"[`*]", "", heading)
    return "".join(c for c in plain.lower() if c.isalnum() or c in " -_").replace(" ", "-")


def anchors(page: Path) -> set[str]:
    text = FENCE.sub("", page.read_text("utf-8"))
    return {slug(line.lstrip("#").strip()) for line in text.splitlines() if line.startswith("#")}


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_resolve(page: Path) -> None:
    broken = []
    for target in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=relative)
def test_paths_named_exist(page: Path) -> None:
    """A path of the tree; `<…>`, `*` and `…` stand for any name."""
    wrong = []
    for span in codes(page):
        for path in re.findall(
            r"(?<![\w/.<$-])((?:src|tests|scripts|docs|requirements|changes)/[^\s`'\",;:()]*)", span
        ):
            plain = path.rstrip("./")
            if not re.search(r"[<>*…{}]", plain) and not (ROOT / plain).exists():
                wrong.append(path)
    assert wrong == []


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_make_targets_exist(page: Path) -> None:
    named = {name for span in codes(page) for name in re.findall(r"(?:^|\s)make ([a-z][a-z-]*)", span)}
    assert named - make_targets() == set()


def commands_known() -> set[str]:
    """Return « ins key », « sandbox », « manage worker »…, from the generated page."""
    text = (ROOT / "docs" / "reference" / "commandes.md").read_text("utf-8")
    return set(re.findall(r"^#+ `amarre ([^`]+)`", text, re.MULTILINE))


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=relative)
def test_amarre_commands_exist(page: Path) -> None:
    from django.core.management import get_commands

    known, unknown = commands_known(), []
    for span in codes(page):
        for words in re.findall(r"(?:^|[\s/=])amarre ((?:[a-z][a-z_|-]*(?: |$))+)", span):
            first, *rest = words.split()
            if first == "manage" and rest:
                found = rest[0] in get_commands()
            elif rest and any(name.startswith(f"{first} ") for name in known):
                found = all(f"{first} {one}" in known for one in rest[0].split("|"))
            else:
                found = first in known
            if not found:
                unknown.append(words)
    assert unknown == []


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=relative)
def test_modules_and_names_exist(page: Path) -> None:
    missing = [
        name
        for span in codes(page)
        for name in re.findall(r"(?<![\w.@/])(amarre(?:\.[A-Za-z_]\w*)+)(?![\w/@-])", span)
        if not re.fullmatch(r"amarre\.[EW]\d+", name) and not resolves(name)
    ]
    assert missing == []


def resolves(name: str) -> bool:
    parts = name.split(".")
    for size in range(len(parts), 0, -1):
        module = ".".join(parts[:size])
        if ".config.settings." in module:
            return (ROOT / "src" / Path(*module.split("."))).with_suffix(".py").exists()
        try:
            found: object = importlib.import_module(module)
        except ModuleNotFoundError:
            continue
        for attribute in parts[size:]:
            if not hasattr(found, attribute):
                return False
            found = getattr(found, attribute)
        return True
    return False


def variables_read() -> set[str]:
    read = set()
    for folder in ("src", "scripts", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            if path != Path(__file__):
                read |= set(re.findall(r"\b(?:AMARRE_[A-Z_]+|DATABASE_URL)\b", path.read_text("utf-8")))
    return read


@pytest.mark.parametrize("page", [*HAND_WRITTEN, ROOT / ".env.example"], ids=relative)
def test_variables_are_read_by_the_code(page: Path) -> None:
    named = set(re.findall(r"\b(?:AMARRE_[A-Z_]*[A-Z]|DATABASE_URL)\b(?![{*<])", page.read_text("utf-8")))
    known = variables_read()
    # A name that ends where a list of endings begins is a prefix.
    unknown = {name for name in named if not {name, name.removesuffix("_FILE")} & known}
    assert {name for name in unknown if not _prefix(name, known)} == set()


def _prefix(name: str, known: set[str]) -> bool:
    return any(other.startswith(f"{name}_") for other in known)


def error_codes() -> set[str]:
    return set(
        re.findall(
            r"^### ([A-Z]+-\d+)$", (ROOT / "docs/reference/erreurs.md").read_text("utf-8"), re.MULTILINE
        )
    )


@pytest.mark.parametrize(
    "page", [p for p in HAND_WRITTEN if "guide" in p.parts or "adr" in p.parts], ids=relative
)
def test_error_codes_exist(page: Path) -> None:
    families = {code.split("-")[0] for code in error_codes()}
    named = set(re.findall(r"\b([A-Z]{3,4}-\d{3})\b", page.read_text("utf-8")))
    assert {code for code in named if code.split("-")[0] in families} - error_codes() == set()


def test_every_error_family_has_its_questions() -> None:
    text = (ROOT / "docs" / "guide" / "questions-frequentes.md").read_text("utf-8")
    families = {code.split("-")[0] for code in error_codes()}
    rows = set(re.findall(r"^\| ([A-Z]+) \|", text, re.MULTILINE))
    assert rows == families


def words_of_the_screens() -> str:
    """Return every text of the record, spaces and apostrophes made alike."""
    folder = ROOT / "src" / "amarre"
    files = [*folder.rglob("*.html"), *(folder / "dui").rglob("*.py"), *(folder / "sandbox").rglob("*.py")]
    texts = (re.sub(r"<abbr[^>]*>|</abbr>", "", path.read_text("utf-8")) for path in files)
    # A sentence cut in two literals is one sentence.
    return plain(" ".join(re.sub(r'["\'"]\s*\n\s*f?["\']', "", text) for text in texts))


def plain(text: str) -> str:
    return " ".join(text.replace("\u2019", "'").replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize("page", [p for p in HAND_WRITTEN if "guide" in p.parts], ids=relative)
def test_the_guide_names_what_the_screens_show(page: Path) -> None:
    """In the guide, bold is a word of the screen, letter for letter."""
    screens = words_of_the_screens()
    bold = re.findall(r"\*\*([^*]+)\*\*", FENCE.sub("", page.read_text("utf-8")))
    assert [words for words in bold if plain(words) not in screens] == []


def examples() -> list[object]:
    text = (ROOT / "README.md").read_text("utf-8")
    bodies = [body for language, body in FENCE.findall(text) if language == "python"]
    assert len(bodies) >= 2, "the README shows the kit alone and the sandbox alone"
    return [pytest.param(body, id=f"example {number}") for number, body in enumerate(bodies, 1)]


@pytest.mark.parametrize("body", examples())
def test_examples_of_the_readme_run(body: str, tmp_path: Path) -> None:
    """In another process and another folder, as a reader would."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", body], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "django" not in done.stderr


def test_situations_named_exist() -> None:
    text = "".join(page.read_text("utf-8") for page in HAND_WRITTEN)
    named = set(re.findall(r'choose\("(?:\w+)", "([\w-]+)"', text)) | set(
        re.findall(r'"name": "([\w-]+)"', text)
    )
    sandbox = "".join(path.read_text("utf-8") for path in (ROOT / "src/amarre/sandbox").rglob("*.py"))
    assert named
    assert {name for name in named if f'"{name}": "' not in sandbox} == set()


def test_glossary_covers_the_words_of_the_house() -> None:
    rows = [
        line
        for line in (ROOT / "docs/reference/glossary.md").read_text("utf-8").splitlines()
        if line.startswith("| ")
    ]
    words = [row.split("|")[1].strip() for row in rows[1:]]
    assert len(words) == len(set(words))
    assert all(CODE.findall(row.split("|")[2]) for row in rows[1:])


def test_extras_named_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    text = "".join(page.read_text("utf-8") for page in HAND_WRITTEN)
    named = {
        name for group in re.findall(r"pip install [\"']?\.\[([a-z,]+)\]", text) for name in group.split(",")
    }
    assert named <= set(project["optional-dependencies"])


DIGEST = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
import generate_docs as docs
with docs.clean_environment({}):
    docs.start_django()
    for path, make in docs.PAGES.items():
        print(path, hashlib.sha256(make().encode()).hexdigest())
"""


def test_generated_pages_do_not_depend_on_the_machine(tmp_path: Path) -> None:
    def digests(folder: Path, seed: str, **env: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", DIGEST, str(ROOT / "scripts")],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed, **env},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    hostile = {"AMARRE_VAR_DIR": str(tmp_path / "var"), "AMARRE_LEASE_SECONDS": "7", "COLUMNS": "40"}
    assert digests(ROOT, "1") == digests(tmp_path, "2", **hostile)
