"""The authorization pages: plain HTML forms, no script, and the word FICTIF where one cannot miss it."""

from __future__ import annotations

from amarre.sandbox.control.html import Child, Html, join, tag
from amarre.sandbox.services.psc.people import Holder

STYLE = """\
:root{color-scheme:light dark;--fond:#f4f7f8;--texte:#0f2a35;--carte:#fff;--trait:#5b7783;--appel:#12506b;
--sur:#fff;--alerte:#7a4b00;--fond-alerte:#fff4dc}
@media (prefers-color-scheme:dark){:root{--fond:#0a1f28;--texte:#eaf1f3;--carte:#12333f;--trait:#86a3b0;
--appel:#86c8df;--sur:#0a1f28;--alerte:#ffdf9e;--fond-alerte:#3a2a08}}
body{margin:0;background:var(--fond);color:var(--texte);font:1rem/1.5 system-ui,sans-serif}
main{max-width:46rem;margin:0 auto;padding:1rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:1rem 0 .5rem}h2{font-size:1.125rem;margin:1.75rem 0 .5rem}
.fictif{background:var(--fond-alerte);color:var(--alerte);padding:.5rem 1rem;text-align:center}
ul{list-style:none;margin:0;padding:0;display:grid;gap:.5rem}
button{font:inherit;min-height:2.75rem;border-radius:.5rem;cursor:pointer;border:1px solid var(--trait)}
button:focus-visible,input:focus-visible,a:focus-visible{outline:3px solid var(--appel);outline-offset:2px}
.personne{width:100%;text-align:left;background:var(--carte);color:inherit;padding:.5rem .75rem}
.personne b,.personne span{display:block}.personne span{font-size:.9375rem}
.oui{background:var(--appel);color:var(--sur);border-color:var(--appel);padding:.5rem 1rem}
.non{background:transparent;color:inherit;padding:.5rem 1rem}.rang{display:flex;flex-wrap:wrap;gap:.75rem}
.nombre{font-size:3rem;line-height:1;margin:.5rem 0;font-variant-numeric:tabular-nums}
input{font:inherit;min-height:2.75rem;box-sizing:border-box;width:100%;max-width:20rem;padding:0 .75rem;
border:1px solid var(--trait);border-radius:.5rem;background:var(--carte);color:inherit}
label{display:block;margin:.5rem 0 .25rem}.erreur{border-left:4px solid var(--alerte);padding-left:.75rem}
"""
STYLE_PATH = "/auth/style.css"
CHOICE_PATH = "/auth/identification"
VALIDATION_PATH = "/auth/validation"
MARK = "FICTIF : bac à sable d'Amarre. Ce n'est pas Pro Santé Connect. Ne tapez aucun vrai identifiant."


def _page(title: str, *body: Child) -> bytes:
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title} (FICTIF) – bac à sable"),
        tag("link", rel="stylesheet", href=STYLE_PATH),
    )
    banner = tag("section", tag("b", MARK), class_="fictif", aria_label="Environnement")
    content = tag("body", banner, tag("main", tag("h1", title), *body))
    return ("<!doctype html>" + tag("html", head, content, lang="fr")).encode()


def _person(holder: Holder, login: str) -> Html:
    button = tag(
        "button",
        tag("b", f"{holder.given_name} {holder.family_name}"),
        tag("span", f"{holder.title}, {holder.place}"),
        tag("span", f"Identifiant national {holder.subject_name_id}"),
        type="submit",
        name="identifiant",
        value=holder.subject_name_id,
        class_="personne",
    )
    return tag("li", tag("form", _hidden(login), button, method="post", action=CHOICE_PATH))


def _hidden(login: str) -> Html:
    return tag("input", type="hidden", name="demande", value=login)


def choice(login: str, people: list[Holder], message: str = "") -> bytes:
    """Page where one chooses who logs in. `login` identifies the request, `message` is an error in French."""
    staff = [_person(item, login) for item in people if item.staff]
    others = [_person(item, login) for item in people if not item.staff]
    typed = tag(
        "form",
        _hidden(login),
        tag("label", "Identifiant national (8 puis le numéro RPPS)", for_="identifiant"),
        tag(
            "input",
            id="identifiant",
            name="identifiant",
            inputmode="numeric",
            autocomplete="off",
            required=True,
        ),
        tag("p", tag("button", "Continuer", type="submit", class_="oui")),
        method="post",
        action=CHOICE_PATH,
    )
    return _page(
        "Qui se connecte ?",
        tag("p", message, class_="erreur", role="alert") if message else None,
        tag("p", "Choisissez une personne de la distribution : elle détient une e-CPS fictive."),
        tag("h2", "Professionnels de l'association Les Deux Quais"),
        tag("ul", *staff),
        tag("h2", "Professionnels extérieurs, sans compte dans Amarre"),
        tag("ul", *others),
        tag("h2", "Ou tapez un identifiant"),
        typed,
    )


def validation(login: str, holder: Holder, number: str) -> bytes:
    """Page that plays the telephone: the two digits, then accept or refuse."""
    return _page(
        "Valider dans l'application e-CPS",
        tag("p", f"{holder.given_name} {holder.family_name} reçoit une demande sur son téléphone."),
        tag("p", "Le nombre affiché doit être :"),
        tag("p", number, class_="nombre"),
        tag(
            "form",
            _hidden(login),
            tag("button", "Valider dans l'application e-CPS", type="submit", name="choix", value="valider",
                class_="oui"),
            tag("button", "Refuser", type="submit", name="choix", value="refuser", class_="non"),
            method="post",
            action=VALIDATION_PATH,
            class_="rang",
        ),
    )  # fmt: skip


def refusal(title: str, sentence: str) -> bytes:
    """Page of an error that must not send the browser anywhere (RFC 6749 §4.1.2.1)."""
    return _page(title, tag("p", sentence, class_="erreur", role="alert"))


def logout_question(path: str, fields: dict[str, str]) -> bytes:
    """Page that asks before closing the session, when no identity token says who asks."""
    hidden = [tag("input", type="hidden", name=name, value=value) for name, value in fields.items()]
    button = tag("button", "Fermer ma session", type="submit", class_="oui")
    return _page(
        "Fermer votre session Pro Santé Connect ?",
        tag("form", join(*hidden), button, method="post", action=path),
    )


def logged_out() -> bytes:
    """Page shown when no return address was given."""
    return _page("Session fermée", tag("p", "Votre session Pro Santé Connect (fictive) est fermée."))
