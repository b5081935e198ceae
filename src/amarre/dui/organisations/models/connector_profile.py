"""Connector settings of one establishment. Files are named by path: no key ever enters the database."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models

from amarre.dui.core.models import TimestampedModel
from amarre.dui.core.scoping import ScopedManager
from amarre.dui.organisations.enums import CertificatePurpose, DmpReading, Environment
from amarre.dui.organisations.models.essms import Essms
from amarre.dui.organisations.validators import is_loopback, validate_oid

_PORT = [MinValueValidator(1), MaxValueValidator(65535)]
_HTTPS = URLValidator(schemes=["https"], message="L’adresse doit commencer par « https:// ».")


def validate_site(value: str) -> None:
    """Refuse what is not https, but on this very machine: the browser has no certificate for a sandbox."""
    if not value.startswith("http://localhost:"):
        _HTTPS(value)


def validate_connector_file(value: str) -> None:
    """Refuse a path outside the folders of the installation that may hold certificates and keys."""
    path = Path(value)
    if not path.is_absolute():
        raise ValidationError("Indiquez un chemin complet, qui commence par « / ».", code="path_relative")
    resolved = path.resolve()
    if not any(resolved.is_relative_to(Path(root).resolve()) for root in settings.CONNECTOR_FILE_ROOTS):
        raise ValidationError(
            "Ce fichier n’est pas dans un dossier prévu pour les certificats. Demandez à l’hébergeur de "
            "l’y placer.",
            code="path_outside",
        )


def default_environment() -> str:
    """Return the environment of a new profile: that of the installation."""
    production = settings.AMARRE_ENVIRONMENT == "production"
    return Environment.PRODUCTION.value if production else Environment.BAC_A_SABLE.value


def validate_oid_list(value: object) -> None:
    """Refuse what is not a list of OIDs."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValidationError("Indiquez un OID par ligne.", code="oid_list")
    for oid in value:
        validate_oid(oid)


class ConnectorProfile(TimestampedModel):
    """What an establishment needs to talk to the national services, and which ones it talks to."""

    scope_path = "essms"

    essms = models.OneToOneField(Essms, on_delete=models.CASCADE, related_name="connector_profile")
    environment = models.CharField(
        "environnement", max_length=15, choices=Environment.choices, default=default_environment
    )
    root_oid = models.CharField("OID racine", max_length=40, blank=True, validators=[validate_oid])
    software_oid = models.CharField("OID du logiciel", max_length=64, blank=True, validators=[validate_oid])
    ca_file = models.CharField(
        "fichier des autorités", max_length=300, blank=True, validators=[validate_connector_file]
    )

    insi_url = models.CharField("adresse d’INSi", max_length=200, blank=True, validators=[_HTTPS])
    insi_idam = models.CharField("numéro d’autorisation CNDA (IDAM)", max_length=40, blank=True)
    ins_oids = models.JSONField(
        "OID de l’INS acceptés", default=list, blank=True, validators=[validate_oid_list]
    )
    insi_homologation_on = models.DateField("homologation INSi signée le", null=True, blank=True)

    dmp_url = models.CharField("adresse du DMP", max_length=200, blank=True, validators=[_HTTPS])
    dmp_homologation = models.CharField("numéro d’homologation DMP", max_length=40, blank=True)
    # How a professional of the establishment reads a DMP: by another door than the deposits.
    dmp_reading = models.CharField(
        "consultation du DMP", max_length=5, choices=DmpReading.choices, default=DmpReading.NONE, blank=True
    )
    dmp_cards_dir = models.CharField(
        "dossier des cartes logicielles", max_length=300, blank=True, validators=[validate_connector_file]
    )
    dmp_web_url = models.CharField(
        "adresse du DMP en ligne", max_length=200, blank=True, validators=[validate_site]
    )
    healthcare_facility_type_code = models.CharField("type d’établissement", max_length=20, blank=True)
    practice_setting_code = models.CharField("cadre d’exercice", max_length=20, blank=True)
    content_type_code = models.CharField("nature de l’activité", max_length=20, blank=True)

    mss_smtp_host = models.CharField("serveur d’envoi", max_length=200, blank=True)
    mss_smtp_port = models.PositiveIntegerField("port d’envoi", default=587, validators=_PORT)
    mss_imap_host = models.CharField("serveur de réception", max_length=200, blank=True)
    mss_imap_port = models.PositiveIntegerField("port de réception", default=143, validators=_PORT)
    mss_mailbox = models.EmailField("boîte applicative", blank=True)
    mss_label = models.CharField("nom affiché de la boîte", max_length=100, blank=True)
    mss_reply_to = models.EmailField("boîte de réponse", blank=True)
    mss_nil = models.CharField("numéro de logiciel (NIL)", max_length=40, blank=True)

    annuaire_url = models.CharField("adresse de l’Annuaire", max_length=200, blank=True, validators=[_HTTPS])
    annuaire_key_file = models.CharField(
        "fichier de la clé d’Annuaire", max_length=300, blank=True, validators=[validate_connector_file]
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = "réglages des connecteurs"
        verbose_name_plural = "réglages des connecteurs"

    def __str__(self) -> str:
        return f"connecteurs de {self.essms}"

    def clean(self) -> None:
        """Refuse, in a production installation, what would send acts to a sandbox."""
        if self.dmp_cards_dir and self.environment != Environment.BAC_A_SABLE:
            raise ValidationError(
                "Des cartes logicielles ne servent qu’au bac à sable : retirez leur dossier.",
                code="software_cards",
            )
        if settings.AMARRE_ENVIRONMENT == "production" and self.leads_to_a_sandbox():
            raise ValidationError(
                "Cette installation est en production : indiquez les adresses des vrais services.",
                code="sandbox_in_production",
            )

    def leads_to_a_sandbox(self) -> bool:
        """Say whether acts would go to simulated services."""
        urls = (self.insi_url, self.dmp_url, self.dmp_web_url, self.annuaire_url)
        services = (*urls, self.mss_smtp_host, self.mss_imap_host)
        return self.environment == Environment.BAC_A_SABLE or any(map(is_loopback, services))

    def certificate(self, purpose: CertificatePurpose) -> ConnectorCertificate | None:
        """Return the certificate for this use, or None when it is not set."""
        if not self.pk:
            return None
        # A page that judges them all has read them at once (prefetch).
        return next((row for row in self.certificates.all() if row.purpose == purpose), None)


class ConnectorCertificate(TimestampedModel):
    """One certificate and its private key, on disk, for one use."""

    scope_path = "profile__essms"

    profile = models.ForeignKey(ConnectorProfile, on_delete=models.CASCADE, related_name="certificates")
    purpose = models.CharField("usage", max_length=15, choices=CertificatePurpose.choices)
    certificate_file = models.CharField(
        "fichier du certificat", max_length=300, validators=[validate_connector_file]
    )
    key_file = models.CharField("fichier de la clé", max_length=300, validators=[validate_connector_file])

    objects = ScopedManager()

    class Meta:
        verbose_name = "certificat"
        constraints = [
            models.UniqueConstraint(fields=["profile", "purpose"], name="certificate_one_per_purpose")
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()
