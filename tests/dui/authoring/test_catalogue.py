"""The catalogue against the official value sets, and what every template owes its author."""

from __future__ import annotations

import pytest

from amarre.dui.authoring import block_forms, blocks
from amarre.dui.authoring.catalogue import TEMPLATES, Template, find_template, template_of
from amarre.interop.cda.structured import SectionKind
from amarre.interop.terminology import ValueSetId, document_type, value_set

EVERY = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)


@EVERY
def test_type_code_is_official(template: Template) -> None:
    kind = document_type(template.type_code)
    assert kind is not None
    assert value_set(ValueSetId.TYPE_CODE).find(template.type_code, kind.code.system) is not None
    # Every document of the catalogue may be deposited, so the DMP must take its type.
    assert kind.in_dmp
    assert value_set(ValueSetId.DMP_TYPE_CODE).find(template.type_code, kind.code.system) is not None


@EVERY
def test_structured_model_has_the_type(template: Template) -> None:
    if template.model is None:
        assert all(block.section is None for block in template.blocks)
        return
    assert template.type_code in {code.code for code in template.model.type_codes}
    allowed = set(template.model.sections)
    filled = {block.section for block in template.blocks if block.section is not None}
    assert filled <= allowed, filled - allowed
    silent = set(template.model.mandatory) - filled
    # What no block fills is what the kit or a structured block says by itself.
    assert silent <= {SectionKind.STATUT_DOCUMENT, SectionKind.DOCUMENTS_AJOUTES}


@EVERY
def test_words_for_the_author(template: Template) -> None:
    assert template.label
    assert template.what.endswith(".")
    assert len(template.what) <= 100
    assert template.who
    assert any(block.required for block in template.blocks)
    keys = [block.key for block in template.blocks]
    assert len(keys) == len(set(keys))
    for block in template.blocks:
        assert blocks.kind_of(block)
        assert block_forms.form_of(block, {}).block is block


@EVERY
def test_signers_are_professions(template: Template) -> None:
    for code in template.signers:
        assert value_set(ValueSetId.AUTHOR_SPECIALTY).find(code) is not None, code


def test_keys_are_unique_and_found() -> None:
    assert len({template.key for template in TEMPLATES}) == len(TEMPLATES)
    assert template_of("courrier").label == "Courrier"
    assert find_template("inconnu") is None


def test_a_prescription_asks_for_a_prescriber() -> None:
    template = template_of("prescription_soins")
    assert template.may_be_signed_by("G15_10/SM54")
    assert not template.may_be_signed_by("326")
    # A nurse in advanced practice prescribes care, a nurse does not.
    assert template.may_be_signed_by("G15_60/SI01")
    assert not template.may_be_signed_by("G15_60")
