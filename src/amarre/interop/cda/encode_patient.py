"""recordTarget: the person concerned, with the matricule only when the identity is qualified.

Sources: CI-SIS Structuration minimale V1.16.8, recordTarget; CI-SIS, Annexe Prise en charge de l'INS.
"""

from __future__ import annotations

from lxml import etree

from amarre.interop.cda.codes import OID_GENDER
from amarre.interop.cda.model import Guardian, Identifier, Patient, QualifiedPatient
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


def append_record_target(root: etree._Element, patient: Patient) -> None:
    """Append ``recordTarget``: matricule first (qualified identity only), then local identifiers, traits."""
    role = add(add(root, "recordTarget"), "patientRole")
    if isinstance(patient, QualifiedPatient):
        ins = patient.identity.ins
        add_id(role, Identifier(ins.oid.value, ins.matricule.value))
    add_ids(role, patient.local_ids)
    add_contact(role, patient.addresses, patient.telecoms)
    node = add(role, "patient")
    _append_name(node, patient.traits)
    gender = value_set(ValueSetId.GENDER).get(_GENDERS[patient.traits.sexe], OID_GENDER)
    add_code(node, "administrativeGenderCode", gender)
    add(node, "birthTime", value=format_birth(patient.traits.date_naissance))
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
