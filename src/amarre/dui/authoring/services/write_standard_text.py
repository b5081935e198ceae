"""Write, change, retire a standard text of an establishment."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.authoring.models import StandardText
from amarre.dui.authoring.substitution import check_text
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.organisations.models import Essms


@dataclass(frozen=True, slots=True)
class StandardTextDraft:
    """A standard text as typed. With a `block_key`, it fills that block of `template_key` in new drafts."""

    title: str
    body: str
    template_key: str = ""
    block_key: str = ""


def write_standard_text(
    *, essms: Essms, draft: StandardTextDraft, actor: Actor, text: StandardText | None = None
) -> StandardText:
    """Save `draft` as `text`, or as a new one when None.

    Raises the access errors, UnknownName, BraceAlone, django.core.exceptions.ValidationError.
    """
    require(actor, Permission.CONFIGURE_ESSMS, essms)
    check_text(draft.body)
    with transaction.atomic():
        held = StandardText(essms=essms) if text is None else _lock(text, actor)
        wanted = {
            "title": draft.title,
            "body": draft.body.replace("\r\n", "\n").strip(),
            "template_key": draft.template_key,
            "block_key": draft.block_key,
        }
        changed = sorted(name for name, value in wanted.items() if getattr(held, name) != value)
        if changed:
            for name in changed:
                setattr(held, name, wanted[name])
            held.updated_at = now()
            held.save()
            record(actor, "standard_text.written", subject=held, details={"fields": changed})
    return held


def retire_standard_text(*, text: StandardText, actor: Actor) -> None:
    """Propose a text no more; the documents it was used in keep theirs. Raises the access errors."""
    require(actor, Permission.CONFIGURE_ESSMS, text)
    with transaction.atomic():
        held = _lock(text, actor)
        if held.retired_at is None:
            held.retired_at = now()
            held.save()
            record(actor, "standard_text.retired", subject=held)


def _lock(text: StandardText, actor: Actor) -> StandardText:
    return StandardText.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=text.pk)
