"""TD0.3: a professional declares, or removes, their authorisation to consult a DMP.

Sources: SEL-MP-037 (TD0.3) and its published samples, service ``habilitations``. Declaring what is already
declared, or removing what is not, is answered DMPOk: the call may be made again without fear.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from amarre.interop.common.xml import default_namespace
from amarre.interop.dmp.errors import DmpUnexpectedAnswer, error_for

NAMESPACE = "urn:si-dmp-habilitations"
SERVICE = "habilitations"
ACTION = "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization"
_N = f"{{{NAMESPACE}}}"
_OK = "DMPOk"


class AuthorisationAction(StrEnum):
    """What is asked for."""

    AJOUT = "AJOUT"
    SUPPRESSION = "SUPPRESSION"


@dataclass(frozen=True, slots=True)
class AuthorisationChange:
    """The DMP did what was asked, or had it already. `remark` is its own sentence."""

    action: AuthorisationAction
    remark: str = ""


def build_request(action: AuthorisationAction, *, treating_physician: bool = False) -> etree._Element:
    """Return a setAuthorization. `treating_physician` declares the caller médecin traitant as well."""
    root = etree.Element(_N + "setAuthorization", nsmap=default_namespace(NAMESPACE))
    etree.SubElement(root, _N + "action").text = action.value
    if treating_physician:
        etree.SubElement(root, _N + "role").text = "MEDECIN_TRAITANT"
    return root


def read_change(payload: etree._Element, action: AuthorisationAction) -> AuthorisationChange:
    """Return what was done. Raises the explained DmpError of another status, DmpUnexpectedAnswer."""
    output = payload.find(_N + "output")
    if payload.tag != _N + "setAuthorizationResponse" or output is None:
        raise DmpUnexpectedAnswer(defect="c'est un autre message")
    status = (output.findtext(_N + "status") or "").strip()
    context = " ".join((output.findtext(_N + "context") or "").split())
    if not status:
        raise DmpUnexpectedAnswer(defect="elle ne dit pas si l'autorisation a changé")
    if status != _OK:
        raise error_for(status, context)
    return AuthorisationChange(action, context)
