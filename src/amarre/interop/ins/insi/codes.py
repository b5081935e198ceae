"""Names, versions and codes of the INSi teleservice, as data.

Sources: DESIR_ICIR_EXP_1.5.0.wsdl and its schemas; GIE SESAM-Vitale, Guide d'intégration INSi SEL-MP-043.
"""

from __future__ import annotations

from enum import StrEnum

CTXBAM = "urn:siram:bam:ctxbam"
CTXLPS = "urn:siram:lps:ctxlps"
SIRAM = "urn:siram"
RECSANS = "http://www.cnamts.fr/INSiRecSans"
RECVIT = "http://www.cnamts.fr/INSiRecVit"
RESULTAT = "http://www.cnamts.fr/INSiResultat"

CTXBAM_VERSION = "01_02"
CTXLPS_VERSION = "01_00"

ACTION_TRAITS = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite"
ACTION_VITALE = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale"


class ResultCode(StrEnum):
    """CodeCR of an answer. SEVERAL never lists the identities: there is nothing to choose from."""

    FOUND = "00"
    NOT_FOUND = "01"
    SEVERAL = "02"
