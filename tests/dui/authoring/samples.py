"""What a person would type in each template, for tests that go through all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from amarre.dui.authoring.blocks import CHOICE, DATE, TEXT, Block, Shown
from amarre.dui.authoring.catalogue import Template
from tests.dui.authoring.structured.samples import STRUCTURED

ADDRESSEE = "Docteur Aminata SOW\nMaison de santé du Port\n99100 Port-Amarre"


def _text(block: Block) -> dict[str, Any]:
    if block.shown is Shown.RECIPIENT:
        return {"text": ADDRESSEE}
    if block.shown is Shown.SUBJECT:
        return {"text": "Demande de rendez-vous"}
    return {"text": f"{block.title} : ce qui a été dit.\nPuis la suite, « entre guillemets » ; 3 %."}


# Kind of block → a content that says something. A new kind adds its own.
SAMPLES: dict[str, Callable[[Block], dict[str, Any]]] = {
    TEXT: _text,
    CHOICE: lambda block: {"value": block.choices[0][0]},
    DATE: lambda block: {"date": "2026-11-18"},
    **STRUCTURED,
}


def contents_of(template: Template) -> dict[str, dict[str, Any]]:
    """Return a whole document of `template`, every block filled."""
    return {block.key: SAMPLES[block.kind](block) for block in template.blocks}
