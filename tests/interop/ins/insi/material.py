"""Messages written by hand for the tests: they owe nothing to the kit's encoder nor to the sandbox."""

from __future__ import annotations

SOAP = "http://www.w3.org/2003/05/soap-envelope"
RESULT = "http://www.cnamts.fr/INSiResultat"


def envelope(body: str, prefix: str = "env") -> bytes:
    """Return an envelope whose body has another prefix than its root."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="{SOAP}">'
        f'<{prefix}:Body xmlns:{prefix}="{SOAP}">{body}</{prefix}:Body></soap:Envelope>'
    ).encode()


def found(
    *,
    nom: str = "D'ESSAI",
    prenoms: str = "ANNE-SOPHIE LOUISE",
    sexe: str = "F",
    date: str = "1984-12-01",
    oid: str = "1.2.250.1.213.1.4.8",
    history: str = "",
    lieu: str = "<LieuNaissance>63220</LieuNaissance>",
    ins: str = "<NumIdentifiant>2841263220999</NumIdentifiant><Cle>62</Cle>",
) -> bytes:
    """Return an answer 00."""
    return envelope(
        f'<RESULTAT xmlns="{RESULT}"><CR><CodeCR>00</CodeCR><LibelleCR>OK</LibelleCR></CR>'
        f"<INDIVIDU><INSACTIF><IdIndividu>{ins}</IdIndividu><OID>{oid}</OID></INSACTIF>{history}<TIQ>"
        f"<NomNaissance>{nom}</NomNaissance><ListePrenom>{prenoms}</ListePrenom><Sexe>{sexe}</Sexe>"
        f"<DateNaissance>{date}</DateNaissance>{lieu}</TIQ></INDIVIDU></RESULTAT>"
    )


def empty(code: str, label: str = "Aucune identite trouvee") -> bytes:
    """Return an answer without an identity."""
    return envelope(
        f'<r:RESULTAT xmlns:r="{RESULT}"><r:CR><r:CodeCR>{code}</r:CodeCR>'
        f"<r:LibelleCR>{label}</r:LibelleCR></r:CR></r:RESULTAT>"
    )


def gateway_fault(code: str, family: str) -> bytes:
    """Return a fault as the gateway writes it."""
    return envelope(
        "<soap:Fault><soap:Code><soap:Value>soap:Sender</soap:Value><soap:Subcode>"
        f"<soap:Value>soap:{family}</soap:Value></soap:Subcode></soap:Code><soap:Reason>"
        '<soap:Text xml:lang="fr">Texte.</soap:Text></soap:Reason><soap:Detail>'
        f'<siram:Erreur xmlns:siram="urn:siram" code="{code}" severite="erreur" messageID="uuid:1">Détail.'
        "</siram:Erreur></soap:Detail></soap:Fault>"
    )


def application_fault(code: str, family: str, side: str = "Receiver") -> bytes:
    """Return a fault as the application writes it: prefix S, xml:lang en, severity fatal, no messageID."""
    return envelope(
        f"<S:Fault><S:Code><S:Value>S:{side}</S:Value><S:Subcode><S:Value>S:{family}</S:Value></S:Subcode>"
        '</S:Code><S:Reason><S:Text xml:lang="en">Texte.</S:Text></S:Reason><S:Detail>'
        f'<ns2:Erreur xmlns:ns2="urn:siram" severite="fatal" code="{code}">Détail.</ns2:Erreur>'
        "</S:Detail></S:Fault>",
        "S",
    )
