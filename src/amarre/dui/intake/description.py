"""What a person says of a document brought from elsewhere: what it is, who wrote it, who answers for it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from amarre.dui.accounts.models import User
from amarre.dui.intake.models import ImportedDocument


@dataclass(frozen=True, slots=True)
class OutsideAuthor:
    """Someone who does not work in the establishment. `code` and `system`: profession (JDV_J01)."""

    family: str
    given: str
    code: str
    system: str
    rpps: str = ""
    organisation: str = ""
    finess: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """`author` works here; or is someone from elsewhere, and `responsible` answers for the document."""

    title: str
    type_code: str
    act_on: datetime.date
    author: User | OutsideAuthor
    responsible: User


def write_on(imported: ImportedDocument, said: Description) -> None:
    """Put a description on a row, not saved. The author of the house answers for what they wrote."""
    outside = said.author if isinstance(said.author, OutsideAuthor) else None
    author = said.author if isinstance(said.author, User) else None
    imported.title = said.title
    imported.type_code = said.type_code
    imported.act_on = said.act_on
    imported.author = author
    imported.responsible = author or said.responsible
    imported.outside_family = outside.family if outside else ""
    imported.outside_given = outside.given if outside else ""
    imported.outside_code = outside.code if outside else ""
    imported.outside_system = outside.system if outside else ""
    imported.outside_rpps = outside.rpps if outside else ""
    imported.outside_organisation = outside.organisation if outside else ""
    imported.outside_finess = outside.finess if outside else ""
