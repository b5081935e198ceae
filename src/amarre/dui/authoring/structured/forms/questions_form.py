"""The forms of fixed questions: autonomy, advance directives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from amarre.dui.authoring.blocks import Block, Content, kind_of
from amarre.dui.authoring.structured.fields import capital
from amarre.dui.authoring.structured.forms.base import StructuredForm
from amarre.dui.authoring.structured.forms.fields import PartialDayField, WordsField
from amarre.dui.authoring.structured.questions import Autonomy, Directives, QuestionsKind
from amarre.dui.authoring.structured.values import object_of, text_of
from amarre.interop.cda.structured.observations import plain_words


@dataclass(frozen=True, slots=True)
class QuestionFields:
    """One question on the page: its words, its answers, its remark if it takes one."""

    label: str
    value: forms.BoundField
    remark: forms.BoundField | None


class QuestionsForm(StructuredForm):
    """Questions by groups; nothing is ticked to begin with."""

    template_name = "authoring/blocs/questions.html"

    def __init__(self, block: Block, content: Content, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(block, content, data)
        kind = kind_of(block)
        if not isinstance(kind, QuestionsKind):
            raise TypeError(f"{block.kind} is not made of questions")
        self.kind = kind
        self.fields["day"] = PartialDayField(label="Date", initial=text_of(content, "day"))
        kept = object_of(content, "answers")
        for group in kind.groups:
            for code in group.questions:
                answer = object_of(kept, code.code)
                self.fields[f"q-{code.code}"] = forms.ChoiceField(
                    label=capital(plain_words(code)),
                    required=False,
                    choices=(*kind.answers, ("", "Non précisé")),
                    widget=forms.RadioSelect,
                    initial=text_of(answer, "value"),
                )
                if kind.remarks:
                    self.fields[f"r-{code.code}"] = WordsField(
                        label=f"Remarque : {plain_words(code)}",
                        widget=forms.TextInput({"placeholder": "Remarque"}),
                        initial=text_of(answer, "remark"),
                    )

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return nothing: the fields are made from the content, each with its own."""
        return {}

    @property
    def groups(self) -> list[tuple[str, list[QuestionFields]]]:
        """The questions of the page, by heading."""
        return [
            (
                group.title,
                [
                    QuestionFields(
                        capital(plain_words(code)),
                        self[f"q-{code.code}"],
                        self[f"r-{code.code}"] if self.kind.remarks else None,
                    )
                    for code in group.questions
                ],
            )
            for group in self.kind.groups
        ]

    @property
    def before(self) -> list[forms.BoundField]:
        """The fields before the questions."""
        return [self["day"]]

    @property
    def after(self) -> list[forms.BoundField]:
        """The fields after the questions."""
        return []

    def content(self) -> dict[str, Any]:
        """Return {"day", "answers", …}, without what is empty."""
        cleaned = self.cleaned_data
        answers = {}
        for group in self.kind.groups:
            for code in group.questions:
                kept = {"value": cleaned[f"q-{code.code}"], "remark": cleaned.get(f"r-{code.code}", "")}
                if any(kept.values()):
                    answers[code.code] = {name: value for name, value in kept.items() if value}
        found = {"answers": answers} | {
            name: cleaned[name] for name in self.fields if not name.startswith(("q-", "r-"))
        }
        return {name: value for name, value in found.items() if value}


class AutonomyForm(QuestionsForm):
    """What the person can do, then the GIR and words."""

    def __init__(self, block: Block, content: Content, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(block, content, data)
        self.fields["gir"] = forms.ChoiceField(
            label="Groupe iso-ressources (GIR)",
            required=False,
            choices=(("", "Non évalué"), *Autonomy.girs),
            initial=text_of(content, "gir"),
        )
        self.fields["note"] = WordsField(
            label="Aides et habitudes",
            help_text="Toilette, repas, déplacements, communication : ce qui aide la personne.",
            max_length=4000,
            widget=forms.Textarea({"rows": 3}),
            initial=text_of(content, "note"),
        )

    @property
    def after(self) -> list[forms.BoundField]:
        """GIR and words."""
        return [self["gir"], self["note"]]


class DirectivesForm(QuestionsForm):
    """Whether directives were written, when, where; then what they ask for."""

    def __init__(self, block: Block, content: Content, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(block, content, data)
        self.fields["day"].label = "Rédigées le"
        self.fields["written"] = forms.ChoiceField(
            label="La personne a-t-elle rédigé des directives anticipées ?",
            required=False,
            choices=Directives.written,
            widget=forms.RadioSelect,
            initial=text_of(content, "written"),
        )
        self.fields["where"] = WordsField(label="Où les trouver", initial=text_of(content, "where"))
        self.fields["note"] = WordsField(
            label="Précisions",
            max_length=2000,
            widget=forms.Textarea({"rows": 2}),
            initial=text_of(content, "note"),
        )

    @property
    def before(self) -> list[forms.BoundField]:
        """Whether, when, where."""
        return [self["written"], self["day"], self["where"]]

    @property
    def after(self) -> list[forms.BoundField]:
        """Words."""
        return [self["note"]]
