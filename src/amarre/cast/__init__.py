"""The demonstration cast: a fictitious association, its establishments, its professionals, its usagers.

Data only: this package imports nothing of Amarre. The sandbox answers for these people, the demonstration
database is made of them, the guide and the screenshots show them. Production installations do not ship it.
Every person is invented or is a published test identity of the national services.
"""

from amarre.cast.organisation import ASSOCIATION, ESTABLISHMENTS, Association, Establishment, establishment
from amarre.cast.professionals import (
    EXTERNAL_PROFESSIONALS,
    ORGANISATIONAL_MAILBOXES,
    PERSONAS,
    ExternalProfessional,
    OrganisationalMailbox,
    Persona,
    persona,
)
from amarre.cast.usagers import USAGERS, CastUsager, usager

__all__ = [
    "ASSOCIATION",
    "ESTABLISHMENTS",
    "EXTERNAL_PROFESSIONALS",
    "ORGANISATIONAL_MAILBOXES",
    "PERSONAS",
    "USAGERS",
    "Association",
    "CastUsager",
    "Establishment",
    "ExternalProfessional",
    "OrganisationalMailbox",
    "Persona",
    "establishment",
    "persona",
    "usager",
]
