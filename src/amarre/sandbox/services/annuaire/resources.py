"""FHIR resources of the cast, in the shapes of the real directory.

Source: ANS, implementation guide « Annuaire Santé » 1.2.0-snapshot and API documentation v2 (2026).
"""

from __future__ import annotations

import unicodedata
from typing import Any

from amarre.cast import ESTABLISHMENTS, EXTERNAL_PROFESSIONALS, ORGANISATIONAL_MAILBOXES, PERSONAS
from amarre.cast.professionals import ROLES_R85

CORE = "https://hl7.fr/ig/fhir/core"
GUIDE = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition"
NOS = "https://mos.esante.gouv.fr/NOS"
IDENTIFIER_TYPES = f"{CORE}/CodeSystem/fr-core-cs-v2-0203"
UPDATED = "2026-11-02T04:10:26.335+01:00"

Resource = dict[str, Any]


def nomenclature(name: str) -> str:
    """Return the system of a nomenclature given its name, as `TRE_R257-TypeBAL`."""
    return f"{NOS}/{name}/FHIR/{name.replace('_', '-')}"


def cast_resources() -> list[Resource]:
    """Return every resource of the simulated directory, in a stable order."""
    made = _Cast()
    for item in ESTABLISHMENTS:
        mailboxes = [
            mailbox(
                item.mailbox_org, "ORG", description=f"Boîte de service, {item.name}", service="Secrétariat"
            ),
            mailbox(item.mailbox_app, "APP", description="Envoi automatique de documents"),
        ]
        made.organisation(
            item.name, item.finess_eg, item.address[1:], item.facility_type, mailboxes, item.address[0]
        )
    for box in ORGANISATIONAL_MAILBOXES:
        mailboxes = [mailbox(box.mailbox, "ORG", description=box.description)]
        made.organisation(box.structure, box.finess, box.commune, "SA01", mailboxes)
    for persona in PERSONAS:
        code, _, system = persona.specialty
        role = code if system == ROLES_R85 else ""
        profession = "" if role else code.removeprefix("G15_").split("/")[0]
        identifier = made.person(
            persona.rpps, persona.civility, persona.family_name, persona.given_name, profession
        )
        names = {item.key: item.name for item in ESTABLISHMENTS}
        for key in persona.establishments:
            made.situation(identifier, made.place_id(names[key]), role, [])
    for item_ in EXTERNAL_PROFESSIONALS:
        identifier = made.person(
            item_.rpps, item_.civility, item_.family_name, item_.given_name, item_.profession
        )
        place = made.organisation(item_.structure, "", item_.commune, "SA07", [])
        boxes = [mailbox(item_.mailbox, "PER")] if item_.mailbox else []
        made.situation(identifier, place, "", boxes, mode="L")
    return made.resources


def mailbox(address: str, kind: str, *, description: str = "", service: str = "") -> Resource:
    """Return a telecom carrying an MSSanté mailbox."""
    coding = {"system": nomenclature("TRE_R257-TypeBAL"), "code": kind}
    details: list[Resource] = [{"url": "type", "valueCodeableConcept": {"coding": [coding]}}]
    if description:
        details.append({"url": "description", "valueString": description})
    if service:
        details.append({"url": "service", "valueString": service})
    details.append({"url": "digitization", "valueBoolean": True})
    kind_coding = {"system": nomenclature("TRE_R256-TypeMessagerie"), "code": "MSSANTE"}
    return {
        "extension": [
            {
                "url": f"{CORE}/StructureDefinition/fr-core-contact-point-email-type",
                "valueCoding": kind_coding,
            },
            {"url": f"{GUIDE}/as-ext-mailbox-mss-metadata", "extension": details},
        ],
        "system": "email",
        "value": address,
    }


