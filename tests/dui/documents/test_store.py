"""The document store: whole or absent, on the disk, noticed and mended when a file is not what was filed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from amarre.dui.documents import store
from amarre.dui.documents.durable_files import DurableFiles
from amarre.dui.documents.errors import DocumentCorrupted, DocumentMissing


@pytest.fixture
def folder(settings: object, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "documents"  # type: ignore[attr-defined]
    return tmp_path / "documents"


class Cut(ContentFile):
    """Bytes whose writing is interrupted."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half"
        raise OSError("no space left")


def test_the_installation_stores_durably() -> None:
    assert isinstance(default_storage._wrapped or default_storage, DurableFiles)  # type: ignore[attr-defined]


def test_an_interrupted_writing_leaves_nothing(folder: Path) -> None:
    with pytest.raises(OSError, match="no space"):
        default_storage.save("aa/bb/name", Cut(b""))
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_bytes_and_names_are_on_the_disk_when_put_returns(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        flushed.append(Path(f"/proc/self/fd/{descriptor}").resolve())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    digest = store.put(b"content")
    assert {folder, folder / digest[:2], folder / digest[:2] / digest[2:4]} <= set(flushed)
    assert store.get(digest) == b"content"


def test_a_file_cut_by_an_earlier_crash_is_written_again(folder: Path) -> None:
    digest = store.put(b"content")
    (found,) = [path for path in folder.rglob("*") if path.is_file()]
    found.write_bytes(b"con")
    with pytest.raises(DocumentCorrupted):
        store.get(digest)
    assert store.put(b"content") == digest
    assert store.get(digest) == b"content"


def test_a_size_is_known_without_reading(folder: Path) -> None:
    digest = store.put(b"content")
    assert store.size(digest) == 7
    with pytest.raises(DocumentMissing):
        store.size("0" * 64)
