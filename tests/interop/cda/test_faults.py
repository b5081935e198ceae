"""Faulty documents are refused, each with a sentence that says what, where and what to do."""

from __future__ import annotations

import random

import pytest

from amarre.interop import cda
from amarre.interop.cda import structured as n3
from tests.interop.cda.faults import N1, SEED, Fault, context, faults, original

# make conformance judges them all, and compares with the official suite.
DRAWN = 180


def drawn(base: str) -> list[Fault]:
    """Return the faults of one document; of the structured ones, a fixed sample."""
    every = faults()
    if base != N1:
        every = tuple(random.Random(SEED).sample([item for item in every if item.base != N1], DRAWN))
    return [item for item in every if item.base == base]


def test_there_are_enough_of_them() -> None:
    found = faults()
    assert len(found) >= 600
    assert [(item.base, item.name) for item in found] == [(item.base, item.name) for item in faults()]
    assert {item.base for item in found} == {N1, *(model.name for model in n3.MODELS)}


@pytest.mark.parametrize("base", [N1, *(model.name for model in n3.MODELS)])
def test_the_sound_document_is_accepted(base: str) -> None:
    assert cda.require_acceptable(original(base), context()) == ()


@pytest.mark.parametrize("base", [N1, *(model.name for model in n3.MODELS)])
def test_every_fault_is_refused_and_explained(base: str) -> None:
    for fault in drawn(base):
        with pytest.raises(cda.CdaNotAcceptable) as refusal:
            cda.require_acceptable(fault.document(), context())
        for finding in refusal.value.findings:
            assert finding.where.startswith("ClinicalDocument"), fault
            assert finding.place, fault
            assert len(finding.message) > 15, fault
            assert len(finding.advice) > 15, fault
            assert "{" not in finding.message, fault
