"""What other houses had put in the simulated DMP: readable documents, found by their registry."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from amarre.cast import usager
from amarre.cast.dmp_history import HISTORY, PastDocument
from amarre.interop.cda import CheckContext, Target, check, extract_body
from amarre.interop.cda.display import display
from amarre.interop.terminology import ValueSetId, value_set
from amarre.sandbox.app import Sandbox
from amarre.sandbox.services.dmp.history import clinical_document
from amarre.sandbox.settings import SandboxSettings, from_environment

NOW = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.UTC)
# What an older house does: sections without a national template, a PDF that is no PDF/A.
KNOWN_GAPS = {"CDA-R80", "CDA-R73"}


@pytest.mark.parametrize("document", HISTORY, ids=lambda one: f"{one.usager}-{one.kind[0]}")
def test_each_document_can_be_read(document: PastDocument) -> None:
    data = clinical_document(document, usager(document.usager), 1, NOW)
    context = CheckContext(target=Target.CISIS, now=NOW)
    assert {finding.rule for finding in check(data, context)} <= KNOWN_GAPS
    shown = display(data)
    assert shown.remarks == ()
    assert bool(shown.sections) is not document.as_file
    if document.as_file:
        assert extract_body(data).startswith(b"%PDF-")
    assert value_set(ValueSetId.DMP_TYPE_CODE).find(document.kind[0])
    assert value_set(ValueSetId.DMP_CLASS_CODE).find(document.group[0])
    assert value_set(ValueSetId.DMP_FACILITY_TYPE).find(document.author.facility[0])
    assert value_set(ValueSetId.DMP_PRACTICE_SETTING).find(document.author.setting[0])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    settings = SandboxSettings(
        data_dir=tmp_path_factory.mktemp("sandbox"), plain_port=0, https_port=0, durable=False,
        structures=(), dmp_history=True,
    )  # fmt: skip
    with Sandbox(settings, services=("dmp",)) as sandbox:
        yield sandbox


def held(sandbox: Sandbox) -> int:
    return len(sandbox.store.keys("dmp", "document/"))


def test_they_are_there_once_and_come_back_after_a_reset(running: Sandbox) -> None:
    assert held(running) == len(HISTORY)
    running.reset()
    assert held(running) == len(HISTORY)
    state = running.state()["dmp"]
    assert state == {"documents": {}, "signatures": {}}


def test_a_setting_leaves_the_dmp_empty() -> None:
    assert not from_environment({"AMARRE_SANDBOX_DMP_HISTORY": "0", "AMARRE_SANDBOX_DATA": "x"}).dmp_history
    assert from_environment({"AMARRE_SANDBOX_DATA": "x"}).dmp_history
    assert not SandboxSettings(data_dir=Path("x")).dmp_history
