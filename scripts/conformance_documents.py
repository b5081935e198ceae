"""The CDA documents the product emits, made on the fly from the cast, for the official judges."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import typst
from conformance_structured import structured_documents

from amarre import cast
from amarre.interop import cda, ins
from amarre.interop.terminology import Code, ValueSetId, document_types, value_set

NOW = datetime.datetime(2026, 11, 20, 9, 30, 12, tzinfo=datetime.UTC)
TEMPLATE = """
#let d = json(bytes(sys.inputs.d))
#set document(title: d.title, date: datetime(year: 2026, month: 11, day: 20))
#set page(paper: "a4", header: text(size: 9pt, d.traits))
#set text(lang: "fr", region: "FR", font: "Libertinus Serif")
= #d.title
Document de démonstration.
"""


@dataclass(frozen=True)
class Sample:
    """One emitted document: a short name, the model, and whether our own checks judge it as a DMP deposit."""

    name: str
    document: cda.ClinicalDocument
    for_dmp: bool = True

    @property
    def context(self) -> cda.CheckContext:
        """What our own rules must know."""
        patient = self.document.patient
        identity = patient.identity if isinstance(patient, cda.QualifiedPatient) else None
        return cda.CheckContext(
            target=cda.Target.DMP if self.for_dmp else cda.Target.CISIS,
            now=NOW,
            root_oid=cast.ASSOCIATION.root_oid,
            identity=identity,
        )


@cache
def pdf(title: str, traits: str) -> bytes:
    """Return a real PDF/A-1b of one page."""
    inputs = {"d": json.dumps({"title": title, "traits": traits})}
    return bytes(
        typst.compile(
            TEMPLATE.encode(),
            sys_inputs=inputs,
            pdf_standards=["a-1b"],
            ignore_system_fonts=True,
            format="pdf",
        )
    )


def traits_of(key: str) -> ins.Traits:
    """Return the traits of a usager of the cast."""
    usager = cast.usager(key)
    return ins.Traits(
        usager.nom_naissance,
        usager.prenoms,
        ins.Sexe(usager.sexe),
        ins.BirthDate(usager.date_naissance),
        usager.lieu_naissance,
        usager.premier_prenom,
        usager.nom_utilise,
        usager.prenom_utilise,
    )


def qualified(key: str, **more: object) -> cda.QualifiedPatient:
    """Return a usager of the cast whose identity was qualified by a document seen and by INSi."""
    usager = cast.usager(key)
    matricule, _ = ins.matricule_received(usager.matricule, usager.cle)
    identity = ins.qualified_identity(
        state=ins.IdentityState(insi=True, coherence=True),
        ins=ins.Ins(matricule, ins.ins_oid(usager.ins_oid)),
        traits=traits_of(key),
        environment=ins.Environment.SANDBOX,
    )
    return cda.QualifiedPatient(
        identity=identity, local_ids=(local_id(key),), birthplace_name=usager.lieu_libelle, **more
    )


def local_id(key: str) -> cda.Identifier:
    """Return the local identifier of a usager."""
    return cda.Identifier(f"{cast.ASSOCIATION.root_oid}.1.1", f"USG-{key}")


def organization(key: str, practice: str = "") -> cda.Organization:
    """Return an establishment of the cast; `practice` replaces its practice setting."""
    place = cast.establishment(key)
    street, postal_code, city = place.address
    return cda.Organization(
        identifier=cda.struct_finess(place.finess_eg),
        name=place.name,
        practice_setting=value_set(ValueSetId.PRACTICE_SETTING).get(practice or place.practice_setting),
        telecoms=(cda.Telecom("tel:" + place.telephone.replace(" ", "")),),
        addresses=(cda.Address(lines=(street, f"{postal_code} {city}")),),
    )


def professional(key: str, place: str, practice: str = "") -> cda.Professional:
    """Return a persona acting for an establishment."""
    who = cast.persona(key)
    return cda.Professional(
        identifier=cda.ps_rpps(who.rpps),
        name=cda.PersonName(who.family_name, who.given_name, who.civility),
        code=Code(*who.specialty),
        organization=organization(place, practice),
    )


def build(
    name: str, *, place: str, who: str, patient: cda.Patient, type_code: str, practice: str = ""
) -> Sample:
    """Return the ordinary document of an establishment: one author, who also answers for it."""
    author = professional(who, place, practice)
    root = cast.ASSOCIATION.root_oid
    code = value_set(ValueSetId.TYPE_CODE).get(type_code)
    number = sum(name.encode()) * 1000 + len(name)
    facility = value_set(ValueSetId.DMP_FACILITY_TYPE).get(cast.establishment(place).facility_type)
    traits = patient.identity.traits if isinstance(patient, cda.QualifiedPatient) else patient.traits
    header = f"{traits.nom_naissance} {traits.premier_prenom} {traits.date_naissance.french}"
    document = cda.ClinicalDocument(
        document_id=f"{root}.7.1.{number}",
        set_id=f"{root}.9.1.{number}",
        version=1,
        type_code=code,
        title=code.display[:128],
        effective_time=NOW,
        patient=patient,
        authors=(cda.Author(time=NOW, who=author),),
        custodian=organization(place),
        legal_authenticator=cda.LegalAuthenticator(time=NOW, who=author),
        service_event=cda.ServiceEvent(start=NOW - datetime.timedelta(hours=1), performer=author),
        encounter=cda.Encounter(facility=facility, start=datetime.date(2025, 9, 1)),
        body=cda.UnstructuredBody(pdf(code.display, header)),
    )
    return Sample(name, document)


def samples() -> Iterator[Sample]:
    """Yield every sample: each situation, then each persona as author, then each document type."""
    yield from situations()
    for who in cast.PERSONAS:
        place = who.establishments[0]
        yield build(
            f"author-{who.key}", place=place, who=who.key, patient=qualified("zoe-adrun"), type_code="28653-4"
        )
    for kind in document_types():
        sample = build(
            f"type-{kind.code.code}",
            place="domicile",
            who="loic-bremond",
            patient=qualified("zoe-adrun"),
            type_code=kind.code.code,
        )
        yield replace(sample, for_dmp=kind.in_dmp)


def situations() -> Iterator[Sample]:
    """Yield the documents of ordinary life: projets of each kind of establishment, versions, relatives…"""
    projet = build(
        "projet-domicile",
        place="domicile",
        who="loic-bremond",
        patient=qualified("zoe-adrun", addresses=(HOME,), telecoms=(cda.Telecom("tel:+33199001212", "H"),)),
        type_code="80788-3",
    )
    yield projet
    yield build(
        "projet-ehpad",
        place="ehpad",
        who="nadege-le-goff",
        patient=qualified("catarina-tchitchi"),
        type_code="80788-3",
    )
    yield _ime()
    yield _second_version(projet)
    yield _system_author(projet)
    unqualified = cda.LocalPatient(traits=traits_of("zoe-adrun"), local_ids=(local_id("zoe-adrun"),))
    yield replace(
        build("not-qualified", place="pjm", who="marc-delaunay", patient=unqualified, type_code="28653-4"),
        for_dmp=False,
    )
    essms = build(
        "practice-essms",
        place="ime",
        who="karim-benali",
        patient=qualified("michelangelo-nessi"),
        type_code="34842-5",
        practice="ESSMS",
    )
    yield replace(essms, for_dmp=False)
    yield _home_help(projet)
    yield build(
        "corsica",
        place="ime",
        who="karim-benali",
        patient=qualified("dominique-adrtrois"),
        type_code="34842-5",
    )
    yield from _structured(projet)
    yield _whole_header(projet)
    nia = qualified("matricule-provisoire")
    yield build("nia", place="ime", who="karim-benali", patient=nia, type_code="80788-3")


HOME = cda.Address(
    use="H", house_number="7", street_name="impasse des Tilleuls", postal_code="99100", city="PORT-AMARRE"
)


def _ime() -> Sample:
    """A minor at the IME: guardian, parents, trusted person, general practitioner, recipient."""
    relation = value_set(ValueSetId.RELATION)
    mother = cda.PersonName("NESSI", "LISA")
    sample = build(
        "projet-ime",
        place="ime",
        who="karim-benali",
        patient=qualified(
            "michelangelo-nessi",
            guardians=(cda.Guardian(name=mother, addresses=(HOME,)),),
        ),
        type_code="80788-3",
    )
    doctor = replace(
        professional("loic-bremond", "domicile"),
        code=value_set(ValueSetId.AUTHOR_SPECIALTY).get("G15_10"),
        function=Code("PCP", "Médecin Traitant", "2.16.840.1.113883.5.88"),
    )
    document = replace(
        sample.document,
        informants=(
            cda.RelatedPerson(role="ECON", name=mother, relation=relation.get("MTH"), addresses=(HOME,)),
            cda.RelatedPerson(
                role="NOK",
                name=cda.PersonName("VINCI", "LEO"),
                relation=relation.get("FRND"),
                relation_text="parrain",
            ),
            cda.RelatedPerson(role="CON", name=mother),
        ),
        participants=(cda.Participant(type_code="INF", who=doctor),),
        recipients=(cda.Recipient(who=replace(doctor, function=None)),),
        encounter=replace(
            sample.document.encounter,
            facility_category=Code("183", "Institut médico-éducatif (I.M.E.)", "1.2.250.1.213.1.6.1.8"),
            identifiers=(cda.Identifier(f"{cast.ASSOCIATION.root_oid}.3.1", "SEJ-1"),),
        ),
    )
    return replace(sample, document=document)


def _physician() -> cda.Professional:
    general = value_set(ValueSetId.AUTHOR_SPECIALTY).get("G15_10")
    return replace(professional("loic-bremond", "domicile"), code=general)


def _structured(first: Sample) -> Iterator[Sample]:
    """Every structured document, full then empty."""
    for name, document in structured_documents(first.document, _physician()):
        yield Sample(name, document)


def _whole_header(first: Sample) -> Sample:
    """Every optional element of the header at once, the person being one of the authors."""
    old = first.document
    doctor, helper = _physician(), professional("fatou-diallo", "domicile")
    patient = qualified(
        "zoe-adrun",
        facts=cda.LifeFacts(deceased=False, multiple_birth=True, birth_order=2),
    )
    actor = cda.PatientActor(patient=patient, name=cda.PersonName("ADRUN", "ZOE"))
    known = value_set(ValueSetId.AUTHOR_SPECIALTY).get("313")
    helper = replace(helper, code=known)
    document = replace(
        old,
        document_id=f"{old.document_id}9",
        patient=patient,
        authors=(*old.authors, cda.Author(time=NOW, who=actor)),
        data_enterer=cda.DataEnterer(who=helper, time=NOW),
        informants=(actor, helper),
        authenticators=(cda.Authenticator(time=NOW, who=doctor),),
        participants=(cda.preferred_establishment(organization("ehpad")),),
        orders=(cda.Identifier(f"{cast.ASSOCIATION.root_oid}.4.1", "DEM-1"),),
        further_events=(
            cda.FurtherEvent(
                code=Code("34117-2", "Historique et clinique", "2.16.840.1.113883.6.1"),
                start=NOW,
            ),
        ),
        consents=(Code("59284-0", "Consentement du patient", "2.16.840.1.113883.6.1"),),
        encounter=replace(old.encounter, responsible=doctor),
    )
    return Sample("whole-header", document)


def _second_version(first: Sample) -> Sample:
    old = first.document
    document = replace(old, document_id=f"{old.document_id}2", version=2, replaces=old.document_id)
    return Sample("second-version", document)


def _system_author(first: Sample) -> Sample:
    """An export written by the software itself; the professional answers for it."""
    old = first.document
    system = cda.AuthoringSystem(
        identifier=cda.ps_in_finess(cast.establishment("domicile").finess_eg, "7"),
        code=value_set(ValueSetId.AUTHOR_SPECIALTY).get("LOGICIEL_DUI"),
        model_name="Amarre",
        software_name="Amarre",
        organization=organization("domicile"),
    )
    bilan = value_set(ValueSetId.TYPE_CODE).get("BIL_AUTO")
    document = replace(
        old, document_id=f"{old.document_id}3", type_code=bilan, authors=(cda.Author(time=NOW, who=system),)
    )
    return Sample("system-author", document)


def _home_help(first: Sample) -> Sample:
    """An unqualified home help (R85 372, added in 2026) without RPPS number."""
    old = first.document
    helper = replace(
        professional("fatou-diallo", "domicile"),
        identifier=cda.ps_in_finess(cast.establishment("domicile").finess_eg, "fdiallo"),
        code=value_set(ValueSetId.AUTHOR_SPECIALTY).get("372"),
    )
    return Sample(
        "home-help",
        replace(old, document_id=f"{old.document_id}4", authors=(cda.Author(time=NOW, who=helper),)),
    )
