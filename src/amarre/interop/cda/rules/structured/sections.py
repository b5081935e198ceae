"""Rules on the sections of a structured body: those of its model, each once, complete, from its lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from amarre.interop.cda.codes import TEMPLATE_CISIS_HEADER, TEMPLATE_CISIS_MODELS
from amarre.interop.cda.participants import TREATING_PHYSICIAN
from amarre.interop.cda.reading import select, text_of
from amarre.interop.cda.rules.base import STRUCT_MIN, Hit, Subject, rule
from amarre.interop.cda.rules.structured.reading import (
    BODY,
    CONTENT,
    all_sections,
    announced_model,
    code_of,
    holds,
    kinds_of,
    templates_by_mark,
    title_of,
)
from amarre.interop.cda.structured.models import DLU
from amarre.interop.cda.structured.observations import CODED_ANSWERS, DLU_OBSERVATIONS
from amarre.interop.cda.structured.sections import SECTIONS, SectionKind
from amarre.interop.terminology import ValueSetId, value_set

ABSENCES = tuple(which for which in ValueSetId if which.name.startswith("ABSENT_"))


@rule(
    "CDA-R80",
    source=f"{STRUCT_MIN}, templateId ; {CONTENT}, modèles de documents",
    sentence="Le document est structuré mais n'annonce aucun modèle.",
    advice="Refaites le document à partir de son modèle.",
)
def model_is_announced(subject: Subject) -> Iterator[Hit]:
    """A structured document announces a model of the CI-SIS, beside the templates of the header."""
    announced = {element.get("root", "") for element in subject.all("h:templateId")}
    models = {root for root in announced if root.startswith(f"{TEMPLATE_CISIS_MODELS}.")}
    if subject.first(BODY) is not None and not models - {TEMPLATE_CISIS_HEADER}:
        yield Hit("ClinicalDocument/templateId")


@rule(
    "CDA-R81",
    source=f"{CONTENT}, modèles de documents : code du document",
    sentence="Une {label} ne peut pas porter le type de document « {code} ».",
    advice="Choisissez le type de document de ce modèle, puis refaites le document.",
)
def code_of_the_model(subject: Subject) -> Iterator[Hit]:
    """The document code is one of the model's."""
    model = announced_model(subject)
    for element in subject.all("h:code") if model else ():
        allowed = {(code.code, code.system) for code in model.type_codes} if model else set()
        if model and (element.get("code"), element.get("codeSystem")) not in allowed:
            yield Hit(subject.where(element), {"label": model.label, "code": element.get("code", "")})


@rule(
    "CDA-R82",
    source=f"{CONTENT}, sections obligatoires de chaque volet",
    sentence="Il manque la rubrique obligatoire « {section} ».",
    advice="Remplissez cette rubrique, ou indiquez que rien n'est connu, puis refaites le document.",
)
def mandatory_sections(subject: Subject) -> Iterator[Hit]:
    """Every mandatory section of the model, and the parts of a section made of others."""
    model = announced_model(subject)
    if model is None:
        return
    for kind in model.sections:
        if kind in model.mandatory:
            yield from _missing(subject, kind, f"{BODY}/h:component/h:section")


def _missing(subject: Subject, kind: SectionKind, path: str) -> Iterator[Hit]:
    template = SECTIONS[kind]
    here = f"{path}[h:templateId/@root='{template.mark}']"
    if not subject.all(here):
        yield Hit(path.replace("h:", ""), {"section": template.title})
        return
    for part in template.parts:
        yield from _missing(subject, part, f"{here}/h:component/h:section")


@rule(
    "CDA-R83",
    source=f"{CONTENT}, cardinalité des sections",
    sentence="La rubrique « {section} » figure plusieurs fois.",
    advice="Réunissez son contenu en une seule rubrique.",
)
def repeated_sections(subject: Subject) -> Iterator[Hit]:
    """A section of our models stands once at its level."""
    if announced_model(subject) is None:
        return
    for parent in (*subject.all(BODY), *all_sections(subject)):
        found = [item.get("root", "") for item in select(parent, "h:component/h:section/h:templateId")]
        for mark, count in Counter(found).items():
            if count > 1 and mark in templates_by_mark():
                yield Hit(subject.where(parent), {"section": templates_by_mark()[mark][0].title})


