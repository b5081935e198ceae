"""The decision to send by MSSanté: rights, control, one decision = one message; bytes read by foreigners."""

from __future__ import annotations

import email
import io
import zipfile
from email.message import EmailMessage
from email.policy import default as modern

import pytest
from django.urls import reverse
from lxml import etree

from amarre.dui.access.errors import NotAllowed, OutOfScope
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.documents import store
from amarre.dui.documents.models import MssanteMessage
from amarre.dui.documents.mssante_errors import (
    AddressNotPublished,
    CitizenOpposed,
    DocumentOfFormerTraits,
    MssanteNotConfigured,
    RecipientWithoutAddress,
    SeveralUsagers,
    TextMissing,
)
from amarre.dui.documents.services.send_by_mssante import send_by_mssante
from amarre.dui.exchanges.models import Exchange
from amarre.dui.usagers.models import DmpInformation
from amarre.dui.usagers.services.mark_identity import mark_identity
from amarre.interop.common.errors import AmarreError
from amarre.interop.ins.errors import IdentityNotQualified
from amarre.interop.ins.status import Attribute
from amarre.interop.mssante.errors import DocumentsMissing
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.connected import House, identity_of
from tests.dui.documents.mail import NO_MAILBOX, TEXT, entry, exchange_of, part, send

pytestmark = pytest.mark.django_db

CDA = {"c": "urn:hl7-org:v3"}


def opened(data: bytes) -> EmailMessage:
    """Read the message as any mail program would."""
    message = email.message_from_bytes(data, policy=modern)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.req("ECO.2.1.1")
@pytest.mark.req("ECO.2.1.3")
@pytest.mark.req("ECO.2.4.2")
def test_a_foreign_client_opens_the_message(house: House) -> None:
    version = house.filed()
    message = send(house, version)
    mail = opened(part(message))
    identity = identity_of(version.document.dossier)
    assert mail["Message-ID"] == message.message_id
    assert mail["To"] == message.recipient_address
    assert house.profile.mss_mailbox in mail["From"]
    assert mail["Reply-To"] == house.profile.mss_reply_to
    assert (mail["X-MSS-INS"], mail["X-MSS-NIL"]) == ("O", house.profile.mss_nil)
    assert mail["X-MSS-CODECDA"] == version.document.type_code
    assert mail["Subject"].startswith("XDM/1.0/DDM+")
    assert identity.nom_naissance in mail["Subject"]
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").strip() == TEXT
    attached = {item.get_filename(): item.get_content() for item in mail.iter_attachments()}
    assert len(attached) == 2
    pdf = next(data for name, data in attached.items() if name.endswith(".pdf"))
    assert pdf == store.get(version.pdf_sha256)
    archive = zipfile.ZipFile(io.BytesIO(attached["IHE_XDM.zip"]))
    assert archive.testzip() is None
    cda = archive.read("IHE_XDM/SUBSET01/DOC0001.XML")
    assert cda == store.get(version.cda_sha256)
    root = etree.XML(cda)
    assert root.findtext("c:recordTarget/c:patientRole/c:patient/c:name/c:family", namespaces=CDA)
    assert identity.matricule in archive.read("IHE_XDM/SUBSET01/METADATA.XML").decode()
    assert identity.matricule not in archive.read("README.TXT").decode()


def test_the_same_decision_twice_is_one_message(house: House) -> None:
    version = house.filed()
    first, second = send(house, version), send(house, version)
    assert first.pk == second.pk
    with system_scope("test"):
        assert Exchange.objects.filter(kind="mssante.send").count() == 1


def test_sending_again_is_a_choice(house: House) -> None:
    version = house.filed()
    first = send(house, version)
    second = send(house, version, again=1)
    assert second.pk != first.pk
    assert second.message_id != first.message_id
    assert send(house, version, again=1).pk == second.pk
    # A number that no page ever showed counts as the next one.
    assert send(house, version, again=40).pk not in (first.pk, second.pk)


def test_two_recipients_are_two_messages(house: House) -> None:
    version = house.filed()
    other = entry(house, "990000044", "structure")
    assert send(house, version).pk != send(house, version, entry=other).pk
    assert other.addresses == ["coordination@ch-port-amarre.mssante.fr"]


def test_everything_is_written_or_nothing(house: House) -> None:
    version = house.filed()
    message = send(house, version)
    exchange = exchange_of(message)
    assert exchange.lane == f"mssante:{version.document.dossier.identity_id}"
    assert set(exchange.parts.values_list("name", flat=True)) == {"message", "recipient", "ins"}
    assert [one.version_id for one in message.attachments.all()] == [version.pk]
    trace = Trace.objects.get(verb="mssante.requested")
    assert trace.exchange_id == exchange.reference
    assert trace.details == {"documents": 1, "audience": "professionnel", "ins": True}


