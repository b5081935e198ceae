"""The ANS suite on CDA documents: XSD, then schematrons compiled by Saxon; and our reading of its samples.

The suite is a chain of ISO schematrons in XSLT 2 (schematrons/moteur). It is maintained on Windows: some
include names differ by case, some vocabulary files are missing and are rebuilt from jeuxDeValeurs.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import saxonche
from conformance_documents import samples
from conformance_model import Check, Result
from lxml import etree

from amarre.interop import cda
from amarre.interop.cda.display import display
from amarre.interop.common.errors import AmarreError
from amarre.interop.common.xml import parse_foreign

SCH = "{http://purl.oclc.org/dsdl/schematron}"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
SVS = "{urn:ihe:iti:svs:2008}"
HL7 = "{urn:hl7-org:v3}"
CISIS_MODEL = re.compile(r"1\.2\.250\.1\.213\.1\.1\.1\.\d+(?:\.\d+)*(?![\d.])")
CISIS_HEADER = "1.2.250.1.213.1.1.1.1"
CACHE = Path(__file__).resolve().parent.parent / "build" / "conformance"
ROOT = "cda"
SCHEMA = f"{ROOT}/infrastructure/cda/CDA_extended.xsd"
EMITTED_NEEDS = (SCHEMA, f"{ROOT}/schematrons/moteur", f"{ROOT}/jeuxDeValeurs")
PROFILES = {
    "ihe": "profils/IHE.sch",
    "terminologies": "profils/terminologies/schematron/terminologie.sch",
    "contenus": "profils/CI-SIS_ModelesDeContenusCDA.sch",
    "en-tête": "profils/structurationMinimale/ASIP-STRUCT-MIN-StrucMin.sch",
    "modèles ANS": "profils/CI-SIS_Modeles_ANS.sch",
}


def trusted(path: Path) -> etree._ElementTree:
    """Parse a file of the suite (chosen by whoever runs this, hence trusted; still no network, no entity)."""
    return etree.parse(str(path), etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True))


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Silence the native library, which writes on the descriptor what its exception says again."""
    sys.stderr.flush()
    saved, sink = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(sink)


def whatever_case(path: Path) -> Path:
    """Return an existing path, tolerating a difference of case in its last name."""
    if path.exists() or not path.parent.is_dir():
        return path
    return next((other for other in path.parent.iterdir() if other.name.lower() == path.name.lower()), path)


def expanded(path: Path) -> etree._ElementTree:
    """Return a schematron with its includes pasted, at any depth. Raises OSError when one is missing."""
    tree = trusted(whatever_case(path))
    for include in list(tree.iter(f"{SCH}include")):
        part = expanded((path.parent / include.get("href", "")).resolve()).getroot()
        part.tail = include.tail
        include.getparent().replace(include, part)
    return tree


