"""Rules on the entries of our models: each complete, in the shape of its template, in its section.

`entries.tsv` is the table; the official suite sees most of it, and misses what `make conformance` reports.
"""

from __future__ import annotations

import csv
import functools
import importlib.resources
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from amarre.interop.cda.reading import select
from amarre.interop.cda.rules.base import Hit, Subject, rule
from amarre.interop.cda.rules.structured.reading import (
    BODY,
    CONTENT,
    all_sections,
    announced_model,
    code_of,
    holds,
    kinds_of,
    section_of,
    title_of,
)
from amarre.interop.cda.structured.entries import MEASURES
from amarre.interop.common.xml import XSI
from amarre.interop.terminology import ValueSetId, value_set

ENTRIES = f"{CONTENT}, entrées"
_BASES = {
    "e": "1.2.250.1.213.1.1.3.",
    "pcc": "1.3.6.1.4.1.19376.1.5.3.1.",
    "ccd": "2.16.840.1.113883.10.20.1.",
}
_DAY = re.compile(r"\d{4}(\d{2}(\d{2}(\d{2}(\d{2}(\d{2}(\.\d+)?)?)?([+-]\d{4})?)?)?)?")


@dataclass(frozen=True, slots=True)
class EntryTemplate:
    """One row of the table; see its first lines for what each column says."""

    root: str
    label: str
    element: str
    moods: tuple[str, ...]
    beside: tuple[str, ...]
    needs: tuple[str, ...]
    codes: tuple[ValueSetId, ...]
    values: tuple[str, ...]


def _expand(short: str) -> str:
    prefix, _, rest = short.partition(":")
    return _BASES[prefix] + rest


