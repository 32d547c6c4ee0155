"""The form of a draft: a thin view that shows one and gives back edited ones."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from core.domain.body import GRADED_FORMATS, AnswerFormat, Asked, Localization
from core.domain.key import KeyPart
from core.domain.region import Region
from core.domain.revision import Draft, Problem
from core.domain.source import Source
from core.domain.taxonomy import Axis, Label
from core.domain.writing_hints import Hint
from reviewer_app import theme
from reviewer_app.widgets.editors import EDITORS, FormatEditor
from reviewer_app.widgets.editors.region import RegionEditor
from reviewer_app.widgets.form import Field, GrowingText, LineText
from reviewer_app.widgets.label_picker import LabelPicker
from reviewer_app.widgets.rubric_editor import RubricEditor

_HINTED = ("context", "stem", "explanation")
_WRITTEN = (AnswerFormat.SHORT_TEXT, *GRADED_FORMATS)


class DraftForm(QWidget):
    """Shows one draft.

    Signals: `edited(Draft, field)`, by hand; `drawing_changed()` when the hand is to draw the
    right region or the marks of the images.
    """

    edited = Signal(object, str)
    drawing_changed = Signal()

    def __init__(self, axes: Sequence[Axis], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "scrolled")
        self._draft: Draft | None = None
        self.editor: FormatEditor | None = None
        self._editor_format: AnswerFormat | None = None
        self.context = GrowingText(self.tr("Case"), self, least=2, most=14)
        self.stem = GrowingText(self.tr("Question"), self, least=2, most=10)
        self.explanation = GrowingText(self.tr("Explanation"), self, least=2, most=10)
        self.rubric = RubricEditor(self)
        self.labels = LabelPicker(axes, self)
        self.source_text = GrowingText(self.tr("Source text"), self, least=2, most=10)
        self.citation = LineText(self.tr("Citation"), self)
        self.rights = LineText(self.tr("Rights"), self)
        self.fields = self._make_fields()
        self._editor_place = QVBoxLayout()
        self._lay_out()
        self._connect()

    def show_draft(self, draft: Draft) -> None:
        """Show a draft without a signal; cursors stay."""
        self._draft = draft
        body, key = draft.body, draft.key
        if self._editor_format is not body.format:
            self._put_editor(body.format)
        assert self.editor is not None  # noqa: S101 - just put there
        self.editor.show_parts(body.asked, key.right)
        self.context.show_text(body.context)
        self.stem.show_text(body.stem)
        self.explanation.show_text(key.explanation)
        self.rubric.show_text(key.rubric)
        self.fields["rubric"].setVisible(body.format in _WRITTEN or bool(key.rubric))
        self.labels.show_labels(draft.labels)
        self.source_text.show_text(draft.source.text)
        self.citation.show_text(draft.source.citation)
        self.rights.show_text(draft.source.rights)

    @Slot(object, object)
    def take_key_regions(self, asked: Localization, regions: tuple[Region, ...]) -> None:
        """Take the right regions as they were drawn on an image."""
        if isinstance(self.editor, RegionEditor):
            self.editor.take_regions(asked, regions)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Mark fields that are wrong; an empty sequence takes all marks away."""
        by_field: dict[str, str] = {}
        for problem in problems:
            by_field.setdefault(problem.field, problem.sentence)
        for name, field in self.fields.items():
            field.show_problem(by_field.get(name, ""))
        self.labels.show_problems(by_field)
        if self.editor is not None:
            self.editor.show_problems(by_field)

    def show_hints(self, hints: Sequence[Hint]) -> None:
        """Show advice under the field it is about."""
        for name in _HINTED:
            sentences = [hint.sentence for hint in hints if hint.field == name]
            self.fields[name].show_hint(" ".join(sentences))

    def shows_hints_of(self, field: str) -> bool:
        """Tell whether advice on this field is shown under it."""
        return field in _HINTED

    def focus_field(self, field: str) -> QWidget | None:
        """Put the focus where a field is entered; return the widget to scroll to."""
        if field in self.fields:
            self.fields[field].widget.setFocus()
            return self.fields[field]
        if self.labels.focus_field(field):
            return self.labels
        if field in ("options", "key") and self.editor is not None:
            self.editor.focus_field(field)
            return self.editor
        return None

    def _make_fields(self) -> dict[str, Field]:
        return {
            "context": Field(
                self.tr("Case: history, findings, tables (optional)"), self.context, self
            ),
            "stem": Field(self.tr("Question"), self.stem, self),
            "explanation": Field(self.tr("Why this is the right answer"), self.explanation, self),
            "rubric": Field(
                self.tr("Points to grade by"),
                self.rubric,
                self,
                hint=self.tr("A judge or a physician says of each point whether it holds."),
            ),
            "source_text": Field(
                self.tr("Text this question was rewritten from"),
                self.source_text,
                self,
                hint=self.tr("Only you and the study lead see the source."),
            ),
            "citation": Field(self.tr("Citation"), self.citation, self),
            "rights": Field(self.tr("Rights"), self.rights, self),
        }

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.space(3), theme.space(4))
        column.setSpacing(theme.space(4))
        column.addWidget(self.fields["context"])
        column.addWidget(self.fields["stem"])
        column.addLayout(self._editor_place)
        column.addWidget(self.fields["rubric"])
        column.addWidget(self.fields["explanation"])
        column.addWidget(_rule(self))
        column.addWidget(_heading(self.tr("Labels"), self))
        column.addWidget(self.labels)
        column.addWidget(_rule(self))
        column.addWidget(_heading(self.tr("Source"), self))
        for name in ("source_text", "citation", "rights"):
            column.addWidget(self.fields[name])
        column.addStretch(1)

    def _connect(self) -> None:
        self.context.edited.connect(lambda text: self._edit_body("context", text))
        self.stem.edited.connect(lambda text: self._edit_body("stem", text))
        self.explanation.edited.connect(lambda text: self._edit_key("explanation", text))
        self.rubric.edited.connect(lambda text: self._edit_key("rubric", text))
        self.labels.edited.connect(self._on_labels_edited)
        for widget, name in (
            (self.source_text, "source_text"),
            (self.citation, "citation"),
            (self.rights, "rights"),
        ):
            widget.edited.connect(lambda _, name=name: self._edit_source(name))

    def _put_editor(self, answer_format: AnswerFormat) -> None:
        if self.editor is not None:
            self._editor_place.removeWidget(self.editor)
            self.editor.hide()
            self.editor.deleteLater()
        self.editor = EDITORS[answer_format](self)
        self._editor_format = answer_format
        self.editor.edited.connect(self._on_parts_edited)
        if isinstance(self.editor, RegionEditor):
            self.editor.drawing_changed.connect(self.drawing_changed)
        self._editor_place.addWidget(self.editor)
        QWidget.setTabOrder(self.stem, self.editor)

    def _edit_body(self, field: str, text: str) -> None:
        if self._draft is None:
            return
        body = self._draft.body
        changed = replace(body, stem=text) if field == "stem" else replace(body, context=text)
        self._emit(replace(self._draft, body=changed), field)

    def _edit_key(self, field: str, text: str) -> None:
        if self._draft is None:
            return
        key = self._draft.key
        changed = (
            replace(key, explanation=text) if field == "explanation" else replace(key, rubric=text)
        )
        self._emit(replace(self._draft, key=changed), field)

    def _edit_source(self, field: str) -> None:
        if self._draft is not None:
            source = Source(self.source_text.text(), self.citation.text(), self.rights.text())
            self._emit(replace(self._draft, source=source), field)

    def _on_parts_edited(self, asked: Asked, right: KeyPart, field: str) -> None:
        if self._draft is None:
            return
        body, key = replace(self._draft.body, asked=asked), replace(self._draft.key, right=right)
        self._emit(replace(self._draft, body=body, key=key), field)

    def _on_labels_edited(self, labels: frozenset[Label], axis: str) -> None:
        if self._draft is not None:
            self._emit(replace(self._draft, labels=labels), axis)

    def _emit(self, draft: Draft, field: str) -> None:
        self._draft = draft
        self.edited.emit(draft, field)


def _heading(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    theme.set_role(label, "heading")
    return label


def _rule(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    theme.set_role(line, "line")
    return line
