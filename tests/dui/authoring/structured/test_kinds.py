"""Structured blocks: words and codes from one content, nothing invented, nothing lost, faults told."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from lxml import etree

from amarre.dui.authoring import blocks
from amarre.dui.authoring.blocks import Block, kind_of
from amarre.dui.authoring.catalogue import TEMPLATES, Level, Template, template_of
from amarre.dui.authoring.printed import first_problem, missing_blocks, printed_parts
from amarre.dui.authoring.structured import KINDS
from amarre.dui.authoring.structured.body import structured_content
from amarre.dui.documents.rendering.content import Section as PrintedSection
from amarre.interop import cda
from amarre.interop.cda import structured as n3
from tests.dui.authoring.samples import SAMPLES
from tests.dui.authoring.structured.samples import WHOLE, contents
from tests.interop.cda.documents import document

N3 = [template for template in TEMPLATES if template.level is Level.N3]
VARIANTS = ("plein", "minimal", "difficile")
NS = {"h": "urn:hl7-org:v3"}


def block(kind: str, **more: Any) -> Block:
    return Block(key="b", title="Titre du bloc", kind=kind, **more)


def texts(one: Block) -> dict[str, Any]:
    return SAMPLES[one.kind](one)


def encoded(template: Template, variant: str) -> etree._Element:
    """The CDA of a template, as the kit writes it."""
    found = structured_content(template, contents(template, variant, texts))
    assert found is not None
    event = document().service_event
    data = cda.encode(
        document(
            body=n3.complete(found.model, found.sections),
            type_code=next(code for code in found.model.type_codes if code.code == template.type_code),
            title=template.label,
            service_event=dataclasses.replace(event, code=found.model.service_code),
            participants=found.participants,
            informants=found.informants,
        )
    )
    assert cda.require_acceptable(data) == ()
    return etree.fromstring(data)


def words_of(section: PrintedSection) -> list[str]:
    found = [*section.paragraphs]
    for table in section.tables:
        found += [table.caption, *table.columns, *(cell for row in table.rows for cell in row)]
    return [word for word in found if word]


@pytest.mark.parametrize("template", N3, ids=lambda template: template.key)
@pytest.mark.parametrize("variant", VARIANTS)
def test_what_is_printed_is_what_is_encoded(template: Template, variant: str) -> None:
    given = contents(template, variant, texts)
    assert missing_blocks(template, given) == ()
    assert first_problem(template, given) is None
    root = encoded(template, variant)
    said = [" ".join(str(text).split()) for text in root.xpath("//h:section/h:text//text()", namespaces=NS)]
    printed = [word for section in printed_parts(template, given).sections for word in words_of(section)]
    assert printed
    for word in printed:
        flat = " ".join(word.split())
        # Words of the header stand under the title of their block.
        assert any(flat == item or item.endswith(f" : {flat}") for item in said), word


@pytest.mark.parametrize("template", N3, ids=lambda template: template.key)
def test_every_block_reaches_the_structured_document(template: Template) -> None:
    """No block of a structured document is only on the paper."""
    for one in template.blocks:
        assert one.section is not None, one.key
        assert kind_of(one).cda_section(one, contents(template, "plein", texts)[one.key]) is not None


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_nothing_typed_says_nothing(kind: str) -> None:
    asked = blocks.kind_of(block(kind))
    for content in ({}, {"lines": []}, {"lines": [{}]}, {"lines": "x", "answers": 3, "values": []}):
        assert asked.is_empty(block(kind), content)
        assert asked.printed(block(kind), content) is None
        assert asked.cda_section(block(kind), content) is None
        assert asked.problems(block(kind), content) == ()
        assert asked.participants(block(kind), content) == ()
        assert asked.informants(block(kind), content) == ()


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_block_that_is_only_printed_is_printed_alike(kind: str) -> None:
    asked = blocks.kind_of(block(kind))
    assert asked.printed(block(kind), WHOLE[kind])
    assert asked.cda_section(block(kind), WHOLE[kind]) is None


def test_nothing_known_is_what_was_ticked_and_not_the_other() -> None:
    treatments = block("traitements", section=n3.SectionKind.TRAITEMENTS)
    none = kind_of(treatments).cda_section(treatments, {"state": "none"})
    unknown = kind_of(treatments).cda_section(treatments, {"state": "unknown"})
    assert none is not None
    assert unknown is not None
    codes = [entry.code.code for found in (none, unknown) for entry in found.entries]  # type: ignore[union-attr]
    assert codes == ["no-known-medications", "no-medication-info"]
    allergies = block("allergies", section=n3.SectionKind.ALLERGIES)
    found = kind_of(allergies).cda_section(allergies, {"state": "none"})
    assert found is not None
    assert found.entries[0].code.code == "no-known-allergies"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("traitements", {"lines": [{"dose": "1 comprimé"}]}, "ligne 1, il manque « Médicament »."),
        (
            "traitements",
            {"state": "none", "lines": [{"name": "Paracétamol"}]},
            "vous avez coché « Aucun traitement connu » et écrit une ligne. Gardez l'un des deux.",
        ),
        (
            "traitements",
            {"lines": [{"name": "A", "start": "2026-11", "end": "2026-10-31"}]},
            "ligne 1, la fin est avant le début.",
        ),
        (
            "traitements",
            {"lines": [{"name": "A", "start": "hier"}]},
            "ligne 1, « Depuis » ne peut pas être lu.",
        ),
        ("traitements", {"lines": [{"name": "A", "route": "1"}]}, "ligne 1, « Voie » ne peut pas être lu."),
        ("traitements", {"lines": [{"name": "A" * 501}]}, "ligne 1, « Médicament » ne peut pas être lu."),
        ("traitements", {"lines": [{"name": "A"}] * 61}, "60 lignes au plus."),
        (
            "traitements",
            {"note": "Pilulier."},
            "écrivez au moins une ligne, ou cochez « Aucun traitement connu » ou « Information non connue ».",
        ),
        ("suites", {"lines": [{"label": "Cardiologue"}]}, "ligne 1, il manque « Type »."),
        ("constantes", {"values": {"29463-7": "lourd"}}, "poids, « lourd » n'est pas un nombre."),
        ("constantes", {"values": {"29463-7": "6250"}}, "poids, 6250 kg : vérifiez la saisie et l'unité."),
        ("constantes", {"day": "x", "values": {"29463-7": "62"}}, "la date ne peut pas être lue."),
        ("autonomie", {"day": "demain"}, "la date ne peut pas être lue."),
        (
            "directives",
            {"where": "au coffre"},
            "dites d'abord si la personne a rédigé des directives anticipées.",
        ),
        (
            "medecin_traitant",
            {"family": "Sow"},
            "indiquez son numéro RPPS, 11 chiffres (annuaire.sante.fr).",
        ),
        (
            "hopital",
            {"name": "CH", "finess": "12"},
            "le numéro FINESS compte 9 caractères ; laissez-le vide si vous ne l'avez pas.",
        ),
        ("contacts", {"lines": [{"family": "Durand"}]}, "ligne 1, il manque « Rôle »."),
    ],
)
def test_what_cannot_be_filed_is_told(kind: str, content: dict[str, Any], said: str) -> None:
    assert said in kind_of(block(kind)).problems(block(kind), content)


def test_header_of_an_emergency_file() -> None:
    root = encoded(template_of("dlu"), "plein")
    functions = root.xpath("h:participant/h:functionCode/@code", namespaces=NS)
    assert functions == ["PCP", "ES-PREF"]
    assert root.xpath("h:informant/h:relatedEntity/@classCode", namespaces=NS) == ["ECON", "NOK"]
    assert root.xpath("h:informant/h:relatedEntity/h:code/@code", namespaces=NS) == ["DAUC", "NBOR"]
    vigilance = root.xpath("//h:section[h:code/@code='44944-7']/h:text/h:paragraph/text()", namespaces=NS)
    assert "Médecin traitant : Dr Aminata Sow, RPPS 99700000013, téléphone 01 99 00 12 12" in vigilance


def test_a_hospital_without_its_number_is_said_and_not_coded() -> None:
    hospital = block("hopital", section=n3.SectionKind.POINTS_VIGILANCE)
    content = {"name": "CH de Port-Amarre", "city": "Port-Amarre"}
    assert kind_of(hospital).participants(hospital, content) == ()
    found = kind_of(hospital).cda_section(hospital, content)
    assert found is not None
    assert found.notes == ("CH de Port-Amarre, Port-Amarre",)


def test_an_answer_that_is_not_given_is_not_written() -> None:
    autonomy = block("autonomie", section=n3.SectionKind.STATUT_FONCTIONNEL)
    found = kind_of(autonomy).cda_section(autonomy, {"answers": {"161898004": {"value": "no"}}})
    assert found is not None
    (panel,) = found.entries
    assert isinstance(panel, n3.Survey)
    assert [(answer.label, answer.value) for answer in panel.answers] == [("chutes", False)]
