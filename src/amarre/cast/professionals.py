"""The professionals of the cast: personas who log in, and external professionals one writes to.

RPPS numbers begin with 997 (test range) and carry a right Luhn key. `subject_name_id` is the national
identifier given by Pro Santé Connect: `8` + RPPS.
"""

from __future__ import annotations

from dataclasses import dataclass

PROFESSIONS = "1.2.250.1.213.1.1.4.5"
ROLES_R85 = "1.2.250.1.213.1.6.1.107"


@dataclass(frozen=True, slots=True)
class Persona:
    """One member of the staff. `role` is the DUI role; `specialty` is (code, label, OID) of JDV_J01."""

    key: str
    family_name: str
    given_name: str
    civility: str
    title: str
    role: str
    rpps: str
    specialty: tuple[str, str, str]
    establishments: tuple[str, ...]
    what_they_do: str

    @property
    def subject_name_id(self) -> str:
        """PSC SubjectNameID: 8 + RPPS."""
        return f"8{self.rpps}"


@dataclass(frozen=True, slots=True)
class ExternalProfessional:
    """A professional of the directory, outside the association."""

    rpps: str
    civility: str
    family_name: str
    given_name: str
    specialty: tuple[str, str, str]
    # Code of TRE_G15-ProfessionSante, for the directory.
    profession: str
    structure: str
    commune: tuple[str, str]  # postal code, name
    mailbox: str  # "" when the directory knows none


@dataclass(frozen=True, slots=True)
class OrganisationalMailbox:
    """An organisational mailbox of the directory."""

    finess: str
    structure: str
    commune: tuple[str, str]
    mailbox: str
    description: str


INFIRMIER = ("G15_60", "Infirmier", PROFESSIONS)

PERSONAS: tuple[Persona, ...] = (
    Persona(
        "maud-keravel",
        "KERAVEL",
        "Maud",
        "MME",
        "Référente identitovigilance",
        "referent_identite",
        "99700000013",
        ("331", "Secrétaire assistante médico-administrative", ROLES_R85),
        ("domicile", "ime", "ehpad", "pjm"),
        "Qualifie les identités des quatre établissements.",
    ),
    Persona(
        "loic-bremond",
        "BREMOND",
        "Loïc",
        "M",
        "Infirmier coordinateur",
        "soins",
        "99700000021",
        INFIRMIER,
        ("domicile",),
        "Rédige les projets, dépose au DMP, écrit aux partenaires.",
    ),
    Persona(
        "sylvie-morvan",
        "MORVAN",
        "Sylvie",
        "MME",
        "Secrétaire",
        "secretariat",
        "99700000039",
        ("331", "Secrétaire assistante médico-administrative", ROLES_R85),
        ("domicile",),
        "Importe la liste des usagers, saisit les admissions.",
    ),
    Persona(
        "ines-carvalho",
        "CARVALHO",
        "Inès",
        "MME",
        "Aide-soignante",
        "accompagnement",
        "99700000047",
        ("313", "Aide-soignant", ROLES_R85),
        ("ehpad",),
        "Accompagne les résidents de l'unité Les Aulnes.",
    ),
    Persona(
        "nadege-le-goff",
        "LE GOFF",
        "Nadège",
        "MME",
        "Infirmière coordinatrice",
        "soins",
        "99700000054",
        INFIRMIER,
        ("ehpad",),
        "Coordonne les soins de l'EHPAD.",
    ),
    Persona(
        "solene-guivarch",
        "GUIVARCH",
        "Solène",
        "MME",
        "Médecin coordonnatrice",
        "soins",
        "99700000187",
        ("G15_10/SM18", "Médecin - Gériatrie (SM)", PROFESSIONS),
        ("ehpad",),
        "Tient les synthèses médicales, prescrit, valide ce qui revient à un médecin.",
    ),
    Persona(
        "karim-benali",
        "BENALI",
        "Karim",
        "M",
        "Éducateur spécialisé",
        "accompagnement",
        "99700000062",
        ("326", "Educateur spécialisé", ROLES_R85),
        ("ime",),
        "Référent de projets à l'IME.",
    ),
    Persona(
        "bruno-allard",
        "ALLARD",
        "Bruno",
        "M",
        "Directeur",
        "direction",
        "99700000070",
        ("359", "Directeur d'établissement", ROLES_R85),
        ("domicile", "ime"),
        "Suit les indicateurs, règle les établissements.",
    ),
    Persona(
        "helene-tassin",
        "TASSIN",
        "Hélène",
        "MME",
        "Directrice",
        "direction",
        "99700000088",
        ("359", "Directeur d'établissement", ROLES_R85),
        ("ehpad", "pjm"),
        "Dirige l'EHPAD et le service mandataire.",
    ),
    Persona(
        "marc-delaunay",
        "DELAUNAY",
        "Marc",
        "M",
        "Mandataire judiciaire",
        "mandataire",
        "99700000096",
        ("307", "Mandataire judiciaire à la protection des majeurs (MJPM)", ROLES_R85),
        ("pjm",),
        "Exerce les mesures de protection.",
    ),
    Persona(
        "fatou-diallo",
        "DIALLO",
        "Fatou",
        "MME",
        "Aide à domicile",
        "aide_domicile",
        "99700000104",
        ("371", "Aide à domicile qualifié(e)", ROLES_R85),
        ("domicile",),
        "Intervient chez les personnes.",
    ),
    Persona(
        "julie-prat",
        "PRAT",
        "Julie",
        "MME",
        "Pilote du DUI",
        "chef_projet",
        "99700000112",
        ("312", "Autre professionnel", ROLES_R85),
        ("domicile", "ime", "ehpad", "pjm"),
        "Pilote le déploiement du DUI ; on l'appelle quand quelque chose bloque.",
    ),
    Persona(
        "theo-lambert",
        "LAMBERT",
        "Théo",
        "M",
        "Administrateur technique",
        "administrateur",
        "99700000120",
        ("312", "Autre professionnel", ROLES_R85),
        ("domicile", "ime", "ehpad", "pjm"),
        "Tient les connecteurs et les certificats.",
    ),
)

