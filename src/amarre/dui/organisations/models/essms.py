"""Organisme gestionnaire, establishment, unit, contacts."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from amarre.dui.core.models import TimestampedModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.organisations.enums import ContactRole, EssmsKind, IdnatSource
from amarre.dui.organisations.struct_idnat import DEFAULT_PRIORITY, struct_idnat
from amarre.dui.organisations.validators import luhn_holds, validate_finess, validate_siret


def default_priority() -> list[str]:
    """Return the usual order: FINESS when the structure has one, SIRET otherwise."""
    return [source.value for source in DEFAULT_PRIORITY]


def validate_timezone(value: str) -> None:
    """Refuse a name that is not a time zone."""
    if value not in available_timezones():
        raise ValidationError("Ce fuseau horaire n’existe pas.", code="timezone")


class OrganismeGestionnaire(TimestampedModel):
    """The legal entity that runs establishments. An identity belongs to it, once."""

    name = models.CharField("nom", max_length=200)
    finess_ej = models.CharField(
        "FINESS de l’entité juridique", max_length=9, blank=True, validators=[validate_finess]
    )
    siren = models.CharField("SIREN", max_length=9, blank=True)

    class Meta:
        verbose_name = "organisme gestionnaire"
        verbose_name_plural = "organismes gestionnaires"

    def __str__(self) -> str:
        return self.name


class Essms(TimestampedModel):
    """One establishment or service: the tenant of the dossiers."""

    scope_path = "pk"

    organisme = models.ForeignKey(
        OrganismeGestionnaire, on_delete=models.PROTECT, related_name="essms", verbose_name="organisme"
    )
    name = models.CharField("nom", max_length=200)
    kind = models.CharField("catégorie", max_length=12, choices=EssmsKind.choices)
    finess_eg = models.CharField("FINESS", max_length=9, blank=True, validators=[validate_finess])
    finess_ej = models.CharField(
        "FINESS de l’entité juridique", max_length=9, blank=True, validators=[validate_finess]
    )
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    idnat_priority = models.JSONField("identifiant présenté aux services", default=default_priority)
    address = models.CharField("adresse", max_length=200, blank=True)
    postal_code = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=100, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    # TRE_R02-SecteurActivite (OID 1.2.250.1.71.4.2.4), announced to the DMP with the structure.
    secteur_activite = models.CharField("secteur d’activité", max_length=10, blank=True)
    timezone = models.CharField(
        "fuseau horaire", max_length=40, default="Europe/Paris", validators=[validate_timezone]
    )
    is_open = models.BooleanField("en activité", default=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "établissement"
        constraints = [
            models.UniqueConstraint(
                fields=["finess_eg"],
                condition=~Q(finess_eg=""),
                name="essms_one_finess",
                violation_error_message="Un établissement porte déjà ce numéro FINESS.",
            ),
            models.CheckConstraint(
                condition=~Q(finess_eg="") | ~Q(finess_ej="") | ~Q(siret=""),
                name="essms_has_an_identifier",
                violation_error_message="Indiquez au moins un numéro : FINESS ou SIRET.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an order of identifiers that names an unknown one."""
        known = set(IdnatSource.values)
        if not isinstance(self.idnat_priority, list) or not self.idnat_priority:
            raise ValidationError({"idnat_priority": "Indiquez au moins un identifiant."})
        if not known.issuperset(self.idnat_priority):
            raise ValidationError({"idnat_priority": "Identifiant inconnu dans l’ordre de préférence."})

    @property
    def struct_idnat(self) -> str:
        """Return the national identifier presented to the services, or an empty string."""
        numbers = {"finess_eg": self.finess_eg, "finess_ej": self.finess_ej, "siret": self.siret}
        return struct_idnat(numbers, self.idnat_priority)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the establishment."""
        return ZoneInfo(self.timezone)

    def identifier_warnings(self) -> list[str]:
        """Return French sentences about keys that do not hold; they never block."""
        warnings = []
        for label, number in (
            ("FINESS", self.finess_eg),
            ("FINESS de l’entité juridique", self.finess_ej),
            ("SIRET", self.siret),
        ):
            if number and not luhn_holds(number):
                warnings.append(f"La clé du numéro {label} ne correspond pas : vérifiez la saisie.")
        return warnings


class Unite(TimestampedModel):
    """A unit of an establishment: wing, sector, group."""

    scope_path = "essms"

    essms = models.ForeignKey(Essms, on_delete=models.PROTECT, related_name="unites")
    name = models.CharField("nom", max_length=100)

    objects = ScopedManager()

    class Meta:
        verbose_name = "unité"
        constraints = [models.UniqueConstraint(fields=["essms", "name"], name="unite_one_name_per_essms")]

    def __str__(self) -> str:
        return self.name


class EssmsContact(TimestampedModel):
    """Who holds a role in an establishment: error messages give their name and telephone."""

    scope_path = "essms"

    essms = models.ForeignKey(Essms, on_delete=models.CASCADE, related_name="contacts")
    role = models.CharField("rôle", max_length=20, choices=ContactRole.choices)
    person_name = models.CharField("nom", max_length=150)
    phone = models.CharField("téléphone", max_length=20, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "contact"
        constraints = [models.UniqueConstraint(fields=["essms", "role"], name="contact_one_per_role")]

    def __str__(self) -> str:
        return f"{self.person_name} ({self.get_role_display()})"
