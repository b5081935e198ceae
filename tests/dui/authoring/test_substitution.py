"""The language of the proposed texts: names only. Sixty ways to make it compute something, none works."""

from __future__ import annotations

import dataclasses
import time

import pytest

from amarre.dui.authoring.catalogue import TEMPLATES
from amarre.dui.authoring.errors import BraceAlone, UnknownName
from amarre.dui.authoring.substitution import NAMES, Facts, check_text, fill

FACTS = Facts(
    civilite="Madame", nom="QUÉRÉ", prenom="Marie", e="e", il="elle", auteur="Loïc BREMOND", age="90 ans"
)

# Class 21 of the bad inputs: template and format injection in texts written by users.
INJECTIONS = (
    # Django and Jinja
    "{{ 7*7 }}", "{{nom}}", "{{ nom }}", "{% debug %}", "{% load log %}", "{% include '/etc/passwd' %}",
    "{% for x in nom %}{{x}}{% endfor %}", "{# nom #}", "{{ settings.SECRET_KEY }}", "{{ request.user }}",
    "{{ self.__init__.__globals__ }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{{ config.items() }}", "{{ nom|safe }}",
    "{% extends 'web/base.html' %}", "{% csrf_token %}", "{{ lipsum.__globals__ }}",
    "{% templatetag openblock %}",
    # str.format and f-strings
    "{nom.__class__}", "{nom.__class__.__init__.__globals__}", "{0}", "{0.__class__}", "{nom[0]}", "{nom!r}",
    "{nom:>1000000000}", "{nom:{nom}}", "{}", "{:d}", "{nom.__doc__}", "{auteur.password}", "{self}",
    "{nom!s:.1}", "{nom=}", "{__import__('os').system('id')}", "{1+1}", "{nom or 1}", "{lambda: 1}",
    "{[x for x in nom]}", "{nom()}", "{nom\n}", "{ }",
    # Others: percent, shell, Typst, Mako, ERB, Freemarker, Twig, LaTeX
    "{#nom}", "{$nom}", "${nom", "#{7*7}", "${7*7}", "{{constructor.constructor('alert(1)')()}}",
    "{php}echo 1;{/php}", "{{_self.env.display('id')}}", "{@include a}", "{nom}{", "}{nom}", "{nom}}",
    "{{{nom}}}", "{\u200bnom}", "{n\u0000om}", "{nom\u202e}", "{../../etc/passwd}", "{file:///etc/passwd}",
)  # fmt: skip
# What is no brace is plain text here, whatever it means elsewhere.
PLAIN = (
    "%(nom)s", "%s %n", "$nom", "`id`", "$(id)", "#read(\"/etc/passwd\")", "#panic()", "$x^2$", "\\input{",
    "@nom", "<%= 7*7 %>",
    "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "*gras* _x_", "&nom;", "%{7*7}",
)  # fmt: skip


@pytest.mark.req("classe 21")
@pytest.mark.parametrize("text", INJECTIONS)
def test_an_injection_is_refused_and_never_evaluated(text: str) -> None:
    with pytest.raises((UnknownName, BraceAlone)) as caught:
        check_text(text)
    said = caught.value.explanation()
    assert said.what
    assert "{" in said.advice or "noms possibles" in said.advice
    # Even a text that slipped in some other way is only ever copied.
    filled = fill(text, FACTS)
    assert "49" not in filled
    assert "root:" not in filled
    assert len(filled) < len(text) + 20


@pytest.mark.req("classe 21")
def test_there_are_sixty_of_them() -> None:
    assert len(set(INJECTIONS)) >= 60


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_brace_stays_as_typed(text: str) -> None:
    plain = text.replace("{", "(").replace("}", ")")
    check_text(plain)
    assert fill(plain, FACTS) == plain


def test_names_are_filled_whatever_case_accents_and_apostrophes() -> None:
    text = "{Civilité} { prénom } {NOM}, né{e} ; {auteur} ; {date d’entrée}"
    check_text(text)
    assert fill(text, dataclasses.replace(FACTS, date_d_entree="20/10/2026")) == (
        "Madame Marie QUÉRÉ, née ; Loïc BREMOND ; 20/10/2026"
    )


def test_a_value_is_never_read_again() -> None:
    facts = dataclasses.replace(FACTS, nom="{auteur}", prenom="{{ 7*7 }}")
    assert fill("{prenom} {nom}", facts) == "{{ 7*7 }} {auteur}"


def test_every_name_gives_something_of_its_own() -> None:
    values = {field.name: f"<{field.name}>" for field in dataclasses.fields(Facts)}
    filled = {fill(f"{{{name}}}", Facts(**values)) for name in NAMES}
    assert filled == set(values.values())


def test_the_texts_of_the_catalogue_hold() -> None:
    for template in TEMPLATES:
        for block in template.blocks:
            check_text(block.prefill)


def test_a_long_text_takes_no_time() -> None:
    began = time.perf_counter()
    for text in ("{" * 100_000, "{nom" * 30_000, "{nom}" * 20_000, "}" * 100_000):
        fill(text, FACTS)
        try:
            check_text(text)
        except (UnknownName, BraceAlone):
            pass
    assert time.perf_counter() - began < 2
