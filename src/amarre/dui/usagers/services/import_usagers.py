"""Import a list of persons in one establishment: all the good rows, in one transaction.

A person needs the right IMPORT_USAGERS. The command line may act as the software itself, for who holds the
server: the policy then decides by the same right, given to the software in the printed matrix.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import About, record, record_many
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now, today
from amarre.dui.organisations.models import Essms, OrganismeGestionnaire
from amarre.dui.usagers.importing.columns import Choice, Table
from amarre.dui.usagers.importing.known import KnownPeople, load_known
from amarre.dui.usagers.importing.plan import Fate, ImportPlan, PlannedRow, plan_import
from amarre.dui.usagers.models import Dossier, Identity, IdentityChange
from amarre.dui.usagers.models.search_word import index_dossiers
from amarre.dui.usagers.services.create_dossier import write_traits
from amarre.interop.ins.traits import plain_label

COMPLETED_DATE = "date_naissance_lue"


@dataclass(frozen=True, slots=True, repr=False)
class ImportResult:
    """What was done: the plan as it was carried out, and the dossiers opened."""

    plan: ImportPlan
    dossiers: tuple[Dossier, ...]
    attached: int

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of the trace."""
        return {
            "created": len(self.dossiers),
            "known": len(self.plan.known),
            "refused": len(self.plan.refused),
        }


def preview_import(
    *, essms: Essms, table: Table, choice: Choice, actor: Actor, entered_on: datetime.date | None = None
) -> ImportPlan:
    """Return what an import would do. Writes nothing. Raises the access errors."""
    require(actor, Permission.IMPORT_USAGERS, essms)
    day = today(essms.zone)
    return plan_import(table, choice, load_known(essms), day, entered_on or day)


def import_usagers(
    *, essms: Essms, table: Table, choice: Choice, actor: Actor, entered_on: datetime.date | None = None
) -> ImportResult:
    """Open a dossier for each good row that is not known; `entered_on` is for the rows without a date.

    The plan is made again inside the transaction, under the lock of the organisme: a list sent twice at the
    same time creates nothing twice. Raises the access errors.
    """
    require(actor, Permission.IMPORT_USAGERS, essms)
    day = today(essms.zone)
    with transaction.atomic():
        # One at a time per organisme: local numbers follow one another.
        OrganismeGestionnaire.objects.select_for_update().get(pk=essms.organisme_id)
        people = load_known(essms)
        plan = plan_import(table, choice, people, day, entered_on or day)
        with system_scope("import: writing the rows just judged"):
            identity_ids = _identities(essms, plan.to_open, people, actor)
            dossiers = _dossiers(essms, plan.to_open, identity_ids, people)
        record_many(actor, "dossier.created", [_about(dossier) for dossier in dossiers])
        result = ImportResult(plan, dossiers, len(plan.of(Fate.ATTACH)))
        record(actor, "usagers.imported", subject=essms, essms_id=essms.pk, details=result.counts)
    return result


def _about(dossier: Dossier) -> About:
    return {
        "subject": dossier,
        "dossier_id": dossier.pk,
        "usager_id": dossier.identity_id,
        "essms_id": dossier.essms_id,
    }


def _identities(
    essms: Essms, rows: list[PlannedRow], people: KnownPeople, actor: Actor
) -> dict[int, tuple[int, str]]:
    """Store the new identities; return the identity and its local number for each line."""
    given = {row.person.local_number for row in rows} - {""}
    free = _free_numbers({*people.by_local_number, *people.by_dossier_number, *given})
    new: list[tuple[PlannedRow, Identity]] = []
    for row in rows:
        if row.known is None:
            number = row.person.local_number or next(free)
            identity = Identity(
                organisme_id=essms.organisme_id,
                local_number=number,
                lieu_libelle=plain_label(row.person.place_label),
            )
            write_traits(identity, row.person.traits)
            # Bulk writing does not validate: each row is, here, but for what only the database can say.
            identity.clean_fields(exclude={"organisme"})
            new.append((row, identity))
    Identity.objects.bulk_create([identity for _, identity in new])
    _note_creations(new, actor)
    found = {row.person.line: (identity.pk, identity.local_number) for row, identity in new}
    found |= {row.person.line: (row.known.pk, row.known.local_number) for row in rows if row.known}
    return found


def _free_numbers(taken: set[str]) -> Iterator[str]:
    """Yield six-digit numbers that nobody bears, as the creation by hand does."""
    start = len(taken) + 1
    return (number for number in map("{:06d}".format, itertools.count(start)) if number not in taken)


def _note_creations(new: list[tuple[PlannedRow, Identity]], actor: Actor) -> None:
    """Keep who imported each new identity, and what the list wrote of a birth date the rule completed."""
    at, user_id = now(), actor.user_id
    changes = []
    for row, identity in new:
        changes.append(
            IdentityChange(
                identity=identity, field="creation", after="liste importée", author_id=user_id, at=at
            )
        )
        if row.person.typed_birth_date:
            changes.append(
                IdentityChange(
                    identity=identity,
                    field=COMPLETED_DATE,
                    before=row.person.typed_birth_date[:200],
                    after=identity.date_naissance,
                    reason="date incomplète dans la liste importée : règle nationale",
                    author_id=user_id,
                    at=at,
                )
            )
    IdentityChange.objects.bulk_create(changes)


def _dossiers(
    essms: Essms, rows: list[PlannedRow], identities: dict[int, tuple[int, str]], people: KnownPeople
) -> tuple[Dossier, ...]:
    asked = {row.person.dossier_number for row in rows} - {""}
    taken = {*people.by_dossier_number, *asked}
    free = _free_numbers(taken | {number for _, number in identities.values()})
    dossiers = []
    for row in rows:
        identity_id, local_number = identities[row.person.line]
        number = row.person.dossier_number or (local_number if local_number not in taken else next(free))
        dossier = Dossier(
            essms=essms,
            identity_id=identity_id,
            number=number,
            entered_on=row.person.entered_on,
            left_on=row.person.left_on,
        )
        dossier.clean_fields(exclude={"essms", "identity"})
        dossiers.append(dossier)
    created = tuple(Dossier.objects.bulk_create(dossiers))
    index_dossiers(created)
    return created