EXTERNAL_PROFESSIONALS: tuple[ExternalProfessional, ...] = (
    ExternalProfessional(
        "99700000138",
        "MME",
        "ROUSSEL",
        "Claire",
        INFIRMIER,
        "60",
        "Cabinet infirmier des Goémons",
        ("99100", "Port-Amarre"),
        "claire.roussel@infirmier.mssante.fr",
    ),
    ExternalProfessional(
        "99700000146",
        "DR",
        "SOW",
        "Aminata",
        ("G15_10/SM54", "Médecin - Médecine Générale (SM)", PROFESSIONS),
        "10",
        "Maison de santé du Port",
        ("99100", "Port-Amarre"),
        "aminata.sow@medecin.mssante.fr",
    ),
    ExternalProfessional(
        "99700000153",
        "DR",
        "LEFEBVRE",
        "Antoine",
        ("G15_10/SM26", "Médecin - Qualifié en Médecine Générale (SM)", PROFESSIONS),
        "10",
        "Cabinet médical de la Rive",
        ("99120", "Rive-sur-Roselière"),
        "antoine.lefebvre@medecin.mssante.fr",
    ),
    ExternalProfessional(
        "99700000161",
        "M",
        "NGUYEN",
        "Paul",
        ("G15_21/A", "Pharmacien titulaire d'officine", PROFESSIONS),
        "21",
        "Pharmacie des Halles",
        ("99100", "Port-Amarre"),
        "pharmacie.halles@pharmacien.mssante.fr",
    ),
    ExternalProfessional(
        "99700000179",
        "MME",
        "ROUSSEL",
        "Camille",
        ("G15_70", "Masseur-Kinésithérapeute", PROFESSIONS),
        "70",
        "Cabinet de kinésithérapie",
        ("99130", "Saint-Goustan-des-Fonds"),
        "",
    ),
)

ORGANISATIONAL_MAILBOXES: tuple[OrganisationalMailbox, ...] = (
    OrganisationalMailbox(
        "990000044",
        "Centre hospitalier de Port-Amarre",
        ("99100", "Port-Amarre"),
        "coordination@ch-port-amarre.mssante.fr",
        "Cellule ville-hôpital",
    ),
)


def persona(key: str) -> Persona:
    """Return the persona of that key. Raises KeyError."""
    return {item.key: item for item in PERSONAS}[key]


def professional(rpps: str) -> ExternalProfessional:
    """Return the external professional of that RPPS number. Raises KeyError."""
    return {item.rpps: item for item in EXTERNAL_PROFESSIONALS}[rpps]
