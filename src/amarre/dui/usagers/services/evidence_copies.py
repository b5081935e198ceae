"""Copies of identity documents: kept with the document seen, erased when due, one by one, or all at once.

Off by default in every establishment. Source: RGPD art. 5 (minimisation, limited time); RNIV 1 asks for the
type of the document, never for its copy. A file is written before its row and erased after it: a row never
names a file that is not there, and the purge removes a file that no row names.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import ScopedQuerySet, system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor, system_actor
from amarre.dui.core.clock import now, today
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers import evidence_files
from amarre.dui.usagers.evidence_errors import CopiesNotKept, CopyErased
from amarre.dui.usagers.models import Dossier, EvidenceCopy, IdentityEvidence, VigilanceSettings

PURGE_BATCH = 200
End = EvidenceCopy.End


def keep_copies(
    *, dossier: Dossier, evidence: IdentityEvidence, pages: Sequence[bytes], actor: Actor
) -> list[EvidenceCopy]:
    """Keep `pages` (of `evidence_files.clean_pages`) with the document seen, inside the caller's transaction.

    Raises the access errors, CopiesNotKept.
    """
    require(actor, Permission.QUALIFY_IDENTITE, dossier)
    chosen = settings_of(dossier.essms_id)
    if not chosen.keeps_copies:
        raise CopiesNotKept
    until = today(dossier.essms.zone) + datetime.timedelta(days=chosen.copy_days)
    kept = []
    for number, page in enumerate(pages, 1):
        name, token = evidence_files.keep(page)
        copy = EvidenceCopy(
            evidence=evidence, dossier=dossier, page=number, name=name, token=token,
            kept_by_id=actor.person_id, kept_at=now(), keep_until=until,
        )  # fmt: skip
        copy.save()
        kept.append(copy)
    if kept:
        record(
            actor, "evidence.copy_kept", subject=evidence, dossier_id=dossier.pk,
            usager_id=evidence.identity_id, details={"pages": len(kept), "until": until.isoformat()},
        )  # fmt: skip
    return kept


def open_copy(*, copy: EvidenceCopy, actor: Actor) -> bytes:
    """Return the picture; the caller traces the reading. Raises the access errors, CopyErased,
    CopyUnreadable."""
    require(actor, Permission.READ_EVIDENCE_COPIES, copy)
    if not copy.is_kept:
        raise CopyErased
    return evidence_files.read(copy.name, copy.token)


def erase_copy(*, copy: EvidenceCopy, actor: Actor) -> EvidenceCopy:
    """Erase one copy before its time. Raises the access errors, CopyErased."""
    require(actor, Permission.READ_EVIDENCE_COPIES, copy)
    with transaction.atomic():
        held = EvidenceCopy.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=copy.pk)
        if not held.is_kept:
            raise CopyErased
        _erase([held], End.BY_HAND, actor)
    return held


def choose_copies(*, actor: Actor, keeps_copies: bool, copy_days: int) -> VigilanceSettings:
    """Choose whether copies are kept, and for how many days; what no longer may be kept is erased at once.

    A shorter time counts for the copies already there. Raises the access errors.
    """
    require(actor, Permission.CONFIGURE_ESSMS)
    with transaction.atomic():
        row = VigilanceSettings.objects.visible_to(actor).select_for_update().first()
        row = row or VigilanceSettings(essms=Essms.objects.visible_to(actor).get())
        row.keeps_copies, row.copy_days = keeps_copies, copy_days
        row.save()
        kept = EvidenceCopy.objects.visible_to(actor).filter(erased_at=None).select_for_update(of=("self",))
        if not keeps_copies:
            _erase(kept, End.STOPPED, actor)
        else:
            _shorten(kept, copy_days)
        record(
            actor, "evidence.copies_chosen", subject=row,
            details={"kept": keeps_copies, "days": copy_days},
        )  # fmt: skip
    return row


def settings_of(essms_id: int) -> VigilanceSettings:
    """Return what an establishment chose, the defaults when it chose nothing."""
    with system_scope("settings of an establishment already reached"):
        return VigilanceSettings.objects.filter(essms_id=essms_id).first() or VigilanceSettings()


def purge_due_copies() -> int:
    """Erase every copy whose time is over, and the files that no row names. Run by the workers each hour."""
    erased = 0
    with system_scope("purge: copies of identity documents whose time is over"):
        while True:
            with transaction.atomic():
                due = EvidenceCopy.objects.filter(erased_at=None, keep_until__lt=today())
                rows = list(due.select_for_update(of=("self",)).select_related("dossier")[:PURGE_BATCH])
                if not rows:
                    break
                _erase(rows, End.DUE, None)
            erased += len(rows)
        for name in evidence_files.orphans(set(EvidenceCopy.objects.values_list("name", flat=True))):
            evidence_files.erase(name)
    return erased


def _erase(copies: Iterable[EvidenceCopy], end: EvidenceCopy.End, actor: Actor | None) -> None:
    """Forget the tokens in this transaction; the files go once it is committed."""
    for copy in copies:
        with system_scope("identity of a copy already reached"):
            identity_id = copy.evidence.identity_id
        copy.token, copy.end, copy.erased_at = "", end, now()
        copy.erased_by_id = actor.user_id if actor else None
        copy.save()
        record(
            actor or system_actor("worker", essms_id=copy.dossier.essms_id), "evidence.copy_erased",
            subject=copy, dossier_id=copy.dossier_id, usager_id=identity_id, details={"end": end.value},
        )  # fmt: skip
        transaction.on_commit(lambda name=copy.name: evidence_files.erase(name))  # type: ignore[misc]


def _shorten(copies: ScopedQuerySet[EvidenceCopy], days: int) -> None:
    for copy in copies.select_related("dossier__essms"):
        longest = copy.kept_at.astimezone(copy.dossier.essms.zone).date() + datetime.timedelta(days=days)
        if copy.keep_until > longest:
            copy.keep_until = longest
            copy.save()
