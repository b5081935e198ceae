"""Names and systems of the directory's API. Source: ANS, API FHIR Annuaire Santé v2 (2026)."""

from __future__ import annotations

BASE_PATH = "/fhir/v2"
API_KEY_HEADER = "ESANTE-API-KEY"
PAGE_SIZE = 50

# Systems; older documents show http://rpps.fr: several are accepted when reading.
RPPS_SYSTEMS = frozenset({"https://rpps.esante.gouv.fr", "http://rpps.fr"})
IDNPS_SYSTEM = "urn:oid:1.2.250.1.71.4.2.1"
FINESS_SYSTEMS = frozenset({"https://finess.esante.gouv.fr", "http://finess.sante.gouv.fr"})
IDNST_SYSTEM = "urn:oid:1.2.250.1.71.4.2.2"

# Last path element of the nomenclature of a coding's system.
PROFESSION = "TRE-G15-ProfessionSante"
SPECIALTY = "TRE-R38-SpecialiteOrdinale"
ROLE = "TRE-R85-RolePriseCharge"
MODE = "TRE-R23-ModeExercice"
SECTOR = "TRE-R02-SecteurActivite"

MAIL_TYPE_EXTENSION = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-contact-point-email-type"
MAILBOX_EXTENSION = (
    "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/as-ext-mailbox-mss-metadata"
)
MSSANTE = "MSSANTE"

NOS = "https://mos.esante.gouv.fr/NOS"
PROFESSION_SYSTEM = f"{NOS}/TRE_G15-ProfessionSante/FHIR/{PROFESSION}"
ROLE_SYSTEM = f"{NOS}/TRE_R85-RolePriseCharge/FHIR/{ROLE}"

# OID of the same nomenclatures in the value sets of the kit.
PROFESSION_OID = "1.2.250.1.71.1.2.7"
ROLE_OID = "1.2.250.1.213.1.6.1.107"
