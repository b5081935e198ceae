"""Documents brought in a dossier, as the tests need them: made once, without a process each time."""

from __future__ import annotations

import datetime
import functools

from amarre.dui.access.models import Membership
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.core.clock import today
from amarre.dui.intake.apart.verdicts import TextState
from amarre.dui.intake.description import Description, OutsideAuthor
from amarre.dui.intake.models import ImportedDocument
from amarre.dui.intake.preparation import Original, Prepared
from amarre.dui.intake.reader import Converted
from amarre.dui.intake.services.import_document import import_document
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.models import Dossier
from tests.dui import factories
from tests.dui.connected import House
from tests.dui.intake.corpus.ordinary_pdfs import by_typst

SOW = OutsideAuthor(
    family="Sow",
    given="Aminata",
    code="G15_10/SM04",
    system="1.2.250.1.213.1.1.4.5",
    organisation="CH du Large",
)


@functools.cache
def paper() -> Prepared:
    """Return a paper of two pages, converted."""
    pdf = by_typst("a-1b")
    return Prepared(Converted(pdf, 2, TextState.WHOLE, frozenset()), (Original(pdf),))


def said(house: House, **changes: object) -> Description:
    """Return the description of a hospital report, for which Loïc answers."""
    values: dict[str, object] = {
        "title": "Compte rendu d'hospitalisation",
        "type_code": "34112-3",
        "act_on": today() - datetime.timedelta(days=12),
        "author": SOW,
        "responsible": house.loic,
    }
    return Description(**(values | changes))  # type: ignore[arg-type]


def bring(house: House, dossier: Dossier, **changes: object) -> ImportedDocument:
    """Bring the paper in a dossier."""
    brought = import_document(
        dossier=dossier, prepared=paper(), said=said(house, **changes), actor=house.actor
    )
    return reload(brought)


def reload(imported: ImportedDocument) -> ImportedDocument:
    """Return the row as it is now, as views reach it."""
    with system_scope("test"):
        return ImportedDocument.objects.select_related(
            "dossier__identity",
            "dossier__essms__organisme",
            "author",
            "responsible",
            "imported_by",
            "decided_by",
        ).get(pk=imported.pk)


def colleague(essms: Essms, role: Role = Role.SOINS, *, profession: bool = True) -> User:
    """Return another person of the establishment, whose profession is known or not."""
    user = factories.make_user("Nadia", "Benali")
    code, system = ("G15_60", "1.2.250.1.213.1.1.4.5") if profession else ("", "")
    Membership.objects.create(user=user, essms=essms, role=role, author_code=code, author_code_system=system)
    return user
