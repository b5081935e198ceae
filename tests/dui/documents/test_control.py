"""The control before sending: what it says, in which order, and that the service refuses what it blocks."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from amarre.cast.usagers import usager
from amarre.dui.access.errors import NotAllowed, OutOfScope
from amarre.dui.access.models import Membership
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents import control
from amarre.dui.documents.control import ControlPoint, PointState, Situation, Slot, Target, control_points
from amarre.dui.documents.models import Document, DocumentVersion
from amarre.dui.exchanges.models import Circuit, Exchange
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.organisations.models import ConnectorCertificate, Essms
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.interop.common.errors import AmarreError
from tests.dui import factories
from tests.dui.connected import House, identity_of

Spoil = Callable[[House, Dossier, DocumentVersion], None]


def points_of(house: House, version: DocumentVersion) -> list[ControlPoint]:
    return control_points(fresh(version), target=Target.DMP, sender=house.loic)


def fresh(version: DocumentVersion) -> DocumentVersion:
    with system_scope("test"):
        return DocumentVersion.objects.select_related(
            "document__dossier__identity", "document__dossier__essms__organisme", "author"
        ).get(pk=version.pk)


def certificate(folder: Path, end: datetime.datetime, structure: str) -> Path:
    """Write a certificate of `structure` that ends at `end`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, structure),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, "fin.amarre.example"),
        ]
    )
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(end - datetime.timedelta(days=400))
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )
    file = folder / "fin.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    file.with_suffix(".key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return file


def install(house: House, file: Path) -> None:
    with system_scope("test"):
        ConnectorCertificate.objects.filter(
            profile=house.profile, purpose=CertificatePurpose.DMP_SIGN
        ).update(certificate_file=str(file), key_file=str(file.with_suffix(".key")))


def test_everything_good_in_the_fixed_order(house: House) -> None:
    points = points_of(house, house.filed())
    assert [point.slot for point in points] == [
        Slot.IDENTITY, Slot.DOCUMENT, Slot.INFORMATION, Slot.DMP, Slot.CERTIFICATE,
    ]  # fmt: skip
    assert {point.state for point in points} == {PointState.GOOD}


