"""Roles, and the matrix role × right as data.

Starting point: ours, drawn from the practice of the services (unconfirmed): each establishment adapts it in a
workshop. Legal limits always win: health data only inside the care team (L1110-4, L1110-12 CSP).
Version 3, 2026-11: approving a deposit, for whoever reads documents in the team, and the direction.

The team of a person is not described yet: until it is, « équipe » means the establishment (see `policy`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from amarre.dui.access.permissions import Permission as P

MATRIX_VERSION = "3 (2026-11)"


class Role(StrEnum):
    """What a person does in one establishment."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Role:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    SECRETARIAT = "secretariat", "Secrétariat"
    ACCOMPAGNEMENT = "accompagnement", "Accompagnement"
    SOINS = "soins", "Soins"
    AIDE_DOMICILE = "aide_domicile", "Aide à domicile"
    PSYCHOLOGUE = "psychologue", "Psychologue"
    DIRECTION = "direction", "Direction"
    MANDATAIRE = "mandataire", "Mandataire"
    REFERENT_IDENTITE = "referent_identite", "Référent identité"
    CHEF_PROJET = "chef_projet", "Chef de projet"
    ADMINISTRATEUR = "administrateur", "Administrateur"


class Condition(StrEnum):
    """What a right asks besides the role. EQUIPE: care team; OWN: one's own measures; MOTIF: a reason."""

    EQUIPE = "equipe"
    OWN = "own"
    MOTIF = "motif"


@dataclass(frozen=True, slots=True)
class Grant:
    """One cell of the matrix. `note` narrows what is shown (« minimal », « consignes seulement »)."""

    conditions: frozenset[Condition] = frozenset()
    note: str = ""


def _grant(*conditions: Condition, note: str = "") -> Grant:
    return Grant(frozenset(conditions), note)


YES = _grant()
TEAM = _grant(Condition.EQUIPE)
OWN = _grant(Condition.OWN)

