"""Who wrote a document brought from elsewhere, as a CDA names them."""

from __future__ import annotations

import re

from amarre.dui.documents.authors import AuthorCard, author_card
from amarre.dui.documents.errors import AuthorIncomplete
from amarre.dui.intake.models import ImportedDocument
from amarre.interop.cda import (
    Identifier,
    Organization,
    PersonName,
    ps_in_finess,
    ps_in_siret,
    ps_rpps,
    struct_finess,
)
from amarre.interop.terminology import ValueSetId, value_set

# Kind of a qualification, in brackets at the end of a label of JDV_J01: speciality, certificate…
_QUALIFICATION = re.compile(r" \([A-Z]{2,4}\)$")


def card_of(imported: ImportedDocument) -> AuthorCard:
    """Return the card of the author. Raises AuthorIncomplete when the profession is not known.

    An outside author without RPPS number gets an internal identifier of the establishment, which is what
    PS_IdNat gives to someone known of a structure only (CI-SIS, annexe des identifiants).
    """
    if imported.author is not None:
        return author_card(imported.author, imported.dossier.essms)
    code = value_set(ValueSetId.AUTHOR_SPECIALTY).find(imported.outside_code, imported.outside_system)
    if code is None:
        raise AuthorIncomplete(author=imported.written_by)
    organization = None
    if imported.outside_finess:
        name = imported.outside_organisation or imported.outside_finess
        organization = Organization(identifier=struct_finess(imported.outside_finess), name=name)
    return AuthorCard(
        _identifier(imported),
        PersonName(imported.outside_family.upper(), imported.outside_given),
        code,
        spoken(code.display),
        outside=True,
        organization=organization,
    )


def spoken(profession: str) -> str:
    """Return a profession of JDV_J01 as people say it: « Médecin - Médecine Générale (SM) » without codes."""
    return _QUALIFICATION.sub("", profession).replace(" - ", ", ")


def _identifier(imported: ImportedDocument) -> Identifier:
    if imported.outside_rpps:
        return ps_rpps(imported.outside_rpps)
    essms, local = imported.dossier.essms, f"X{imported.pk}"
    return ps_in_finess(essms.finess_eg, local) if essms.finess_eg else ps_in_siret(essms.siret, local)
