"""Class 4: every hostile archive is refused by the kit and by the sandbox, within 2 s and 64 MiB."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from amarre.interop.common.archives import ArchiveLimits, ArchiveRefused, read_entries
from amarre.interop.common.errors import AmarreError
from amarre.interop.xdm import XdmError, read_archive
from amarre.sandbox.services.mssante import archive as operator
from tests.hostile.archives import ARCHIVES, Hostile
from tests.hostile.limits import bounded
from tests.interop.xdm.test_archive import archive, files


@pytest.mark.req("S6")
def test_the_corpus_is_as_large_as_announced() -> None:
    assert len({hostile.name for hostile in ARCHIVES}) == len(ARCHIVES) >= 35


@pytest.mark.req("S6")
@pytest.mark.parametrize("hostile", ARCHIVES, ids=lambda hostile: hostile.name)
def test_refused_and_explained(hostile: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = hostile.make(files(archive()))
    monkeypatch.chdir(tmp_path)
    with bounded(hostile.name), pytest.raises(XdmError) as caught:
        read_archive(data)
    explanation = caught.value.explanation()
    assert all((explanation.what, explanation.data_state, explanation.advice))
    with bounded(hostile.name), pytest.raises(operator.ArchiveUnreadable, match="archive|METADATA"):
        operator.read_archive(data)
    assert list(tmp_path.iterdir()) == []


def test_a_good_archive_is_read_at_its_largest() -> None:
    """One document of 20 MB that compresses badly, another of 15 MB: within the same memory."""
    noise = random.Random(3).randbytes(1024 * 1024)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:
        target.writestr("a/un.xml", noise * 15)
        target.writestr("a/deux.xml", noise * 10)
        target.writestr("a/", b"")
    with bounded("largest"):
        found = read_entries(buffer.getvalue(), ArchiveLimits())
    assert {name: len(data) for name, data in found.items()} == {
        "a/un.xml": 15 * 1024**2,
        "a/deux.xml": 10 * 1024**2,
    }


def test_damaged_bytes_never_give_another_error() -> None:
    good = archive()
    draw = random.Random(11)
    for _ in range(400):
        data = bytearray(good)
        for _ in range(draw.choice([1, 3, 8])):
            place = draw.randrange(len(data))
            data[place] = draw.randrange(256)
        try:
            read_archive(bytes(data))
        except AmarreError:
            continue
    with pytest.raises(ArchiveRefused):
        read_entries(good, ArchiveLimits(entries=2))
