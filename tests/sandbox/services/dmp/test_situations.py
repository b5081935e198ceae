"""Every situation of the guide can be met, and gives the answer it announces."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from lxml import etree

from amarre.cast import USAGERS
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.services.dmp.guide import Situation, guide, situations
from amarre.sandbox.services.dmp.queries import _like
from tests.hostile.limits import bounded
from tests.sandbox.services.dmp import messages
from tests.sandbox.services.dmp.messages import STRUCTURE, Caller, Paper

Answer = tuple[int, dict[str, str], bytes]
BASE = "/si-dmp-server/v2/services"
FIND = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
# Situations of reading, whose code comes on a reading and not on a deposit.
READING = frozenset({"matrice-habilitation", "document-masque", "autorisation-expiree"})
PLAYED = [item for item in situations() if item.scenario and item.code]


def test_the_guide_names_what_exists(sandbox: Sandbox) -> None:
    known = sandbox.scenario_names("dmp")
    people = {usager.key for usager in USAGERS}
    for item in situations():
        assert not item.scenario or item.scenario in known, item.situation
        assert not item.person or item.person in people, item.situation
        assert item.source
        assert item.how.endswith(".")
    told = {item.scenario for item in situations()}
    own = set(known) - {"reponse-lente", "reponse-perdue", "coupure-avant", "reponse-tronquee"}
    slow = {"reponse-goutte-a-goutte", "reponse-geante", "reponse-illisible", "changement-perdu"}
    assert own - slow - told == set()


@pytest.mark.parametrize("item", PLAYED, ids=lambda item: item.scenario)
def test_a_situation_played_gives_its_code(
    sandbox: Sandbox, call: Callable[..., Answer], item: Situation
) -> None:
    caller = Caller(sandbox.pki.paths(Use.DMP_SIGNATURE, STRUCTURE), sandbox.clock.now())
    tls = sandbox.pki.paths(Use.DMP_AUTHENTICATION, STRUCTURE)
    kind, body = messages.deposit(caller, Paper(1))
    path = f"{BASE}/repository"
    if item.scenario in READING:
        call("POST", path, body, certificate=tls, content_type=kind)
        card = messages.card_of(sandbox.settings.data_dir, caller)
        kind = "application/soap+xml; charset=UTF-8"
        body = messages.envelope(
            "urn:ihe:iti:2007:RetrieveDocumentSet",
            '<x:RetrieveDocumentSetRequest xmlns:x="urn:ihe:iti:xds-b:2007"><x:DocumentRequest>'
            "<x:RepositoryUniqueId>1.2.250.1.213.4.1.1.1.2</x:RepositoryUniqueId><x:DocumentUniqueId>"
            f"{Paper(1).unique_id}</x:DocumentUniqueId></x:DocumentRequest></x:RetrieveDocumentSetRequest>",
            card,
        )
    sandbox.choose("dmp", item.scenario, 1)
    answer = etree.fromstring(call("POST", path, body, certificate=tls, content_type=kind)[2])
    found = {error.get("errorCode") for error in answer.iter("{*}RegistryError")}
    found.add(answer.findtext(".//{*}Subcode/{*}Value"))
    assert item.code in found


def test_the_guide_is_on_the_page_and_in_the_api(call: Callable[..., Answer]) -> None:
    page = call("GET", "/bac-a-sable/services/dmp", secure=False)[2].decode()
    assert "Situations à essayer" in page
    found = json.loads(call("GET", "/bac-a-sable/api/guide/dmp", secure=False)[2])
    assert [len(item["rows"]) for item in found["tables"]] == [len(item.rows) for item in guide()]
    assert "dmp-ferme" in found["situations"]
    assert json.loads(call("GET", "/bac-a-sable/api/guide/psc", secure=False)[2])["tables"] == []
    assert call("GET", "/bac-a-sable/api/guide/rien", secure=False)[0] == 404


def test_a_search_by_author_takes_no_longer_than_its_text() -> None:
    assert _like("%BREMOND%").fullmatch("899700000021^BREMOND^LOIC")
    assert _like("8997_0000021^%").fullmatch("899700000021^BREMOND")
    assert not _like("%BREMOND").fullmatch("BREMOND^LOIC")
    assert _like("BREMOND").fullmatch("BREMOND")
    with bounded("wildcards", seconds=0.5):
        assert not _like("%a" * 200 + "%b").fullmatch("a" * 400)
