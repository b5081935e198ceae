"""A document received from elsewhere is kept byte for byte, compared with the dossier, and never leaves."""

from __future__ import annotations

import pytest

from amarre.dui.access.errors import NotAllowed
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.clock import today
from amarre.dui.documents import store
from amarre.dui.documents.models import Document, DocumentVersion
from amarre.dui.intake.errors import NeitherCdaNorPdf, NotThisPerson, PersonToConfirm
from amarre.dui.intake.models import ReceivedDocument
from amarre.dui.intake.services.file_received import Received, file_received
from amarre.dui.usagers.models import Dossier
from amarre.interop.common.xml import XmlError
from tests.dui import factories
from tests.dui.connected import House

pytestmark = pytest.mark.django_db

DMP = ReceivedDocument.Origin.DMP


def cda_of(house: House, dossier: Dossier) -> bytes:
    return store.get(house.filed(dossier).cda_sha256)


def keep(house: House, dossier: Dossier, data: bytes, **options: object) -> ReceivedDocument:
    confirmed = bool(options.pop("confirmed", False))
    received = Received(origin=DMP, data=data, reference="2.25.1", **options)  # type: ignore[arg-type]
    return file_received(dossier=dossier, received=received, actor=house.actor, confirmed=confirmed)


def test_a_cda_is_kept_whole_and_described_by_its_header(house: House) -> None:
    dossier = house.dossier()
    data = cda_of(house, dossier)
    row = keep(house, dossier, data)
    assert store.get(row.sha256) == data
    assert (row.media, row.match, row.type_code) == ("cda", "same", "80788-3")
    assert row.author.endswith("BREMOND")
    assert row.organisation == house.essms.name
    assert row.written_on == today(house.essms.zone)
    with system_scope("test"):
        trace = Trace.objects.filter(verb="received.filed").get()
    assert trace.details == {"origin": "dmp", "media": "cda", "match": "same", "confirmed": False}


def test_it_is_no_document_of_ours(house: House) -> None:
    """Deposits and messages take a DocumentVersion: a received document is none, and adds none."""
    dossier = house.dossier()
    data = cda_of(house, dossier)
    with system_scope("test"):
        before = (Document.objects.count(), DocumentVersion.objects.count())
        keep(house, dossier, data)
        assert (Document.objects.count(), DocumentVersion.objects.count()) == before


def test_the_same_reference_is_received_once(house: House) -> None:
    dossier = house.dossier()
    data = cda_of(house, dossier)
    assert keep(house, dossier, data).pk == keep(house, dossier, data).pk


def test_what_the_origin_says_wins_over_the_header(house: House) -> None:
    dossier = house.dossier()
    row = keep(house, dossier, cda_of(house, dossier), title="Lettre de sortie", author="Dr Sow")
    assert (row.title, row.author) == ("Lettre de sortie", "Dr Sow")


def test_the_document_of_another_person_is_refused_even_confirmed(house: House) -> None:
    other = cda_of(house, house.dossier("pierre-alain-dartagnan"))
    dossier = house.dossier()
    for confirmed in (False, True):
        with pytest.raises(NotThisPerson) as refused:
            keep(house, dossier, other, confirmed=confirmed)
    # Names of the traits, never their values.
    assert "DARTAGNAN" not in str(refused.value.explanation()).upper()
    with system_scope("test"):
        assert not ReceivedDocument.objects.exists()


def test_without_a_proof_somebody_looks_first(house: House) -> None:
    dossier = house.dossier(qualified=False)
    data = cda_of(house, dossier)
    with pytest.raises(PersonToConfirm):
        keep(house, dossier, data)
    assert keep(house, dossier, data, confirmed=True).match == "to_confirm"
    with pytest.raises(PersonToConfirm):
        file_received(dossier=dossier, received=Received(origin=DMP, data=b"%PDF-1.7\n"), actor=house.actor)


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"PK\x03\x04", NeitherCdaNorPdf), (b"", NeitherCdaNorPdf), (b"<!DOCTYPE a>", XmlError)],
)
def test_what_cannot_be_shown_is_refused(house: House, data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        keep(house, house.dossier(), data)


def test_who_may_not_file_may_not_receive(house: House) -> None:
    dossier = house.dossier()
    user = factories.make_user("Hélène", "Tassin")
    factories.give_role(user, house.essms, Role.DIRECTION)
    with pytest.raises(NotAllowed):
        file_received(
            dossier=dossier,
            received=Received(origin=DMP, data=b"<x/>"),
            actor=factories.actor_for(user, house.essms),
        )
