"""ODT and DOCX by LibreOffice: converted when it is there, refused clearly when not; nothing is fetched."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amarre.dui.intake import office_conversion
from amarre.dui.intake.apart.verdicts import Note, TextState
from amarre.dui.intake.errors import ConversionFailed, ConverterMissing
from amarre.dui.intake.office_conversion import office_to_pdf, program
from amarre.dui.intake.preparation import prepare
from tests.dui.intake import judges
from tests.dui.intake.corpus import hostile_texts as texts


class Listener:
    """A port of this machine that counts who knocks."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def close(self) -> None:
        """Stop listening; a last knock shows that knocks are heard."""
        heard = self.calls
        with socket.create_connection(("127.0.0.1", self.port)) as knock:
            knock.recv(1)
        assert self.calls == heard + 1
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=5)


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def fetching_docx(port: int) -> bytes:
    """Everything a DOCX may fetch, towards a port that listens."""

    def there(name: str) -> str:
        return texts.ELSEWHERE.format(port=port, name=name)

    body = (
        texts.field(f'INCLUDEPICTURE "{there("a.png")}" \\d')
        + texts.field(f'INCLUDETEXT "{there("b.docx")}"', cut=6)
        + f'<w:p><w:r><w:pict><v:shape><v:imagedata src="{there("c.png")}"/></v:shape></w:pict></w:r></w:p>'
    )
    links = texts.related("image", there("d.png")) + texts.related("attachedTemplate", there("e.dotm"))
    return texts.zipped(texts.docx_parts(body, links))


def fetching_odt(port: int) -> bytes:
    """The same for an ODT."""

    def there(name: str) -> str:
        return texts.ELSEWHERE.format(port=port, name=name)

    body = (
        f'<text:p><draw:frame svg:width="2cm" svg:height="2cm"><draw:image xlink:href="{there("a.png")}"/>'
        f'</draw:frame></text:p><text:section text:name="s"><text:section-source '
        f'xlink:href="{there("b.odt")}"/></text:section>'
    )
    return texts.zipped(texts.odt_parts(body))


@pytest.mark.needs("soffice")
@pytest.mark.needs("poppler")
@pytest.mark.parametrize("make", [fetching_docx, fetching_odt])
def test_a_text_is_converted_and_fetches_nothing(make: Any, listener: Listener, tmp_path: Path) -> None:
    made = prepare([make(listener.port)]).converted
    assert listener.calls == 0
    assert made.text is TextState.WHOLE
    assert {Note.OFFICE, Note.EXTERNAL} <= made.notes
    assert judges.page_validation(made.pdf) == []
    assert "Compte rendu" in judges.words(made.pdf, tmp_path)[0]


@pytest.mark.needs("soffice")
def test_what_libreoffice_cannot_open_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_conversion, "PROGRAM_WALL_SECONDS", 20)
    with pytest.raises(ConversionFailed):
        office_to_pdf(b"not an archive \x00\x01", "docx")


@pytest.mark.parametrize("setting", ["non", "/nowhere/soffice"])
def test_without_libreoffice_it_is_refused_with_advice(settings: Any, setting: str) -> None:
    settings.AMARRE_SOFFICE = setting
    assert program() is None
    with pytest.raises(ConverterMissing) as refused:
        prepare([texts.zipped(texts.odt_parts())])
    assert "enregistrez-le en PDF" in refused.value.explanation().advice


def test_a_conversion_that_lasts_is_ended(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\nsleep 60 & sleep 60\n", encoding="utf-8")
    slow.chmod(0o755)
    settings.AMARRE_SOFFICE = str(slow)
    monkeypatch.setattr(office_conversion, "PROGRAM_WALL_SECONDS", 0.5)
    with pytest.raises(ConversionFailed):
        office_to_pdf(b"x", "odt")
