"""Rules on structured bodies: a document with one fault, which one rule reports."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from amarre.interop import cda
from amarre.interop.cda import CheckContext, Target
from amarre.interop.cda import structured as n3
from amarre.interop.terminology import ValueSetId
from tests.interop.cda.documents import NOW, ROOT, identity
from tests.interop.cda.mutations import NS, V3, Mutation, code, nothing, one, put, remove, text
from tests.interop.cda.structured_documents import FULL, dlu, structured

CONTEXT = CheckContext(
    target=Target.DMP, now=NOW, root_oid=ROOT, structure_id="1290099993", identity=identity()
)

SECTION = "h:component/h:structuredBody/h:component/h:section"
DIRECTIVES = f"{SECTION}[h:code/@code='42348-3']"
CHECKLIST = f"{SECTION}[h:code/@code='55107-7']"
TREATMENTS = f"{SECTION}[h:code/@code='10160-0']"
MEDIA = f"{CHECKLIST}//h:observationMedia/h:value"


def every(path: str, *, but: int = 0) -> Mutation:
    """Remove every element at `path`, after the first `but`."""

    def apply(root: etree._Element) -> None:
        for element in root.xpath(path, namespaces=NS)[but:]:
            element.getparent().remove(element)

    return apply


def twice(path: str) -> Mutation:
    """Append a copy of an element after it."""

    def apply(root: etree._Element) -> None:
        element = one(root, path)
        copy = etree.fromstring(etree.tostring(element, with_tail=False))
        for anchor in copy.iter():
            if anchor.get("ID"):
                anchor.set("ID", anchor.get("ID") + "x")
            if anchor.get("value", "").startswith("#"):
                anchor.set("value", anchor.get("value") + "x")
        element.addnext(copy)

    return apply


def narrative(tag: str, **attributes: str) -> Mutation:
    """Put an element in the words of the directives."""

    def apply(root: etree._Element) -> None:
        etree.SubElement(one(root, f"{DIRECTIVES}/h:text"), f"{{{V3}}}{tag}", attributes)

    return apply


def empty_text(root: etree._Element) -> None:
    node = one(root, f"{SECTION}[h:code/@code='55112-7']/h:text")
    for child in list(node):
        node.remove(child)


def absence_beside(root: etree._Element) -> None:
    """Say that nothing is known of the treatments, beside a treatment."""
    path = f"{TREATMENTS}/h:entry[1]/h:substanceAdministration/h:code"
    code(path, ValueSetId.ABSENT_MEDICATION, "no-medication-info")(root)


def absence_of_something_else(root: etree._Element) -> None:
    every(f"{TREATMENTS}/h:entry", but=1)(root)
    path = f"{TREATMENTS}/h:entry/h:substanceAdministration/h:code"
    code(path, ValueSetId.ABSENT_DEVICE, "no-device-info")(root)


RESISTANT = f"{SECTION}[h:code/@code='30954-2']"


def entry_elsewhere(root: etree._Element) -> None:
    """Put an entry of the results among the treatments, and its words with it."""
    one(root, f"{TREATMENTS}/h:text").append(one(root, f"{RESISTANT}/h:text/h:table"))
    one(root, TREATMENTS).append(one(root, f"{RESISTANT}/h:entry"))


def inner_order(root: etree._Element) -> None:
    node = one(root, f"{DIRECTIVES}//h:observation/h:statusCode")
    node.addnext(one(root, f"{DIRECTIVES}//h:observation/h:code"))


CASES: list[tuple[str, Mutation, CheckContext]] = [
    ("CDA-R20", inner_order, CONTEXT),
    ("CDA-R97", put(f"{TREATMENTS}/h:code", "code", "0"), CONTEXT),
    ("CDA-R97", remove(f"{DIRECTIVES}/h:templateId[1]"), CONTEXT),
    ("CDA-R100", put(f"{DIRECTIVES}//h:observation", "moodCode", "INT"), CONTEXT),
    ("CDA-R100", remove(f"{DIRECTIVES}//h:observation/h:templateId[1]"), CONTEXT),
    ("CDA-R101", remove(f"{DIRECTIVES}//h:observation/h:id"), CONTEXT),
    ("CDA-R102", put(f"{DIRECTIVES}//h:observation/h:code", "code", "0"), CONTEXT),
    ("CDA-R103", put(f"{DIRECTIVES}//h:value", "value", "1?"), CONTEXT),
    ("CDA-R105", put(f"{TREATMENTS}//h:effectiveTime/h:low", "value", "2 mars"), CONTEXT),
    ("CDA-R106", put(f"{TREATMENTS}//h:routeCode", "code", "0"), CONTEXT),
    ("CDA-R80", remove("h:templateId[3]"), CONTEXT),
    ("CDA-R81", code("h:code", ValueSetId.DMP_TYPE_CODE, "11490-0"), CONTEXT),
    ("CDA-R82", remove(f"{SECTION}[h:code/@code='11302-7']/.."), CONTEXT),
    ("CDA-R83", twice(f"{DIRECTIVES}/.."), CONTEXT),
    ("CDA-R84", remove(f"{DIRECTIVES}/h:title"), CONTEXT),
    ("CDA-R84", remove(f"{DIRECTIVES}/h:code"), CONTEXT),
    ("CDA-R84", empty_text, CONTEXT),
    ("CDA-R85", put(f"{DIRECTIVES}//h:reference", "value", "#nulle-part"), CONTEXT),
    ("CDA-R86", put(f"{CHECKLIST}//h:tbody/h:tr[2]/h:td[2]/h:content", "ID", "s1r1c1"), CONTEXT),
    ("CDA-R87", remove(f"{DIRECTIVES}//h:observation/h:text"), CONTEXT),
    ("CDA-R88", every(f"{DIRECTIVES}/h:entry"), CONTEXT),
    ("CDA-R89", absence_beside, CONTEXT),
    ("CDA-R89", absence_of_something_else, CONTEXT),
    ("CDA-R90", put("h:documentationOf/h:serviceEvent/h:code", "code", "IMP"), CONTEXT),
    ("CDA-R91", remove("h:participant"), CONTEXT),
    ("CDA-R91", twice("h:participant"), CONTEXT),
    ("CDA-R91", put("h:participant/h:functionCode", "displayName", "Médecin traitant"), CONTEXT),
    ("CDA-R92", put(f"{SECTION}[h:code/@code='42545-4']//h:observation/h:code", "code", "1"), CONTEXT),
    ("CDA-R92", put(f"{CHECKLIST}//h:observation/h:value", "code", "DLU_999"), CONTEXT),
    ("CDA-R93", put(MEDIA, "mediaType", "text/html"), CONTEXT),
    ("CDA-R93", text(MEDIA, "***"), CONTEXT),
    ("CDA-R93", text(MEDIA, ""), CONTEXT),
    ("CDA-R93", put(f"{CHECKLIST}//h:renderMultiMedia", "referencedObject", "absent"), CONTEXT),
    ("CDA-R94", narrative("script"), CONTEXT),
    ("CDA-R94", narrative("content", onclick="x"), CONTEXT),
    ("CDA-R94", narrative("linkHtml", href="javascript:x"), CONTEXT),
    ("CDA-R95", put(f"{DIRECTIVES}//h:value", "nullFlavor", "OTH"), CONTEXT),
    ("CDA-R104", entry_elsewhere, CONTEXT),
    ("CDA-R96", nothing, replace(CONTEXT, max_body_bytes=10)),
]


def rules_broken(document: cda.ClinicalDocument, mutation: Mutation, context: CheckContext) -> set[str]:
    root = etree.fromstring(cda.encode(document))
    mutation(root)
    return {finding.rule for finding in cda.check(etree.tostring(root), context)}


@pytest.mark.parametrize("model", n3.MODELS, ids=lambda model: model.name)
def test_what_we_make_breaks_nothing(model: n3.DocumentModel) -> None:
    assert cda.check(cda.encode(structured(FULL[model.name])), CONTEXT) == ()


@pytest.mark.parametrize(
    ("rule", "mutation", "context"), CASES, ids=[f"{case[0]}-{i}" for i, case in enumerate(CASES)]
)
def test_one_fault_one_rule(rule: str, mutation: Mutation, context: CheckContext) -> None:
    assert rules_broken(structured(dlu()), mutation, context) == {rule}


def test_the_parts_of_a_section_are_looked_for_inside_it() -> None:
    inside = f"{SECTION}/h:component/h:section/h:component[h:section/h:code/@code='48765-2']"
    assert rules_broken(structured(FULL["VSM"]), remove(inside), CONTEXT) == {"CDA-R82"}


def test_an_imposed_answer_outside_its_list() -> None:
    path = f"{SECTION}//h:observation[h:code/@code='ORG-070']/h:value"
    assert rules_broken(structured(FULL["LDL-SES"]), put(path, "code", "1"), CONTEXT) == {"CDA-R92"}


def test_a_model_we_do_not_write_is_judged_on_what_is_common() -> None:
    root = etree.fromstring(cda.encode(structured(dlu())))
    one(root, "h:templateId[3]").set("root", "1.2.250.1.213.1.1.1.37")
    remove(f"{DIRECTIVES}/..")(root)
    assert cda.check(etree.tostring(root), CONTEXT) == ()


def test_sentences_name_the_section_for_a_reader() -> None:
    root = etree.fromstring(cda.encode(structured(dlu())))
    remove(f"{DIRECTIVES}//h:observation/h:text")(root)
    (sentence,) = cda.explain(cda.check(etree.tostring(root), CONTEXT))
    assert sentence.startswith("Dans la rubrique « Directives anticipées », une donnée codée n'est pas dite")