MATRIX: Mapping[Role, Mapping[P, Grant]] = {
    Role.SECRETARIAT: {
        P.READ_IDENTITE: YES,
        P.WRITE_IDENTITE: YES,
        P.IMPORT_USAGERS: YES,
        P.READ_CONTACTS: YES,
        P.WRITE_CONTACTS: YES,
        P.READ_SEJOURS: YES,
        P.WRITE_SEJOURS: YES,
        P.READ_AGENDA: YES,
        P.WRITE_AGENDA: YES,
        P.READ_JOURNAL_SOCIAL: _grant(note="titres"),
        P.READ_PROJET: YES,
        P.READ_DOCUMENTS: YES,
        P.WRITE_DOCUMENTS: YES,
        P.FEED_DMP: YES,
        P.SEND_MSSANTE: _grant(note="boîte partagée"),
        P.SEARCH_ANNUAIRE: YES,
        P.READ_ENVOIS: YES,
        P.RETRY_ENVOIS: YES,
        P.READ_INDICATEURS: YES,
    },
    Role.ACCOMPAGNEMENT: {
        P.READ_IDENTITE: YES,
        P.READ_CONTACTS: YES,
        P.READ_SEJOURS: YES,
        P.WRITE_SEJOURS: YES,
        P.READ_AGENDA: YES,
        P.WRITE_AGENDA: YES,
        P.VALIDATE_AGENDA: TEAM,
        P.READ_JOURNAL_SOCIAL: TEAM,
        P.WRITE_JOURNAL_SOCIAL: TEAM,
        P.READ_JOURNAL_SOINS: _grant(Condition.EQUIPE, note="à savoir"),
        P.READ_PROJET: YES,
        P.WRITE_PROJET: YES,
        P.VALIDATE_PROJET: TEAM,
        P.READ_EVALUATIONS: TEAM,
        P.READ_SANTE: _grant(Condition.EQUIPE, note="strict nécessaire"),
        P.READ_DOCUMENTS: YES,
        P.WRITE_DOCUMENTS: YES,
        P.FEED_DMP: TEAM,
        P.APPROVE_DMP: TEAM,
        P.SEND_MSSANTE: TEAM,
        P.SEARCH_ANNUAIRE: YES,
        P.READ_ENVOIS: YES,
        P.RETRY_ENVOIS: YES,
        P.READ_INDICATEURS: _grant(note="les siens"),
    },
    Role.SOINS: {
        P.READ_IDENTITE: YES,
        P.READ_CONTACTS: YES,
        P.READ_SEJOURS: YES,
        P.READ_AGENDA: YES,
        P.WRITE_AGENDA: YES,
        P.VALIDATE_AGENDA: TEAM,
        P.READ_JOURNAL_SOCIAL: TEAM,
        P.WRITE_JOURNAL_SOCIAL: TEAM,
        P.READ_JOURNAL_SOINS: TEAM,
        P.WRITE_JOURNAL_SOINS: TEAM,
        P.READ_PROJET: YES,
        P.WRITE_PROJET: TEAM,
        # A projet is validated by its author: whoever writes one may validate their own.
        P.VALIDATE_PROJET: TEAM,
        P.READ_EVALUATIONS: YES,
        P.WRITE_EVALUATIONS: YES,
        P.VALIDATE_EVALUATIONS: TEAM,
        P.READ_SANTE: YES,
        P.WRITE_SANTE: YES,
        P.VALIDATE_SANTE: TEAM,
        P.READ_DOCUMENTS: YES,
        P.WRITE_DOCUMENTS: YES,
        P.FEED_DMP: TEAM,
        P.APPROVE_DMP: TEAM,
        P.CONSULT_DMP: _grant(Condition.EQUIPE, note="carte de professionnel, matrice nationale"),
        P.SEND_MSSANTE: TEAM,
        P.SEARCH_ANNUAIRE: YES,
        P.READ_ENVOIS: YES,
        P.RETRY_ENVOIS: YES,
        P.READ_INDICATEURS: _grant(note="les siens"),
    },
    Role.AIDE_DOMICILE: {
        P.READ_IDENTITE: _grant(note="minimal"),
        P.READ_CONTACTS: _grant(note="contacts"),
        P.READ_SEJOURS: YES,
        P.READ_AGENDA: YES,
        P.WRITE_AGENDA: _grant(Condition.OWN, note="le sien"),
        P.READ_JOURNAL_SOCIAL: _grant(Condition.EQUIPE, note="sa tournée"),
        P.WRITE_JOURNAL_SOCIAL: _grant(Condition.EQUIPE, note="sa tournée"),
        P.READ_JOURNAL_SOINS: _grant(Condition.EQUIPE, note="à savoir"),
        P.READ_PROJET: TEAM,
        P.READ_EVALUATIONS: _grant(note="résultat"),
        P.READ_SANTE: _grant(note="consignes seulement"),
        P.SEND_MSSANTE: _grant(Condition.EQUIPE, note="planning, information après la visite"),
        P.SEARCH_ANNUAIRE: YES,
    },
    Role.PSYCHOLOGUE: {
        P.READ_IDENTITE: YES,
        P.READ_CONTACTS: YES,
        P.READ_SEJOURS: YES,
        P.READ_AGENDA: YES,
        P.WRITE_AGENDA: TEAM,
        P.READ_JOURNAL_SOCIAL: TEAM,
        P.WRITE_JOURNAL_SOCIAL: TEAM,
        P.READ_JOURNAL_SOINS: TEAM,
        P.READ_PROJET: YES,
        P.WRITE_PROJET: TEAM,
        P.VALIDATE_PROJET: TEAM,
        P.READ_EVALUATIONS: YES,
        P.WRITE_EVALUATIONS: TEAM,
        P.READ_SANTE: TEAM,
        P.READ_DOCUMENTS: YES,
        P.WRITE_DOCUMENTS: YES,
        P.FEED_DMP: TEAM,
        P.APPROVE_DMP: TEAM,
        P.CONSULT_DMP: _grant(Condition.EQUIPE, note="matrice nationale"),
        P.SEND_MSSANTE: TEAM,
        P.SEARCH_ANNUAIRE: YES,
        P.READ_ENVOIS: YES,
        P.READ_INDICATEURS: _grant(note="les siens"),
    },
    Role.DIRECTION: {
        P.READ_IDENTITE: YES,
        P.READ_CONTACTS: YES,
        P.READ_SEJOURS: YES,
        P.VALIDATE_SEJOURS: YES,
        P.READ_AGENDA: YES,
        P.READ_JOURNAL_SOCIAL: _grant(Condition.MOTIF),
        P.READ_PROJET: YES,
        P.VALIDATE_PROJET: YES,
        P.READ_EVALUATIONS: _grant(note="totaux"),
        P.READ_DOCUMENTS: YES,
        # Reads the document and agrees; asks for no deposit: the two persons stay two.
        P.APPROVE_DMP: YES,
        P.SEND_MSSANTE: YES,
        P.SEARCH_ANNUAIRE: YES,
        P.READ_ENVOIS: YES,
        P.RETRY_ENVOIS: YES,
        P.READ_INDICATEURS: YES,
        P.EXPORT_DUI: YES,
        P.VALIDATE_EXPORT_DUI: YES,
        P.READ_JOURNAL_ACCES: YES,
        P.CONFIGURE_ESSMS: YES,
        P.MANAGE_COMPTES: YES,
    },
    Role.MANDATAIRE: {
        P.READ_IDENTITE: YES,
        P.READ_CONTACTS: OWN,
        P.WRITE_CONTACTS: OWN,
        P.READ_SEJOURS: YES,
        P.READ_AGENDA: OWN,
        P.WRITE_AGENDA: OWN,
        P.READ_JOURNAL_SOCIAL: OWN,
        P.WRITE_JOURNAL_SOCIAL: OWN,
        P.READ_PROJET: OWN,
        P.WRITE_PROJET: OWN,
        P.VALIDATE_PROJET: OWN,
        P.READ_SANTE: _grant(Condition.OWN, Condition.MOTIF, note="représentation relative à la personne"),
        P.READ_DOCUMENTS: OWN,
        P.WRITE_DOCUMENTS: OWN,
        P.FEED_DMP: _grant(Condition.OWN, note="documents de la mesure"),
        P.APPROVE_DMP: _grant(Condition.OWN, note="documents de la mesure"),
        P.CONSULT_DMP: _grant(Condition.OWN, note="matrice nationale"),
        P.SEND_MSSANTE: TEAM,
        P.SEARCH_ANNUAIRE: YES,
        P.READ_ENVOIS: YES,
        P.RETRY_ENVOIS: YES,
        P.READ_INDICATEURS: _grant(note="les siens"),
        P.EXPORT_DUI: OWN,
    },
    Role.REFERENT_IDENTITE: {
        P.READ_IDENTITE: YES,
        P.WRITE_IDENTITE: YES,
        P.QUALIFY_IDENTITE: YES,
        P.READ_EVIDENCE_COPIES: YES,
        P.VERIFY_IDENTITES: YES,
        P.IMPORT_USAGERS: YES,
        P.READ_CONTACTS: YES,
        P.READ_ENVOIS: YES,
        P.READ_INDICATEURS: _grant(note="INS"),
        P.READ_JOURNAL_ACCES: _grant(note="identité"),
    },
    Role.CHEF_PROJET: {
        P.READ_INDICATEURS: YES,
    },
    Role.ADMINISTRATEUR: {
        P.READ_INDICATEURS: _grant(note="techniques"),
        P.EXPORT_DUI: _grant(note="sur ordre"),
        P.READ_JOURNAL_ACCES: _grant(note="technique seulement"),
        P.CONFIGURE_ESSMS: YES,
        P.MANAGE_COMPTES: YES,
    },
}

# Who runs the software reads no record: never both in one establishment.
INCOMPATIBLE_WITH_ADMINISTRATEUR = frozenset(
    {Role.ACCOMPAGNEMENT, Role.SOINS, Role.AIDE_DOMICILE, Role.PSYCHOLOGUE, Role.MANDATAIRE}
)

# What the software does by itself, after a person's decision (background work): no reading of the record.
SYSTEM = frozenset(
    {
        P.READ_IDENTITE,
        P.WRITE_IDENTITE,
        # `amarre manage verify_identities`, started by who holds the server.
        P.VERIFY_IDENTITES,
        # `amarre import usagers`, started by who holds the server.
        P.IMPORT_USAGERS,
        P.READ_DOCUMENTS,
        P.FEED_DMP,
        P.SEND_MSSANTE,
        P.SEARCH_ANNUAIRE,
    }
)
