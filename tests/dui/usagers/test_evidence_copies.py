"""Copies of identity documents: off by default, sealed, seen by one right, traced, erased when due."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from amarre.dui.access.errors import NotAllowed, OutOfScope
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import today
from amarre.dui.usagers import evidence_files
from amarre.dui.usagers.evidence_errors import (
    CopiesNotKept,
    CopyErased,
    CopyPdfRefused,
    CopyTooManyPages,
    CopyUnreadable,
)
from amarre.dui.usagers.models import Dossier, EvidenceCopy
from amarre.dui.usagers.services.evidence_copies import (
    choose_copies,
    erase_copy,
    open_copy,
    purge_due_copies,
)
from amarre.dui.usagers.services.record_evidence import record_evidence
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.connected import House
from tests.dui.usagers.cases import opened

pytestmark = pytest.mark.django_db

OnCommit = Callable[..., Any]


@pytest.fixture
def director(house: House) -> Actor:
    """Who may change the settings of the establishment."""
    user = factories.make_user("Alice", "Tassin")
    factories.give_role(user, house.essms, Role.DIRECTION)
    return factories.actor_for(user, house.essms)


def photo(*, size: tuple[int, int] = (900, 600), exif: bool = True) -> bytes:
    picture = Image.new("RGB", size, (180, 200, 220))
    kept = io.BytesIO()
    data = Image.Exif()
    if exif:
        data[0x010E] = "DESCRIPTION SECRETE"
    picture.save(kept, "JPEG", exif=data)
    return kept.getvalue()


def kept(house: House, director: Actor, *, days: int = 30) -> tuple[Dossier, EvidenceCopy]:
    choose_copies(actor=director, keeps_copies=True, copy_days=days)
    dossier = opened(house)
    record_evidence(
        dossier=dossier, device="CN", seen_on=today(), actor=house.referent,
        pages=evidence_files.clean_pages([photo()]),
    )  # fmt: skip
    return dossier, copies()[0]


def copies() -> list[EvidenceCopy]:
    with system_scope("test"):
        return list(EvidenceCopy.objects.select_related("dossier__essms", "evidence").order_by("pk"))


def stored() -> list[Path]:
    folder = Path(django_settings.MEDIA_ROOT) / evidence_files.FOLDER
    return sorted(folder.iterdir()) if folder.exists() else []


def test_nothing_is_kept_by_default(house: House) -> None:
    dossier = opened(house)
    with pytest.raises(CopiesNotKept):
        record_evidence(
            dossier=dossier, device="CN", seen_on=today(), actor=house.referent,
            pages=evidence_files.clean_pages([photo()]),
        )  # fmt: skip
    assert copies() == []
    assert not house.reload(dossier).identity.coherence_checked


def test_what_is_kept_is_pixels_alone_and_sealed(house: House, director: Actor) -> None:
    _, copy = kept(house, director)
    (file,) = stored()
    assert b"JFIF" not in file.read_bytes()
    assert copy.token not in file.name
    picture = open_copy(copy=copy, actor=house.referent)
    assert picture.startswith(b"\xff\xd8\xff")
    assert b"SECRETE" not in picture
    assert copy.keep_until == today() + datetime.timedelta(days=30)


def test_no_address_serves_the_files(house: House, director: Actor, client_for: ClientFor) -> None:
    kept(house, director)
    (file,) = stored()
    for path in (f"/media/{evidence_files.FOLDER}/{file.name}", f"/{evidence_files.FOLDER}/{file.name}"):
        assert client_for(house.maud).get(path).status_code == 404


@pytest.mark.parametrize("change", ["file", "token", "name", "secret"])
def test_a_copy_that_was_touched_is_not_shown(
    house: House, director: Actor, settings: Any, change: str
) -> None:
    _, copy = kept(house, director)
    (file,) = stored()
    if change == "file":
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    elif change == "token":
        copy.token = "A" * 43
    elif change == "name":
        (file.parent / ("B" * 43)).write_bytes(file.read_bytes())
        copy.name = "B" * 43
    else:
        settings.SECRET_KEY = "x" * 50
    with pytest.raises(CopyUnreadable):
        open_copy(copy=copy, actor=house.referent)


def test_a_renewed_secret_still_opens(house: House, director: Actor, settings: Any) -> None:
    _, copy = kept(house, director)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "y" * 50
    assert open_copy(copy=copy, actor=house.referent)


def test_seen_by_one_right_and_traced(
    house: House, director: Actor, client_for: ClientFor, charlie: User
) -> None:
    dossier, copy = kept(house, director)
    url = reverse("usagers:show_copy", args=[dossier.pk, copy.pk])
    response = client_for(house.maud).get(url)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]
    seen = Trace.objects.filter(verb="evidence.copy_consulted")
    assert [(line.dossier_id, line.actor_id) for line in seen] == [(str(dossier.pk), house.maud.pk)]
    assert client_for(house.loic).get(url).status_code == 403
    assert client_for(charlie).get(url).status_code == 404
    assert seen.count() == 1
    page = client_for(house.loic).get(reverse("usagers:show_identity", args=[dossier.pk])).content.decode()
    assert url not in page


@pytest.mark.parametrize("act", ["open", "erase"])
def test_stranger_and_colleague(house: House, director: Actor, stranger: Actor, act: str) -> None:
    _, copy = kept(house, director)
    do = {"open": open_copy, "erase": erase_copy}[act]
    with pytest.raises(OutOfScope):
        do(copy=copy, actor=stranger)  # type: ignore[operator]
    with pytest.raises(NotAllowed):
        do(copy=copy, actor=house.actor)  # type: ignore[operator]
    with pytest.raises(NotAllowed):
        choose_copies(actor=house.referent, keeps_copies=False, copy_days=1)
    assert copies()[0].is_kept


def test_erased_by_hand_leaves_the_document_seen(
    house: House, director: Actor, django_capture_on_commit_callbacks: OnCommit
) -> None:
    dossier, copy = kept(house, director)
    with django_capture_on_commit_callbacks(execute=True):
        erase_copy(copy=copy, actor=house.referent)
    assert stored() == []
    (left,) = copies()
    assert (left.token, left.end, left.erased_by_id) == ("", "retiree", house.maud.pk)
    for again in (open_copy, erase_copy):
        with pytest.raises(CopyErased):
            again(copy=left, actor=house.referent)  # type: ignore[operator]
    assert house.reload(dossier).identity.coherence_checked
    assert Trace.objects.get(verb="evidence.copy_erased").details == {"end": "retiree"}


def test_erased_when_due_with_a_trace(
    house: House,
    director: Actor,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    kept(house, director, days=2)
    module = "amarre.dui.usagers.services.evidence_copies.today"
    monkeypatch.setattr(module, lambda: today() + datetime.timedelta(days=2))
    assert purge_due_copies() == 0
    monkeypatch.setattr(module, lambda: today() + datetime.timedelta(days=3))
    with django_capture_on_commit_callbacks(execute=True):
        assert purge_due_copies() == 1
    assert stored() == []
    trace = Trace.objects.get(verb="evidence.copy_erased")
    assert (trace.details, trace.actor_kind) == ({"end": "echeance"}, "system")
    assert purge_due_copies() == 0


def test_a_shorter_time_counts_for_what_is_kept_and_stopping_erases_all(
    house: House, director: Actor, django_capture_on_commit_callbacks: OnCommit
) -> None:
    kept(house, director, days=30)
    choose_copies(actor=director, keeps_copies=True, copy_days=5)
    assert copies()[0].keep_until == today() + datetime.timedelta(days=5)
    choose_copies(actor=director, keeps_copies=True, copy_days=60)
    assert copies()[0].keep_until == today() + datetime.timedelta(days=5)
    with django_capture_on_commit_callbacks(execute=True):
        choose_copies(actor=director, keeps_copies=False, copy_days=60)
    assert copies()[0].end == "arret"
    assert stored() == []


def test_a_file_that_no_row_names_is_removed_after_a_while(
    house: House, director: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(house, director)
    evidence_files.keep(b"left by a transaction that failed")
    purge_due_copies()
    assert len(stored()) == 2
    monkeypatch.setattr(evidence_files, "ORPHAN", datetime.timedelta(seconds=-1))
    purge_due_copies()
    assert [file.name for file in stored()] == [copies()[0].name]


def test_a_refused_document_keeps_no_copy(house: House, director: Actor) -> None:
    choose_copies(actor=director, keeps_copies=True, copy_days=30)
    with pytest.raises(Exception, match="."):
        record_evidence(
            dossier=opened(house), device="??", seen_on=today(), actor=house.referent, pages=[photo()]
        )
    assert copies() == []
    assert stored() == []


def test_pages_are_counted_and_a_pdf_needs_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_files, "_pdf_readers", [])
    with pytest.raises(CopyPdfRefused):
        evidence_files.clean_pages([b"%PDF-1.7\n"])
    with pytest.raises(CopyTooManyPages):
        evidence_files.clean_pages([photo()] * 5)
    monkeypatch.setattr(evidence_files, "_pdf_readers", [lambda data: [photo(), photo()]])
    assert len(evidence_files.clean_pages([b"%PDF-1.7\n", photo()])) == 3
    (page,) = evidence_files.clean_pages([photo(size=(4000, 3000))])
    assert max(Image.open(io.BytesIO(page)).size) == evidence_files.SIDE


def post(client: Client, dossier: Dossier, **files: bytes) -> Any:
    sent: dict[str, Any] = {"device": "CN", "seen_on": today().strftime("%d/%m/%Y"), "compared": "on"}
    sent |= {name: SimpleUploadedFile("carte.jpg", data, "image/jpeg") for name, data in files.items()}
    return client.post(reverse("usagers:add_evidence", args=[dossier.pk]), sent)


def test_the_form_offers_it_only_where_it_is_chosen(
    house: House, director: Actor, client_for: ClientFor
) -> None:
    dossier = opened(house)
    client = client_for(house.maud)
    url = reverse("usagers:show_identity", args=[dossier.pk])
    assert "Copie de la pièce" not in client.get(url).content.decode()
    # A picture sent where none is asked for is not read.
    assert post(client, dossier, recto=photo()).status_code == 302
    assert copies() == []
    choose_copies(actor=director, keeps_copies=True, copy_days=30)
    assert "Copie de la pièce, recto" in client.get(url).content.decode()
    assert post(client, dossier, recto=photo(), verso=photo()).status_code == 302
    assert [copy.page for copy in copies()] == [1, 2]
    page = client.get(url).content.decode()
    assert "Voir la copie, page 2" in page
    client.post(reverse("usagers:remove_copy", args=[dossier.pk, copies()[0].pk]))
    assert [copy.is_kept for copy in copies()] == [False, True]


@pytest.mark.parametrize(
    ("data", "said"), [(b"%PDF-1.7", "PDF"), (b"<svg >", "SVG"), (b"\xff\xd8\xffxx", "abîmée")]
)
def test_a_bad_picture_records_nothing(
    house: House, director: Actor, client_for: ClientFor, data: bytes, said: str
) -> None:
    choose_copies(actor=director, keeps_copies=True, copy_days=30)
    dossier = opened(house)
    response = post(client_for(house.maud), dossier, recto=data)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not house.reload(dossier).identity.coherence_checked


def test_a_picture_too_heavy_is_said(
    house: House, director: Actor, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_copies(actor=director, keeps_copies=True, copy_days=30)
    monkeypatch.setattr("amarre.dui.usagers.picture_upload.MAX_BYTES", 100)
    dossier = opened(house)
    response = post(client_for(house.maud), dossier, recto=photo())
    assert response.status_code == 422
    assert "trop lourde" in response.content.decode()
    assert not house.reload(dossier).identity.coherence_checked


def test_the_choice_is_a_page_of_the_settings(house: House, director: Actor, client_for: ClientFor) -> None:
    user = User.objects.get(pk=director.user_id)
    client = client_for(user)
    url = reverse("usagers:vigilance:choose_copies")
    assert url in client.get(reverse("organisations:settings")).content.decode()
    assert "Aucune copie gardée" in client.get(url).content.decode()
    assert client.post(url, {"keeps_copies": "on", "copy_days": "0"}).status_code == 422
    assert client.post(url, {"keeps_copies": "on", "copy_days": "45"}).status_code == 302
    assert Trace.objects.get(verb="evidence.copies_chosen").details == {"kept": True, "days": 45}
    assert client_for(house.maud).get(url).status_code == 403
