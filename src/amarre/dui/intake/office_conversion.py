"""ODT and DOCX → PDF by LibreOffice, when it is installed: an optional program, bounded, in its own folder.

It opens only what `apart.office_archive` wrote again. Its profile is new each time: no macro runs, no link is
updated, no address is fetched. Its PDF is then a foreign file like another.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from django.conf import settings

from amarre.dui.intake.apart.limits import PROGRAM_WALL_SECONDS
from amarre.dui.intake.errors import ConversionFailed, ConverterMissing, ReadersBusy

NEVER = "non"
_STARTER = "amarre.dui.intake.apart.program"
_PATIENCE_SECONDS = 30
# Written as PDF/A-1 at once: most texts then stay as LibreOffice made them.
_TARGET = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"1"}}'
_SCRIPTING = "Office.Common/Security/Scripting"
_UPDATES = "Office.Writer/Content/Update"
_INTERNET = "Inet/Settings"
_CHOICES = (
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    (_UPDATES, "Link", "0"),
    (_UPDATES, "Field", "false"),
    # A proxy that nobody listens to.
    (_INTERNET, "ooInetProxyType", "2"),
    (_INTERNET, "ooInetHTTPProxyName", "127.0.0.1"),
    (_INTERNET, "ooInetHTTPProxyPort", "9"),
)
_turn = threading.BoundedSemaphore(1)


def program() -> str | None:
    """Return the path of LibreOffice, None when it is absent or not wanted (`AMARRE_SOFFICE`)."""
    wanted = str(settings.AMARRE_SOFFICE)
    return None if wanted == NEVER else shutil.which(wanted or "soffice")


def office_to_pdf(data: bytes, suffix: str) -> bytes:
    """Return the PDF of a cleaned text. Raises ConverterMissing, ConversionFailed, ReadersBusy."""
    found = program()
    if found is None:
        raise ConverterMissing
    if not _turn.acquire(timeout=_PATIENCE_SECONDS):
        raise ReadersBusy
    try:
        with tempfile.TemporaryDirectory(prefix="amarre-texte-") as folder:
            return _convert(found, Path(folder), data, suffix)
    finally:
        _turn.release()


def _convert(found: str, folder: Path, data: bytes, suffix: str) -> bytes:
    source = folder / f"texte.{suffix}"
    source.write_bytes(data)
    user = folder / "profil" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    command = [
        sys.executable, "-I", "-m", _STARTER,
        found, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
        f"-env:UserInstallation={(folder / 'profil').as_uri()}",
        "--convert-to", _TARGET, "--outdir", str(folder / "sortie"), str(source),
    ]  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 - the program of the settings, a file that we wrote
        command,
        cwd=folder,
        env={"HOME": str(folder), "PATH": os.defpath, "LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Several processes: all are ended together.
        start_new_session=True,
    )
    try:
        process.wait(timeout=PROGRAM_WALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise ConversionFailed from None
    finally:
        _end(process)
    made = folder / "sortie" / "texte.pdf"
    if not made.is_file():
        raise ConversionFailed
    return made.read_bytes()


def _profile() -> str:
    """Return the settings of a new user of LibreOffice who trusts nobody."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _CHOICES
    )
    namespace = "http://openoffice.org/2001/registry"
    return f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="{namespace}">{items}</oor:items>'


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the group of the conversion, whatever is left of it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()
