"""What a column may hold."""

from __future__ import annotations

from enum import StrEnum


class Field(StrEnum):
    """One thing a column gives; the value is what `--map` and the forms write."""

    label: str

    def __new__(cls, value: str, label: str) -> Field:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    NOM_NAISSANCE = "nom_naissance", "Nom de naissance"
    NOM_UTILISE = "nom_utilise", "Nom utilisé (d'usage, marital)"
    NOM = "nom", "Nom (naissance ou usage : à préciser)"
    PRENOM = "prenom", "Premier prénom de naissance"
    PRENOMS = "prenoms", "Prénoms de naissance (liste)"
    AUTRES_PRENOMS = "autres_prenoms", "Autres prénoms de naissance"
    PRENOM_UTILISE = "prenom_utilise", "Prénom utilisé"
    SEXE = "sexe", "Sexe"
    CIVILITE = "civilite", "Civilité"
    DATE_NAISSANCE = "date_naissance", "Date de naissance"
    LIEU_CODE = "lieu_code", "Code INSEE du lieu de naissance"
    LIEU_NOM = "lieu_nom", "Lieu de naissance (commune)"
    LIEU_CP = "lieu_cp", "Code postal ou département de naissance"
    LIEU_PAYS = "lieu_pays", "Pays de naissance"
    NUMERO_LOCAL = "numero_local", "Numéro local de la personne"
    NUMERO_DOSSIER = "numero_dossier", "Numéro de dossier"
    DATE_ENTREE = "date_entree", "Date d'entrée"
    DATE_SORTIE = "date_sortie", "Date de sortie"


FIELDS: dict[str, Field] = {field.value: field for field in Field}
IGNORE = "ignorer"


class Aside(StrEnum):
    """Why a column is not taken."""

    UNKNOWN = "unknown"
    NIR = "nir"
    COMBINED = "combined"
    BY_HAND = "by_hand"
    REPEATED = "repeated"


ASIDE_LABELS = {
    Aside.UNKNOWN: "titre non reconnu",
    Aside.NIR: "numéro national (sécurité sociale, INS) : il se demande à INSi, il ne s'importe pas",
    Aside.COMBINED: "nom et prénom dans une même colonne : séparez-les en deux colonnes",
    Aside.BY_HAND: "laissée de côté à votre demande",
    Aside.REPEATED: "même contenu qu'une autre colonne",
}


class NomMeaning(StrEnum):
    """Answer to the question a column « Nom » asks."""

    NAISSANCE = "naissance"
    USAGE = "usage"
    MIXTE = "mixte"


NOM_MEANING_LABELS = {
    NomMeaning.NAISSANCE: "Le nom de naissance",
    NomMeaning.USAGE: "Le nom utilisé (d'usage, marital)",
    NomMeaning.MIXTE: "Le nom utilisé si le nom de naissance est dans sa colonne, sinon le nom de naissance",
}
