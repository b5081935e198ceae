"""What somebody needs to make a first call: ready profiles and two example documents, in `<data>/depart`.

The documents are a static CDA level 1 of a person of the cast, written once; only identifiers, times and
version are filled in. They stay the same as long as the folder does, like a document that was filed.
"""

from __future__ import annotations

import datetime
import json
from importlib.resources import files
from pathlib import Path

from amarre.cast import ASSOCIATION, ESTABLISHMENTS, persona
from amarre.interop.common.clock import Clock
from amarre.sandbox.pki import Use, certificate_paths

HOUSE = ESTABLISHMENTS[0]
AUTHOR = persona("loic-bremond")
# Who the examples are about.
PERSON = "yvonne-le-bihan"
# File → mode of the DMP, and how the professional logged in (AIR asks for a strong login).
PROFILES = {
    "dmp-etablissement.toml": ("INDIRECTE", ""),
    "dmp-professionnel.toml": ("INDIRECTE_RENFORCEE", "MOBILE_TWO_FACTOR"),
}
FIRST, SECOND = "projet.xml", "projet-version-2.xml"


def folder(data_dir: Path) -> Path:
    """Return the folder of the starter under the sandbox's data directory."""
    return data_dir / "depart"


def write(data_dir: Path, https_url: str, clock: Clock) -> None:
    """Write the profiles for the present addresses, and the documents when they are not there yet."""
    target = folder(data_dir)
    target.mkdir(parents=True, exist_ok=True)
    for name, (mode, context) in PROFILES.items():
        (target / name).write_text(_profile(data_dir, https_url, mode, context), "utf-8")
    if not (target / SECOND).exists():
        now = clock.now()
        first = _number(now, 1)
        (target / FIRST).write_text(_document(now, 1, first), "utf-8")
        (target / SECOND).write_text(_document(now, 2, _number(now, 2), replaces=first), "utf-8")


def _number(now: datetime.datetime, version: int) -> str:
    return f"{ASSOCIATION.root_oid}.{HOUSE.oid_arc}.7.{now:%Y%m%d%H%M%S}.{version}"


def _document(now: datetime.datetime, version: int, number: str, replaces: str = "") -> str:
    """Return one example; `replaces` is the identifier of the version before."""
    related = ""
    if replaces:
        related = (
            f'  <relatedDocument typeCode="RPLC"><parentDocument><id root="{replaces}"/></parentDocument>'
            "</relatedDocument>\n"
        )
    text = files("amarre.sandbox.starter").joinpath("projet.xml").read_text("utf-8")
    for mark, value in {
        "@ID@": number,
        "@FAMILLE@": f"{ASSOCIATION.root_oid}.{HOUSE.oid_arc}.9.{now:%Y%m%d%H%M%S}",
        "@LOCAL@": f"{ASSOCIATION.root_oid}.{HOUSE.oid_arc}.1",
        "@INSTANT@": f"{now:%Y%m%d%H%M%S}+0000",
        "@DEBUT@": f"{now:%Y%m%d%H%M}+0000",
        "@VERSION@": str(version),
        "@REMPLACE@": related,
    }.items():
        text = text.replace(mark, value)
    return text


def _profile(data_dir: Path, https_url: str, mode: str, context: str) -> str:
    """Return a profile of `amarre dmp` (TOML) for the first establishment of the cast."""
    tls = certificate_paths(data_dir.absolute(), Use.DMP_AUTHENTICATION, HOUSE.struct_idnat)
    seal = certificate_paths(data_dir.absolute(), Use.DMP_SIGNATURE, HOUSE.struct_idnat)
    sections: dict[str, dict[str, str]] = {
        "": {
            "environment": "sandbox",
            "mode": mode,
            "base_url": f"{https_url}/si-dmp-server/v2/services",
            "root_oid": f"{ASSOCIATION.root_oid}.{HOUSE.oid_arc}",
            "content_type": HOUSE.content_type,
        },
        "structure": {
            "identifier": HOUSE.struct_idnat,
            "name": HOUSE.name,
            "sector": HOUSE.facility_type,
        },
        "software": {
            "oid": f"{ASSOCIATION.root_oid}.{HOUSE.oid_arc}.2",
            "name": "Amarre",
            "version": "0.1",
            "homologation": "FICTIF",
        },
        "actor": {
            "identifier": f"8{AUTHOR.rpps}",
            "family_name": AUTHOR.family_name,
            "given_name": AUTHOR.given_name,
            "specialty": "G15_60",
        }
        | ({"context": context} if context else {}),
        "signature": {"cert": str(seal.certificate), "key": str(seal.key)},
        "tls": {"ca": str(tls.authorities), "cert": str(tls.certificate), "key": str(tls.key)},
    }
    lines = [
        "# Profil de « amarre dmp » pour ce bac à sable. Personnes, établissement et certificats fictifs."
    ]
    for name, values in sections.items():
        lines += [f"\n[{name}]"] if name else []
        # A JSON string is a TOML basic string.
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"
