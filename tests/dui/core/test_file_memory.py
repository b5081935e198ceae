"""What was read of a file is kept until the file changes (quality bar F18)."""

from __future__ import annotations

from pathlib import Path

import pytest

from amarre.dui.core.file_memory import until_files_change


def test_read_once_then_again_once_it_changed(tmp_path: Path) -> None:
    file, reads = tmp_path / "key", []

    @until_files_change
    def content(name: str) -> str:
        reads.append(name)
        return Path(name).read_text("utf-8")

    file.write_text("first", "utf-8")
    assert [content(str(file)), content(str(file))] == ["first", "first"]
    assert len(reads) == 1
    other = tmp_path / "other"
    other.write_text("secnd", "utf-8")
    other.replace(file)
    assert content(str(file)) == "secnd"
    assert len(reads) == 2


def test_an_error_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "key"

    @until_files_change
    def content(name: str) -> str:
        return Path(name).read_text("utf-8")

    with pytest.raises(FileNotFoundError):
        content(str(file))
    file.write_text("there now", "utf-8")
    assert content(str(file)) == "there now"
