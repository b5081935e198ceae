"""Where a fault is, in the words of who wrote the document."""

from __future__ import annotations

from typing import Final

# Beginning of a path of the document → what its author knows it by. The longest beginning wins.
_PLACES: Final = {
    "ClinicalDocument": "En-tête du document",
    "ClinicalDocument/templateId": "En-tête, modèle du document",
    "ClinicalDocument/id": "En-tête, identifiant du document",
    "ClinicalDocument/code": "En-tête, type du document",
    "ClinicalDocument/title": "En-tête, titre",
    "ClinicalDocument/effectiveTime": "En-tête, date de création",
    "ClinicalDocument/confidentialityCode": "En-tête, confidentialité",
    "ClinicalDocument/languageCode": "En-tête, langue",
    "ClinicalDocument/setId": "En-tête, versions du document",
    "ClinicalDocument/versionNumber": "En-tête, versions du document",
    "ClinicalDocument/relatedDocument": "En-tête, versions du document",
    "ClinicalDocument/recordTarget": "Personne concernée",
    "ClinicalDocument/recordTarget/patientRole/id": "Personne concernée, matricule INS et numéros",
    "ClinicalDocument/recordTarget/patientRole/patient": "Personne concernée, identité",
    "ClinicalDocument/recordTarget/patientRole/patient/guardian": "Personne concernée, représentant légal",
    "ClinicalDocument/author": "Auteur",
    "ClinicalDocument/dataEnterer": "Personne qui a saisi",
    "ClinicalDocument/informant": "Proches et informateurs",
    "ClinicalDocument/custodian": "Établissement",
    "ClinicalDocument/informationRecipient": "Destinataires",
    "ClinicalDocument/legalAuthenticator": "Responsable du document",
    "ClinicalDocument/authenticator": "Autres signataires",
    "ClinicalDocument/participant": "Médecin traitant et autres participants",
    "ClinicalDocument/documentationOf": "Acte documenté",
    "ClinicalDocument/componentOf": "Séjour ou accompagnement",
    "ClinicalDocument/component": "Contenu du document",
    "ClinicalDocument/component/nonXMLBody": "Fichier du document",
    "ClinicalDocument/component/structuredBody": "Rubriques du document",
}


def french_place(where: str, section: str = "") -> str:
    """Return the French name of a path of the document; `section` is the title of the section, if known."""
    if section:
        return f"Rubrique « {section} »"
    steps = where.split("/")
    while steps:
        if place := _PLACES.get("/".join(steps)):
            return place
        steps.pop()
    return _PLACES["ClinicalDocument"]
