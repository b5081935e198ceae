"""The trace and its seals: two tables that only grow (triggers refuse everything else), and one cursor.

Rows point at nothing by foreign key, apart from a seal at its trace: the trace outlives what it speaks of.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from amarre.dui.audit.enums import Outcome
from amarre.dui.core.clock import now


class Trace(models.Model):
    """One act or one consultation. Written by `audit.services.record` only, never changed."""

    at = models.DateTimeField("date", default=now)
    verb = models.CharField("action", max_length=80)
    outcome = models.CharField("résultat", max_length=8, choices=Outcome.choices, default=Outcome.DONE)
    essms_id = models.BigIntegerField("établissement", null=True)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.BigIntegerField("auteur", null=True)
    actor_name = models.CharField("nom de l’auteur", max_length=200)
    actor_roles = models.CharField("rôles de l’auteur", max_length=300, blank=True)
    session_ref = models.CharField(max_length=64, blank=True)
    means = models.CharField("moyen d’identification", max_length=40, blank=True)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    usager_id = models.CharField(max_length=40, blank=True)
    dossier_id = models.CharField(max_length=40, blank=True)
    reason = models.CharField("motif", max_length=300, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    exchange_id = models.CharField(max_length=64, blank=True)
    origin = models.CharField("poste", max_length=64, blank=True)
    software = models.CharField(max_length=20)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "trace"
        indexes = [
            models.Index(fields=["essms_id", "-at", "-id"], name="audit_trace_essms"),
            models.Index(fields=["essms_id", "dossier_id", "-at", "-id"], name="audit_trace_dossier"),
            models.Index(fields=["usager_id", "-at"], name="audit_trace_usager", condition=~Q(usager_id="")),
        ]

    def __str__(self) -> str:
        return f"trace {self.pk}"


class Seal(models.Model):
    """One link of the chain of an establishment: digest of a trace and of the previous seal, keyed."""

    # 0 is the chain of what belongs to no establishment (refused logins, installation).
    chain = models.BigIntegerField()
    number = models.PositiveBigIntegerField()
    trace = models.OneToOneField(Trace, on_delete=models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "scellé"
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="audit_seal_one_number_per_chain")
        ]

    def __str__(self) -> str:
        return f"scellé {self.chain}/{self.number}"


class SealCursor(models.Model):
    """Where the sealer may start: every trace up to `sealed_up_to` is sealed. A hint, proved by nothing."""

    sealed_up_to = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"scellé jusqu’à {self.sealed_up_to}"
