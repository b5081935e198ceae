"""Annuaire Santé (FHIR R4): searching professionals and structures with their MSSanté mailboxes. Pure."""

from amarre.interop.annuaire.decode import Page, parse_page
from amarre.interop.annuaire.model import (
    Mailbox,
    MailboxKind,
    Place,
    PlaceQuery,
    Professional,
    ProfessionalQuery,
    Situation,
)

__all__ = [
    "Mailbox",
    "MailboxKind",
    "Page",
    "Place",
    "PlaceQuery",
    "Professional",
    "ProfessionalQuery",
    "Situation",
    "parse_page",
]
