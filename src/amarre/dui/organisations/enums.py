"""Words of the organisations."""

from __future__ import annotations

from django.db import models

from amarre.interop.common.errors import Contact


class EssmsKind(models.TextChoices):
    """Kind of establishment or service."""

    SSIAD = "SSIAD", "Service de soins infirmiers à domicile (SSIAD)"
    SAAD = "SAAD", "Service d’aide à domicile (SAAD)"
    SAD = "SAD", "Service autonomie à domicile (SAD)"
    EHPAD = "EHPAD", "Établissement pour personnes âgées dépendantes (EHPAD)"
    RESIDENCE = "RESIDENCE", "Résidence autonomie"
    IME = "IME", "Institut médico-éducatif (IME)"
    SESSAD = "SESSAD", "Service d’éducation spéciale et de soins à domicile (SESSAD)"
    ESAT = "ESAT", "Établissement et service d’accompagnement par le travail (ESAT)"
    FOYER = "FOYER", "Foyer de vie ou d’hébergement"
    MAS = "MAS", "Maison d’accueil spécialisée (MAS)"
    FAM = "FAM", "Foyer ou établissement d’accueil médicalisé (FAM, EAM)"
    SAVS = "SAVS", "Service d’accompagnement à la vie sociale (SAVS)"
    SAMSAH = "SAMSAH", "Service d’accompagnement médico-social (SAMSAH)"
    PJM = "PJM", "Service mandataire judiciaire à la protection des majeurs"
    AUTRE = "AUTRE", "Autre établissement ou service"


class IdnatSource(models.TextChoices):
    """Identifiers that can make a national structure identifier (Struct_IdNat)."""

    FINESS_EG = "finess_eg", "FINESS de l’établissement"
    FINESS_EJ = "finess_ej", "FINESS de l’entité juridique"
    SIRET = "siret", "SIRET"


class Environment(models.TextChoices):
    """Which national services an establishment talks to: an address, never another code path."""

    BAC_A_SABLE = "bac_a_sable", "Bac à sable (services simulés)"
    QUALIFICATION = "qualification", "Qualification (bacs à sable nationaux)"
    PRODUCTION = "production", "Production"


class CertificatePurpose(models.TextChoices):
    """Use of one certificate of the establishment; what may be shared between uses is the owner's choice."""

    INSI_AUTH = "insi_auth", "INSi : authentification"
    DMP_AUTH = "dmp_auth", "DMP : authentification"
    DMP_SIGN = "dmp_sign", "DMP : signature (cachet)"
    MSSANTE_AUTH = "mssante_auth", "MSSanté : authentification"


class DmpReading(models.TextChoices):
    """How a professional proves who they are when they read a DMP."""

    NONE = "", "Pas de consultation depuis Amarre"
    AIR = "air", "Certificat de l’établissement et connexion forte du professionnel (AIR)"
    CARD = "carte", "Carte du professionnel (CPS, CPE)"


class ContactRole(models.TextChoices):
    """Whom an error message sends people to: the roles of the kit, with their French names."""

    SUPPORT = Contact.SUPPORT.value, "Support du logiciel"
    REFERENT_IDENTITE = Contact.REFERENT_IDENTITE.value, "Référent identitovigilance"
    ADMINISTRATEUR = Contact.ADMINISTRATEUR.value, "Administrateur du logiciel"
    PILOTE_DUI = Contact.PILOTE_DUI.value, "Pilote du DUI"
    DPO = Contact.DPO.value, "Délégué à la protection des données"