def never_informed(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    dossier.dmp_information.all().delete()


def opposed(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    house.inform(dossier, DmpInformation.Decision.OPPOSITION)


def no_longer_qualified(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    identity = identity_of(dossier)
    identity.coherence_checked = False
    identity.save()


def doubtful(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    identity = identity_of(dossier)
    identity.coherence_checked = identity.traits_from_insi = False
    identity.is_douteuse = True
    identity.save()


def made_before_qualification(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    version.identity_qualified = False
    version.save()


def type_unknown_to_the_dmp(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    with system_scope("test"):
        Document.objects.filter(pk=version.document_id).update(type_code="99999-9")


def later_version(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    house.filed(dossier)


def no_homologation(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    house.profile.dmp_homologation = ""
    house.profile.save()


def no_profession(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    with system_scope("test"):
        Membership.objects.filter(user=house.loic).update(author_code="")


def profession_unknown_to_the_dmp(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    with system_scope("test"):
        Membership.objects.filter(user=house.loic).update(
            author_code="359", author_code_system="1.2.250.1.213.1.6.1.107"
        )


def no_signature_certificate(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    install(house, Path("/tmp/absent.pem"))


def no_key(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    with system_scope("test"):
        ConnectorCertificate.objects.filter(
            profile=house.profile, purpose=CertificatePurpose.DMP_SIGN
        ).update(key_file="/tmp/absent.key")


def key_of_another(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    with system_scope("test"):
        held = ConnectorCertificate.objects.filter(profile=house.profile)
        other = held.get(purpose=CertificatePurpose.INSI_AUTH).key_file
        held.filter(purpose=CertificatePurpose.DMP_AUTH).update(key_file=other)


def no_authorities(house: House, dossier: Dossier, version: DocumentVersion) -> None:
    house.profile.ca_file = "/tmp/absent-ca.pem"
    house.profile.save()


@pytest.mark.parametrize(
    ("spoil", "slot", "code"),
    [
        (never_informed, Slot.INFORMATION, "DMP-060"),
        (opposed, Slot.INFORMATION, "DMP-061"),
        (no_longer_qualified, Slot.IDENTITY, "INS-010"),
        (doubtful, Slot.IDENTITY, "INS-010"),
        (made_before_qualification, Slot.DOCUMENT, "DMP-062"),
        (type_unknown_to_the_dmp, Slot.DOCUMENT, "DMP-063"),
        (later_version, Slot.DOCUMENT, "DMP-071"),
        (no_homologation, Slot.DMP, "DMP-064"),
        (no_profession, Slot.DMP, "DOC-013"),
        (profession_unknown_to_the_dmp, Slot.DMP, "DMP-067"),
        (no_signature_certificate, Slot.CERTIFICATE, "DOC-015"),
        (no_key, Slot.CERTIFICATE, "DOC-015"),
        (key_of_another, Slot.CERTIFICATE, "DOC-015"),
        (no_authorities, Slot.CERTIFICATE, "DOC-015"),
    ],
)
def test_a_blocking_point_is_what_the_service_refuses(
    house: House, spoil: Spoil, slot: Slot, code: str
) -> None:
    dossier = house.dossier()
    version = house.filed(dossier)
    spoil(house, dossier, version)
    blocking = [point for point in points_of(house, version) if point.state is PointState.BLOCKING]
    assert [(point.slot, point.error and point.error.code) for point in blocking] == [(slot, code)]
    assert blocking[0].label
    assert blocking[0].detail
    with pytest.raises(AmarreError) as caught:
        deposit_in_dmp(version=fresh(version), actor=house.actor)
    assert caught.value.code == code
    with system_scope("test"):
        assert not Exchange.objects.exists()


def test_an_expired_certificate_blocks_and_one_that_ends_soon_warns(house: House, tmp_path: Path) -> None:
    version, number = house.filed(), house.essms.struct_idnat
    install(house, certificate(tmp_path, now() + datetime.timedelta(days=21, hours=1), number))
    soon = points_of(house, version)[-1]
    assert (soon.slot, soon.state) == (Slot.CERTIFICATE, PointState.LOOK)
    assert "expire dans 21" in soon.label
    install(house, certificate(tmp_path, now() - datetime.timedelta(days=1), number))
    expired = points_of(house, version)[-1]
    assert (expired.state, expired.error and expired.error.code) == (PointState.BLOCKING, "DMP-065")


def test_an_earlier_version_still_leaving_goes_first(house: House) -> None:
    dossier = house.dossier()
    deposit = deposit_in_dmp(version=house.filed(dossier), actor=house.actor)
    second = house.filed(dossier)
    looked = [point for point in points_of(house, second) if point.state is not PointState.GOOD]
    assert [(point.slot, point.state) for point in looked] == [(Slot.DMP, PointState.LOOK)]
    assert looked[0].label == "Il partira après la version 1, encore en cours de dépôt"
    with system_scope("test"):
        Exchange.objects.filter(pk=deposit.exchange_id).update(state="a_refaire", outcome_unknown=True)
    in_doubt = [point for point in points_of(house, second) if point.state is PointState.BLOCKING]
    assert [point.error and point.error.code for point in in_doubt] == ["DMP-072"]
    assert in_doubt[0].url


def test_the_version_to_replace_is_announced(house: House) -> None:
    dossier = house.dossier()
    deposit_in_dmp(version=house.filed(dossier), actor=house.actor)
    drain()
    point = next(point for point in points_of(house, house.filed(dossier)) if point.slot is Slot.DMP)
    assert "La version 2 remplacera la version 1" in point.detail


def test_a_resting_service_is_only_to_look_at(house: House) -> None:
    version = house.filed()
    Circuit.objects.create(
        essms=house.essms, service="dmp", failures=5, open_until=now() + datetime.timedelta(minutes=5)
    )
    point = next(point for point in points_of(house, version) if point.slot is Slot.DMP)
    assert point.state is PointState.LOOK
    assert "partira seul" in point.detail
    deposit_in_dmp(version=version, actor=house.actor)


def test_another_way_out_adds_its_checks_in_their_place(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = house.filed()
    monkeypatch.setattr(control, "_CHECKS", [one for one in control._CHECKS if Target.DMP in one[1]])

    def address(situation: Situation) -> ControlPoint:
        return ControlPoint(Slot.ADDRESSES, PointState.GOOD, f"Adresse de {situation.recipient}")

    control.register_check(Slot.ADDRESSES, (Target.MSSANTE,), address)
    labels = [point.label for point in control_points(fresh(version), target=Target.MSSANTE, recipient="Ana")]
    assert "Adresse de Ana" in labels
    assert "Adresse de Ana" not in [point.label for point in points_of(house, version)]


def test_a_professional_mailbox_takes_an_identity_that_is_not_qualified(house: House) -> None:
    version = house.filed(house.dossier(qualified=False))
    first = control_points(fresh(version), target=Target.MSSANTE)[0]
    assert (first.slot, first.state) == (Slot.IDENTITY, PointState.LOOK)
    assert "sans matricule" in first.detail


def test_who_may_not_deposit_is_refused(house: House, other_essms: Essms) -> None:
    version = fresh(house.filed())
    director = factories.make_user("Bruno", "Allard")
    factories.give_role(director, house.essms, Role.DIRECTION)
    with pytest.raises(NotAllowed):
        deposit_in_dmp(version=version, actor=factories.actor_for(director, house.essms))
    stranger = factories.make_user("Nora", "Le Bris")
    factories.give_role(stranger, other_essms, Role.SOINS)
    with pytest.raises(OutOfScope):
        deposit_in_dmp(version=version, actor=factories.actor_for(stranger, other_essms))


def test_a_document_without_ins_leads_to_its_source(house: House) -> None:
    dossier = house.dossier(qualified=False)
    version = house.filed(dossier)
    house.qualify(dossier, usager("marie-therese-quere"))
    (blocking,) = [point for point in points_of(house, version) if point.state is PointState.BLOCKING]
    assert (blocking.error and blocking.error.code, blocking.action) == ("DMP-062", "Ouvrir le projet")
    assert blocking.url == f"/dossiers/{dossier.pk}/projet/"
