"""Classes 1 and 2 at the one parser: nothing read outside, nothing called, two seconds, 64 MiB."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from amarre.interop.common.xml import XmlError, parse_foreign
from tests.hostile.limits import bounded
from tests.hostile.xml_external import attacks, canary
from tests.hostile.xml_floods import FLOODS, Flood

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.req("S4")
def test_the_corpora_are_as_large_as_announced(tmp_path: Path) -> None:
    with canary(tmp_path) as bird:
        found = attacks(b"<a>x</a>", bird)
    assert len({attack.name for attack in found}) == len(found) >= 40
    assert len({flood.name for flood in FLOODS}) == len(FLOODS) >= 30


@pytest.mark.req("S4")
def test_no_document_reads_outside_itself(tmp_path: Path) -> None:
    with canary(tmp_path) as bird:
        for attack in attacks(b"<a><b>x</b></a>", bird):
            try:
                root = parse_foreign(attack.data)
            except XmlError as error:
                bird.assert_untouched(error.explanation(), error)
                continue
            assert not attack.refused, attack.name
            bird.assert_untouched("".join(str(text) for text in root.itertext()))


@pytest.mark.req("S4")
@pytest.mark.parametrize("flood", FLOODS, ids=lambda flood: flood.name)
def test_no_document_costs_more_than_it_may(flood: Flood) -> None:
    data = flood.document()
    refusal = ""
    with bounded(flood.name):
        try:
            parse_foreign(data)
        except XmlError as error:
            refusal = error.explanation().what
    assert refusal or not flood.refused


def test_what_real_documents_hold_is_not_refused() -> None:
    """A list of 600 documents of a DMP, a document of 10 MB, long free text full of signs."""
    entry = b'<e id="1" type="2">' + b'<s name="x"><v>y</v></s>' * 75 + b"</e>"
    assert len(parse_foreign(b"<a>" + entry * 600 + b"</a>")) == 600
    assert len(parse_foreign(b"<a>" + b"QUJD" * 2_500_000 + b"</a>").text or "") == 10_000_000
    signs = b"a=&quot;b&quot; c='d' " * 20_000
    assert (parse_foreign(b"<a>" + signs + b"</a>").text or "").count("=") == 40_000


@pytest.mark.req("S4")
def test_one_module_parses_xml() -> None:
    """No other parser than the hardened one, in any product."""
    banned = re.compile(
        r"\b(ElementTree|minidom|expat|xml\.sax|XMLParser\(|XMLPullParser|iterparse|etree\.(fromstring|parse|XML"
        r"|HTML)\b|objectify|BeautifulSoup|feedparser|xmltodict)"
    )
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        if path.name != "xml.py" or path.parent.name != "common"
        for line in path.read_text("utf-8").splitlines()
        if banned.search(line)
    ]
    assert found == []
