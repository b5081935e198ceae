"""The usagers of the cast: published INSi test identities, and people invented for Amarre.

The published identities carry the OID the national service gives them (NIR or NIA); ours carry the OID of test
matricules, so that nobody can take them for a person. Source of the published ones: CNDA authorisation tests
of the INSi teleservice, as met in public implementations.
"""

from __future__ import annotations

from dataclasses import dataclass

NIR = "1.2.250.1.213.1.4.8"
NIA = "1.2.250.1.213.1.4.9"
TEST = "1.2.250.1.213.1.4.10"


@dataclass(frozen=True, slots=True)
class CastUsager:
    """One usager. `insi` is what the identity service answers: found, not_found or several."""

    key: str
    nom_naissance: str
    prenoms: str  # all birth given names, space separated
    sexe: str
    date_naissance: str  # AAAA-MM-JJ
    lieu_naissance: str  # COG
    lieu_libelle: str  # "" when the commune is fictitious
    matricule: str  # 13 characters, "" when INSi gives none
    cle: str
    ins_oid: str
    insi: str
    establishments: tuple[str, ...]
    nom_utilise: str
    prenom_utilise: str
    note: str

    @property
    def premier_prenom(self) -> str:
        """First birth given name; a hyphenated name is one."""
        return self.prenoms.split(" ")[0]


