"""Choose a correspondent: read again in the directory, then kept."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.directory.connector import annuaire_client, answering
from amarre.dui.directory.errors import EntryGone
from amarre.dui.directory.found import FoundEntry, from_place, from_professional
from amarre.dui.directory.models import DirectoryEntry
from amarre.dui.organisations.models import Essms, OrganismeGestionnaire
from amarre.dui.organisations.selectors import profile_of
from amarre.interop.annuaire import PlaceQuery, ProfessionalQuery
from amarre.interop.common.errors import AmarreError


def choose_entry(*, essms: Essms, kind: str, identifier: str, actor: Actor) -> DirectoryEntry:
    """Keep what the directory says now of one correspondent, and return our copy.

    The address comes from the directory, never from the page. When the directory gives no answer, the copy
    we already have is chosen with its own date. Raises the access errors, EntryGone (it answered, without the
    entry), or the directory's failure when there is no copy.
    """
    require(actor, Permission.SEARCH_ANNUAIRE, essms)
    if kind not in DirectoryEntry.Kind.values:
        raise EntryGone
    known = DirectoryEntry.objects.visible_to(actor).filter(kind=kind, identifier=identifier).first()
    try:
        with answering():
            found = _read_again(essms, kind, identifier)
    except EntryGone:
        raise
    except AmarreError:
        if known is None:
            raise
        found = None
    with transaction.atomic():
        if found is None and known is not None:
            # What a colleague may have read meanwhile stays.
            entry, touched = known, ["used_at"]
        else:
            entry, touched = _keep(essms.organisme_id, found), None
        entry.used_at = now()
        entry.save(update_fields=touched)
        record(actor, "directory.chosen", subject=entry, details={"kind": kind, "fresh": found is not None})
    return entry


def _read_again(essms: Essms, kind: str, identifier: str) -> FoundEntry:
    client = annuaire_client(profile_of(essms))
    if kind == DirectoryEntry.Kind.STRUCTURE:
        found = [
            from_place(item, now()) for item in client.search_places(PlaceQuery(finess=identifier)).items
        ]
    else:
        people = client.search_professionals(ProfessionalQuery(rpps=identifier)).items
        found = [from_professional(item, now()) for item in people]
    for entry in found:
        if entry.identifier == identifier:
            return entry
    raise EntryGone


def _keep(organisme_id: int, found: FoundEntry | None) -> DirectoryEntry:
    """Return the copy, made or brought up to date; not saved yet."""
    if found is None:
        raise EntryGone
    # Two people choosing the same correspondent at once make one copy.
    OrganismeGestionnaire.objects.select_for_update().get(pk=organisme_id)
    with system_scope("copy of an entry of the actor's organisme"):
        entry = DirectoryEntry.objects.filter(
            organisme_id=organisme_id, kind=found.kind, identifier=found.identifier
        ).first()
    entry = entry or DirectoryEntry(organisme_id=organisme_id, kind=found.kind, identifier=found.identifier)
    entry.name = found.name
    entry.profession = found.profession
    entry.structure = found.structure
    entry.commune = found.commune
    entry.mailboxes = [
        {"address": box.address, "kind": box.kind, "label": box.label} for box in found.mailboxes
    ]
    entry.search_key = found.search_key
    entry.fetched_at = found.fetched_at
    return entry