@rule(
    "CDA-R84",
    source=f"{CONTENT} : code, titre et texte de chaque section",
    sentence="La rubrique « {section} » n'a pas {what}.",
    advice="Refaites le document : chaque rubrique a un code, un titre et un texte lisible.",
)
def section_shape(subject: Subject) -> Iterator[Hit]:
    """code, title, and words: its own, or those of the sections it holds."""
    for section in all_sections(subject):
        holds_others = bool(select(section, "h:component/h:section"))
        words = any(text_of(item) or len(item) for item in select(section, "h:text"))
        for what, present in (
            ("de code", bool(select(section, "h:code[@code]"))),
            ("de titre", any(text_of(item) for item in select(section, "h:title"))),
            ("de texte", words or holds_others),
        ):
            if not present:
                yield Hit(subject.where(section), {"section": title_of(section), "what": what})


@rule(
    "CDA-R97",
    source=f"{CONTENT}, templateId, code et titre de chaque section",
    sentence="La rubrique « {section} » n'a pas {what} de son modèle.",
    advice="Refaites le document à partir de son modèle.",
)
def section_as_its_model(subject: Subject) -> Iterator[Hit]:
    """A section of our models: its template and those it derives from, its code, its title when imposed."""
    if announced_model(subject) is None:
        return
    for section in all_sections(subject):
        present = {item.get("root") for item in select(section, "h:templateId")}
        codes = {(item.get("code"), item.get("codeSystem")) for item in select(section, "h:code[@code]")}
        kinds = kinds_of(section)
        titled = (kind.title for kind in kinds if kind.kind is SectionKind.COPIE_PDF)
        for what, right in (
            ("tous les identifiants", any(present.issuperset(kind.templates) for kind in kinds)),
            ("le code", not codes or any((k.code.code, k.code.system) in codes for k in kinds)),
            ("le titre", all(title == title_of(section) for title in titled)),
        ):
            if kinds and not right:
                yield Hit(subject.where(section), {"section": title_of(section), "what": what})


@rule(
    "CDA-R88",
    source=f"{CONTENT}, entrées obligatoires d'une section ; IHE PCC",
    sentence="La rubrique « {section} » doit contenir au moins une information.",
    advice="Remplissez cette rubrique, puis refaites le document.",
)
def needed_entries(subject: Subject) -> Iterator[Hit]:
    """Sections in which an entry is mandatory: words alone are not enough."""
    if announced_model(subject) is None:
        return
    for section in all_sections(subject):
        for mark, templates in templates_by_mark().items():
            if any(item.needs_entry for item in templates) and holds(section, mark):
                if not select(section, "h:entry"):
                    yield Hit(subject.where(section), {"section": title_of(section)})


@rule(
    "CDA-R89",
    source="ANS, JDV_AbsentOrUnknown*_CISIS ; HL7 IPS, données absentes ou inconnues",
    sentence="La rubrique « {section} » dit à la fois que rien n'est connu et autre chose.",
    advice="Retirez la mention « aucun » ou « pas d'information », ou le reste de la rubrique.",
)
def nothing_known_is_alone(subject: Subject) -> Iterator[Hit]:
    """An "absent or unknown" code is the only entry of its section, and speaks of what the section holds."""
    for section in all_sections(subject):
        entries = select(section, "h:entry")
        for entry in entries:
            said = [
                which
                for element in select(entry, ".//*[@codeSystem='2.16.840.1.113883.5.1150.1']")
                for which in ABSENCES
                if code_of(element) in value_set(which)
            ]
            wanted = {
                item.absence
                for mark, templates in templates_by_mark().items()
                if holds(section, mark)
                for item in templates
            }
            if said and (len(entries) > 1 or (wanted and not wanted & set(said))):
                yield Hit(subject.where(entry), {"section": title_of(section)})


