"""A whole document against the bare typesetting of the same template."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import typst
from lxml import etree as bare

from amarre.dui.core.clock import now
from amarre.dui.documents.authors import author_card
from amarre.dui.documents.clinical_document import VersionIdentifiers, build_cda
from amarre.dui.documents.identity import gate_if_qualified, printed_traits
from amarre.dui.documents.rendering import Block, DocumentContent, Issuer, Section, Signature, render_pdf
from amarre.dui.documents.rendering.pdf import STANDARD, TEMPLATES
from amarre.interop.cda import CheckContext, Target, UnstructuredBody, check, encode
from amarre.interop.common.xml import parse_foreign
from amarre.interop.terminology import document_type
from scripts.bench.house import Ground
from scripts.bench.html_way import html_to_pdf
from scripts.bench.timing import Absent, Row, Score, Work
from tests.interop.cda.documents import document as clinical_document

_TEXT = "Garder l'équilibre : marcher dix minutes par jour, avec l'aide à domicile. " * 4


def rows(ground: Ground) -> list[Row | Absent]:
    """Return the rows of the document: whole, encoding, checks, foreign XML."""
    whole, pdf = _whole(ground, render_pdf), render_pdf(_content(ground, 0))
    model = clinical_document(body=UnstructuredBody(pdf))
    data = encode(model)
    context = CheckContext(target=Target.DMP)
    return [
        Row(
            "document", whole, _bare_typst(ground), 2.2,
            "Datamatrix, PDF/A-1a of 2 pages, CDA around it, our checks, against the bare typst compilation "
            "of the same template; the text changes each time",
        ),
        _html_way(ground, whole),
        Row(
            "CDA: encode", lambda: encode(model), lambda: _copy(data), None,
            "CDA from our model, PDF inside, against lxml reading and writing the same bytes",
        ),
        Row(
            "CDA: check", lambda: check(data, context), lambda: parse_foreign(data), None,
            "hardened reading and every rule with its value sets, against the hardened reading alone",
        ),
        Row(
            "hardened XML", lambda: parse_foreign(data), lambda: bare.fromstring(data), None,
            "parse_foreign (size, depth, attributes, DTD) against lxml.etree.fromstring on the same CDA",
        ),
    ]  # fmt: skip


def _copy(data: bytes) -> bytes:
    return bare.tostring(bare.fromstring(data), xml_declaration=True, encoding="UTF-8")


def _content(ground: Ground, number: int) -> DocumentContent:
    """Return a projet of about two pages; `number` makes each one different."""
    house, dossier = ground.house, ground.dossier
    leaving = gate_if_qualified(dossier.identity, house.profile)
    return DocumentContent(
        title="Projet d'accompagnement personnalisé",
        subtitle=f"Version d'essai {number}",
        date=datetime.date(2026, 11, 20),
        reference=f"{house.profile.root_oid}.1.{number}",
        version=number,
        issuer=Issuer(house.essms.organisme.name, house.essms.name, ("Port-Amarre",), "", "FINESS 990000002"),
        traits=printed_traits(dossier.identity, leaving),
        sections=(
            Section("Attentes de la personne", (f"{_TEXT}{number}",)),
            Section(
                "Objectifs", blocks=tuple(Block(f"{n}. Objectif", (("Actions", _TEXT),)) for n in range(8))
            ),
        ),
        signature=Signature("Loïc Bremond", "infirmier", "Le 20/11/2026"),
    )


def _whole(ground: Ground, write: Callable[[DocumentContent], bytes]) -> Work:
    """Return what makes a whole document, its PDF written by `write`."""
    house, dossier = ground.house, ground.dossier
    card = author_card(house.loic, house.essms)
    root = house.profile.root_oid
    kind = document_type("80788-3")
    if kind is None:
        raise RuntimeError("the projet personnalisé is not in the document types")
    numbers = itertools.count(1)

    def whole() -> object:
        number = next(numbers)
        pdf = write(_content(ground, number))
        return build_cda(
            dossier=dossier, profile=house.profile, author=card, document_type=kind.code, pdf=pdf,
            leaving=gate_if_qualified(dossier.identity, house.profile), title="Projet d'accompagnement",
            identifiers=VersionIdentifiers(f"{root}.1.{number}", f"{root}.2.1", 1),
            validated_at=now(), act_started_at=now(),
        )  # fmt: skip

    return whole


def _bare_typst(ground: Ground) -> Callable[[], object]:
    """Return the compilation of the same template and text, prepared outside the measure."""
    numbers = itertools.count(1_000_000)
    # Read once, as ours are.
    fonts = typst.Fonts(include_system_fonts=False)
    content: dict[str, Any] = asdict(_content(ground, 0))
    content["date_iso"] = {"year": 2026, "month": 11, "day": 20}

    def compile_bare() -> object:
        content["reference"] = content["subtitle"] = str(next(numbers))
        content["sections"][0]["paragraphs"] = (f"{_TEXT}{content['reference']}",)
        return typst.compile(
            TEMPLATES / "document.typ",
            root=TEMPLATES,
            sys_inputs={"d": json.dumps(content, default=str)},
            pdf_standards=[STANDARD],
            font_paths=fonts,
        )

    if "paragraphs" not in {field.name for field in dataclasses.fields(Section)}:
        raise RuntimeError("the sections changed shape: adapt the bare side")
    return compile_bare


def _html_way(ground: Ground, whole: Work) -> Row | Absent:
    """Return our whole document against the same made from HTML, when WeasyPrint is there."""
    name, bar = "document, HTML way", 5.0
    try:
        write = html_to_pdf()
    except (ImportError, OSError) as error:
        return Absent(name, bar, f"WeasyPrint with Pango is not installed here ({type(error).__name__})")
    return Row(
        name, whole, _whole(ground, write), bar,
        "the same document, its PDF/A-1a written by WeasyPrint from an HTML page of the same layout, against "
        "ours: both with Datamatrix, CDA and checks", Score.SPEED,
    )  # fmt: skip
