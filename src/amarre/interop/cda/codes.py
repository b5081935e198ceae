"""Constants and national identifiers of the CDA header.

Sources: CI-SIS Structuration minimale V1.16.8 (templateIds, code systems); CI-SIS, Annexe des identifiants
(PS_IdNat, Struct_IdNat).
"""

from __future__ import annotations

from typing import Final

from amarre.interop.cda.parts import Identifier

CDA_NS: Final = "urn:hl7-org:v3"
SDTC_NS: Final = "urn:hl7-org:sdtc"

TEMPLATE_HL7_FRANCE: Final = "2.16.840.1.113883.2.8.2.1"
TEMPLATE_CISIS_HEADER: Final = "1.2.250.1.213.1.1.1.1"
# Every model of document of the CI-SIS stands under this arc, the header included.
TEMPLATE_CISIS_MODELS: Final = "1.2.250.1.213.1.1.1"
TEMPLATE_XDS_SD: Final = "1.3.6.1.4.1.19376.1.2.20"

OID_PS_IDNAT: Final = "1.2.250.1.71.4.2.1"
OID_STRUCT_IDNAT: Final = "1.2.250.1.71.4.2.2"
OID_GENDER: Final = "2.16.840.1.113883.5.1"
OID_CONFIDENTIALITY: Final = "2.16.840.1.113883.5.25"

OID_MEDECIN_TRAITANT: Final = "2.16.840.1.113883.5.88"
OID_FUNCTION_CISIS: Final = "1.2.250.1.213.1.1.4.2.280"

OID_INS_NIR: Final = "1.2.250.1.213.1.4.8"
OID_INS_NIA: Final = "1.2.250.1.213.1.4.9"
OID_INS_TEST: Final = "1.2.250.1.213.1.4.10"
OID_INS_DEMO: Final = "1.2.250.1.213.1.4.11"
INS_PRODUCTION: Final = frozenset({OID_INS_NIR, OID_INS_NIA})
INS_OIDS: Final = INS_PRODUCTION | {OID_INS_TEST, OID_INS_DEMO}

ALLOWED_NULL_FLAVORS: Final = frozenset({"UNK", "NASK", "ASKU", "NAV", "MSK", "NA"})


def ps_rpps(rpps: str) -> Identifier:
    """Return the PS_IdNat of a professional registered in RPPS: ``8`` then the 11 digits."""
    return Identifier(OID_PS_IDNAT, f"8{rpps}")


def ps_in_finess(finess: str, local: str) -> Identifier:
    """Return the PS_IdNat of someone (or a system) known only in a FINESS structure: ``3FINESS/local``."""
    return Identifier(OID_PS_IDNAT, f"3{finess}/{local}")


def ps_in_siret(siret: str, local: str) -> Identifier:
    """Return the PS_IdNat of someone (or a system) known only in a SIRET structure: ``5SIRET/local``."""
    return Identifier(OID_PS_IDNAT, f"5{siret}/{local}")


def struct_finess(finess: str) -> Identifier:
    """Return the Struct_IdNat of a structure by its FINESS number (9 characters): ``1FINESS``."""
    return Identifier(OID_STRUCT_IDNAT, f"1{finess}")


def struct_siret(siret: str) -> Identifier:
    """Return the Struct_IdNat of a structure by its SIRET number (14 digits): ``3SIRET``."""
    return Identifier(OID_STRUCT_IDNAT, f"3{siret}")
