"""The participants that documents of an establishment name most: médecin traitant, preferred hospital.

Source: CI-SIS, Structuration minimale V1.16.8, participant; volet IPS-FR 2024.01 (labels of the functions).
"""

from __future__ import annotations

import datetime
from dataclasses import replace

from amarre.interop.cda.codes import OID_FUNCTION_CISIS, OID_MEDECIN_TRAITANT
from amarre.interop.cda.model import Participant
from amarre.interop.cda.parts import Organization, Professional
from amarre.interop.terminology import Code

# The capital letter of "Traitant" is the one the volet IPS-FR checks; JDV_J47 writes it small.
TREATING_PHYSICIAN = Code("PCP", "Médecin Traitant", OID_MEDECIN_TRAITANT)
PREFERRED_ESTABLISHMENT = Code("ES-PREF", "Etablissement de santé de préférence", OID_FUNCTION_CISIS)


def treating_physician(who: Professional, since: datetime.datetime | None = None) -> Participant:
    """Return the médecin traitant of the person."""
    return Participant(
        type_code="INF", who=replace(who, function=None), function=TREATING_PHYSICIAN, start=since
    )


def preferred_establishment(where: Organization, since: datetime.datetime | None = None) -> Participant:
    """Return the hospital the person wishes to be taken to."""
    return Participant(type_code="INF", who=where, function=PREFERRED_ESTABLISHMENT, start=since)