def test_no_trait_outside_the_frozen_bytes(house: House) -> None:
    version = house.filed()
    with system_scope("test"):
        message = send(house, version, entry=None)
    exchange = exchange_of(message)
    matricule = identity_of(version.document.dossier).matricule
    said = (
        f"{exchange.key} {exchange.lane} {exchange.payload} {message.recipient_address} {message.message_id}"
    )
    assert matricule not in said
    assert message.recipient_name == "la personne (Mon espace santé)"


def test_who_may_not_read_a_document_does_not_send_it_either(house: House, client_for: ClientFor) -> None:
    helper = factories.make_user("Fatou", "Diallo")
    factories.give_role(helper, house.essms, Role.AIDE_DOMICILE)
    version = house.filed()
    with pytest.raises(NotAllowed):
        send(house, version, actor=factories.actor_for(helper, house.essms))
    address = reverse("documents:send_document", args=[version.document.dossier_id, version.document_id])
    assert client_for(helper, house.essms).get(address).status_code == 403


def test_who_may_not_send(house: House, stranger: Actor) -> None:
    version, chosen = house.filed(), entry(house)
    with pytest.raises(NotAllowed):
        send(house, version, entry=chosen, actor=house.referent)
    with pytest.raises(OutOfScope):
        send(house, version, entry=chosen, actor=stranger)


def test_an_entry_of_another_organisme_is_out_of_reach(house: House) -> None:
    version, chosen = house.filed(), entry(house)
    with system_scope("test"):
        chosen.organisme = factories.make_organisme("Autre association")
        chosen.save()
    with pytest.raises(OutOfScope):
        send(house, version, entry=chosen)


def test_a_secretary_without_profession_may_send(house: House) -> None:
    version = house.filed()
    user = factories.make_user("Fanny", "Le Gall")
    factories.give_role(user, house.essms, Role.SECRETARIAT)
    message = send(house, version, actor=factories.actor_for(user, house.essms))
    assert exchange_of(message).created_by_id == user.pk


def test_without_qualified_identity_the_document_leaves_without_ins(house: House) -> None:
    version = house.filed(house.dossier(qualified=False))
    message = send(house, version)
    mail = opened(part(message))
    assert mail["X-MSS-INS"] == "N"
    assert not exchange_of(message).parts.filter(name="ins").exists()
    with pytest.raises(IdentityNotQualified):
        send(house, version, entry=None)


def test_an_ins_never_leaves_once_the_identity_is_doubted(house: House) -> None:
    version = house.filed()
    mark_identity(
        dossier=version.document.dossier, attribute=Attribute.DOUTEUSE, held=True, reason="Deux pièces",
        actor=house.referent,
    )  # fmt: skip
    version.document.dossier = house.reload(version.document.dossier)
    with pytest.raises(IdentityNotQualified):
        send(house, version)


def test_a_document_of_former_traits_stays(house: House) -> None:
    version = house.filed()
    identity = version.document.dossier.identity
    identity.nom_naissance = "KERVELLA"
    identity.save()
    with pytest.raises(DocumentOfFormerTraits):
        send(house, version)


def test_opposition_holds_back_what_goes_to_the_person_only(house: House) -> None:
    dossier = house.dossier()
    version = house.filed(dossier)
    house.inform(dossier, DmpInformation.Decision.OPPOSITION)
    with pytest.raises(CitizenOpposed):
        send(house, version, entry=None)
    assert send(house, version).audience == MssanteMessage.Audience.PROFESSIONNEL


def test_recipients_without_address(house: House) -> None:
    version = house.filed()
    with pytest.raises(RecipientWithoutAddress):
        send(house, version, entry=entry(house, NO_MAILBOX))
    with pytest.raises(AddressNotPublished):
        send(house, version, address="autre@medecin.mssante.fr")


def test_what_a_message_cannot_do_without(house: House) -> None:
    version, chosen = house.filed(), entry(house)
    with pytest.raises(TextMissing):
        send(house, version, text=" \n")
    with pytest.raises(DocumentsMissing):
        send_by_mssante(versions=[], entry=chosen, text="Bonjour", actor=house.actor)
    other = house.filed(house.dossier("jean-riou"))
    with pytest.raises(SeveralUsagers):
        send_by_mssante(versions=[version, other], entry=chosen, text="Bonjour", actor=house.actor)
    with system_scope("test"):
        house.profile.mss_nil = ""
        house.profile.save()
    with pytest.raises(MssanteNotConfigured):
        send(house, version, entry=chosen)


@pytest.mark.parametrize("text", ["Ligne\r\nBcc: autre@mssante.fr", "a\x00b", "é" * 3000, "\u2028\U0001f600"])
def test_odd_texts_stay_in_the_body(house: House, text: str) -> None:
    version = house.filed()
    try:
        message = send(house, version, text=text)
    except AmarreError:
        return
    mail = opened(part(message))
    assert mail["Bcc"] is None
    assert mail["To"] == message.recipient_address
