"""An establishment of the cast connected to the sandbox: settings, certificates, people, a qualified person,
a projet validated and its document. Every row is made by the services, as people would make it.

    pytestmark = pytest.mark.django_db

    def test_something(house: House) -> None:          # fixture of tests/dui/conftest.py
        version = house.filed()                        # a validated projet → its document
        house.sandbox.choose("dmp", "dmp-ferme", 1)
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from pathlib import Path

from amarre.cast import ASSOCIATION
from amarre.cast.organisation import INSI_IDAM, Establishment, establishment
from amarre.cast.professionals import persona
from amarre.cast.usagers import NIA, NIR, TEST, CastUsager, usager
from amarre.dui.access.models import Membership
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now, today
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.organisations.enums import CertificatePurpose, ContactRole, DmpReading, Environment
from amarre.dui.organisations.models import (
    ConnectorCertificate,
    ConnectorProfile,
    Essms,
    EssmsContact,
    OrganismeGestionnaire,
)
from amarre.dui.projet_personnalise.models import ProjetPersonnalise
from amarre.dui.projet_personnalise.services.validate_projet import validate_projet
from amarre.dui.projet_personnalise.services.write_projet import ObjectiveText, ProjetText, write_projet
from amarre.dui.usagers.models import DmpInformation, Dossier, Identity
from amarre.dui.usagers.services.create_dossier import create_dossier
from amarre.dui.usagers.services.identity_events import apply_identity_event
from amarre.dui.usagers.services.record_dmp_information import record_dmp_information
from amarre.dui.usagers.services.record_evidence import record_evidence
from amarre.interop.ins.status import Event
from amarre.interop.ins.traits import BirthDate, Sexe, Traits
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use, certificate_paths
from amarre.sandbox.services.annuaire.service import API_KEY
from tests.dui import factories

CERTIFICATES = {
    CertificatePurpose.INSI_AUTH: Use.INSI,
    CertificatePurpose.DMP_AUTH: Use.DMP_AUTHENTICATION,
    CertificatePurpose.DMP_SIGN: Use.DMP_SIGNATURE,
    CertificatePurpose.MSSANTE_AUTH: Use.MSSANTE,
}
ORDINARY = "marie-therese-quere"


@dataclass(frozen=True, slots=True)
class Far:
    """Where the sandbox is: in this process, or in another one."""

    data_dir: Path
    https_url: str
    smtp: tuple[str, int]
    imap: tuple[str, int]

    @classmethod
    def of(cls, data_dir: Path, addresses: dict[str, str]) -> Far:
        """Read the addresses that a sandbox announces."""
        return cls(data_dir, addresses["https"], _pair(addresses["smtp"]), _pair(addresses["imap"]))


@dataclass(slots=True)
class House:
    """The establishment and its people. `loic` writes, deposits and sends; `maud` qualifies identities."""

    essms: Essms
    profile: ConnectorProfile
    loic: User
    maud: User
    sandbox: Sandbox | None = None

    @property
    def actor(self) -> Actor:
        """Loïc, who may."""
        return factories.actor_for(self.loic, self.essms)

    @property
    def referent(self) -> Actor:
        """Maud, who qualifies."""
        return factories.actor_for(self.maud, self.essms)

    def dossier(self, key: str = ORDINARY, *, qualified: bool = True, informed: bool = True) -> Dossier:
        """Open the dossier of a person of the cast."""
        person = usager(key)
        dossier = create_dossier(
            essms=self.essms, traits=traits_of(person), entered_on=today() - datetime.timedelta(days=30),
            actor=self.referent, lieu_libelle=person.lieu_libelle,
        )  # fmt: skip
        if qualified:
            self.qualify(dossier, person)
        if informed:
            self.inform(dossier)
        return self.reload(dossier)

    def qualify(self, dossier: Dossier, person: CastUsager) -> None:
        """Accept what INSi would answer, then record the identity card."""
        identity = self.reload(dossier).identity
        identity.matricule, identity.cle = person.matricule, person.cle
        identity.ins_oid = person.ins_oid
        identity.ins_obtained_at = now()
        apply_identity_event(identity, Event.INSI_ACCEPTE, actor=self.referent)
        record_evidence(dossier=dossier, device="CN", seen_on=today(), actor=self.referent)

    def inform(self, dossier: Dossier, decision: str = DmpInformation.Decision.NON_OPPOSITION) -> None:
        """Record what the person was told about the DMP."""
        record_dmp_information(dossier=dossier, decision=decision, informed_on=today(), actor=self.actor)

    def filed(self, dossier: Dossier | None = None) -> DocumentVersion:
        """Write and validate a projet; a second call on the same dossier makes the next version."""
        dossier = dossier or self.dossier()
        with system_scope("test"):
            draft = ProjetPersonnalise.objects.filter(dossier=dossier, state="brouillon").first()
        text = projet_text()
        projet = write_projet(dossier=dossier, text=text, actor=self.actor, projet=draft)
        return validate_projet(projet=projet, actor=self.actor)

    def reload(self, dossier: Dossier) -> Dossier:
        """Return the dossier as it is now, with what pages and services read."""
        with system_scope("test"):
            return Dossier.objects.select_related("identity", "essms__organisme").get(pk=dossier.pk)


def build_house(far: Far, *, key: str = "domicile", sandbox: Sandbox | None = None) -> House:
    """Return the establishment `key` of the cast, fully connected to the sandbox at `far`."""
    place = establishment(key)
    organisme = OrganismeGestionnaire.objects.create(
        name=ASSOCIATION.name, finess_ej=ASSOCIATION.finess_ej, siren=ASSOCIATION.siren
    )
    street, postal_code, city = place.address
    essms = Essms.objects.create(
        organisme=organisme, name=place.name, kind=place.kind, finess_eg=place.finess_eg, siret=place.siret,
        address=street, postal_code=postal_code, city=city, phone=place.telephone,
        secteur_activite=place.facility_type,
    )  # fmt: skip
    profile = _profile(essms, place, far)
    _contacts(essms)
    loic = _member("loic-bremond", essms, Role.SOINS)
    maud = _member("maud-keravel", essms, Role.REFERENT_IDENTITE)
    return House(essms, profile, loic, maud, sandbox)


def traits_of(person: CastUsager) -> Traits:
    """Return the traits of a person of the cast."""
    return Traits(
        nom_naissance=person.nom_naissance,
        prenoms=person.prenoms,
        sexe=Sexe(person.sexe),
        date_naissance=BirthDate(person.date_naissance),
        lieu_naissance=person.lieu_naissance,
        premier_prenom=person.premier_prenom,
        nom_utilise=person.nom_utilise,
        prenom_utilise=person.prenom_utilise,
    )


def projet_text(**changes: object) -> ProjetText:
    """Return a short projet, agreed."""
    text = ProjetText(
        expectations="Rester chez elle, près de ses fleurs.\nVoir sa sœur une fois par mois.",
        context="Vit seule dans une maison de plain-pied.",
        starts_on=today(),
        review_on=today() + datetime.timedelta(days=365),
        agreement=ProjetPersonnalise.Agreement.ACCORD,
        agreed_on=today(),
        objectives=(
            ObjectiveText("Garder l'équilibre", "Marcher dix minutes par jour", "Aide à domicile"),
            ObjectiveText("Voir sa sœur", "Réserver le transport", "Secrétariat"),
        ),
    )
    return replace(text, **changes)  # type: ignore[arg-type]


def identity_of(dossier: Dossier) -> Identity:
    """Return the identity of a dossier as it is now."""
    with system_scope("test"):
        return Identity.objects.get(pk=dossier.identity_id)


def _pair(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host, int(port)


def _profile(essms: Essms, place: Establishment, far: Far) -> ConnectorProfile:
    key_file = far.data_dir / "annuaire.cle"
    key_file.write_text(API_KEY, encoding="utf-8")
    profile = ConnectorProfile.objects.create(
        essms=essms,
        environment=Environment.BAC_A_SABLE,
        root_oid=f"{ASSOCIATION.root_oid}.{place.oid_arc}",
        software_oid=f"{ASSOCIATION.root_oid}.{place.oid_arc}.4",
        ca_file=str(far.data_dir / "pki" / "ca.pem"),
        insi_url=f"{far.https_url}/lps",
        insi_idam=INSI_IDAM,
        ins_oids=[NIR, NIA, TEST],
        insi_homologation_on=today(),
        dmp_url=f"{far.https_url}/si-dmp-server/v2/services",
        dmp_homologation="FICTIF-DMP-0001",
        dmp_reading=DmpReading.AIR,
        dmp_web_url="https://web.dmp.example",
        healthcare_facility_type_code=place.facility_type,
        practice_setting_code=place.practice_setting,
        content_type_code=place.content_type,
        mss_smtp_host="localhost",
        mss_smtp_port=far.smtp[1],
        mss_imap_host="localhost",
        mss_imap_port=far.imap[1],
        mss_mailbox=place.mailbox_app,
        mss_label=place.name,
        mss_reply_to=place.mailbox_org,
        mss_nil="AMARRE-FICTIF",
        annuaire_url=f"{far.https_url}/gateway/fhir/v2",
        annuaire_key_file=str(key_file),
    )
    for purpose, use in CERTIFICATES.items():
        paths = certificate_paths(far.data_dir, use, place.struct_idnat)
        ConnectorCertificate.objects.create(
            profile=profile,
            purpose=purpose,
            certificate_file=str(paths.certificate),
            key_file=str(paths.key),
        )
    return profile


def _contacts(essms: Essms) -> None:
    for role, name, phone in (
        (ContactRole.SUPPORT, "Support d'Amarre", "01 99 00 12 00"),
        (ContactRole.REFERENT_IDENTITE, "Maud Keravel", "01 99 00 12 11"),
        (ContactRole.ADMINISTRATEUR, "Théo Lambert", "01 99 00 12 12"),
        (ContactRole.PILOTE_DUI, "Julie Prat", "01 99 00 12 13"),
    ):
        EssmsContact.objects.create(essms=essms, role=role, person_name=name, phone=phone)


def _member(key: str, essms: Essms, role: Role) -> User:
    who = persona(key)
    user = User.objects.create_user(
        subject_name_id=who.subject_name_id,
        family_name=who.family_name,
        given_name=who.given_name,
        rpps=who.rpps,
    )
    code, _, system = who.specialty
    Membership.objects.create(
        user=user, essms=essms, role=role, job=who.title, author_code=code, author_code_system=system
    )
    return user
