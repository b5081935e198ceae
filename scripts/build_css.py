"""Build what every page loads: ``amarre.css`` (a subset of Bootstrap, our theme) and ``amarre.js``.

Two steps, so that only the first needs the network:

1. ``python scripts/build_css.py --bootstrap DIR`` reads ``DIR/dist/css/bootstrap.css`` (``npm pack
   bootstrap@5.3.8``, unpacked; MIT) and writes the vendored subset
   ``static/web/vendor/bootstrap/bootstrap-subset.css``: the rules of reboot, and the rules whose classes are
   all in ``KEPT`` below. Declarations that embed a ``data:`` picture are dropped (the content security policy
   allows no such image), then custom properties that nothing reads.
2. ``python scripts/build_css.py`` joins that subset and ``styles/*.css`` in order, copies the dark tokens
   under ``prefers-color-scheme``, squeezes spaces and writes ``static/web/amarre.css``; then it joins
   htmx, as vendored, and ``behaviour/*.js`` into ``static/web/amarre.js``: one request instead of two.

``--check`` builds in memory and exits 1 when a committed file differs.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "src" / "amarre" / "dui" / "web"
SUBSET = WEB / "static" / "web" / "vendor" / "bootstrap" / "bootstrap-subset.css"
BUILT = WEB / "static" / "web" / "amarre.css"
STYLES = WEB / "styles"
HTMX = WEB / "static" / "web" / "vendor" / "htmx" / "htmx.min.js"
BEHAVIOUR = WEB / "behaviour"
BUILT_JS = WEB / "static" / "web" / "amarre.js"
DARK = "[data-bs-theme=dark]"

LICENCE = (
    "/*!\n * Subset of Bootstrap v5.3.8 (https://getbootstrap.com/)\n"
    " * Copyright 2011-2025 The Bootstrap Authors\n"
    " * Licensed under MIT (vendor/bootstrap/LICENSE)\n */\n"
)

# Every Bootstrap class a template may use. A test refuses a class that is styled nowhere.
KEPT = frozenset(
    """
    btn btn-primary btn-outline-primary btn-link btn-sm
    form-control form-control-sm form-select form-select-sm form-label form-text form-check form-check-input
    form-check-label form-check-inline
    row col col-md-4 col-md-6 col-md-8 col-12 g-2 g-3
    visually-hidden visually-hidden-focusable
    d-none d-block d-flex d-inline d-inline-block d-grid d-md-none d-md-flex d-md-block d-print-none
    flex-wrap flex-column flex-fill align-items-center align-items-start align-items-end
    justify-content-between justify-content-end gap-1 gap-2 gap-3
    m-0 mb-0 mb-1 mb-2 mb-3 mb-4 mt-0 mt-1 mt-2 mt-3 mt-4 my-2 my-3 ms-auto me-2 ms-2 p-0 p-3 ps-4
    w-100 w-auto text-end text-center text-nowrap text-break fw-normal fw-bold list-unstyled
    """.split()
)
# Reboot styles elements we never emit and vendor quirks of browsers that are gone.
DROPPED_ELEMENTS = re.compile(r"^(?:address|sub|sup|kbd|samp|iframe|output|dfn|img)\b")
CLASS = re.compile(r"\.((?:\\.|[\w-])+)")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def strip_comments(css: str) -> str:
    """Return `css` without its comments."""
    return re.sub(r"/\*.*?\*/", "", css, flags=re.S)


def blocks(css: str) -> list[tuple[str, str]]:
    """Split `css` into top-level (prelude, body) pairs; bodies of at-rules keep their inner rules."""
    found: list[tuple[str, str]] = []
    depth = start = opened = 0
    for position, char in enumerate(css):
        if char == "{":
            depth += 1
            if depth == 1:
                opened = position
        elif char == "}":
            depth -= 1
            if depth == 0:
                found.append((css[start:opened].strip(), css[opened + 1 : position]))
                start = position + 1
        elif char == ";" and depth == 0:  # @charset, @import
            start = position + 1
    return found


def selector_is_kept(selector: str) -> bool:
    """Say whether one selector of Bootstrap styles something we use."""
    selector = selector.strip()
    if "::-moz-focus" in selector or "::-webkit" in selector and ".form" not in selector:
        return False
    names = CLASS.findall(selector)
    if names:
        return all(name in KEPT for name in names)
    return DROPPED_ELEMENTS.match(selector) is None


def filter_rules(css: str) -> str:
    """Return the rules of `css` (no at-rule inside) whose selectors are kept, without ``data:`` pictures."""
    kept: list[str] = []
    for prelude, body in RULE.findall(css):
        selectors = [part.strip() for part in prelude.split(",") if selector_is_kept(part)]
        declarations = [d.strip() for d in split_declarations(body) if d.strip() and "data:" not in d]
        if selectors and declarations:
            kept.append(f"{','.join(selectors)}{{{';'.join(declarations)}}}")
    return "\n".join(kept)


def split_declarations(body: str) -> list[str]:
    """Split the body of a rule at semicolons that are outside parentheses and quotes."""
    return re.findall(
        r"(?:\"[^\"]*\"|'[^']*'|\((?:[^()\"']|\"[^\"]*\"|'[^']*'|\([^()]*\))*\)|[^;\"'(])+", body
    )


def make_subset(bootstrap: str) -> str:
    """Return the subset of the full style sheet `bootstrap` described by ``KEPT``."""
    parts: list[str] = []
    for prelude, body in blocks(strip_comments(bootstrap)):
        if prelude.startswith("@media"):
            inner = filter_rules(body)
            if inner:
                parts.append(f"{prelude}{{\n{inner}\n}}")
        elif prelude == DARK or prelude.startswith("@keyframes"):
            continue  # dark colours are ours; nothing moves
        elif not prelude.startswith("@"):
            rule = filter_rules(f"{prelude}{{{body}}}")
            if rule:
                parts.append(rule)
    return LICENCE + "\n".join(parts) + "\n"


def drop_unread_properties(css: str) -> str:
    """Remove declarations of ``--bs-*`` custom properties that no ``var()`` reads, until nothing changes."""
    while True:
        read = set(re.findall(r"var\(\s*(--[\w-]+)", css))
        unread = {name for name in re.findall(r"(?<=[{;])(--bs-[\w-]+):", css) if name not in read}
        smaller = css
        for name in unread:
            smaller = re.sub(rf"(?<=[{{;]){re.escape(name)}:[^;{{}}]*(?:;|(?=\}}))", "", smaller)
        smaller = re.sub(r"[^{}@;]+\{\}", "", smaller)
        if smaller == css:
            return css
        css = smaller


def squeeze(css: str) -> str:
    """Return `css` without comments (except ``/*!``) nor superfluous spaces."""
    css = re.sub(r"/\*(?!!).*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    css = re.sub(r"([{;][\w-]+)\s*:\s*", r"\1:", css)
    return css.replace(";}", "}").replace("*/ ", "*/\n").strip() + "\n"


def with_system_dark(css: str) -> str:
    """Repeat the rule of dark tokens for a system in dark mode, when the user chose nothing."""
    match = re.search(re.escape(DARK) + r"\s*\{([^{}]*)\}", css)
    if match is None:
        raise SystemExit(f"styles: no rule {DARK}")
    copy = f"@media (prefers-color-scheme:dark){{:root:not([data-bs-theme]){{{match[1]}}}}}"
    return css[: match.end()] + "\n" + copy + css[match.end() :]


def build() -> str:
    """Return the whole style sheet: vendored subset, then ``styles/*.css`` in name order."""
    theme = "\n".join(path.read_text("utf-8") for path in sorted(STYLES.glob("*.css")))
    subset = squeeze(SUBSET.read_text("utf-8"))
    return drop_unread_properties(subset + squeeze(with_system_dark(theme)))


def build_js() -> str:
    """Return the whole script: htmx as vendored (0BSD), then ``behaviour/*.js`` in name order."""
    ours = [path.read_text("utf-8") for path in sorted(BEHAVIOUR.glob("*.js"))]
    return "\n".join([HTMX.read_text("utf-8").rstrip(), *ours])


def main() -> int:
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bootstrap", type=Path, metavar="DIR", help="unpacked npm package bootstrap@5.3.8")
    parser.add_argument("--check", action="store_true", help="exit 1 when the committed style sheet is stale")
    options = parser.parse_args()
    if options.bootstrap:
        source = (options.bootstrap / "dist" / "css" / "bootstrap.css").read_text("utf-8")
        SUBSET.write_text(make_subset(source), "utf-8")
    wanted = {BUILT: build(), BUILT_JS: build_js()}
    if options.check:
        return int(any(path.read_text("utf-8") != text for path, text in wanted.items()))
    for path, text in wanted.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
