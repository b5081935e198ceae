"""The association Les Deux Quais and its four establishments.

FINESS numbers begin with 99, a département that does not exist, with a right Luhn key. Root OIDs are under
2.25 (UUID-derived arcs, ITU-T X.667), which nobody needs to register.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Association:
    """The organisme gestionnaire."""

    name: str
    siren: str
    finess_ej: str
    # OID under which Amarre, as installed at the association, creates its identifiers.
    root_oid: str


@dataclass(frozen=True, slots=True)
class Establishment:
    """One ESSMS. `kind` is the DUI's code of the type of establishment."""

    key: str
    name: str
    kind: str
    finess_eg: str
    siret: str
    address: tuple[str, str, str]  # street, postal code, commune
    telephone: str
    # Arc of this establishment under the association's root OID.
    oid_arc: int
    # Value sets of the DMP: JDV_J61 (healthcareFacilityTypeCode), JDV_J62 (practiceSettingCode),
    # JDV_J59 (contentTypeCode).
    facility_type: str
    practice_setting: str
    content_type: str
    # Mailboxes: the applicative one sends, the organisational one receives the answers.
    mailbox_app: str
    mailbox_org: str

    @property
    def struct_idnat(self) -> str:
        """National identifier of the structure (TRE_G07): `1` + FINESS."""
        return f"1{self.finess_eg}"


ASSOCIATION = Association(
    name="Association Les Deux Quais",
    siren="999900012",
    finess_ej="990001000",
    root_oid="2.25.291820351847205913",
)

# Key of the directory, as the ANS would give it; the only one the sandbox's directory knows.
ANNUAIRE_KEY = "cle-du-bac-a-sable"
# CNDA authorisation number of the demonstration software, the only one the sandbox's INSi knows.
INSI_IDAM = "AMARRE-FICTIF-0001"

ESTABLISHMENTS: tuple[Establishment, ...] = (
    Establishment(
        key="domicile",
        name="Service autonomie à domicile Les Deux Quais",
        kind="SAD",
        finess_eg="990000002",
        siret="99990001200017",
        address=("4 quai des Goémons", "99100", "Port-Amarre"),
        telephone="01 99 00 12 10",
        oid_arc=1,
        facility_type="SA18",
        practice_setting="SAD",
        content_type="16",
        mailbox_app="amarre.domicile@deux-quais.mssante.fr",
        mailbox_org="domicile@deux-quais.mssante.fr",
    ),
    Establishment(
        key="ime",
        name="IME et foyer Le Phare",
        kind="IME",
        finess_eg="990000010",
        siret="99990001200025",
        address=("12 rue du Sémaphore", "99100", "Port-Amarre"),
        telephone="01 99 00 12 20",
        oid_arc=2,
        facility_type="SA16",
        practice_setting="ETABLISSEMENT",
        content_type="13",
        mailbox_app="amarre.ime@deux-quais.mssante.fr",
        mailbox_org="ime@deux-quais.mssante.fr",
    ),
    Establishment(
        key="ehpad",
        name="EHPAD La Roselière",
        kind="EHPAD",
        finess_eg="990000028",
        siret="99990001200033",
        address=("1 allée des Aulnes", "99120", "Rive-sur-Roselière"),
        telephone="01 99 00 12 30",
        oid_arc=3,
        facility_type="SA17",
        practice_setting="ETABLISSEMENT",
        content_type="11",
        mailbox_app="amarre.roseliere@deux-quais.mssante.fr",
        mailbox_org="roseliere@deux-quais.mssante.fr",
    ),
    Establishment(
        key="pjm",
        name="Service mandataire Les Deux Quais",
        kind="PJM",
        finess_eg="990000036",
        siret="99990001200041",
        address=("4 quai des Goémons", "99100", "Port-Amarre"),
        telephone="01 99 00 12 40",
        oid_arc=4,
        facility_type="SA41",
        practice_setting="ETABLISSEMENT",
        content_type="50",
        mailbox_app="amarre.mandataires@deux-quais.mssante.fr",
        mailbox_org="mandataires@deux-quais.mssante.fr",
    ),
)


def establishment(key: str) -> Establishment:
    """Return the establishment of that key. Raises KeyError."""
    return {item.key: item for item in ESTABLISHMENTS}[key]
