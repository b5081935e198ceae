"""Datamatrix at the desk: keyboard scanner and picture find the dossier or begin the creation."""

from __future__ import annotations

import html
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.usagers import picture_upload
from amarre.dui.usagers.models import Dossier, Identity
from amarre.interop.ins import Environment, QualifiedIdentity, compute_key, encode, qualified_identity, to_png
from amarre.interop.ins.status import Status
from tests.dui import factories
from tests.dui.connected import House, identity_of

pytestmark = pytest.mark.django_db

ClientFor = Callable[..., Client]
URL = "/personnes/scanner/"


def payload(base: str, *, key: str = "", separator: str = "\x1d") -> str:
    """A payload written here, not by our encoder."""
    return (
        "IS01" + "0" * 22 + f"S1{base}{key or compute_key(base)}S21.2.250.1.213.1.4.10{separator}"
        f"S3ANNE-SOPHIE LOUISE{separator}S4D'ESSAI{separator}S5FS601-12-1984S763220"
    )


def picture_of(text: str, kind: str = "JPEG") -> bytes:
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    image = Image.fromarray(symbol.to_image(scale=6)).convert("RGB")
    page = Image.new("RGB", (image.width + 200, image.height + 200), "white")
    page.paste(image, (100, 100))
    exif = Image.Exif()
    exif[0x010E] = "taken at the desk"
    buffer = io.BytesIO()
    page.save(buffer, kind, exif=exif)
    return buffer.getvalue()


def text(response: HttpResponse) -> str:
    return html.unescape(response.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


def photo(data: bytes, name: str = "photo.jpg") -> dict[str, Any]:
    return {"code": "", "picture": SimpleUploadedFile(name, data, "image/jpeg")}


def qualified(identity: Identity) -> QualifiedIdentity:
    assert identity.ins is not None
    return qualified_identity(
        state=identity.state, traits=identity.traits, ins=identity.ins, environment=Environment.SANDBOX
    )


def encoded(dossier: Dossier) -> str:
    identity = identity_of(dossier)
    return encode(qualified(identity))


@pytest.mark.parametrize("means", ["lecteur", "photo"])
def test_a_known_matricule_opens_its_dossier(house: House, client_for: ClientFor, means: str) -> None:
    dossier = house.dossier("jean-riou")
    code = encoded(dossier)
    sent = {"code": code} if means == "lecteur" else photo(picture_of(code))
    response = client_for(house.loic).post(URL, sent)
    assert response.headers["Location"] == f"/dossiers/{dossier.pk}/"
    trace = Trace.objects.get(verb="identity.scanned")
    assert trace.details == {"results": 1, "means": means}
    assert "1410929151102" not in str(trace.__dict__)


def test_our_own_picture_is_read_back(house: House, client_for: ClientFor) -> None:
    dossier = house.dossier("jean-riou")
    identity = identity_of(dossier)
    png = to_png(qualified(identity), scale=6)
    response = client_for(house.loic).post(URL, photo(png, "photo.png"))
    assert response.headers["Location"] == f"/dossiers/{dossier.pk}/"


@pytest.mark.req("INS EXI REC 02")
def test_unknown_it_begins_the_creation_and_qualifies_nothing(house: House, client_for: ClientFor) -> None:
    client = client_for(house.maud)
    shown = text(client.post(URL, {"code": payload("2841263220999")}))
    for value in ("D'ESSAI", "ANNE-SOPHIE", "ANNE-SOPHIE LOUISE", "01/12/1984", "63220"):
        assert f'value="{value}"' in shown
    assert "Traits lus sur un Datamatrix INS" in shown
    assert "EXI REC 02" in shown
    assert "2841263220999" not in shown
    form = {
        "etape": "creer", "nom_naissance": "D'ESSAI", "premier_prenom": "ANNE-SOPHIE",
        "prenoms": "ANNE-SOPHIE LOUISE", "sexe": "F", "date_naissance": "01/12/1984",
        "lieu_naissance": "63220",
        "lieu_libelle": "", "nom_utilise": "", "prenom_utilise": "", "entered_on": "20/11/2026",
        "source": "datamatrix",
    }  # fmt: skip
    client.post("/personnes/nouvelle/", form)
    with system_scope("test"):
        identity = Identity.objects.get()
    assert (identity.status, identity.matricule) == (Status.PROVISOIRE, "")
    assert identity.changes.get(field="source").after == "Datamatrix INS lu"


def test_who_looks_alike_is_shown_first(house: House, client_for: ClientFor) -> None:
    house.dossier("jean-riou", qualified=False)
    code = payload("1410929151102").replace("D'ESSAI", "RIOU").replace("ANNE-SOPHIE LOUISE", "JEAN FRANCOIS")
    code = code.replace("S5FS601-12-1984", "S5MS603-09-1941")
    shown = text(client_for(house.maud).post(URL, {"code": code}))
    assert "Est-ce l’une de ces personnes ?" in shown
    assert "Recherche faite avec le Datamatrix lu" in shown
    assert 'name="source" value="datamatrix"' in shown


def test_a_wrong_key_is_a_warning(house: House, client_for: ClientFor) -> None:
    shown = text(client_for(house.maud).post(URL, {"code": payload("2841263220999", key="63")}))
    assert "clé" in shown
    assert "Nouvelle identité" in shown


def test_separators_lost_ask_to_check(house: House, client_for: ClientFor) -> None:
    shown = text(client_for(house.maud).post(URL, {"code": payload("2841263220999", separator="")}))
    assert "séparateurs" in shown


def test_who_may_not_create_is_told(house: House, client_for: ClientFor) -> None:
    shown = text(client_for(house.loic).post(URL, {"code": payload("2841263220999")}))
    assert "Personne ne porte ce matricule" in shown


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"code": ""}, "prenez-le en photo"),
        ({"code": "https://example.org"}, "ne commence pas par la marque"),
        (photo(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50), "HEIC"),
        (photo(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "SVG"),
        (photo(b"\xff\xd8\xff" + b"\x00" * 300), "abîmée"),
    ],
)
def test_what_cannot_be_read_is_said(
    house: House, client_for: ClientFor, sent: dict[str, Any], said: str
) -> None:
    response = client_for(house.maud).post(URL, sent)
    assert response.status_code == 422
    assert said in text(response)


def test_a_picture_too_large_is_cut(
    house: House, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_upload, "MAX_BYTES", 1000)
    response = client_for(house.maud).post(URL, photo(b"\xff\xd8\xff" + b"x" * 5000))
    assert response.status_code == 422


def test_nothing_is_written_on_the_disk(
    house: House, client_for: ClientFor, settings: Any, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "temp")
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    client_for(house.maud).post(URL, photo(picture_of(payload("2841263220999"))))
    assert not (tmp_path / "temp").exists()


def test_forged_posts_are_refused(house: House, client_for: ClientFor) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.maud)
    assert client.post(URL, {"code": payload("2841263220999")}).status_code == 403


def test_roles_without_identities_are_refused(house: House, client_for: ClientFor) -> None:
    user = factories.make_user("Camille", "Riou")
    factories.give_role(user, house.essms, Role.ADMINISTRATEUR)
    assert client_for(user).get(URL).status_code == 403


def test_the_search_field_takes_a_scan_too(house: House, client_for: ClientFor) -> None:
    dossier = house.dossier("jean-riou")
    response = client_for(house.loic).post("/personnes/recherche/", {"q": encoded(dossier)})
    assert response.headers["Location"] == f"/dossiers/{dossier.pk}/"
