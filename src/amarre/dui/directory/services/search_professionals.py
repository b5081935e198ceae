"""Search the Annuaire Santé, directly: someone waits for the answer, and nothing leaves about any usager."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.directory.connector import annuaire_client, answering
from amarre.dui.directory.found import FoundEntry, from_copy, from_place, from_professional
from amarre.dui.directory.models import DirectoryEntry
from amarre.dui.directory.selectors import DirectoryQuery, copies_matching
from amarre.dui.organisations.models import Essms
from amarre.dui.organisations.selectors import profile_of
from amarre.dui.web.errors import with_reference
from amarre.interop.annuaire import PlaceQuery, ProfessionalQuery
from amarre.interop.common.errors import AmarreError, Explanation

logger = logging.getLogger("amarre.directory")

SHOWN = 30


@dataclass(frozen=True, slots=True)
class DirectoryAnswer:
    """Entries found. `degraded` explains why they are our own copies instead of the directory's answer;
    `more` tells that others exist."""

    entries: tuple[FoundEntry, ...]
    more: bool = False
    degraded: Explanation | None = None


def search_professionals(*, essms: Essms, query: DirectoryQuery, actor: Actor) -> DirectoryAnswer:
    """Return professionals or structures (`query.kind`), at most SHOWN.

    When the directory gives no answer, our copies that match are returned with the reason. The search is
    traced, its words are not. Raises the access errors.
    """
    require(actor, Permission.SEARCH_ANNUAIRE, essms)
    try:
        with answering():
            answer = _ask(essms, query)
    except AmarreError as error:
        copies = tuple(from_copy(entry) for entry in copies_matching(actor, query))
        answer = DirectoryAnswer(copies, degraded=with_reference(error.explanation()))
        logger.warning("directory: %s, %s", error, answer.degraded and answer.degraded.reference)
    record_reading(
        actor,
        "directory.searched",
        details={
            "kind": query.kind,
            "results": len(answer.entries),
            "failure": answer.degraded.code if answer.degraded else "",
        },
    )
    return answer


def _ask(essms: Essms, query: DirectoryQuery) -> DirectoryAnswer:
    client = annuaire_client(profile_of(essms))
    if query.kind == DirectoryEntry.Kind.STRUCTURE:
        places = client.search_places(PlaceQuery(name=query.name, commune=query.commune), SHOWN)
        return DirectoryAnswer(tuple(from_place(item, now()) for item in places.items), places.more)
    asked = ProfessionalQuery(name=query.name, profession=query.profession, commune=query.commune)
    people = client.search_professionals(asked, SHOWN)
    found = [from_professional(item, now()) for item in people.items]
    # Those one can write to first, otherwise in the order of the directory.
    return DirectoryAnswer(tuple(sorted(found, key=lambda entry: not entry.mailboxes)), people.more)