USAGERS: tuple[CastUsager, ...] = (
    CastUsager(
        "catarina-tchitchi", "TCHITCHI", "CATARINA BELLA", "F", "1936-06-21",
        "63220", "Mirefleurs", "2360663220836", "56", NIR, "found",
        ("ehpad", "domicile",), "", "",
        "Identité de test publiée ; OLA puis CATARINA dans le jeu du CNDA.",
    ),
    CastUsager(
        "zoe-adrun", "ADRUN", "ZOE", "F", "1975-12-31",
        "63220", "Mirefleurs", "2751263220749", "74", NIR, "found",
        ("domicile",), "", "",
        "Identité de test publiée : la sonde la plus simple.",
    ),
    CastUsager(
        "dominique-adrtrois", "ADRTROIS", "DOMINIQUE", "F", "1997-02-26",
        "2A020", "", "297022A020778", "78", NIR, "found",
        ("ime", "pjm",), "", "",
        "Identité de test publiée, née en Corse.",
    ),
    CastUsager(
        "toussaint-adrtrois", "ADRTROIS", "TOUSSAINT", "M", "1960-01-01",
        "2B020", "", "160012B020777", "13", NIR, "found",
        ("pjm",), "", "",
        "Identité de test publiée, née en Corse.",
    ),
    CastUsager(
        "michelangelo-nessi", "NESSI", "MICHELANGELO ANTHONY", "M", "2010-08-07",
        "63220", "Mirefleurs", "1100863220830", "60", NIR, "found",
        ("ime",), "", "",
        "Identité de test publiée.",
    ),
    CastUsager(
        "pierre-alain-dartagnan", "D'ARTAGNAN DE L'HERAULT", "PIERRE-ALAIN MURIEL FLORIANT", "M", "2001-06-17",
        "63220", "Mirefleurs", "1010663220754", "60", NIR, "found",
        ("ime",), "", "",
        "Identité de test publiée : apostrophes et espaces.",
    ),
    CastUsager(
        "pierre-alain-ecetinsi", "ECETINSI", "PIERRE-ALAIN MURIEL FLORIANT", "M", "2009-07-14",
        "63220", "Mirefleurs", "1090763220834", "89", NIR, "found",
        ("ime",), "", "",
        "Identité de test publiée avec historique d'INS.",
    ),
    CastUsager(
        "matricule-provisoire", "PROVISOIRE", "MATRICULE", "M", "2009-07-01",
        "63220", "Mirefleurs", "1090763220888", "35", NIA, "found",
        ("ime",), "", "",
        "Identité de test publiée : numéro d'attente (NIA).",
    ),
    CastUsager(
        "anthony-corse", "CORSE", "ANTHONY", "M", "1980-03-02",
        "2B020", "", "180032B020401", "23", NIR, "found",
        ("domicile",), "", "",
        "Identité de test publiée, historique contenant l'INS active.",
    ),
    CastUsager(
        "pierre-houilles", "HOUILLES", "PIERRE PAUL JACQUES", "M", "1993-01-27",
        "63220", "Mirefleurs", "", "", "", "not_found",
        ("domicile",), "", "",
        "Identité de test publiée : INSi ne trouve personne.",
    ),
    CastUsager(
        "leonardo-de-vinci", "DE VINCI", "LEONARDO", "M", "2014-02-01",
        "63220", "Mirefleurs", "", "", "", "several",
        ("ime",), "", "",
        "Identité de test publiée : INSi trouve plusieurs personnes.",
    ),
    CastUsager(
        "yvonne-le-bihan", "LE BIHAN", "YVONNE MARIE ANNE", "F", "1938-04-12",
        "29151", "Morlaix", "2380429151101", "60", TEST, "found",
        ("domicile",), "KERVELLA", "YVONNE",
        "Nom d'usage différent du nom de naissance.",
    ),
    CastUsager(
        "jean-riou", "RIOU", "JEAN FRANCOIS", "M", "1941-09-03",
        "29151", "Morlaix", "1410929151102", "42", TEST, "found",
        ("domicile",), "", "",
        "",
    ),
    CastUsager(
        "marie-therese-quere", "QUERE", "MARIE-THERESE LOUISE", "F", "1935-12-24",
        "29239", "Roscoff", "2351229239103", "21", TEST, "found",
        ("domicile",), "", "",
        "Prénom composé avec trait d'union.",
    ),
    CastUsager(
        "anna-kowalczyk", "KOWALCZYK", "ANNA", "F", "1944-07-30",
        "99122", "Pologne", "2440799122104", "52", TEST, "found",
        ("domicile",), "MARTIN", "",
        "Née à l'étranger.",
    ),
    CastUsager(
        "pierre-abgrall", "ABGRALL", "PIERRE YVES", "M", "1947-02-18",
        "29019", "Brest", "1470229019105", "04", TEST, "found",
        ("domicile", "pjm",), "", "",
        "Suivi par deux établissements.",
    ),
    CastUsager(
        "odette-lefevre", "LEFEBVRE", "ODETTE", "F", "1932-11-05",
        "75114", "Paris 14e", "2321175114106", "38", TEST, "found",
        ("ehpad",), "", "",
        "La base d'origine écrit LEFEVRE.",
    ),
    CastUsager(
        "germaine-ollivier", "OLLIVIER", "GERMAINE MARCELLE", "F", "1930-01-22",
        "29232", "Quimper", "2300129232107", "05", TEST, "found",
        ("ehpad",), "", "",
        "",
    ),
    CastUsager(
        "rene-caradec", "CARADEC", "RENE", "M", "1936-08-14",
        "56121", "Lorient", "1360856121108", "48", TEST, "found",
        ("ehpad", "pjm",), "", "",
        "",
    ),
    CastUsager(
        "lucas-berthelot", "BERTHELOT", "LUCAS", "M", "2012-05-09",
        "35238", "Rennes", "1120535238109", "75", TEST, "found",
        ("ime",), "", "",
        "",
    ),
    CastUsager(
        "ines-haddad", "HADDAD", "INES LINA", "F", "2011-10-17",
        "69384", "Lyon 4e", "2111069384110", "93", TEST, "found",
        ("ime",), "", "",
        "",
    ),
    CastUsager(
        "tom-guivarch", "GUIVARC'H", "TOM ARTHUR", "M", "2013-03-28",
        "29151", "Morlaix", "1130329151111", "48", TEST, "found",
        ("ime",), "", "",
        "Apostrophe dans le nom.",
    ),
    CastUsager(
        "denise-pochard", "POCHARD", "DENISE", "F", "1950-06-19",
        "29151", "Morlaix", "2500629151112", "75", TEST, "found",
        ("pjm",), "", "",
        "",
    ),
)  # fmt: skip


def usager(key: str) -> CastUsager:
    """Return the usager of that key. Raises KeyError."""
    return {item.key: item for item in USAGERS}[key]
