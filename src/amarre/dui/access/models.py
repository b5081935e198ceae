"""Who works where, in which role, from when to when."""

from __future__ import annotations

import datetime
from typing import Self, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from amarre.dui.access.roles import INCOMPATIBLE_WITH_ADMINISTRATEUR, Role
from amarre.dui.core.clock import today
from amarre.dui.core.models import TimestampedModel
from amarre.dui.core.scoping import ScopedManager, ScopedQuerySet


class MembershipQuerySet(ScopedQuerySet["Membership"]):
    """Questions about memberships."""

    def in_force(self, on: datetime.date) -> Self:
        """Return those that hold on a date."""
        not_ended = Q(valid_to=None) | Q(valid_to__gte=on)
        return self.filter(not_ended, valid_from__lte=on, essms__is_open=True)


class MembershipManager(ScopedManager["Membership"]):
    """Memberships, reached through an actor."""

    queryset_class = MembershipQuerySet

    def in_force(self, on: datetime.date) -> MembershipQuerySet:
        """Return those that hold on a date."""
        return cast(MembershipQuerySet, self.get_queryset()).in_force(on)


class Membership(TimestampedModel):
    """One role of one person in one establishment."""

    scope_path = "essms"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name="compte"
    )
    essms = models.ForeignKey(
        "organisations.Essms",
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name="établissement",
    )
    role = models.CharField("rôle", max_length=20, choices=[(role.value, role.label) for role in Role])
    # What the person does here, printed under their name, and the profession that documents announce
    # (JDV_J01: code and OID of its system).
    job = models.CharField("fonction", max_length=100, blank=True)
    author_code = models.CharField("code de profession", max_length=20, blank=True)
    author_code_system = models.CharField("OID du code de profession", max_length=64, blank=True)
    valid_from = models.DateField("du", default=today)
    valid_to = models.DateField("au", null=True, blank=True)

    objects = MembershipManager()

    class Meta:
        verbose_name = "habilitation"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "essms", "role"],
                condition=Q(valid_to=None),
                name="membership_one_open_per_role",
                violation_error_message="Cette personne a déjà ce rôle dans l’établissement.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_it_begins",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} : {self.get_role_display()}, {self.essms}"

    def clean(self) -> None:
        """Refuse that the person who runs the software also reads records in the same establishment."""
        if not self.user_id or not self.essms_id:
            return
        held = Membership.objects.in_force(self.valid_from).filter(user=self.user_id, essms=self.essms_id)
        roles = set(held.exclude(pk=self.pk).values_list("role", flat=True)) | {self.role}
        if Role.ADMINISTRATEUR in roles and INCOMPATIBLE_WITH_ADMINISTRATEUR.intersection(roles):
            raise ValidationError(
                "L’administrateur du logiciel ne peut pas aussi accompagner ou soigner dans le même "
                "établissement.",
                code="incompatible_roles",
            )
