"""recordTarget: the person concerned, with the matricule only when the identity is qualified.

Sources: CI-SIS Structuration minimale V1.16.8, recordTarget; CI-SIS, Annexe Prise en charge de l'INS.
"""

from __future__ import annotations

from lxml import etree

from amarre.interop.cda.codes import OID_GENDER, SDTC_NS
from amarre.interop.cda.model import Guardian, LifeFacts, Patient, PatientActor, QualifiedPatient
from amarre.interop.cda.parts import Identifier
from amarre.interop.cda.writing import (
    add,
    add_code,
    add_contact,
    add_id,
    add_ids,
    add_name,
    add_organization,
    format_birth,
)
from amarre.interop.ins.traits import COG_UNKNOWN, Sexe, Traits
from amarre.interop.terminology import ValueSetId, value_set

_GENDERS = {Sexe.F: "F", Sexe.M: "M", Sexe.INDETERMINE: "UN"}


def patient_identifier(patient: Patient) -> Identifier:
    """Return what designates the person: the matricule when the identity is qualified, else a local one."""
    if isinstance(patient, QualifiedPatient):
        ins = patient.identity.ins
        return Identifier(ins.oid.value, ins.matricule.value)
    return patient.local_ids[0]


def fill_patient_actor(node: etree._Element, actor: PatientActor) -> None:
    """Write the person as author or informant: no code, no organization."""
    add_id(node, patient_identifier(actor.patient))
    add_contact(node, actor.patient.addresses, actor.patient.telecoms, required=True)
    add_name(add(node, "assignedPerson"), actor.name)


def append_record_target(root: etree._Element, patient: Patient) -> None:
    """Append ``recordTarget``: matricule first (qualified identity only), then local identifiers, traits."""
    role = add(add(root, "recordTarget"), "patientRole")
    if isinstance(patient, QualifiedPatient):
        add_id(role, patient_identifier(patient))
    add_ids(role, patient.local_ids)
    add_contact(role, patient.addresses, patient.telecoms)
    node = add(role, "patient")
    _append_name(node, patient.traits)
    gender = value_set(ValueSetId.GENDER).get(_GENDERS[patient.traits.sexe], OID_GENDER)
    add_code(node, "administrativeGenderCode", gender)
    add(node, "birthTime", value=format_birth(patient.traits.date_naissance))
    _append_facts(node, patient.facts)
    for guardian in patient.guardians:
        _append_guardian(node, guardian)
    _append_birthplace(node, patient)


def _append_name(patient: etree._Element, traits: Traits) -> None:
    """Write the names: BR of birth, no qualifier for the list of given names, CL for the names used."""
    name = add(patient, "name")
    add(name, "family", qualifier="BR").text = traits.nom_naissance
    first = traits.premier_prenom or traits.prenoms.split(" ", 1)[0]
    if traits.prenoms:
        add(name, "given").text = traits.prenoms
    if first:
        add(name, "given", qualifier="BR").text = first
    if traits.nom_utilise:
        add(name, "family", qualifier="CL").text = traits.nom_utilise
    if traits.prenom_utilise:
        add(name, "given", qualifier="CL").text = traits.prenom_utilise


def _append_facts(patient: etree._Element, facts: LifeFacts) -> None:
    """Write the SDTC extensions, in the order of the extended schema."""
    rows = (
        ("deceasedInd", _flag(facts.deceased)),
        ("deceasedTime", facts.deceased_on.strftime("%Y%m%d") if facts.deceased_on else ""),
        ("multipleBirthInd", _flag(facts.multiple_birth)),
        ("multipleBirthOrderNumber", str(facts.birth_order) if facts.birth_order is not None else ""),
    )
    for tag, value in rows:
        if value:
            etree.SubElement(patient, f"{{{SDTC_NS}}}{tag}", {"value": value})


def _flag(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


def _append_guardian(patient: etree._Element, guardian: Guardian) -> None:
    node = add(patient, "guardian")
    add_contact(node, guardian.addresses, guardian.telecoms)
    if guardian.name:
        add_name(add(node, "guardianPerson"), guardian.name, qualifier="CL")
    if guardian.organization:
        add_organization(node, "guardianOrganization", guardian.organization)


def _append_birthplace(patient: etree._Element, person: Patient) -> None:
    """Write the COG code; an unknown place (99999) only for a qualified identity, as INSi gave it."""
    code = person.traits.lieu_naissance
    if not code or (code == COG_UNKNOWN and not isinstance(person, QualifiedPatient)):
        return
    address = add(add(add(patient, "birthplace"), "place"), "addr")
    add(address, "county").text = code
    if person.birthplace_name:
        add(address, "city").text = person.birthplace_name
