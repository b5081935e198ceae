"""Typed errors that can be explained to a person.

Every failure of Amarre answers five questions by its class, not by its reader: which one (``code``), where
(``phase``), whose fault (``fault``), again or not (``retry``), and what may have happened on the other side
(``effect``). Its sentences are French because they are shown to professionals.

    AmarreError
    └── one base per package (InsError, DmpError, …), never raised itself
        └── one class per cause
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Phase(StrEnum):
    """Where in an exchange the failure happened."""

    BUILD = "build"
    CONNECT = "connect"
    SEND = "send"
    WAIT = "wait"
    READ = "read"
    REMOTE = "remote"


class Fault(StrEnum):
    """Whose fault it is: ours (software, settings), theirs (remote service), the data's."""

    OURS = "ours"
    THEIRS = "theirs"
    DATA = "data"


class Retry(StrEnum):
    """Whether the same bytes may be sent again."""

    NEVER = "never"
    LATER = "later"
    AFTER_FIX = "after_fix"


class Effect(StrEnum):
    """What may have happened at the remote service. UNKNOWN means: query before resending."""

    NONE = "none"
    UNKNOWN = "unknown"


class Contact(StrEnum):
    """Who can help, by role. The DUI replaces the role by the name and telephone of the establishment."""

    SUPPORT = "support"
    REFERENT_IDENTITE = "referent_identite"
    ADMINISTRATEUR = "administrateur"
    PILOTE_DUI = "pilote_dui"
    DPO = "dpo"
    DESTINATAIRE = "destinataire"


@dataclass(frozen=True, slots=True)
class Explanation:
    """The five parts of an error shown to a person, in French."""

    code: str
    what: str
    data_state: str
    advice: str
    contact: Contact
    reference: str


class AmarreError(Exception):
    """Base of every explained error. Subclasses give all class attributes; this class is never raised.

    ``what``, ``data_state`` and ``advice`` are ``str.format`` templates filled with the keyword parameters
    given to the constructor. Parameters never carry an identity trait or a matricule: they may be logged.
    """

    code: ClassVar[str]
    phase: ClassVar[Phase]
    fault: ClassVar[Fault]
    retry: ClassVar[Retry]
    effect: ClassVar[Effect] = Effect.NONE
    what: ClassVar[str]
    data_state: ClassVar[str]
    advice: ClassVar[str]
    contact: ClassVar[Contact] = Contact.SUPPORT

    def __init__(
        self,
        *,
        remote_code: str = "",
        remote_text: str = "",
        reference: str = "",
        **params: str | int,
    ) -> None:
        if "code" not in type(self).__dict__:
            raise TypeError(f"{type(self).__name__} is a base class and cannot be raised")
        self.params = params
        self.remote_code = remote_code
        # The remote text may quote what was sent: kept for the exchange's page, never put in str(self).
        self.remote_text = remote_text
        self.reference = reference
        self._retold: dict[str, str] = {}
        super().__init__(f"{self.code} {type(self).__name__}" + (f" [{remote_code}]" if remote_code else ""))

    def retell(self, *, data_state: str = "", advice: str = "") -> None:
        """Say instead what is true where the error was met: a class speaks of its usual place."""
        said = {"data_state": data_state, "advice": advice}
        self._retold |= {key: text for key, text in said.items() if text}

    def explanation(self, reference: str = "") -> Explanation:
        """Return the French explanation; `reference` is the identifier to copy when asking for help."""
        return Explanation(
            code=self.code,
            what=self.what.format(**self.params),
            data_state=self._retold.get("data_state") or self.data_state.format(**self.params),
            advice=self._retold.get("advice") or self.advice.format(**self.params),
            contact=self.contact,
            reference=reference or self.reference or self.code,
        )


def walk_error_classes(base: type[AmarreError] = AmarreError) -> list[type[AmarreError]]:
    """Return every concrete (raisable) error class imported so far, sorted by code."""
    found: dict[str, type[AmarreError]] = {}
    stack = [base]
    while stack:
        cls = stack.pop()
        stack.extend(cls.__subclasses__())
        if "code" in cls.__dict__:
            found[f"{cls.code} {cls.__module__}.{cls.__qualname__}"] = cls
    return [found[key] for key in sorted(found)]
