"""Rows of the outbox: one per intention, with its frozen bytes and its attempts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from amarre.dui.exchanges.enums import OPEN_STATES, WAITING_FOR_SOMEONE, Receipt, State
from amarre.dui.exchanges.querysets import ExchangeManager


class Exchange(models.Model):
    """One thing that must leave the house (or be asked outside), once.

    `key` is the intention (for instance a document version × a target): unique, so that pressing twice, or
    running twice, is one effect. `lane` is the person × the target: within a lane, order is kept.
    """

    scope_path = "essms"

    kind = models.CharField("nature", max_length=40)
    service = models.CharField("service", max_length=20)
    essms = models.ForeignKey("organisations.Essms", on_delete=models.PROTECT, related_name="+")
    # Dossier concerned, as an identifier: the outbox knows nothing of dossiers, handlers do.
    dossier_id = models.BigIntegerField("dossier", null=True, db_index=True)
    lane = models.CharField("voie", max_length=80)
    key = models.CharField("intention", max_length=120, unique=True)
    reference = models.CharField("identifiant à copier", max_length=24, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("demandé le")
    payload = models.JSONField("données", default=dict, blank=True)

    state = models.CharField("état", max_length=12, choices=State.choices, default=State.EN_FILE)
    receipt = models.CharField("accusé", max_length=8, choices=Receipt.choices, default="", blank=True)
    receipt_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField("à partir de")
    # Place in the lane, before `id`: who is resumed goes behind what is already open there.
    turn = models.PositiveIntegerField(default=0)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    # Attempts allowed since the last « Réessayer ».
    attempts_allowed = models.PositiveSmallIntegerField(default=10)
    lease_until = models.DateTimeField(null=True)
    # Grows at each claim; a result carrying an older number is refused.
    fencing = models.PositiveIntegerField(default=0)
    # True while bytes may have reached the service without our knowing: asked about before any resend.
    outcome_unknown = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField("réponse retenue", default=dict, blank=True)
    explanation = models.JSONField("explication", default=dict, blank=True)
    # Code of the explanation: what died of the same cause is listed, and resumed, together.
    cause = models.CharField(max_length=12, blank=True, default="")
    # « Classer sans suite »: a person saw the refusal and nothing more will be done.
    closed_at = models.DateTimeField("classé le", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ExchangeManager()

    class Meta:
        verbose_name = "envoi"
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="exchange_ready", condition=Q(state__in=["en_file", "inconnu"])
            ),
            models.Index(fields=["lease_until"], name="exchange_leased", condition=Q(state="envoye")),
            models.Index(
                fields=["lane", "turn", "id"],
                name="exchange_lane",
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
            ),
            models.Index(fields=["essms", "-id"], name="exchange_page"),
            models.Index(fields=["essms", "state", "-id"], name="exchange_state_page"),
            models.Index(
                fields=["essms", "cause", "id"],
                name="exchange_stopped",
                condition=Q(state="a_refaire", closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def awaits_someone(self) -> bool:
        """True when only a person can make it go on, or close it."""
        if self.closed_at is not None:
            return False
        return self.state in WAITING_FOR_SOMEONE or self.receipt == Receipt.REJETE


class ExchangePart(models.Model):
    """Bytes of an exchange. Those it sends are written with the act, never changed, resent as they are.

    A `late` part needed an answer from outside: written by the worker before it sends for the first time. It
    is given up, to be made anew, only when a person resumes an exchange of which nothing can have arrived.
    The answer that ended it is kept beside them (`services.keep_answer`) and never sent.
    """

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="parts")
    name = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    late = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exchange", "name"], name="exchange_part_once")]

    def __str__(self) -> str:
        return f"{self.name} ({len(self.data)} octets)"


class ExchangeAttempt(models.Model):
    """One try: a query (was it received?) or a send."""

    class Step(models.TextChoices):
        """What was tried."""

        SEND = "send", "Envoi"
        QUERY = "query", "Vérification"

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=6, choices=Step.choices, default=Step.SEND)
    started_at = models.DateTimeField()
    # Written just before the bytes leave, for services that do not recognise a resend (mail).
    departed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=State.choices, blank=True)
    error_code = models.CharField(max_length=12, blank=True)
    remote_code = models.CharField(max_length=80, blank=True)
    # The service's own words: they may quote what was sent, so they stay with the exchange, in no log.
    remote_text = models.CharField(max_length=500, blank=True)
    explanation = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="attempt_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.exchange_id}/{self.number}"


class Circuit(models.Model):
    """Health of one service seen from one establishment (its certificate): opens after repeated failures."""

    essms = models.ForeignKey("organisations.Essms", on_delete=models.CASCADE, related_name="+")
    service = models.CharField(max_length=20)
    failures = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["essms", "service"], name="one_circuit")]

    def __str__(self) -> str:
        return f"{self.service} @ {self.essms_id}"


class PeriodicRun(models.Model):
    """Lease of a periodic task, so that one worker among many runs it."""

    name = models.CharField(max_length=40, primary_key=True)
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
