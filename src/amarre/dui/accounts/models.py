"""A professional who logs in. No password exists: Pro Santé Connect says who the person is."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac

from amarre.dui.core.models import TimestampedModel


class UserManager(BaseUserManager["User"]):
    """Accounts by their key."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the account of this SubjectNameID."""
        return self.get(subject_name_id=username)

    def create_user(self, *, subject_name_id: str, family_name: str, given_name: str, rpps: str = "") -> User:
        """Create an account; raises django.core.exceptions.ValidationError."""
        user = self.model(
            subject_name_id=subject_name_id, family_name=family_name, given_name=given_name, rpps=rpps
        )
        user.save()
        return user


class User(TimestampedModel, AbstractBaseUser):
    """One professional, known by the SubjectNameID of Pro Santé Connect (8 + RPPS, 3 + FINESS + …)."""

    password = None  # type: ignore[assignment]

    subject_name_id = models.CharField("identifiant national", max_length=60, unique=True)
    family_name = models.CharField("nom d’exercice", max_length=100)
    given_name = models.CharField("prénom d’exercice", max_length=100)
    # JDV_J245-Civilite: M or MME.
    civility = models.CharField("civilité", max_length=4, blank=True)
    rpps = models.CharField(
        "numéro RPPS",
        max_length=11,
        blank=True,
        validators=[RegexValidator(r"^\d{11}$", "Le numéro RPPS compte 11 chiffres.")],
    )
    is_active = models.BooleanField("compte ouvert", default=True)
    # Raising it closes every session of the person at their next request.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "subject_name_id"
    REQUIRED_FIELDS = ["family_name", "given_name"]

    objects = UserManager()

    class Meta:
        verbose_name = "compte"
        ordering = ["family_name", "given_name", "pk"]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Return « Maud Keravel »."""
        return f"{self.given_name} {self.family_name}".strip()

    def get_short_name(self) -> str:
        """Return the given name."""
        return self.given_name

    def get_session_auth_hash(self) -> str:
        """Return what ties a session to the account: another value closes the session."""
        value = f"{self.subject_name_id}:{self.session_epoch}"
        return salted_hmac("amarre.accounts.session", value, algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self):  # type: ignore[no-untyped-def]
        """Give no older hash: the server key of the sessions is not rotated with grace."""
        return iter(())
