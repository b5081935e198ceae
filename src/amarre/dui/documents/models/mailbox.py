"""How far the applicative mailbox of an establishment was read."""

from __future__ import annotations

from django.db import models

from amarre.dui.core.models import StrictModel
from amarre.dui.core.scoping import ScopedManager


class MailboxCursor(StrictModel):
    """The last message read. After a new UIDVALIDITY, UIDs mean nothing: reading starts again (RFC 3501)."""

    scope_path = "essms"
    objects = ScopedManager()

    essms = models.OneToOneField("organisations.Essms", on_delete=models.CASCADE, related_name="+")
    mailbox = models.EmailField("boîte")
    uid_validity = models.PositiveBigIntegerField()
    last_uid = models.PositiveBigIntegerField()
    read_at = models.DateTimeField("lue le")

    class Meta:
        verbose_name = "lecture de boîte"

    def __str__(self) -> str:
        return f"lecture de la boîte de {self.essms_id}"
