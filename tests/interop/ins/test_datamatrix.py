"""The INS Datamatrix: payload, foreign reader, scanners."""

from __future__ import annotations

import contextlib
import io

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from amarre.interop.common.pictures import PictureError
from amarre.interop.ins import (
    BirthDate,
    DatamatrixUnreadable,
    Environment,
    IdentityState,
    Ins,
    Matricule,
    PictureUnreadable,
    QualifiedIdentity,
    Sexe,
    Traits,
    UnknownInsOid,
    compute_key,
    decode,
    encode,
    ins_oid,
    name_problems,
    qualified_identity,
    read_picture,
    to_png,
    to_svg,
)
from amarre.interop.ins.traits import Trait

GS = "\x1d"
HEADER = "IS010000000000000000000000"
TRAITS = Traits("D'ESSAI", "ANNE-SOPHIE LOUISE", Sexe.F, BirthDate("1984-12-01"), "63220")


def identity(oid: str = "8", traits: Traits = TRAITS, base: str = "2841263220999") -> QualifiedIdentity:
    return qualified_identity(
        state=IdentityState(insi=True, coherence=True),
        ins=Ins(Matricule(base, compute_key(base)), ins_oid(f"1.2.250.1.213.1.4.{oid}")),
        traits=traits,
        environment=Environment.SANDBOX,
    )


def test_payload_of_the_format_document() -> None:
    assert encode(identity()) == (
        f"{HEADER}S1284126322099962S21.2.250.1.213.1.4.8{GS}S3ANNE-SOPHIE LOUISE{GS}S4D'ESSAI{GS}"
        "S5FS601-12-1984S763220"
    )


def test_no_separator_after_a_block_at_its_maximum_length() -> None:
    assert "1.2.250.1.213.1.4.10S3" in encode(identity("10"))
    long = "A" * 100
    payload = encode(identity("8", Traits(long, long, Sexe.M, BirthDate("1990-01-31"), "75101")))
    assert f"S3{long}S4{long}S5M" in payload
    assert decode(payload).traits.nom_naissance == long


names = (
    st.lists(st.text("ABCXYZS", min_size=1, max_size=8), min_size=1, max_size=5)
    .map(" ".join)
    .filter(lambda name: not name_problems(Trait.PRENOMS, name))
)


@settings(max_examples=60)
@given(
    nom=names,
    prenoms=names,
    sexe=st.sampled_from([Sexe.F, Sexe.M]),
    date=st.dates(),
    oid=st.sampled_from(["8", "9", "10", "11"]),
    base=st.from_regex(r"[12][0-9]{4}([0-9]{2}|2A|2B)[0-9]{6}", fullmatch=True).filter(str.isascii),
)
@pytest.mark.req("GI-INS EXI DIF 02")
def test_a_foreign_reader_reads_the_exact_bytes_and_we_read_them_back(
    nom: str, prenoms: str, sexe: Sexe, date: object, oid: str, base: str
) -> None:
    traits = Traits(nom, prenoms, sexe, BirthDate(str(date)), "2A004")
    subject = identity(oid, traits, base)
    payload = encode(subject)
    picture = Image.open(io.BytesIO(to_png(subject)))
    symbols = zxingcpp.read_barcodes(picture)
    assert [bytes(symbol.bytes) for symbol in symbols] == [payload.encode("ascii")]
    for text in (payload, payload.replace(GS, "<GS>"), payload.encode() + b"\r\n"):
        scanned = decode(text)
        assert (scanned.ins, scanned.traits, scanned.certain) == (subject.ins, traits, True)
    dropped = decode(payload.replace(GS, ""))
    assert (dropped.ins, dropped.traits) == (subject.ins, traits)


def test_lost_separators_ask_for_confirmation() -> None:
    assert decode(encode(identity()).replace(GS, "")).certain is False


def test_the_symbol_is_square_with_a_quiet_zone() -> None:
    picture = Image.open(io.BytesIO(to_png(identity(), scale=1))).convert("L")
    assert picture.width == picture.height
    edge = [picture.getpixel((x, 0)) for x in range(picture.width)]
    assert set(edge) == {255}


def test_the_svg_is_a_plain_element() -> None:
    svg = to_svg(identity())
    assert svg.startswith("<svg")
    assert etree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"


def test_blocks_may_come_in_another_order_and_without_place() -> None:
    scanned = decode(
        f"{HEADER}S1284126322099962S21.2.250.1.213.1.4.8{GS}S5FS601-12-1984S3ANNE-SOPHIE{GS}S4D'ESSAI"
    )
    assert (scanned.traits.nom_naissance, scanned.traits.lieu_naissance) == ("D'ESSAI", "")


def test_a_wrong_key_is_a_warning() -> None:
    scanned = decode(encode(identity()).replace("284126322099962", "284126322099961"))
    assert [warning.code for warning in scanned.warnings] == ["cle_incorrecte"]


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "DC04",
        "IS02" + "0" * 22,
        HEADER,
        HEADER + "S1284126322099962",
        HEADER + "S9ABC",
        HEADER + "S1284126322099962S1284126322099962",
        "é" * 40,
        f"{HEADER}S1284126322099962S21.2.250.1.213.1.4.8{GS}S3A{GS}S4B{GS}S5XS601-12-1984",
        f"{HEADER}S1284126322099962S21.2.250.1.213.1.4.8{GS}S3A{GS}S4B{GS}S5FS61984-12-01",
        f"{HEADER}S12841263220999xxS21.2.250.1.213.1.4.8{GS}S3A{GS}S4B{GS}S5FS601-12-1984",
    ],
)
def test_damaged_payloads_are_refused(payload: str) -> None:
    with pytest.raises(DatamatrixUnreadable):
        decode(payload)


@given(st.binary(max_size=120))
def test_any_bytes_give_an_identity_or_an_explained_refusal(data: bytes) -> None:
    for payload in (data, HEADER.encode() + data):
        with contextlib.suppress(DatamatrixUnreadable, UnknownInsOid):
            decode(payload)


def test_an_oid_that_is_no_ins_is_refused() -> None:
    with pytest.raises(UnknownInsOid):
        decode(encode(identity()).replace("1.4.8", "1.4.2"))


def test_a_picture_is_read_even_turned_and_the_rest_is_refused() -> None:
    picture = (
        Image.open(io.BytesIO(to_png(identity(), scale=6)))
        .convert("L")
        .rotate(13, expand=True, fillcolor=255)
    )
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG")
    assert read_picture(buffer.getvalue()).traits == TRAITS
    blank = io.BytesIO()
    Image.new("L", (50, 50), 255).save(blank, "PNG")
    with pytest.raises(PictureUnreadable):
        read_picture(blank.getvalue())
    for data in (b"", b"not a picture", to_png(identity())[:200]):
        with pytest.raises(PictureError):
            read_picture(data)