class Suite:
    """The suite, loaded once; schematrons are compiled when needed and cached by content under build/."""

    def __init__(self, official: Path) -> None:
        self.root = official / ROOT
        self.schema = etree.XMLSchema(trusted(official / SCHEMA))
        self.processor = saxonche.PySaxonProcessor(license=False)
        # Schematrons call document() on the value sets beside them: local files only, no network.
        self.processor.set_configuration_property("http://saxon.sf.net/feature/allowedProtocols", "file")
        self.xslt = self.processor.new_xslt30_processor()
        self.sheets: dict[Path, Any] = {}
        self.steps: dict[str, Any] = {}
        self.models = self._models()
        CACHE.mkdir(parents=True, exist_ok=True)

    def _models(self) -> dict[str, list[Path]]:
        """Return the schematrons that speak of each document model (templateId)."""
        found: dict[str, list[Path]] = {}
        for path in sorted((self.root / "schematrons").glob("CI-SIS_*.sch")):
            text = path.read_text(encoding="utf-8")
            for href in re.findall(r'include\s+href="([^"]*/entete/[^"]+)"', text, re.IGNORECASE):
                part = whatever_case((path.parent / href).resolve())
                if part.is_file():
                    text += part.read_text(encoding="utf-8")
            text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
            for oid in set(CISIS_MODEL.findall(text)) - {CISIS_HEADER}:
                found.setdefault(oid, []).append(path)
        return found

    def judges(self, document: etree._Element) -> Iterator[tuple[str, Path]]:
        """Yield the schematrons for a document: the common profiles, then that of each model announced."""
        base = self.root / "schematrons"
        yield from ((name, base / path) for name, path in PROFILES.items())
        announced = {
            e.get("root", ""): e.get("extension") or "" for e in document.findall(f"{HL7}templateId")
        }
        for oid, version in announced.items():
            if oid not in self.models or any(other.startswith(f"{oid}.") for other in announced):
                continue
            # The version announced, else the schematron that speaks of the fewest models, else the latest.
            best = max(
                self.models[oid],
                key=lambda path: (
                    bool(version) and path.stem.endswith(version),
                    -sum(path in paths for paths in self.models.values()),
                    path.stem,
                ),
            )
            yield f"volet {best.stem}", best

    def verdict(self, subject: str, data: bytes) -> Result:
        """Judge one document."""
        document = cda_element(data)
        text = etree.tostring(document, encoding="unicode", with_tail=False)
        alone = etree.fromstring(text.encode(), etree.XMLParser(huge_tree=True, resolve_entities=False))
        failures, warnings = [], []
        if not self.schema.validate(alone):
            failures = [
                f"[xsd] ligne {error.line} : {error.message[:300]}" for error in self.schema.error_log
            ]
        node = self.processor.parse_xml(xml_text=text)
        for name, path in self.judges(document):
            try:
                with quiet_stderr():
                    report = self._sheet(path).transform_to_string(xdm_node=node)
            except (saxonche.PySaxonApiError, OSError) as error:
                failures.append(f"[{name}] schematron inutilisable : {str(error)[:200]}")
                continue
            for error, message in read_report(report):
                (failures if error else warnings).append(f"[{name}] {message}")
        return Result(subject, tuple(failures), tuple(warnings))

    def _sheet(self, path: Path) -> Any:
        if path not in self.sheets:
            text = self._with_vocabularies(etree.tostring(expanded(path), encoding="unicode"), path.parent)
            key = hashlib.sha256(f"{path}{text}".encode()).hexdigest()[:24]
            compiled = CACHE / f"{key}.xsl"
            if not compiled.exists():
                for step in ("iso_abstract_expand.xsl", "iso_svrl_for_xslt2.xsl"):
                    text = self._step(step).transform_to_string(
                        xdm_node=self.processor.parse_xml(xml_text=text)
                    )
                sheet = etree.fromstring(
                    text.encode(), etree.XMLParser(huge_tree=True, resolve_entities=False)
                )
                # document('../jeuxDeValeurs/…') is relative to the schematron, not to the cache.
                sheet.set("{http://www.w3.org/XML/1998/namespace}base", path.resolve().as_uri())
                compiled.write_bytes(etree.tostring(sheet, encoding="UTF-8"))
            self.sheets[path] = self.xslt.compile_stylesheet(stylesheet_file=str(compiled))
        return self.sheets[path]

    def _step(self, name: str) -> Any:
        if name not in self.steps:
            path = self.root / "schematrons" / "moteur" / name
            self.steps[name] = self.xslt.compile_stylesheet(stylesheet_file=str(path))
        return self.steps[name]

    def _with_vocabularies(self, text: str, folder: Path) -> str:
        """Replace calls to missing voc-OID-DYNAMIC.xml files by files rebuilt from jeuxDeValeurs."""

        def supply(match: re.Match[str]) -> str:
            if (folder / match[1]).exists():
                return match[0]
            source = self._value_set(match[2])
            if source is None:
                return match[0]
            sets = etree.Element("valueSets")
            concepts = etree.SubElement(etree.SubElement(sets, "valueSet"), "conceptList")
            for concept in trusted(source).iter(f"{SVS}Concept"):
                attributes = {name: concept.get(name, "") for name in ("code", "codeSystem")}
                etree.SubElement(concepts, "concept", attributes)
            target = CACHE / f"voc-{match[2]}.xml"
            target.write_bytes(etree.tostring(sets, encoding="UTF-8"))
            return f"doc('{target.as_uri()}')"

        return re.sub(r"doc\('(include/voc-([\d.]+)-DYNAMIC\.xml)'\)", supply, text)

    def _value_set(self, oid: str) -> Path | None:
        folder = self.root / "jeuxDeValeurs"
        return next(
            (path for path in sorted(folder.glob("*.xml")) if f'id="{oid}"'.encode() in path.read_bytes()),
            None,
        )


