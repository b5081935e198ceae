"""Rules on a structured body: model, sections, words and codes that go together, attached files."""

from __future__ import annotations

import base64
import binascii
import functools
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from amarre.interop.cda.codes import (
    ALLOWED_NULL_FLAVORS,
    CDA_NS,
    TEMPLATE_CISIS_HEADER,
    TEMPLATE_HL7_FRANCE,
)
from amarre.interop.cda.narrative import ATTRIBUTES, ELEMENTS, link_is_safe
from amarre.interop.cda.participants import TREATING_PHYSICIAN
from amarre.interop.cda.reading import select, text_of
from amarre.interop.cda.rules.base import STRUCT_MIN, Hit, Subject, rule
from amarre.interop.cda.structured.observations import CODED_ANSWERS, DLU_OBSERVATIONS
from amarre.interop.cda.structured.templates import (
    DLU,
    SECTIONS,
    DocumentModel,
    SectionKind,
    SectionTemplate,
    model_of,
)
from amarre.interop.terminology import Code, ValueSetId, value_set

CONTENT = "CI-SIS, Modèles de contenus CDA"
BODY = "h:component/h:structuredBody"
NARRATIVE = "HL7 CDA R2, bloc narratif (section/text)"
MEDIA_TYPES = frozenset({"application/pdf", "image/jpeg", "image/png", "image/gif", "image/tiff"})
STATEMENTS = "h:act|h:observation|h:procedure|h:substanceAdministration|h:supply|h:encounter"
ABSENCES = tuple(which for which in ValueSetId if which.name.startswith("ABSENT_"))
FILES = "observationMedia et valeur encodée en base64"


def _model(subject: Subject) -> DocumentModel | None:
    """Return the model the document announces, when it is one of ours and has a structured body."""
    if subject.first(BODY) is None:
        return None
    return model_of(frozenset(element.get("root", "") for element in subject.all("h:templateId")))


def _sections(subject: Subject) -> list[etree._Element]:
    """Return every section, at any depth."""
    return subject.all(f"{BODY}//h:section")


def _title(section: etree._Element) -> str:
    titles = [text_of(item) for item in select(section, "h:title")]
    titles += [item.get("displayName", "") for item in select(section, "h:code")]
    return next((title[:80] for title in titles if title), "sans titre")


def _holds(section: etree._Element, template: str) -> bool:
    return any(item.get("root") == template for item in select(section, "h:templateId"))


def _coded(element: etree._Element) -> Code:
    return Code(element.get("code", ""), element.get("displayName", ""), element.get("codeSystem", ""))


@functools.cache
def _by_mark() -> dict[str, tuple[SectionTemplate, ...]]:
    """Return the sections by the templateId a volet asks for (two sections may share one)."""
    marks = {template.mark for template in SECTIONS.values()}
    return {mark: tuple(item for item in SECTIONS.values() if item.mark == mark) for mark in marks}


@rule(
    "CDA-R80",
    source=f"{STRUCT_MIN}, templateId ; {CONTENT}, modèles de documents",
    sentence="Le document est structuré mais n'annonce aucun modèle.",
    advice="Refaites le document à partir de son modèle.",
)
def announced_model(subject: Subject) -> Iterator[Hit]:
    """A structured document announces the model it follows, beside the two templates of the header."""
    announced = {element.get("root") for element in subject.all("h:templateId")}
    if subject.first(BODY) is not None and not announced - {TEMPLATE_HL7_FRANCE, TEMPLATE_CISIS_HEADER}:
        yield Hit("ClinicalDocument/templateId")


@rule(
    "CDA-R81",
    source=f"{CONTENT}, modèles de documents : code du document",
    sentence="Une {label} ne peut pas porter le type de document « {code} ».",
    advice="Choisissez le type de document de ce modèle, puis refaites le document.",
)
def code_of_the_model(subject: Subject) -> Iterator[Hit]:
    """The document code is one of the model's."""
    model = _model(subject)
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
    model = _model(subject)
    if model is None:
        return
    for kind in model.mandatory:
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
    if _model(subject) is None:
        return
    for parent in (*subject.all(BODY), *_sections(subject)):
        found = [item.get("root", "") for item in select(parent, "h:component/h:section/h:templateId")]
        for mark, count in Counter(found).items():
            if count > 1 and mark in _by_mark():
                yield Hit(subject.where(parent), {"section": _by_mark()[mark][0].title})


@rule(
    "CDA-R84",
    source=f"{CONTENT} : code, titre et texte de chaque section",
    sentence="La rubrique « {section} » n'a pas {what}.",
    advice="Refaites le document : chaque rubrique a un code, un titre et un texte lisible.",
)
def section_shape(subject: Subject) -> Iterator[Hit]:
    """code, title, and words: its own, or those of the sections it holds."""
    for section in _sections(subject):
        holds_others = bool(select(section, "h:component/h:section"))
        words = any(text_of(item) or len(item) for item in select(section, "h:text"))
        for what, present in (
            ("de code", bool(select(section, "h:code[@code]"))),
            ("de titre", any(text_of(item) for item in select(section, "h:title"))),
            ("de texte", words or holds_others),
        ):
            if not present:
                yield Hit(subject.where(section), {"section": _title(section), "what": what})


