"""The simulated site of the DMP: it judges the link that leads to it, and names who the link names."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from amarre.cast import usager
from amarre.sandbox.app import Sandbox
from amarre.sandbox.settings import SandboxSettings

QUERE = usager("marie-therese-quere")
INS = QUERE.matricule + QUERE.cle


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder: Path = tmp_path_factory.mktemp("sandbox")
    settings = SandboxSettings(
        data_dir=folder, plain_port=0, https_port=0, durable=False, structures=(), dmp_history=False
    )
    with Sandbox(settings, services=("dmp",)) as sandbox:
        yield sandbox


def follow(sandbox: Sandbox, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    request = urllib.request.Request(f"{sandbox.plain_url}/dmp-en-ligne{path}", headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_the_link_opens_on_the_person(running: Sandbox) -> None:
    status, page = follow(running, f"/AccesDirect/TableauDeBord/{INS}")
    assert status == 200
    assert "QUÉRÉ" in page or QUERE.nom_naissance in page
    assert "FICTIF" in page
    assert running.journal.list("dmp")[0].verdict.accepted


@pytest.mark.parametrize(
    "path",
    [f"/AccesDirect/Ailleurs/{INS}", "/AccesDirect/TableauDeBord/123", "/", "/AccesDirect", "/%00/%3Cb%3E/x"],
)
def test_another_address_leads_nowhere(running: Sandbox, path: str) -> None:
    status, page = follow(running, path)
    assert status == 404
    assert "<b>x" not in page
    assert not running.journal.list("dmp")[0].verdict.accepted


def test_where_the_link_comes_from_is_remarked(running: Sandbox) -> None:
    follow(running, f"/AccesDirect/TableauDeBord/{INS}", {"Referer": "https://dui.example/dossiers/1/"})
    verdict = running.journal.list("dmp")[0].verdict
    assert verdict.accepted
    assert [remark.rule for remark in verdict.remarks if not remark.passed] == ["web.referrer"]


def test_the_style_is_served(running: Sandbox) -> None:
    assert follow(running, "/style.css")[0] == 200
