"""Files given on the command line: bounded, ordinary, explained when they are not what they should be.

FileRefused
├── FileEmpty        FIC-001
├── FileTooLarge     FIC-002
├── FileNotXml       FIC-003
└── FileForbidden    FIC-004
"""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry
from amarre.interop.common.xml import MAX_BYTES, XmlForbidden, XmlNotWellFormed, XmlTooLarge


class FileRefused(AmarreError):
    """Base of what is wrong with a file given on the command line. `name` is its name, without its folder."""

    phase = Phase.READ
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.SUPPORT
    data_state = "Rien n'a été lu, envoyé ni enregistré."


class FileEmpty(FileRefused):
    """Nothing in it."""

    code = "FIC-001"
    what = "Le fichier {name} est vide."
    advice = "Demandez de nouveau le document à qui vous l'a donné, ou refaites-le."


class FileTooLarge(FileRefused):
    """Over the limit; its size was asked, its bytes were not read."""

    code = "FIC-002"
    what = "Le fichier {name} est trop volumineux : {size} Mo, {limit} Mo au plus."
    advice = "Vérifiez que c'est le bon fichier. Un document de santé pèse rarement plus de quelques Mo."


class FileNotXml(FileRefused):
    """Not XML, cut, or in another encoding than the one it declares."""

    code = "FIC-003"
    what = "Le fichier {name} n'est pas un document lisible : {defect} (ligne {line})."
    advice = (
        "Vérifiez que c'est le document CDA lui-même (.xml, pas le PDF ni l'archive), qu'il est entier et"
        " écrit dans l'encodage qu'il annonce (UTF-8)."
    )


class FileForbidden(FileRefused):
    """A DTD, an entity, an abnormal depth…: what attacks rely on and no CDA holds."""

    code = "FIC-004"
    what = "Le fichier {name} contient une construction interdite : {construct}."
    advice = (
        "Un document CDA n'en contient jamais. Ne l'ouvrez pas avec un autre logiciel : demandez-le de"
        " nouveau à son auteur, par un canal sûr."
    )


def ordinary_file(name: str) -> Path:
    """Return the path of an ordinary file; argparse explains the refusal (exit code 2)."""
    path = Path(name)
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{name} est un dossier, il faut un fichier")
    if not path.exists():
        raise argparse.ArgumentTypeError(f"le fichier {name} n'existe pas")
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"{name} n'est pas un fichier ordinaire")
    if not os.access(path, os.R_OK):
        raise argparse.ArgumentTypeError(f"vous n'avez pas le droit de lire {name}")
    return path


def new_file(name: str) -> Path:
    """Return the path of a file to create, in a folder that exists; argparse explains the refusal."""
    path = Path(name)
    if path.exists():
        raise argparse.ArgumentTypeError(f"le fichier {name} existe déjà")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"le dossier {path.parent} n'existe pas")
    return path


def read_bounded(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of a file, `limit` at most. Raises FileEmpty, FileTooLarge, OSError."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        # What grows while it is read is bounded all the same.
        data = file.read(limit + 1) if size <= limit else b""
    if size > limit or len(data) > limit:
        raise FileTooLarge(name=path.name, size=max(size, len(data)) // 1_000_000, limit=limit // 1_000_000)
    if not data:
        raise FileEmpty(name=path.name)
    return data


@contextlib.contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Say of a file on disk what the parser says of an answer of a service: same causes, other advice."""
    try:
        yield
    except XmlNotWellFormed as error:
        line, defect = error.params["line"], error.params["defect"]
        raise FileNotXml(name=path.name, line=line, defect=defect) from error
    except XmlForbidden as error:
        raise FileForbidden(name=path.name, construct=error.params["construct"]) from error
    except XmlTooLarge as error:
        size, limit = (int(error.params[key]) // 1_000_000 for key in ("size", "limit"))
        raise FileTooLarge(name=path.name, size=size, limit=limit) from error


def write_private(path: Path, data: bytes) -> None:
    """Create a file that only the person who asked may read. Raises FileExistsError, OSError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