def read_report(report: str) -> Iterator[tuple[bool, str]]:
    """Yield (is an error, sentence with its place) for each assertion of an SVRL report."""
    tree = etree.fromstring(report.encode(), etree.XMLParser(huge_tree=True, resolve_entities=False))
    for hit in tree.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report"):
        level = (hit.get("role") or hit.get("flag") or "error").lower()
        sentence = " ".join("".join(hit.itertext()).split())
        where = re.sub(r"\*:(\w+)\[namespace-uri\(\)='[^']*'\]", r"\1", hit.get("location", ""))
        yield level not in ("warning", "info", "information"), f"{sentence} (à {where})"


def cda_element(data: bytes) -> etree._Element:
    """Return the ClinicalDocument of a file; self-presentable files wrap it in a style sheet."""
    root = parse_foreign(data)
    found = root if root.tag == f"{HL7}ClinicalDocument" else root.find(f".//{HL7}ClinicalDocument")
    if found is None:
        raise ValueError("no ClinicalDocument in this file")
    return found


def emitted(official: Path) -> Iterator[Result]:
    """Judge every document we emit."""
    suite = Suite(official)
    for sample in samples():
        yield suite.verdict(sample.name, cda.encode(sample.document))


def file_check(path: Path) -> Check:
    """Return the check that judges the document of a file, ours or somebody else's."""

    def one(official: Path) -> Iterator[Result]:
        yield Suite(official).verdict(path.name, path.read_bytes())

    return Check("cda-file", f"suite ANS (XSD et schematrons) sur {path.name}", EMITTED_NEEDS, one)


def official_samples(official: Path) -> Iterator[Result]:
    """Judge the samples shipped with the suite: tells whether the suite itself runs as expected."""
    suite = Suite(official)
    for path in sorted((official / ROOT / "ExemplesCDA").glob("*.xml")):
        yield suite.verdict(path.name, path.read_bytes())


def samples_read(official: Path) -> Iterator[Result]:
    """Read every official sample with our reader: header understood, content shown, or a reason."""
    for path in sorted((official / ROOT / "ExemplesCDA").glob("*.xml")):
        yield Result(path.name, tuple(_reading_problems(path.read_bytes())))


def _reading_problems(data: bytes) -> Iterator[str]:
    try:
        received = display(data).header
        cda.check(data)
    except AmarreError as error:
        yield f"refusé : {error.explanation().what}"
        return
    for name, value in (
        ("identifiant", received.document_id.root),
        ("type", received.type_code.code),
        ("titre", received.title),
        ("nom de la personne", received.patient.birth_name or received.patient.used_name),
        ("auteur", received.authors),
    ):
        if not value:
            yield f"non lu : {name}"


def own_rules(_: Path) -> Iterator[Result]:
    """Apply our complementary rules to what we emit: nothing may be found."""
    for sample in samples():
        findings = cda.check(cda.encode(sample.document), sample.context)
        yield Result(
            sample.name,
            tuple(f"{finding.rule} {finding.message}" for finding in cda.blocking(findings)),
            tuple(
                f"{finding.rule} {finding.message}" for finding in findings if finding.severity == "warning"
            ),
        )


CHECKS = (
    Check("cda-own-rules", "nos contrôles complémentaires sur les documents émis", (), own_rules),
    Check(
        "cda-emitted",
        "suite ANS (XSD et schematrons) sur les documents émis",
        EMITTED_NEEDS,
        emitted,
    ),
    Check("cda-samples-read", "lecture des exemples officiels", (f"{ROOT}/ExemplesCDA",), samples_read),
    Check(
        "cda-samples",
        "suite ANS sur ses propres exemples",
        (SCHEMA, f"{ROOT}/schematrons/moteur", f"{ROOT}/ExemplesCDA"),
        official_samples,
    ),
)
