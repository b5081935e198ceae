"""The people who hold an e-CPS in the sandbox, and the claims Pro Santé Connect gives about them.

Shape of the claims: Pro Santé Connect, "Données sectorielles" (SubjectRefPro, otherIds); empty strings are
kept as the real service leaves them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from amarre.cast import (
    ASSOCIATION,
    EXTERNAL_PROFESSIONALS,
    PERSONAS,
    Establishment,
    ExternalProfessional,
    Persona,
    establishment,
)

Json = dict[str, Any]

# Namespace of the `sub` of this provider: stable for one person, different from every other environment.
_SUBJECTS = uuid.UUID("6f1c2d0a-3a76-4c19-9a55-5c0f8f0e7d11")
# TRE_R291: profession of people known by their role.
_PROFESSION_A_ROLE = "99"
_ROLE_OID_SUFFIX = ".107"


@dataclass(frozen=True, slots=True)
class Holder:
    """One holder of an e-CPS. `staff` tells the personas of the association from everybody else."""

    subject_name_id: str
    family_name: str
    given_name: str
    civility: str
    title: str
    place: str
    claims: Json
    staff: bool

    @property
    def subject(self) -> str:
        """`sub` of this provider, in the form its software gives to federated users."""
        return f"f:{_SUBJECTS}:{self.subject_name_id}"


def holders() -> dict[str, Holder]:
    """Return every holder by SubjectNameID: the personas, then professionals without any account in a DUI."""
    people = [_persona(item) for item in PERSONAS] + [_external(item) for item in EXTERNAL_PROFESSIONALS]
    return {item.subject_name_id: item for item in people}


def _activity(*, finess: str, finess_ej: str, siret: str, name: str, sector: str, role: str) -> Json:
    empty = (
        "codeSectionPharmacien numeroSirenSite enseigneCommercialeSite complementDestinataire "
        "complementPointGeographique numeroVoie indiceRepetitionVoie codeTypeDeVoie libelleVoie "
        "mentionDistribution bureauCedex codePostal codeCommune telephone telephone2 telecopie adresseEMail "
        "codeDepartement"
    ).split()
    return {
        **dict.fromkeys(empty, ""),
        "codeModeExercice": "S",
        "codeSecteurDactivite": sector,
        "codeRole": role,
        "codeGenreActivite": "GENR01",
        "numeroSiretSite": siret,
        "numeroFinessSite": finess,
        "numeroFinessetablissementJuridique": finess_ej,
        "identifiantTechniqueDeLaStructure": f"F{finess}" if finess else "",
        "ancienIdentifiantDeLaStructure": f"1{finess}" if finess else "",
        "raisonSocialeSite": name,
        "codePays": "99000",
        "autoriteDenregistrement": "ARS",
    }


def _claims(
    *,
    name_id: str,
    family: str,
    given: str,
    civility: str,
    specialty: tuple[str, str, str],
    places: list[Json],
) -> Json:
    by_role = specialty[2].endswith(_ROLE_OID_SUFFIX)
    profession = _PROFESSION_A_ROLE if by_role else specialty[0].removeprefix("G15_").split("/")[0]
    return {
        "SubjectNameID": name_id,
        "preferred_username": name_id,
        "family_name": family,
        "given_name": given,
        "email_verified": False,
        "otherIds": [{"identifiant": name_id, "origine": "RPPS", "qualite": 1}],
        "UITVersion": "1.0",
        "Palier_Authentification": "APPPRIP3^1.2.250.1.213.1.5.1.1.1",
        "PSI_Locale": "1.2.250.1.213.1.3.1.1",
        "Acces_Regulation_Medicale": "FAUX",
        "Mode_Acces_Raison": "",
        "Secteur_Activite": f"{places[0]['codeSecteurDactivite']}^1.2.250.1.71.4.2.4",
        "SubjectOrganization": places[0]["raisonSocialeSite"],
        "SubjectOrganizationID": places[0]["ancienIdentifiantDeLaStructure"],
        "SubjectRole": [f"{profession}^1.2.250.1.213.1.1.5.5"],
        "SubjectRefPro": {
            "codeCivilite": civility if civility in ("M", "MME") else "",
            "exercices": [
                {
                    "codeProfession": profession,
                    "codeCategorieProfessionnelle": "C",
                    "codeCiviliteDexercice": civility,
                    "nomDexercice": family,
                    "prenomDexercice": given.upper(),
                    "codeTypeSavoirFaire": "S" if "/" in specialty[0] else "",
                    "codeSavoirFaire": specialty[0].partition("/")[2],
                    "activities": places,
                }
            ],
        },
    }


def _persona(item: Persona) -> Holder:
    role = item.specialty[0] if item.specialty[2].endswith(_ROLE_OID_SUFFIX) else ""
    places: list[Establishment] = [establishment(key) for key in item.establishments]
    claims = _claims(
        name_id=item.subject_name_id,
        family=item.family_name,
        given=item.given_name,
        civility=item.civility,
        specialty=item.specialty,
        places=[
            _activity(
                finess=place.finess_eg,
                finess_ej=ASSOCIATION.finess_ej,
                siret=place.siret,
                name=place.name.upper(),
                sector=place.facility_type,
                role=role,
            )
            for place in places
        ],
    )
    return Holder(
        subject_name_id=item.subject_name_id,
        family_name=item.family_name,
        given_name=item.given_name,
        civility=item.civility,
        title=item.title,
        place=", ".join(place.name for place in places),
        claims=claims,
        staff=True,
    )


def _external(item: ExternalProfessional) -> Holder:
    name_id = f"8{item.rpps}"
    place = _activity(finess="", finess_ej="", siret="", name=item.structure.upper(), sector="SA07", role="")
    claims = _claims(
        name_id=name_id,
        family=item.family_name,
        given=item.given_name,
        civility=item.civility,
        specialty=item.specialty,
        places=[place],
    )
    return Holder(
        subject_name_id=name_id,
        family_name=item.family_name,
        given_name=item.given_name,
        civility=item.civility,
        title=item.specialty[1],
        place=item.structure,
        claims=claims,
        staff=False,
    )
