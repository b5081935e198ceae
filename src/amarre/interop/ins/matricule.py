"""The matricule INS (13 characters and a key) and the OIDs that say what it is.

Sources: RNIPP/NIR structure (INSEE); key formula ``97 - N mod 97``; ANS, « Liste des OID des autorités
d'affectation des INS » (production .8 and .9, tests .10, demonstration .11).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from amarre.interop.ins.errors import MatriculeKeyWrong, MatriculeMalformed, OidNotAccepted, UnknownInsOid

# Position 7 is the only one that may hold a letter, and only for the two Corsican départements.
_BASE = re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{6}")
_KEY = re.compile(r"[0-9]{2}")
_SEPARATORS = re.compile(r"[\s.\u00a0\u202f-]")
_CORSICA = {"2A": "19", "2B": "18"}


class Environment(StrEnum):
    """Which world an installation talks to. It decides which OIDs are believed."""

    PRODUCTION = "production"
    QUALIFICATION = "qualification"
    SANDBOX = "sandbox"


class MatriculeKind(StrEnum):
    """Nature of a matricule, told by its OID and never by its digits: NIR and NIA look alike."""

    NIR = "NIR"
    NIA = "NIA"


@dataclass(frozen=True, slots=True)
class InsOid:
    """One assigning authority: dotted `value`, nature, and the labels of HL7 v2 (CX.4.1) and FHIR."""

    value: str
    kind: MatriculeKind
    environments: frozenset[Environment]
    hl7_label: str
    fhir_code: str


_EVERYWHERE = frozenset(Environment)
_NOT_PRODUCTION = frozenset({Environment.QUALIFICATION, Environment.SANDBOX})

# The qualification server of INSi answers fictive persons under .8 and .9, hence their presence everywhere.
INS_OIDS: tuple[InsOid, ...] = (
    InsOid("1.2.250.1.213.1.4.8", MatriculeKind.NIR, _EVERYWHERE, "ASIP-SANTE-INS-NIR", "INS-NIR"),
    InsOid("1.2.250.1.213.1.4.9", MatriculeKind.NIA, _EVERYWHERE, "ASIP-SANTE-INS-NIA", "INS-NIA"),
    InsOid("1.2.250.1.213.1.4.10", MatriculeKind.NIR, _NOT_PRODUCTION, "ASIP-SANTE-INS-NIR", "INS-NIR-TEST"),
    InsOid("1.2.250.1.213.1.4.11", MatriculeKind.NIR, _NOT_PRODUCTION, "ASIP-SANTE-INS-NIR", "INS-NIR-DEMO"),
)
_BY_VALUE = {oid.value: oid for oid in INS_OIDS}


def ins_oid(value: str) -> InsOid:
    """Return the assigning authority with this dotted OID. Raises UnknownInsOid (billing NIR, INS-C…)."""
    try:
        return _BY_VALUE[value]
    except KeyError:
        raise UnknownInsOid(oid=value[:64]) from None


def accepted_oids(environment: Environment) -> frozenset[str]:
    """Return the dotted OIDs an installation of this environment believes by default."""
    return frozenset(oid.value for oid in INS_OIDS if environment in oid.environments)


def require_accepted(oid: InsOid, accepted: frozenset[str]) -> None:
    """Raise OidNotAccepted when `oid` is not among the `accepted` dotted OIDs."""
    if oid.value not in accepted:
        raise OidNotAccepted(oid=oid.value)


def compute_key(base: str) -> str:
    """Return the two-digit key of the 13 characters `base`. Raises MatriculeMalformed."""
    if not _BASE.fullmatch(base):
        raise MatriculeMalformed()
    department = _CORSICA.get(base[5:7], base[5:7])
    return f"{97 - int(base[:5] + department + base[7:]) % 97:02d}"


@dataclass(frozen=True, slots=True, repr=False)
class Matricule:
    """13 characters and the key as received. The key may be wrong: see `key_is_right`."""

    base: str
    key: str

    def __post_init__(self) -> None:
        """Refuse what has not the shape of a matricule. Raises MatriculeMalformed."""
        if not (_BASE.fullmatch(self.base) and _KEY.fullmatch(self.key)):
            raise MatriculeMalformed()

    def __repr__(self) -> str:
        """Hide the value: a repr ends up in logs and tracebacks."""
        return "Matricule(…)"

    @property
    def value(self) -> str:
        """The 15 characters, without spaces."""
        return self.base + self.key

    @property
    def key_is_right(self) -> bool:
        """Whether the key is the one the formula gives. Some official test persons have a wrong one."""
        return self.key == compute_key(self.base)

    def grouped(self) -> str:
        """Return the usual French grouping for display, with non-breaking spaces: 2 84 12 63 220 999 62."""
        b = self.base
        return "\u00a0".join((b[0], b[1:3], b[3:5], b[5:7], b[7:10], b[10:13], self.key))


@dataclass(frozen=True, slots=True)
class MatriculeWarning:
    """A remark on a matricule received from elsewhere; it never blocks. `sentence` is French."""

    code: str
    sentence: str


KEY_WARNING = MatriculeWarning(
    "cle_incorrecte",
    "La clé du matricule reçu ne correspond pas à ses 13 premiers caractères. Il est conservé tel que reçu.",
)


KEY_TWICE_WARNING = MatriculeWarning(
    "cle_repetee",
    "Le matricule reçu compte 15 caractères, et une clé est donnée à part. Celle du matricule est retenue.",
)


def matricule_received(base: str, key: str = "") -> tuple[Matricule, tuple[MatriculeWarning, ...]]:
    """Read a matricule that came from a service, a document or a scan.

    `base` holds 13 characters (then `key` holds the key, computed when absent: INSi may omit it), or the 15
    characters together. A wrong key, or two of them, give a warning, never a refusal: official test persons
    carry one. Raises MatriculeMalformed.
    """
    text, key = base.strip().upper(), key.strip()
    if len(text) == 15 and key:
        matricule = Matricule(text[:13], text[13:])
        return matricule, (() if key == text[13:] else (KEY_TWICE_WARNING,))
    text += key
    matricule = Matricule(text, compute_key(text)) if len(text) == 13 else Matricule(text[:13], text[13:])
    return matricule, () if matricule.key_is_right else (KEY_WARNING,)


def matricule_typed(text: str) -> Matricule:
    """Read the 15 characters a person typed; spaces, dots and hyphens between groups are ignored.

    Raises MatriculeMalformed, or MatriculeKeyWrong: what a person types is checked.
    """
    compact = _SEPARATORS.sub("", text).upper()
    if len(compact) != 15:
        raise MatriculeMalformed()
    matricule = Matricule(compact[:13], compact[13:])
    if not matricule.key_is_right:
        raise MatriculeKeyWrong()
    return matricule


@dataclass(frozen=True, slots=True)
class Ins:
    """A matricule with its assigning authority: neither means anything alone."""

    matricule: Matricule
    oid: InsOid
