"""Change the settings of an establishment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from amarre.dui.access import policy
from amarre.dui.access.permissions import Permission
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.organisations.errors import SettingsChanged
from amarre.dui.organisations.models import ConnectorCertificate, ConnectorProfile, Essms, EssmsContact
from amarre.dui.organisations.selectors import profile_of, settings_mark


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """New values, by field. `certificates`: purpose → (certificate, key) or None; `contacts`: role → (name,
    telephone) or None."""

    essms: Mapping[str, Any] = field(default_factory=dict)
    profile: Mapping[str, Any] = field(default_factory=dict)
    certificates: Mapping[str, tuple[str, str] | None] = field(default_factory=dict)
    contacts: Mapping[str, tuple[str, str] | None] = field(default_factory=dict)


def update_settings(
    *, actor: Actor, essms: Essms, change: SettingsChange, seen: str | None = None
) -> ConnectorProfile:
    """Store the changed settings and trace the names of the fields (never their values).

    `seen` is the mark of the settings the person looked at (`settings_mark`), None to ask nothing.
    Raises AccessError, SettingsChanged, django.core.exceptions.ValidationError.
    """
    policy.require(actor, Permission.CONFIGURE_ESSMS, essms)
    with transaction.atomic():
        # Two pages sent together: the second one waits, then sees what the first one stored.
        essms = Essms.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=essms.pk)
        if seen is not None and seen != settings_mark(essms):
            raise SettingsChanged
        profile = profile_of(essms)
        changed = _assign(essms, change.essms) + _assign(profile, change.profile)
        if not profile.pk:
            profile.save()
        changed += _store_certificates(profile, change.certificates) + _store_contacts(essms, change.contacts)
        if changed:
            record(
                actor,
                "organisations.settings_updated",
                subject=essms,
                details={"fields": changed, "environment": profile.environment},
            )
    return profile


def _assign(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save()
    return changed


def _store_certificates(profile: ConnectorProfile, wanted: Mapping[str, tuple[str, str] | None]) -> list[str]:
    rows = {row.purpose: row for row in profile.certificates.all()}
    changed = []
    for purpose, files in wanted.items():
        row = rows.get(purpose)
        if files is None:
            if row is not None:
                row.delete()
                changed.append(f"certificate:{purpose}")
            continue
        row = row or ConnectorCertificate(profile=profile, purpose=purpose)
        if (row.certificate_file, row.key_file) != files:
            row.certificate_file, row.key_file = files
            row.save()
            changed.append(f"certificate:{purpose}")
    return changed


def _store_contacts(essms: Essms, wanted: Mapping[str, tuple[str, str] | None]) -> list[str]:
    rows = {row.role: row for row in essms.contacts.all()}
    changed = []
    for role, person in wanted.items():
        row = rows.get(role)
        if person is None:
            if row is not None:
                row.delete()
                changed.append(f"contact:{role}")
            continue
        row = row or EssmsContact(essms=essms, role=role)
        if (row.person_name, row.phone) != person:
            row.person_name, row.phone = person
            row.save()
            changed.append(f"contact:{role}")
    return changed