@functools.cache
def _templates() -> dict[str, EntryTemplate]:
    table = importlib.resources.files("amarre.interop.cda.rules.structured") / "entries.tsv"
    lines = [line for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    found = (
        EntryTemplate(
            root=_expand(row["template"]),
            label=row["label"],
            element=row["element"],
            moods=tuple(row["moods"].split()),
            beside=tuple(_expand(item) for item in row["beside"].split()),
            needs=tuple(row["needs"].split()),
            codes=tuple(ValueSetId(name) for name in row["codes"].split()),
            values=tuple(row["values"].split()),
        )
        for row in rows
    )
    return {template.root: template for template in found}


def entry_templates() -> tuple[EntryTemplate, ...]:
    """Return the rows of the table, in its order."""
    return tuple(_templates().values())


def _statements(subject: Subject) -> Iterator[tuple[etree._Element, EntryTemplate]]:
    """Yield each element of the body that announces a template of the table, in a document of our models."""
    if announced_model(subject) is None:
        return
    for announcement in subject.all(f"{BODY}//h:entry//h:templateId"):
        template = _templates().get(announcement.get("root", ""))
        element = announcement.getparent()
        if template is not None and element is not None:
            yield element, template


def _hit(subject: Subject, element: etree._Element, **params: str) -> Hit:
    return Hit(subject.where(element), {"section": title_of(section_of(element)), **params})


@rule(
    "CDA-R100",
    source=ENTRIES,
    sentence="Dans la rubrique « {section} », {label} n'est pas codé comme son modèle le demande ({name}).",
    advice="Refaites le document à partir de son modèle.",
)
def entry_shape(subject: Subject) -> Iterator[Hit]:
    """The element, its mood, and the templates that stand beside."""
    for element, template in _statements(subject):
        name = etree.QName(element).localname
        if name != template.element:
            yield _hit(subject, element, label=template.label, name=name)
        if template.moods and element.get("moodCode", "") not in template.moods:
            yield _hit(subject, element, label=template.label, name="moodCode")
        if any(not holds(element, root) for root in template.beside):
            yield _hit(subject, element, label=template.label, name="templateId")


@rule(
    "CDA-R101",
    source=ENTRIES,
    sentence="Dans la rubrique « {section} », {label} est incomplet : il manque {name}.",
    advice="Complétez cette rubrique, puis refaites le document.",
)
def entry_needs(subject: Subject) -> Iterator[Hit]:
    """What an entry cannot do without."""
    for element, template in _statements(subject):
        for need in template.needs:
            if not _meets(element, need):
                name = need.replace(">>", "/").replace(">", "/")
                yield _hit(subject, element, label=template.label, name=name)


def _meets(element: etree._Element, need: str) -> bool:
    """Tell whether an element has what a `needs` of the table asks for."""
    if "=" in need:
        name, _, code = need.partition("=")
        return bool(select(element, f"h:{name}[@code='{code}']"))
    outer, mark, inner = need.partition(">")
    if mark:
        every = inner.startswith(">")
        found = select(element, f"h:{outer}")
        looked_at = found if every else found[:1]
        return (not every or bool(found)) and all(
            select(item, _path(inner.lstrip(">"))) for item in looked_at
        )
    return bool(select(element, _path(need)))


def _path(names: str) -> str:
    return "/".join(f"h:{name}" for name in names.split("/"))


@rule(
    "CDA-R102",
    source=f"{ENTRIES} ; ANS, jeux de valeurs",
    sentence="Dans la rubrique « {section} », {label} porte un code hors de sa liste : « {code} ».",
    advice="Choisissez une valeur dans la liste proposée.",
)
def entry_codes(subject: Subject) -> Iterator[Hit]:
    """The code of an entry, when its template takes it from lists."""
    for element, template in _statements(subject):
        for code in select(element, "h:code") if template.codes else ():
            if not any(code_of(code) in value_set(which) for which in template.codes):
                found = code.get("code") or f"nullFlavor {code.get('nullFlavor', '')}"
                yield _hit(subject, code, label=template.label, code=found[:40])


@rule(
    "CDA-R103",
    source=f"{ENTRIES}, type de la valeur ; UCUM",
    sentence="Dans la rubrique « {section} », {label} porte une valeur qui ne peut pas être lue : {what}.",
    advice="Corrigez cette valeur dans la rubrique, puis refaites le document.",
)
def entry_values(subject: Subject) -> Iterator[Hit]:
    """Data type of the value, number of a quantity, unit of a vital sign, content of a boolean."""
    for element, template in _statements(subject):
        for value in select(element, "h:value"):
            if what := _value_problem(element, value, template):
                yield _hit(subject, value, label=template.label, what=what)


def _value_problem(element: etree._Element, value: etree._Element, template: EntryTemplate) -> str:
    kind = value.get(f"{{{XSI}}}type", "")
    if not kind:
        return "type absent"
    if template.values and kind not in template.values:
        return f"type {kind[:20]}"
    if value.get("nullFlavor"):
        return ""
    content = value.get("value", "")
    match kind:
        case "BL":
            return "" if content in ("true", "false") else "ni oui ni non"
        case "INT":
            return "" if re.fullmatch(r"-?\d+", content) else "pas un nombre"
        case "PQ":
            return _quantity_problem(element, value)
        case "ST":
            return "" if (value.text or "").strip() else "texte vide"
        case _:
            return ""


def _quantity_problem(element: etree._Element, value: etree._Element) -> str:
    if not re.fullmatch(r"-?\d+(\.\d+)?", value.get("value", "")):
        return "pas un nombre"
    sign = next(
        (MEASURES[c.get("code", "")] for c in select(element, "h:code") if c.get("code") in MEASURES), None
    )
    # The height may be in metres: both units are those of the template.
    allowed = {sign.unit, "m"} if sign and sign.unit == "cm" else {sign.unit} if sign else None
    if allowed is not None and value.get("unit") not in allowed:
        return f"unité « {value.get('unit', '')[:20]} »"
    return ""


@rule(
    "CDA-R104",
    source=f"{CONTENT}, entrées permises dans chaque section",
    sentence="La rubrique « {section} » contient une donnée codée qui n'est pas de cette rubrique.",
    advice="Refaites le document à partir de son modèle.",
)
def entry_in_its_section(subject: Subject) -> Iterator[Hit]:
    """Each entry announces a template its section may hold; a section of words holds none."""
    if announced_model(subject) is None:
        return
    for section in all_sections(subject):
        kinds = kinds_of(section)
        allowed = {root for kind in kinds for root in kind.statements}
        for entry in select(section, "h:entry") if kinds else ():
            roots = {item.get("root") for item in select(entry, "h:*/h:templateId")}
            if not roots & allowed:
                yield Hit(subject.where(entry), {"section": title_of(section)})


@rule(
    "CDA-R105",
    source="HL7 CDA R2, types TS et IVL_TS",
    sentence="Dans la rubrique « {section} », une date ne peut pas être lue ou finit avant de commencer.",
    advice="Corrigez la date dans cette rubrique, puis refaites le document.",
)
def entry_times(subject: Subject) -> Iterator[Hit]:
    """Points in time well formed, with a value or a reason not to have one; low not after high."""
    if announced_model(subject) is None:
        return
    for time in subject.all(f"{BODY}//h:entry//h:effectiveTime"):
        if time.get(f"{{{XSI}}}type", "").startswith(("PIVL", "EIVL", "SXPR")):
            continue
        ends = select(time, "h:low|h:high")
        points = ends or ([time] if time.get("value") is not None else [])
        values = [point.get("value") for point in points]
        readable = all(
            point.get("nullFlavor") or _DAY.fullmatch(value or "")
            for point, value in zip(points, values, strict=True)
        )
        dated = [value[:8] for value in values if value and len(value) >= 8]
        empty = not points and not time.get("nullFlavor") and not len(time)
        if empty or not readable or dated != sorted(dated) or not all(map(_is_day, dated)):
            yield _hit(subject, time)


def _is_day(text: str) -> bool:
    return 1 <= int(text[4:6]) <= 12 and 1 <= int(text[6:8]) <= 31


@rule(
    "CDA-R106",
    source=f"{ENTRIES}, traitement et vaccination",
    sentence="Dans la rubrique « {section} », {what}.",
    advice="Corrigez la ligne dans cette rubrique, puis refaites le document.",
)
def product_said(subject: Subject) -> Iterator[Hit]:
    """A product has a name or says there is none, a route its code, a vaccination whether it took place."""
    if announced_model(subject) is None:
        return
    for name in subject.all(f"{BODY}//h:entry//h:manufacturedMaterial/h:name"):
        if not (name.text or "").strip() and not name.get("nullFlavor"):
            yield _hit(subject, name, what="un produit n'a pas de nom")
    routes = value_set(ValueSetId.ROUTE)
    for route in subject.all(f"{BODY}//h:entry//h:routeCode"):
        if not route.get("nullFlavor") and code_of(route) not in routes:
            yield _hit(subject, route, what="une voie d'administration n'est pas dans la liste")
    vaccination = _expand("e:45")
    for node in subject.all(
        f"{BODY}//h:entry//h:substanceAdministration[h:templateId/@root='{vaccination}']"
    ):
        if node.get("negationInd") not in ("true", "false"):
            yield _hit(subject, node, what="une vaccination ne dit pas si elle a eu lieu")


RULES = (
    entry_shape,
    entry_needs,
    entry_codes,
    entry_values,
    entry_in_its_section,
    entry_times,
    product_said,
)