@rule(
    "CDA-R85",
    source=f"{CONTENT} : text/reference et originalText/reference vers le texte de la section",
    sentence="Dans la rubrique « {section} », une donnée codée renvoie à un texte qui n'existe pas.",
    advice="Refaites le document : ce qui est codé doit aussi être lisible.",
)
def references_resolve(subject: Subject) -> Iterator[Hit]:
    """Every #reference of an entry is an ID of the narrative; not detected by the official suite."""
    known = {element.get("ID") for element in subject.all(f"{BODY}//h:section/h:text//*[@ID]")}
    for section in _sections(subject):
        for element in select(section, "h:entry//h:reference[starts-with(@value, '#')]"):
            if element.get("value", "")[1:] not in known:
                yield Hit(subject.where(element), {"section": _title(section)})


@rule(
    "CDA-R86",
    source="XML 1.0, type ID : unique dans le document",
    sentence="Le repère de texte « {name} » figure plusieurs fois.",
    advice="Refaites le document.",
)
def anchors_are_unique(subject: Subject) -> Iterator[Hit]:
    """IDs of the narrative and of the media are unique."""
    found = Counter(element.get("ID", "") for element in subject.all(f"{BODY}//*[@ID]"))
    for name, count in found.items():
        if count > 1:
            yield Hit("ClinicalDocument/component/structuredBody", {"name": name[:40]})


@rule(
    "CDA-R87",
    source=f"{CONTENT} : chaque entrée renvoie au texte qui dit la même chose",
    sentence="Dans la rubrique « {section} », une donnée codée n'est pas dite dans le texte.",
    advice="Refaites le document : le lecteur doit voir tout ce qui est codé.",
)
def entries_are_said(subject: Subject) -> Iterator[Hit]:
    """Each entry (or what it groups) points at words; not detected by the official suite."""
    for section in _sections(subject):
        for entry in select(section, "h:entry"):
            coded = select(entry, f"{STATEMENTS}|h:organizer")
            if coded and not select(entry, ".//h:reference[starts-with(@value, '#')]"):
                yield Hit(subject.where(entry), {"section": _title(section)})


@rule(
    "CDA-R88",
    source=f"{CONTENT}, entrées obligatoires d'une section ; IHE PCC",
    sentence="La rubrique « {section} » doit contenir au moins une information.",
    advice="Remplissez cette rubrique, puis refaites le document.",
)
def needed_entries(subject: Subject) -> Iterator[Hit]:
    """Sections in which an entry is mandatory: words alone are not enough."""
    if _model(subject) is None:
        return
    for section in _sections(subject):
        for mark, templates in _by_mark().items():
            if any(item.needs_entry for item in templates) and _holds(section, mark):
                if not select(section, "h:entry"):
                    yield Hit(subject.where(section), {"section": _title(section)})


@rule(
    "CDA-R89",
    source="ANS, JDV_AbsentOrUnknown*_CISIS ; HL7 IPS, données absentes ou inconnues",
    sentence="La rubrique « {section} » dit à la fois que rien n'est connu et autre chose.",
    advice="Retirez la mention « aucun » ou « pas d'information », ou le reste de la rubrique.",
)
def nothing_known_is_alone(subject: Subject) -> Iterator[Hit]:
    """An "absent or unknown" code is the only entry of its section, and speaks of what the section holds."""
    for section in _sections(subject):
        entries = select(section, "h:entry")
        for entry in entries:
            said = [
                which
                for element in select(entry, ".//*[@codeSystem='2.16.840.1.113883.5.1150.1']")
                for which in ABSENCES
                if _coded(element) in value_set(which)
            ]
            wanted = {
                item.absence
                for mark, templates in _by_mark().items()
                if _holds(section, mark)
                for item in templates
            }
            if said and (len(entries) > 1 or (wanted and not wanted & set(said))):
                yield Hit(subject.where(entry), {"section": _title(section)})


@rule(
    "CDA-R90",
    source=f"{CONTENT}, modèles de documents : documentationOf/serviceEvent/code",
    sentence="L'acte documenté d'une {label} doit être « {code} ».",
    advice="Refaites le document : ce code est imposé par le modèle.",
)
def imposed_service(subject: Subject) -> Iterator[Hit]:
    """The code of the main service event, when the model imposes it."""
    model = _model(subject)
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
    model = _model(subject)
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
    if _model(subject) is None:
        return
    for section in _sections(subject):
        for element, lists in _listed(subject, section):
            if not element.get("nullFlavor") and not any(_coded(element) in value_set(w) for w in lists):
                place = {"section": _title(section), "code": element.get("code", "")}
                yield Hit(subject.where(element), place)


