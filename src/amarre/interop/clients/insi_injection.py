"""The CNDA's injection files, tied to the requests they answer.

Source: CNDA authorisation scenarios of the INSi teleservice (file names and persons, as met in public
implementations). The files themselves are given by the CNDA for a test session and are not shipped.
"""

from __future__ import annotations

from pathlib import Path

from amarre.interop.ins.matricule import Environment
from amarre.interop.transport.errors import InjectionForbidden, InjectionUnreadable
from amarre.interop.transport.http import HttpTransport
from amarre.interop.transport.injection import (
    ALLOWED_ENVIRONMENTS,
    InjectingTransport,
    Injection,
    read_injection,
)

# File → the requests it answers, by birth name and given name sent.
CNDA_FILES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "REP_CR01.xml",
        (
            ("TCHITCHI", "OLA"),
            ("HOUILLES", "PIERRE"),
            ("HOUILLES", "PAUL"),
            ("HOUILLES", "JACQUES"),
            ("HOUILLES", "PIERRE PAUL JACQUES"),
        ),
    ),
    ("TEST_2.04_cas2.xml", (("ECETINSI", "PIERRE-ALAIN"),)),
    ("TEST_2.05.xml", (("PROVISOIRE", "MATRICULE"),)),
    ("TEST_2.08_cas1.xml", (("CORSE", "ANTHONY"),)),
    ("TEST_2.08_cas2.xml", (("HERMANN", "GATIEN"),)),
)


def cnda_transport(inner: HttpTransport, folder: Path, environment: Environment) -> InjectingTransport:
    """Return a transport that answers the CNDA's scenarios from the files of `folder`.

    Files may be absent (a session uses some of them), but not all. Raises InjectionForbidden in production,
    before anything is read, and InjectionUnreadable.
    """
    if environment.value not in ALLOWED_ENVIRONMENTS:
        raise InjectionForbidden()
    injections: list[Injection] = []
    for name, requests in CNDA_FILES:
        if not (folder / name).exists():
            continue
        body = read_injection(folder, name)
        injections += [
            Injection(name, {"NomNaissance": nom, "Prenom": prenom}, body) for nom, prenom in requests
        ]
    if not injections:
        raise InjectionUnreadable(name=CNDA_FILES[0][0])
    return InjectingTransport(inner, tuple(injections), environment=environment.value)