class _Cast:
    """Builds resources with technical identifiers of the real form."""

    def __init__(self) -> None:
        self.resources: list[Resource] = []
        self._places: dict[str, str] = {}

    def place_id(self, name: str) -> str:
        """Return the identifier of a structure already made."""
        return self._places[name]

    def organisation(
        self,
        name: str,
        finess: str,
        commune: tuple[str, ...],
        sector: str,
        mailboxes: list[Resource],
        street: str = "",
    ) -> str:
        """Add a structure and return its identifier; a structure of the same name is returned as it is."""
        if name in self._places:
            return self._places[name]
        number = f"001-01-{9000301 + len(self._places)}"
        self._places[name] = number
        identifiers = []
        if finess:
            identifiers = [
                _identifier("IDNST", "urn:oid:1.2.250.1.71.4.2.2", f"1{finess}"),
                _identifier("FINEG", "https://finess.esante.gouv.fr", finess),
            ]
        kind = {"system": f"{CORE}/CodeSystem/fr-core-cs-v2-3307", "code": "GEOGRAPHICAL-ENTITY"}
        resource = _resource("Organization", number, "organization") | {
            "identifier": identifiers,
            "active": True,
            "type": [
                _organisation_type("organizationType", kind),
                _organisation_type(
                    "secteurActiviteRASS", {"system": nomenclature("TRE_R02-SecteurActivite"), "code": sector}
                ),
            ],
            "name": _upper(name),
            "telecom": mailboxes,
            "address": [
                {
                    "line": [_upper(street)] if street else [],
                    "city": _upper(commune[1]),
                    "postalCode": commune[0],
                }
            ],
        }
        self.resources.append(resource)
        return number

    def person(self, rpps: str, civility: str, family: str, given: str, profession: str) -> str:
        """Add a professional and return the identifier of the resource."""
        number = f"003-{rpps[-7:]}-{int(rpps[-7:]) + 100}"
        name: Resource = {"use": "usual", "family": _upper(family), "given": [_upper(given)]}
        if civility == "DR":
            name["suffix"] = ["DR"]
        else:
            name["prefix"] = [civility]
        category = {"system": nomenclature("TRE_R09-CategorieProfessionnelle"), "code": "C"}
        codings = [category]
        if profession:
            code = profession.partition("/")[0]
            codings.insert(0, {"system": nomenclature("TRE_G15-ProfessionSante"), "code": code})
        self.resources.append(
            _resource("Practitioner", number, "practitioner")
            | {
                "identifier": [
                    _identifier("IDNPS", "urn:oid:1.2.250.1.71.4.2.1", f"8{rpps}"),
                    _identifier("RPPS", "https://rpps.esante.gouv.fr", rpps),
                ],
                "active": True,
                "name": [name],
                "qualification": [{"code": {"coding": codings}}],
            }
        )
        return number

    def situation(
        self, person: str, place: str, role: str, mailboxes: list[Resource], mode: str = "S"
    ) -> None:
        """Add a situation d'exercice. A mailbox tied to a person and a structure hangs here."""
        codes = [_code("TRE_R22-GenreActivite", "GENR01"), _code("TRE_R23-ModeExercice", mode)]
        if role:
            codes.append(_code("TRE_R85-RolePriseCharge", role))
        number = f"005-{9000201 + len(self.resources)}-{9000401 + len(self.resources)}"
        resource = _resource("PractitionerRole", number, "practitionerrole") | {
            "identifier": [{"system": "https://rpps.esante.gouv.fr", "value": f"F{number[4:11]}"}],
            "active": True,
            "practitioner": {"reference": f"Practitioner/{person}"},
            "organization": {"reference": f"Organization/{place}"},
            "code": codes,
        }
        if mailboxes:
            resource["telecom"] = mailboxes
        self.resources.append(resource)


def _resource(kind: str, number: str, profile: str) -> Resource:
    core = {"practitionerrole": "practitioner-role"}.get(profile, profile)
    return {
        "resourceType": kind,
        "id": number,
        "meta": {
            "versionId": "1",
            "lastUpdated": UPDATED,
            "source": "https://annuaire.sante.fr",
            "profile": [
                f"{CORE}/StructureDefinition/fr-core-{core}",
                f"{GUIDE}/as-dp-{profile}",
            ],
        },
        "language": "fr",
    }


def _identifier(kind: str, system: str, value: str) -> Resource:
    coding = {"system": IDENTIFIER_TYPES, "code": kind}
    return {"use": "official", "type": {"coding": [coding]}, "system": system, "value": value}


def _organisation_type(slice_name: str, coding: dict[str, str]) -> Resource:
    extension = {"url": f"{GUIDE}/as-ext-organization-types", "valueCode": slice_name}
    return {"extension": [extension], "coding": [coding]}


def _code(name: str, code: str) -> Resource:
    return {"coding": [{"system": nomenclature(name), "code": code}]}


def _upper(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.upper())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).replace("Œ", "OE")