def _listed(
    subject: Subject, section: etree._Element
) -> Iterator[tuple[etree._Element, tuple[ValueSetId, ...]]]:
    """Yield each coded element of a section that comes from a list, with its lists."""
    for question in CODED_ANSWERS:
        for element in select(section, f"h:entry/h:observation[h:code/@code='{question.code.code}']/h:value"):
            if question.answers:
                yield element, (question.answers,)
    if _model(subject) is not DLU:
        return
    if _holds(section, SECTIONS[SectionKind.OBSERVATIONS_DLU].mark):
        for element in select(section, "h:entry/h:observation/h:code"):
            yield element, DLU_OBSERVATIONS
    if _holds(section, SECTIONS[SectionKind.DOCUMENTS_AJOUTES].mark):
        for element in select(section, "h:entry/h:organizer/h:component/h:observation/h:value"):
            yield element, (ValueSetId.DLU_CHECKLIST,)


@rule(
    "CDA-R93",
    source=f"{NARRATIVE} ; HL7 CDA R2, {FILES}",
    sentence="Dans la rubrique « {section} », un fichier joint {what}.",
    advice="Joignez le fichier de nouveau, en PDF ou en image, puis refaites le document.",
)
def attached_files(subject: Subject) -> Iterator[Hit]:
    """Files are inside the document, readable, of a known kind, and those that are shown exist."""
    known = {element.get("ID") for element in subject.all(f"{BODY}//h:observationMedia")}
    for section in _sections(subject):
        name = _title(section)
        for element in select(section, "h:text//h:renderMultiMedia"):
            if not set(element.get("referencedObject", "").split()) <= known:
                yield Hit(subject.where(element), {"section": name, "what": "est annoncé mais absent"})
        for element in select(section, "h:entry//h:observationMedia/h:value"):
            if what := _file_problem(element):
                yield Hit(subject.where(element), {"section": name, "what": what})


def _file_problem(value: etree._Element) -> str:
    if select(value, "h:reference"):
        return "est hors du document"
    if value.get("mediaType") not in MEDIA_TYPES:
        return "n'est ni un PDF ni une image"
    try:
        content = base64.b64decode("".join((value.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return "n'est pas lisible"
    return "" if content else "est vide"


@rule(
    "CDA-R94",
    source=f"{NARRATIVE}, éléments et attributs permis",
    sentence="Le texte de la rubrique « {section} » contient une mise en forme interdite : {name}.",
    advice="Refaites le document : le texte ne contient que des paragraphes, listes, tableaux et liens.",
)
def narrative_vocabulary(subject: Subject) -> Iterator[Hit]:
    """Only the elements and attributes of the narrative block; no link that does anything but lead."""
    for section in _sections(subject):
        for element in select(section, "h:text//*"):
            tag = etree.QName(element)
            names = [str(name) for name in element.attrib if str(name) not in ATTRIBUTES]
            if tag.namespace != CDA_NS or tag.localname not in ELEMENTS:
                names.insert(0, tag.localname)
            elif tag.localname == "linkHtml" and not link_is_safe(element.get("href", "")):
                names.append("lien actif")
            for name in names:
                yield Hit(subject.where(element), {"section": _title(section), "name": name[:40]})


@rule(
    "CDA-R95",
    source=f"{STRUCT_MIN}, nullFlavor ; {CONTENT}",
    sentence="Dans le contenu, « {name} » est noté comme absent avec une valeur non permise ({flavor}).",
    advice="Refaites le document.",
)
def body_null_flavors(subject: Subject) -> Iterator[Hit]:
    """nullFlavor of the body among the allowed ones."""
    for element in subject.all(f"{BODY}//*[@nullFlavor]"):
        flavor = element.get("nullFlavor", "")
        if flavor not in ALLOWED_NULL_FLAVORS:
            yield Hit(subject.where(element), {"name": etree.QName(element).localname, "flavor": flavor[:20]})


@rule(
    "CDA-R96",
    source="Réglage de l'installation : taille maximale d'un document (non fixée par les textes publics)",
    sentence="Les fichiers joints sont trop volumineux : {size} Ko en tout, {limit} Ko au plus.",
    advice="Joignez moins de fichiers, ou réduisez les images.",
)
def attached_size(subject: Subject) -> Iterator[Hit]:
    """Size of all the attached files together, under the setting."""
    values = subject.all(f"{BODY}//h:observationMedia/h:value")
    size = sum(len(value.text or "") * 3 // 4 for value in values)
    limit = subject.context.max_body_bytes
    if size > limit:
        yield Hit("ClinicalDocument/component/structuredBody", {"size": size // 1000, "limit": limit // 1000})


RULES = (
    announced_model,
    code_of_the_model,
    mandatory_sections,
    repeated_sections,
    section_shape,
    references_resolve,
    anchors_are_unique,
    entries_are_said,
    needed_entries,
    nothing_known_is_alone,
    imposed_service,
    treating_physician,
    answers_in_their_list,
    attached_files,
    narrative_vocabulary,
    body_null_flavors,
    attached_size,
)
