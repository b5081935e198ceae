"""Establishments, their identifiers, certificates and connectors."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.exceptions import ValidationError

from amarre.dui.access.errors import NotAllowed
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.core.scoping import internal_scope
from amarre.dui.organisations import selectors
from amarre.dui.organisations.certificates import read_certificate
from amarre.dui.organisations.connector_state import Connector, Readiness
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.organisations.models import ConnectorCertificate, ConnectorProfile, Essms
from amarre.dui.organisations.services.update_settings import SettingsChange, update_settings
from amarre.dui.organisations.validators import is_loopback, luhn_holds, validate_finess, validate_oid
from amarre.interop.common.errors import Contact
from tests.dui.conftest import ClientFor


def write_certificate(path: Path, unit: str, days: int) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COMMON_NAME, "INSI-AUTO"),
        ]
    )
    start = now() - datetime.timedelta(days=1000)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(now() + datetime.timedelta(days=days, hours=1))
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize("oid", ["1.2.250.1.213.1.4.8", "2.25.291820351847205913", "0.9"])
def test_oids(oid: str) -> None:
    validate_oid(oid)


@pytest.mark.parametrize("oid", ["", "1", "3.1", "1.02.3", "1..2", "1.2.", "1.2.a", "1.2\n", "1." + "2" * 64])
def test_wrong_oids(oid: str) -> None:
    with pytest.raises(ValidationError):
        validate_oid(oid)


def test_finess_with_letters_are_accepted_and_wrong_keys_only_warn(essms: Essms) -> None:
    for number in ("990000002", "2A0000012", "0B0193488"):
        validate_finess(number)
    for number in ("99000000", "99 000 002", "A90000002", "99000000é"):
        with pytest.raises(ValidationError):
            validate_finess(number)
    assert luhn_holds("990000002")
    assert not luhn_holds("99000000²")
    essms.finess_eg = "990000003"
    essms.save()
    assert essms.identifier_warnings() == ["La clé du numéro FINESS ne correspond pas : vérifiez la saisie."]


def test_the_number_presented_follows_the_preference(essms: Essms) -> None:
    essms.siret = "99990001200013"
    assert essms.struct_idnat == f"1{essms.finess_eg}"
    essms.idnat_priority = ["siret", "finess_eg"]
    assert essms.struct_idnat == "399990001200013"
    essms.idnat_priority = ["rpps"]
    with pytest.raises(ValidationError):
        essms.save()


def test_an_establishment_has_a_number(essms: Essms) -> None:
    essms.finess_eg = ""
    with pytest.raises(ValidationError, match="FINESS ou SIRET"):
        essms.save()


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1:8443/lps", "localhost", "https://[::1]/", "a.localhost"]
)
def test_sandbox_addresses_are_recognised(address: str) -> None:
    assert is_loopback(address)


def test_a_production_installation_refuses_a_sandbox(essms: Essms, settings: object) -> None:
    settings.AMARRE_ENVIRONMENT = "production"  # type: ignore[attr-defined]
    profile = ConnectorProfile(essms=essms)
    assert profile.environment == "production"
    profile.insi_url = "https://127.0.0.1:8443/lps"
    with pytest.raises(ValidationError, match="vrais services"):
        profile.save()


def test_files_outside_the_folder_of_certificates_are_refused(essms: Essms, tmp_path: Path) -> None:
    profile = ConnectorProfile.objects.create(essms=essms)
    for path in ("/etc/passwd", "certs/a.pem", f"{tmp_path}/../../../../etc/passwd"):
        row = ConnectorCertificate(
            profile=profile,
            purpose=CertificatePurpose.DMP_AUTH,
            certificate_file=path,
            key_file="/etc/shadow",
        )
        with pytest.raises(ValidationError):
            row.save()


def test_a_file_that_could_not_be_read_once_is_read_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_certificate(tmp_path / "a.pem", "1990000002", 21)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", lambda self: (_ for _ in ()).throw(OSError(24, "too many files")))
        assert read_certificate(str(file)).problem == "Le fichier est introuvable ou illisible."
    assert read_certificate(str(file)).problem == ""


def test_certificates_are_read_and_explained(tmp_path: Path) -> None:
    good = read_certificate(str(write_certificate(tmp_path / "a.pem", "1990000002", 21)))
    assert (good.organisational_unit, good.common_name, good.days_left(now())) == (
        "1990000002",
        "INSI-AUTO",
        21,
    )
    assert (
        read_certificate(str(tmp_path / "absent.pem")).problem == "Le fichier est introuvable ou illisible."
    )
    (tmp_path / "b.pem").write_text("bonjour")
    assert "PEM" in read_certificate(str(tmp_path / "b.pem")).problem
    (tmp_path / "c.pem").write_bytes(b"x" * 70_000)
    assert "trop gros" in read_certificate(str(tmp_path / "c.pem")).problem


def test_the_state_of_the_connectors(essms: Essms, tmp_path: Path) -> None:
    assert {s.readiness for s in selectors.states_of(essms)} == {Readiness.INCOMPLETE}
    profile = ConnectorProfile.objects.create(
        essms=essms,
        insi_url="https://insi.test/lps",
        insi_idam="X1",
        ins_oids=["1.2.250.1.213.1.4.10"],
        ca_file=str(tmp_path / "ca.pem"),
        insi_homologation_on=datetime.date(2026, 1, 5),
    )

    def insi(unit: str, days: int) -> tuple[Readiness, str]:
        path = write_certificate(tmp_path / "insi.pem", unit, days)
        profile.certificates.all().delete()
        profile.certificates.create(
            purpose=CertificatePurpose.INSI_AUTH, certificate_file=str(path), key_file=str(path)
        )
        state = next(s for s in selectors.states_of(essms) if s.connector is Connector.INSI)
        return state.readiness, " ".join(state.missing + state.warnings)

    assert insi(essms.struct_idnat, 300) == (Readiness.READY, "")
    assert insi(essms.struct_idnat, 21)[0] is Readiness.WARNING
    assert "expire dans 21 jours" in insi(essms.struct_idnat, 21)[1]
    assert "a expiré" in insi(essms.struct_idnat, -2)[1]
    assert "au nom de la structure 1111" in insi("1111", 300)[1]


def test_settings_are_changed_traced_and_protected(director: Actor, actor: Actor, essms: Essms) -> None:
    change = SettingsChange(
        profile={"root_oid": "2.25.1.1", "mss_mailbox": "a@b.mssante.fr"},
        contacts={"dpo": ("Anne Le Bris", "01 99 00 12 99")},
    )
    with pytest.raises(NotAllowed):
        update_settings(actor=actor, essms=essms, change=change)
    update_settings(actor=director, essms=essms, change=change)
    line = Trace.objects.get()
    assert line.details == {
        "fields": ["root_oid", "mss_mailbox", "contact:dpo"],
        "environment": "bac_a_sable",
    }
    assert selectors.contact_for(essms.pk, Contact.DPO).phone == "01 99 00 12 99"
    assert selectors.contact_for(essms.pk, Contact.SUPPORT) is None
    update_settings(actor=director, essms=essms, change=change)
    assert Trace.objects.count() == 1
    update_settings(actor=director, essms=essms, change=SettingsChange(contacts={"dpo": None}))
    assert selectors.contact_for(essms.pk, Contact.DPO) is None


def posted(page_forms: object) -> dict[str, str]:
    """Return what a browser would send back, untouched."""
    data = {}
    for form in page_forms.all:
        for field in form:
            value = field.value()
            data[field.html_name] = "" if value is None else str(value)
    return data


def test_the_screen(client_for: ClientFor, alice: User, bob: User, essms: Essms, tmp_path: Path) -> None:
    url = "/etablissement/reglages/"
    assert client_for(bob).get(url).status_code == 403
    client = client_for(alice)
    page = client.get(url)
    assert page.status_code == 200
    assert "Agence du numérique en santé" in page.content.decode()
    data = posted(page.context["forms"]) | {"vu": page.context["seen"]}
    certificate = write_certificate(tmp_path / "dmp.pem", essms.struct_idnat, 400)
    data |= {
        "e-name": "Service rénové",
        "c-root_oid": "2.25.42",
        "c-ins_oids": "1.2.250.1.213.1.4.10\n1.2.250.1.213.1.4.8",
        "c-healthcare_facility_type_code": "SA18",
        "k-dmp_auth_certificate": str(certificate),
        "k-dmp_auth_key": str(certificate),
        "q-support_name": "Support",
    }
    assert client.post(url, data).status_code == 302
    essms.refresh_from_db()
    with internal_scope("test"):
        profile = ConnectorProfile.objects.get(essms=essms)
    assert (essms.name, profile.root_oid, profile.ins_oids[1]) == (
        "Service rénové",
        "2.25.42",
        "1.2.250.1.213.1.4.8",
    )
    assert profile.certificate(CertificatePurpose.DMP_AUTH).certificate_file == str(certificate)
    assert "Service rénové" in client.get(url).content.decode()
    wrong = data | {
        "c-root_oid": "1.02",
        "k-dmp_sign_key": "/etc/passwd",
        "e-finess_eg": "12",
        "q-dpo_phone": "1",
    }
    refused = client.post(url, wrong)
    assert refused.status_code == 422
    text = refused.content.decode()
    for sentence in ("ne commence par un zéro", "dossier prévu", "compte 9 caractères", "nom de la personne"):
        assert sentence in text
    essms.refresh_from_db()
    assert len(essms.finess_eg) == 9


def test_two_pages_never_undo_each_other(client_for: ClientFor, alice: User, essms: Essms) -> None:
    url = "/etablissement/reglages/"
    client = client_for(alice)
    page = client.get(url)
    untouched = posted(page.context["forms"]) | {"vu": page.context["seen"]}
    assert client.post(url, untouched | {"c-root_oid": "2.25.42"}).status_code == 302
    late = client.post(url, untouched | {"e-city": "Rive-sur-Roselière"})
    assert late.status_code == 409
    text = late.content.decode()
    assert "Quelqu’un a changé ces réglages" in text
    assert "Rive-sur-Roselière" in text
    with internal_scope("test"):
        assert ConnectorProfile.objects.get(essms=essms).root_oid == "2.25.42"
        assert Essms.objects.get(pk=essms.pk).city == "Port-Amarre"
    # Having looked, the person brings back the colleague's change and sends again.
    again = untouched | {"e-city": "Rive-sur-Roselière", "c-root_oid": "2.25.42", "vu": late.context["seen"]}
    assert client.post(url, again).status_code == 302
    with internal_scope("test"):
        assert Essms.objects.get(pk=essms.pk).city == "Rive-sur-Roselière"


def test_a_page_of_settings_without_mark_is_refused(client_for: ClientFor, alice: User, essms: Essms) -> None:
    client = client_for(alice)
    data = posted(client.get("/etablissement/reglages/").context["forms"])
    assert client.post("/etablissement/reglages/", data).status_code == 409
