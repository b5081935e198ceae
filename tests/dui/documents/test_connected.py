"""The connected establishment of the tests is a true one: its identity may leave."""

from __future__ import annotations

from amarre.dui.documents import store
from amarre.dui.documents.identity import open_gate
from tests.dui.connected import House, identity_of


def test_the_connected_house_files_a_document_that_may_leave(house: House) -> None:
    dossier = house.dossier()
    version = house.filed(dossier)
    assert version.identity_qualified
    identity = open_gate(identity_of(dossier), house.profile)
    assert identity.matricule.value.encode() in store.get(version.cda_sha256)
    assert house.filed(dossier).number == 2
