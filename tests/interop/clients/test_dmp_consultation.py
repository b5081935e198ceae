"""A professional reads and changes a DMP, by card and in AIR, against the sandbox over TLS."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from amarre.cast.organisation import establishment
from amarre.cast.usagers import USAGERS
from amarre.interop.clients.dmp import DmpClient
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.common.errors import AmarreError, Effect
from amarre.interop.common.mtom import MtomMissingPart
from amarre.interop.common.soap import read_envelope
from amarre.interop.dmp import (
    Access,
    AuthenticationContext,
    AuthenticationMode,
    Authorisation,
    AuthorisationAction,
    BreakGlass,
    Card,
    CardKind,
    Change,
    DmpDocument,
    SoftwareCardSigner,
    StatusTarget,
    Structure,
    Visibility,
    patient_id_of,
    profile_of_card,
)
from amarre.interop.dmp.errors import (
    DmpAccessForbidden,
    DmpAuthorisationMissing,
    DmpBreakGlassRefused,
    DmpChangeUnknown,
    DmpDepositNeedsEstablishment,
    DmpDocumentAltered,
    DmpListOfAnother,
    DmpNotOwnDocument,
    DmpReadingNeedsProfessional,
    DmpRightsDenied,
)
from amarre.interop.dmp.td3_1 import read_found
from amarre.interop.dmp.td3_2 import concerns
from amarre.interop.ins import QualifiedIdentity
from amarre.interop.terminology import ValueSetId, value_set
from amarre.interop.xds import DocumentFilter, EntryStatus
from amarre.interop.xds.errors import XdsUpdateRefused
from amarre.sandbox.app import Sandbox
from amarre.sandbox.cards import card_paths
from tests.interop.clients.test_dmp_sandbox import Rig, rig, sandbox
from tests.interop.dmp import material

__all__ = ["rig", "sandbox"]


def identity(key: str) -> QualifiedIdentity:
    person = next(item for item in USAGERS if item.key == key)
    return material.identity_of(person)


ME = identity("catarina-tchitchi")


def card(sandbox: Sandbox) -> Card:
    """Return the card of the nurse of the EHPAD, for her activity there."""
    paths = card_paths(sandbox.pki.data_dir, "nadege-le-goff")
    certificate = x509.load_pem_x509_certificate(paths.certificate.read_bytes())
    key = load_pem_private_key(paths.key.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    house = establishment("ehpad")
    sector = value_set(ValueSetId.DMP_FACILITY_TYPE).get(house.facility_type)
    holder = replace(
        material.actor(), identifier="899700000054", family_name="LE GOFF", authenticated_at=None
    )
    return Card(
        SoftwareCardSigner(key, certificate),
        CardKind.CPS,
        holder,
        Structure(house.struct_idnat, house.name, sector),
    )


@pytest.fixture
def nurse(rig: Rig) -> DmpClient:
    profile = profile_of_card(rig.profile, card(rig.sandbox))
    return DmpClient(rig.transport, profile, clock=SystemClock(), ids=SystemIds())


@pytest.fixture
def air(rig: Rig) -> DmpClient:
    """The author of the documents, in AIR after a strong login."""
    actor = replace(
        material.actor(),
        context=AuthenticationContext.MOBILE_TWO_FACTOR,
        authenticated_at=SystemClock().now() - datetime.timedelta(minutes=2),
    )
    profile = replace(rig.profile, mode=AuthenticationMode.INDIRECTE_RENFORCEE, responsible=actor)
    return DmpClient(rig.transport, profile, clock=SystemClock(), ids=SystemIds())


def deposited(rig: Rig) -> str:
    frozen = rig.prepare()
    rig.client.submit(frozen)
    return frozen.document_unique_id


def only(client: DmpClient, **arguments: object) -> DmpDocument:
    (found,) = client.list_documents(ME, **arguments)  # type: ignore[arg-type]
    return found


def test_an_authorisation_opens_the_reading_and_closes_it(rig: Rig, nurse: DmpClient) -> None:
    assert nurse.exists(ME).authorisation is Authorisation.NON_EXISTE
    with pytest.raises(DmpAuthorisationMissing):
        nurse.list_documents(ME)
    nurse.set_authorisation(ME, AuthorisationAction.AJOUT)
    again = nurse.set_authorisation(ME, AuthorisationAction.AJOUT, treating_physician=True)
    assert "déjà" in again.remark
    assert nurse.exists(ME).authorisation is Authorisation.VALIDE
    assert nurse.list_documents(ME) == ()
    nurse.set_authorisation(ME, AuthorisationAction.SUPPRESSION)
    with pytest.raises(DmpAuthorisationMissing):
        nurse.list_documents(ME)


def test_a_document_is_listed_then_read_byte_for_byte(rig: Rig, nurse: DmpClient) -> None:
    unique_id = deposited(rig)
    nurse.set_authorisation(ME, AuthorisationAction.AJOUT)
    document = only(nurse)
    assert document.metadata.unique_id == unique_id
    found = nurse.retrieve(ME, document)
    assert hashlib.sha1(found.data, usedforsecurity=False).hexdigest() == document.metadata.hash_sha1
    assert len(found.data) == document.metadata.size
    verdict = rig.sandbox.journal.list("dmp")[0].verdict
    assert (verdict.accepted, verdict.operation) == (True, "TD3.2")
    assert [item.sentence for item in verdict.remarks if not item.passed] == []
    assert verdict.decoded["Identifiant"] == unique_id


def test_filters_reach_the_registry(rig: Rig, air: DmpClient) -> None:
    deposited(rig)
    air.set_authorisation(ME, AuthorisationAction.AJOUT)
    now = SystemClock().now()
    for filters, count in (
        (DocumentFilter(created_from=now - datetime.timedelta(days=1)), 1),
        (DocumentFilter(created_from=now + datetime.timedelta(days=1)), 0),
        (DocumentFilter(created_to=now - datetime.timedelta(days=1)), 0),
        (DocumentFilter(type_codes=(value_set(ValueSetId.DMP_TYPE_CODE).get("80788-3"),)), 1),
        (DocumentFilter(class_codes=(value_set(ValueSetId.DMP_CLASS_CODE).get("10"),)), 0),
        (DocumentFilter(author="%ROUX%"), 1),
        (DocumentFilter(author="%O'BRIEN%"), 0),
        (DocumentFilter(statuses=(EntryStatus.ARCHIVED,)), 0),
    ):
        assert len(air.list_documents(ME, filters)) == count, filters


def test_a_masked_document_is_for_its_author_and_for_emergencies(
    rig: Rig, nurse: DmpClient, air: DmpClient
) -> None:
    deposited(rig)
    for client in (nurse, air):
        client.set_authorisation(ME, AuthorisationAction.AJOUT)
    document = only(air)
    air.change(ME, Change.MASK, document)
    masked = only(air)
    assert masked.hidden_from == {Visibility.MASQUE_PS}
    assert (masked.metadata.version, masked.metadata.logical_id) == (2, document.metadata.logical_id)
    assert nurse.list_documents(ME) == ()
    with pytest.raises(DmpRightsDenied):
        nurse.retrieve(ME, document)
    urgent = Access(break_glass=BreakGlass("personne inconsciente après une chute"))
    assert nurse.retrieve(ME, only(nurse, access=urgent), access=urgent).data
    with pytest.raises(XdsUpdateRefused):
        # The list was read before the change: its version is no longer the current one.
        air.change(ME, Change.MASK, document)
    air.change(ME, Change.UNMASK, masked)
    assert only(nurse).hidden_from == frozenset()


def test_archived_then_deleted(rig: Rig, air: DmpClient) -> None:
    deposited(rig)
    air.set_authorisation(ME, AuthorisationAction.AJOUT)
    document = only(air)
    air.change(ME, Change.ARCHIVE, document)
    assert air.list_documents(ME) == ()
    archived = only(air, filters=DocumentFilter(statuses=(EntryStatus.ARCHIVED,)))
    air.change(ME, Change.UNARCHIVE, archived)
    air.change(ME, Change.DELETE, only(air))
    assert air.list_documents(ME, DocumentFilter(statuses=tuple(EntryStatus))) == ()
    with pytest.raises(AmarreError, match="XDS-030"):
        air.retrieve(ME, document)


def test_the_structure_deletes_its_document_by_its_number(rig: Rig) -> None:
    unique_id = deposited(rig)
    found = rig.client.find_by_unique_id(ME, unique_id)
    assert found is not None
    rig.client.change(ME, Change.DELETE, StatusTarget(found.entry_uuid))
    assert rig.client.find_by_unique_id(ME, unique_id) is None
    assert rig.held()[unique_id]["status"].endswith("Deleted")  # type: ignore[index]


def test_nobody_deletes_the_document_of_another(rig: Rig, nurse: DmpClient) -> None:
    deposited(rig)
    nurse.set_authorisation(ME, AuthorisationAction.AJOUT)
    document = only(nurse)
    with pytest.raises(DmpNotOwnDocument):
        nurse.change(ME, Change.DELETE, document)
    with pytest.raises(DmpRightsDenied):
        nurse.change(ME, Change.DELETE, StatusTarget(document.metadata.entry_uuid))


def test_what_a_mode_refuses_never_leaves(rig: Rig, air: DmpClient) -> None:
    before = len(rig.sandbox.journal.list("dmp"))
    with pytest.raises(DmpReadingNeedsProfessional):
        rig.client.list_documents(ME)
    with pytest.raises(DmpDepositNeedsEstablishment):
        air.prepare(ME, material.document())
    with pytest.raises(DmpDepositNeedsEstablishment):
        air.submit(rig.prepare())
    assert len(rig.sandbox.journal.list("dmp")) == before


def test_a_card_deposits_too(rig: Rig, nurse: DmpClient) -> None:
    document = material.document(
        unique_id=f"{material.ROOT_OID}.7.9",
        written=SystemClock().now() - datetime.timedelta(minutes=5),
        house=establishment("ehpad"),
    )
    nurse.submit(nurse.prepare(ME, document))
    verdict = rig.sandbox.journal.list("dmp")[0].verdict
    assert verdict.accepted, verdict.summary


@pytest.mark.parametrize(
    ("situation", "expected"),
    [("document-altere", DmpDocumentAltered), ("document-manquant", MtomMissingPart),
     ("matrice-habilitation", DmpRightsDenied), ("autorisation-interdite", DmpAccessForbidden),
     ("autorisation-expiree", DmpAuthorisationMissing)],
)  # fmt: skip
def test_situations_of_reading(
    rig: Rig, nurse: DmpClient, situation: str, expected: type[AmarreError]
) -> None:
    deposited(rig)
    nurse.set_authorisation(ME, AuthorisationAction.AJOUT)
    document = only(nurse)
    rig.sandbox.choose("dmp", situation, 1)
    with pytest.raises(expected):
        nurse.retrieve(ME, document)


def test_a_change_whose_answer_is_lost_is_made_once(rig: Rig, air: DmpClient) -> None:
    deposited(rig)
    air.set_authorisation(ME, AuthorisationAction.AJOUT)
    document = only(air)
    rig.sandbox.choose("dmp", "changement-perdu", 1)
    with pytest.raises(DmpChangeUnknown) as caught:
        air.change(ME, Change.MASK, document)
    assert caught.value.effect is Effect.UNKNOWN
    assert only(air).hidden_from == {Visibility.MASQUE_PS}


def test_administrative_data_and_opposition(rig: Rig, nurse: DmpClient) -> None:
    opposed = identity("germaine-ollivier")
    data = nurse.administrative_data(opposed)
    assert data.active
    assert (data.family_name, data.opposed_break_glass) == ("OLLIVIER", True)
    urgent = Access(break_glass=BreakGlass("personne inconsciente après une chute"))
    with pytest.raises(DmpBreakGlassRefused):
        nurse.list_documents(opposed, access=urgent)
    forbidden = identity("rene-caradec")
    with pytest.raises(DmpAccessForbidden):
        nurse.set_authorisation(forbidden, AuthorisationAction.AJOUT)
    assert "OLLIVIER" not in repr(data)


def test_a_number_of_somebody_else_gives_nothing(rig: Rig, air: DmpClient) -> None:
    unique_id = deposited(rig)
    other = identity("zoe-adrun")
    for one in (ME, other):
        air.set_authorisation(one, AuthorisationAction.AJOUT)
    assert air.find_by_unique_id(other, unique_id, metadata=True) is None
    # A registry that would not look at the person is not believed either.
    air.find_by_unique_id(ME, unique_id, metadata=True)
    exchange = rig.sandbox.journal.list("dmp")[0]
    payload = read_envelope(exchange.response).payload
    assert read_found(payload, unique_id, patient_id_of(ME)) is not None
    with pytest.raises(DmpListOfAnother):
        read_found(payload, unique_id, patient_id_of(other))


def test_a_document_under_a_former_number_is_the_persons(rig: Rig, air: DmpClient) -> None:
    deposited(rig)
    air.set_authorisation(ME, AuthorisationAction.AJOUT)
    (document,) = air.list_documents(ME)
    today = patient_id_of(identity("zoe-adrun"))
    data = air.retrieve(ME, document).data
    assert not concerns(data, (today,))
    assert concerns(data, (today, patient_id_of(ME)))


def test_a_document_hidden_from_representatives_enters_by_the_secret_connection(rig: Rig) -> None:
    now = SystemClock().now() - datetime.timedelta(minutes=5)
    document = material.document(unique_id=f"{material.ROOT_OID}.7.77", written=now)
    hidden = (Visibility.INVISIBLE_REPRESENTANTS_LEGAUX,)
    frozen = rig.client.prepare(material.identity(), document, visibility=hidden)
    assert frozen.access == Access(secret=True)
    rig.client.submit(frozen)
    exchange = rig.sandbox.journal.list("dmp")[0]
    assert exchange.verdict.accepted
    held = rig.held()[frozen.document_unique_id]
    assert "INVISIBLE_REPRESENTANTS_LEGAUX" in held["confidentiality"]  # type: ignore[index]
    assert rig.prepare().access == Access()