@rule(
    "CDA-R90",
    source=f"{CONTENT}, modèles de documents : documentationOf/serviceEvent/code",
    sentence="L'acte documenté d'une {label} doit être « {code} ».",
    advice="Refaites le document : ce code est imposé par le modèle.",
)
def imposed_service(subject: Subject) -> Iterator[Hit]:
    """The code of the main service event, when the model imposes it."""
    model = announced_model(subject)
    if model is None or model.service_code is None:
        return
    codes = {
        (e.get("code"), e.get("codeSystem")) for e in subject.all("h:documentationOf/h:serviceEvent/h:code")
    }
    wanted = model.service_code
    if (wanted.code, wanted.system) not in codes:
        where = "ClinicalDocument/documentationOf/serviceEvent/code"
        yield Hit(where, {"label": model.label, "code": wanted.display})


@rule(
    "CDA-R91",
    source="CI-SIS, volets DLU-EHPAD-DLU 2022.01 et IPS-FR 2024.01 : participant INF / PCP",
    sentence="Le médecin traitant {what}.",
    advice="Corrigez le médecin traitant dans l'entourage de la personne, puis refaites le document.",
)
def treating_physician(subject: Subject) -> Iterator[Hit]:
    """At least one where the model asks for it, one at most, with the label the volets check."""
    model = announced_model(subject)
    if model is None:
        return
    where = "ClinicalDocument/participant"
    found = subject.all("h:participant[@typeCode='INF']/h:functionCode[@code='PCP']")
    if model.treating_physician and not found:
        yield Hit(where, {"what": "manque"})
    if len(found) > 1:
        yield Hit(where, {"what": "figure plusieurs fois"})
    if any(item.get("displayName") != TREATING_PHYSICIAN.display for item in found[:1]):
        yield Hit(where, {"what": f"doit porter le libellé « {TREATING_PHYSICIAN.display} »"})


@rule(
    "CDA-R92",
    source="ANS, JDV_StatutDoc, JDV_ModaliteEntree, JDV_ModaliteSortie, JDV_ChecklistDLU, listes du DLU",
    sentence="Dans la rubrique « {section} », « {code} » n'est pas dans la liste officielle.",
    advice="Choisissez une valeur dans la liste proposée.",
)
def answers_in_their_list(subject: Subject) -> Iterator[Hit]:
    """Answers and observations a volet takes from a list."""
    if announced_model(subject) is None:
        return
    for section in all_sections(subject):
        for element, lists in _listed(subject, section):
            if not element.get("nullFlavor") and not any(code_of(element) in value_set(w) for w in lists):
                place = {"section": title_of(section), "code": element.get("code", "")}
                yield Hit(subject.where(element), place)


def _listed(
    subject: Subject, section: etree._Element
) -> Iterator[tuple[etree._Element, tuple[ValueSetId, ...]]]:
    """Yield each coded element of a section that comes from a list, with its lists."""
    for question in CODED_ANSWERS:
        for element in select(section, f"h:entry/h:observation[h:code/@code='{question.code.code}']/h:value"):
            if question.answers:
                yield element, (question.answers,)
    if announced_model(subject) is not DLU:
        return
    if holds(section, SECTIONS[SectionKind.OBSERVATIONS_DLU].mark):
        for element in select(section, "h:entry/h:observation/h:code"):
            yield element, DLU_OBSERVATIONS
    if holds(section, SECTIONS[SectionKind.DOCUMENTS_AJOUTES].mark):
        for element in select(section, "h:entry/h:organizer/h:component/h:observation/h:value"):
            yield element, (ValueSetId.DLU_CHECKLIST,)


RULES = (
    model_is_announced,
    code_of_the_model,
    mandatory_sections,
    repeated_sections,
    section_shape,
    section_as_its_model,
    needed_entries,
    nothing_known_is_alone,
    imposed_service,
    treating_physician,
    answers_in_their_list,
)
