"""Prompt templates: read the shipped ones, write own ones, see them on a real question."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.body import AnswerFormat
from core.errors import BlindingError, CoreError, ValidationError
from reviewer_app import theme
from reviewer_app.pages.evaluate.wording import question_place
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.form import Field, GrowingText, LineText
from reviewer_app.wording import format_name

if TYPE_CHECKING:
    from core.domain.plain import Plain
    from core.llm.prompts import Template
    from reviewer_app.pages.evaluate.prompts_presenter import Rendered

_ENTRY_PAUSE_MS: Final = 400
_LAYOUTS: Final = ("system", "question", "question_without_text")


class PromptsView(QWidget):
    """Signals: `render_requested(object)`, with the format whose instruction is being written or
    None; `step_requested(int)`; `save_requested()`; `use_requested(str)`, a template for the
    next run.
    """

    render_requested = Signal(object)
    step_requested = Signal(int)
    save_requested = Signal()
    use_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._templates: tuple[Template, ...] = ()
        self._wanted: AnswerFormat | None = None
        self._drafts: dict[str, Plain] = {}
        self._base = ""
        self._is_wrong = False
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Prompt templates"))
        self.about = QLabel(self)
        self.about.setWordWrap(True)
        theme.set_role(self.about, "hint")
        self.name = LineText(self.tr("Name"), self)
        self.texts = self._make_texts()
        self.instructions = self._make_instructions()
        self.fields = self._make_fields()
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self.problem, "error")
        self.leak = self._make_leak_frame()
        self.save_button = make_button(
            self.tr("Save as new version"),
            self,
            icon="mdi6.content-save-outline",
            kind="primary",
            tip=self.tr("A stored version never changes; runs name it"),
        )
        self.use_button = make_button(
            self.tr("Use in the next run"),
            self,
            icon="mdi6.play-outline",
            tip=self.tr("Choose this template in the form of a new run"),
        )
        self.discard_button = QPushButton(self.tr("Discard changes"), self)
        theme.set_kind(self.discard_button, "quiet")
        self.discard_button.setToolTip(self.tr("Go back to the template as it is stored"))
        self.preview_title = QLabel(self)
        theme.set_role(self.preview_title, "strong")
        self.previous = self._step_button("mdi6.chevron-left", self.tr("Question before"), -1)
        self.next = self._step_button("mdi6.chevron-right", self.tr("Next question"), 1)
        self.preview = self._make_preview()
        self._pause = self._make_pause()
        self._lay_out()
        self._connect()
        self._say_problem(None)

    @property
    def drafts(self) -> dict[str, Plain]:
        """What was written and is not saved, by the template it began with."""
        return dict(self._drafts)

    def take_drafts(self, drafts: dict[str, Plain]) -> None:
        """Take what was written before the last end."""
        self._drafts = dict(drafts)
        self._base = next(iter(drafts), self._base)

    def data(self) -> Plain:
        """Return what is written, as a template is stored."""
        return {
            "name": self.name.text(),
            **{name: text.text() for name, text in self.texts.items()},
            "instructions": {one.value: text.text() for one, text in self.instructions.items()},
        }

    def _show_data(self, data: Plain) -> None:
        self.name.show_text(str(data.get("name", "")))
        for name, text in self.texts.items():
            text.show_text(str(data.get(name, "")))
        said = data.get("instructions", {})
        for one, text in self.instructions.items():
            text.show_text(str(said.get(one.value, "")))
        self._wanted = None
        self._update_buttons()
        self.render_requested.emit(None)

    def show_templates(self, templates: tuple[Template, ...]) -> None:
        """List the templates; the chosen one stays, with what was written from it."""
        is_same = templates == self._templates
        self._templates = templates
        if is_same:
            return
        self.list.blockSignals(True)
        self.list.clear()
        for template in templates:
            item = QListWidgetItem(template.name)
            item.setToolTip(template.about or template.name)
            self.list.addItem(item)
        names = [one.name for one in templates]
        self.list.setCurrentRow(names.index(self._base) if self._base in names else 0)
        self.list.blockSignals(False)
        self._mark_rows()
        self._on_row_changed(self.list.currentRow())

    def _mark_rows(self) -> None:
        for row, template in enumerate(self._templates):
            item, is_open = self.list.item(row), template.name in self._drafts
            own = "mdi6.account-edit-outline" if template.is_own else "mdi6.package-variant"
            item.setIcon(theme.icon("mdi6.pencil-outline" if is_open else own))
            changed = self.tr("%1 (changed, not saved)").replace("%1", template.name)
            item.setText(changed if is_open else template.name)

    def chosen_name(self) -> str:
        """Return the template that is chosen in the list."""
        row = self.list.currentRow()
        return self._templates[row].name if 0 <= row < len(self._templates) else ""

    def show_rendered(self, rendered: Rendered) -> None:
        """Show what an endpoint would read, or what is wrong."""
        self.preview_title.setText(
            question_place(rendered.number, rendered.place, rendered.total)
            if rendered.total
            else self.tr("No question to show it on yet")
        )
        for button in (self.previous, self.next):
            button.setEnabled(rendered.total > 1)
        if rendered.prompt is not None:
            parts = (rendered.prompt.system, rendered.prompt.text)
            self.preview.setPlainText("\n\n———\n\n".join(part for part in parts if part))
        elif rendered.total:
            self.preview.clear()
        self._say(rendered.problem, rendered.field, is_leak=rendered.is_leak)

    def show_saved(self, name: str) -> None:
        """Note that what is written is stored under a name."""
        self._drafts.pop(self._base, None)
        self._base = name
        self.name.show_text(name)
        self._mark_rows()
        self._update_buttons()

    def show_refused(self, error: CoreError) -> None:
        """Say why it was not saved."""
        self._say_problem(error)

    def _say_problem(self, error: CoreError | None) -> None:
        field = error.field if isinstance(error, ValidationError) else ""
        is_leak = isinstance(error, BlindingError)
        self._say("" if error is None else str(error), field, is_leak=is_leak)

    def _say(self, sentence: str, field: str, *, is_leak: bool) -> None:
        for name, place in self.fields.items():
            place.show_problem(sentence if name == field else "")
        is_elsewhere = bool(sentence) and field not in self.fields and not is_leak
        self.problem.setText(sentence if is_elsewhere else "")
        self.problem.setVisible(is_elsewhere)
        self._leak_words.setText(sentence if is_leak else "")
        self.leak.setVisible(is_leak)
        self._is_wrong = bool(sentence)
        self._update_buttons()

    def _make_fields(self) -> dict[str, Field]:
        places = self.tr("Places: %1").replace(
            "%1", "{context}  {stem}  {pictures}  {options}  {instruction}"
        )
        fields = {
            "name": Field(self.tr("Name"), self.name, self),
            "system": Field(self.tr("System text"), self.texts["system"], self),
            "question": Field(self.tr("Question"), self.texts["question"], self, hint=places),
            "question_without_text": Field(
                self.tr("Under the condition image only"),
                self.texts["question_without_text"],
                self,
            ),
        }
        hints = {
            AnswerFormat.NUMERIC: self.tr("Place: {unit}"),
            AnswerFormat.REGION: self.tr("Places: %1").replace(
                "%1", "{form}  {image}  {width}  {height}"
            ),
        }
        for one, text in self.instructions.items():
            hint = hints.get(one, "")
            caption = self.tr("Instruction: %1").replace("%1", format_name(one))
            fields[f"instructions.{one.value}"] = Field(caption, text, self, hint=hint)
        return fields

    def _make_leak_frame(self) -> QFrame:
        frame = QFrame(self)
        theme.set_role(frame, "error")
        title = QLabel(self.tr("This prompt tells the answer"), frame)
        theme.set_role(title, "strong")
        self._leak_words = QLabel(frame)
        self._leak_words.setWordWrap(True)
        self._leak_words.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(frame)
        column.addWidget(title)
        column.addWidget(self._leak_words)
        return frame

    def _make_texts(self) -> dict[str, GrowingText]:
        return {
            "system": GrowingText(self.tr("System text"), self, least=2, most=6),
            "question": GrowingText(self.tr("Layout of a question"), self, least=5, most=12),
            "question_without_text": GrowingText(self.tr("Layout of image only"), self, least=2),
        }

    def _make_instructions(self) -> dict[AnswerFormat, GrowingText]:
        return {
            one: GrowingText(
                self.tr("Instruction: %1").replace("%1", format_name(one)), self, least=1, most=4
            )
            for one in AnswerFormat
        }

    def _make_preview(self) -> QPlainTextEdit:
        preview = QPlainTextEdit(self)
        preview.setReadOnly(True)
        preview.setTabChangesFocus(True)
        preview.setAccessibleName(self.tr("What an endpoint would read"))
        return preview

    def _make_pause(self) -> QTimer:
        pause = QTimer(self)
        pause.setSingleShot(True)
        pause.setInterval(_ENTRY_PAUSE_MS)
        pause.timeout.connect(lambda: self.render_requested.emit(self._wanted))
        return pause

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal, self)
        sides = (self._left_side(), 200), (self._middle(), 480), (self._right_side(), 480)
        for widget, width in sides:
            split.addWidget(widget)
            split.setStretchFactor(split.count() - 1, width)
        split.setSizes([theme.text_px(width) for _, width in sides])
        split.setChildrenCollapsible(False)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(split)

    def _left_side(self) -> QWidget:
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, theme.space(2), 0)
        column.addWidget(self.list, 1)
        column.addWidget(self.about)
        column.addWidget(self.use_button)
        return side

    def _middle(self) -> QWidget:
        inner = QWidget()
        theme.set_role(inner, "scrolled")
        form = QVBoxLayout(inner)
        form.setContentsMargins(0, 0, theme.space(3), 0)
        form.setSpacing(theme.space(3))
        for field in self.fields.values():
            form.addWidget(field)
        form.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(theme.space(2), 0, theme.space(2), 0)
        column.addWidget(scroll, 1)
        column.addWidget(self.problem)
        buttons = QHBoxLayout()
        buttons.addWidget(self.discard_button)
        buttons.addWidget(self.save_button, 1)
        column.addLayout(buttons)
        return middle

    def _right_side(self) -> QWidget:
        head = QHBoxLayout()
        head.addWidget(self.preview_title, 1)
        head.addWidget(self.previous)
        head.addWidget(self.next)
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(theme.space(2), 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.leak)
        column.addWidget(self.preview, 1)
        return side

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.name.edited.connect(self._on_edited)
        for name in _LAYOUTS:
            self.texts[name].edited.connect(self._on_edited)
        for one, text in self.instructions.items():
            text.edited.connect(partial(self._on_instruction_edited, one))
        self.save_button.clicked.connect(self.save_requested)
        self.discard_button.clicked.connect(self._on_discard_clicked)
        self.use_button.clicked.connect(lambda: self.use_requested.emit(self.chosen_name()))

    def _update_buttons(self) -> None:
        is_open = self._base in self._drafts
        self.save_button.setEnabled(is_open and not self._is_wrong)
        self.discard_button.setEnabled(is_open)
        self.use_button.setEnabled(not is_open and bool(self.chosen_name()))

    @Slot(int)
    def _on_row_changed(self, row: int) -> None:
        if not 0 <= row < len(self._templates):
            return
        template = self._templates[row]
        self.about.setText(template.about)
        self.about.setVisible(bool(template.about))
        self._base = template.name
        self._show_data(self._drafts.get(template.name) or template_data(template))

    @Slot()
    def _on_edited(self) -> None:
        is_new = self._base not in self._drafts
        self._drafts[self._base] = self.data()
        if is_new:
            self._mark_rows()
        self._update_buttons()
        self._pause.start()

    @Slot()
    def _on_discard_clicked(self) -> None:
        self._drafts.pop(self._base, None)
        self._mark_rows()
        self._on_row_changed(self.list.currentRow())

    def _on_instruction_edited(self, one: AnswerFormat, _text: str) -> None:
        # The question shown is one to which these words belong.
        self._wanted = one
        self._on_edited()

    def _step_button(self, icon_name: str, name: str, steps: int) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon(icon_name))
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda: self._on_step(steps))
        return button

    def _on_step(self, steps: int) -> None:
        self._wanted = None
        self.step_requested.emit(steps)


def template_data(template: Template) -> Plain:
    """Return a template as the editor writes it."""
    return {
        "name": template.name,
        "system": template.system,
        "question": template.question,
        "question_without_text": template.question_without_text,
        "instructions": {one.value: said for one, said in template.instructions.items()},
    }
