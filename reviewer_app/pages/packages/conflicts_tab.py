"""The tab Conflicts: questions with two versions, compared field by field and settled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.domain.body import options_of
from reviewer_app import theme
from reviewer_app.package_words import counted
from reviewer_app.pages.packages.conflicts_presenter import ConflictsPresenter, Version
from reviewer_app.pages.packages.field_row import FieldRow
from reviewer_app.widgets.empty_state import EmptyState
from reviewer_app.widgets.form import LineText
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.wording import letter, moment

if TYPE_CHECKING:
    from core.services.merging.service import OpenConflict

_LIST_PX: Final = 168


class ConflictsTab(QWidget):
    """Settles what was changed in two places."""

    def __init__(self, presenter: ConflictsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from core.domain.three_way import Side

        self.presenter = presenter
        self.rows: list[FieldRow] = []
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Questions in conflict"))
        self.list.setToolTip(self.tr("Up and Down choose a question"))
        self.title = QLabel(self)
        theme.set_role(self.title, "heading")
        self.who = QLabel(self)
        self.who.setWordWrap(True)
        theme.set_role(self.who, "hint")
        self.mine_button = QPushButton(self.tr("All mine (I)"), self)
        self.theirs_button = QPushButton(self.tr("All theirs (T)"), self)
        for button, side, key in (
            (self.mine_button, Side.MINE, "I"),
            (self.theirs_button, Side.THEIRS, "T"),
        ):
            button.clicked.connect(lambda _=False, side=side: presenter.pick_all(side))
            add_button_keys(button, key)
        self.reason_edit = LineText(self.tr("Why (may stay empty)"), self)
        self.reason_edit.setPlaceholderText(self.tr("Why (may stay empty)"))
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        theme.set_role(self.problem, "error")
        self.settle_button = QPushButton(self)
        theme.set_kind(self.settle_button, "primary")
        self.settle_button.setToolTip(
            self.tr("Stores a version made of both; neither of the two is lost")
        )
        self.settle_button.clicked.connect(self._on_settle_clicked)
        add_button_keys(self.settle_button, "S")
        self.empty = EmptyState(
            "mdi6.source-merge",
            self.tr("No conflict"),
            self.tr(
                "When two people change one question in two places, both versions stay, and the "
                "question comes here. You see what each of them changed and choose field by field."
            ),
            parent=self,
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.list.setFixedWidth(theme.text_px(_LIST_PX))
        head = QHBoxLayout()
        head.setSpacing(theme.space(2))
        words = QVBoxLayout()
        words.setSpacing(theme.space(1))
        words.addWidget(self.title)
        words.addWidget(self.who)
        head.addLayout(words, 1)
        head.addWidget(self.mine_button)
        head.addWidget(self.theirs_button)
        self._fields = QWidget(self)
        theme.set_role(self._fields, "scrolled")
        self._field_column = QVBoxLayout(self._fields)
        self._field_column.setContentsMargins(0, 0, 0, 0)
        self._field_column.setSpacing(theme.space(3))
        self._field_column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._fields)
        last = QHBoxLayout()
        last.setSpacing(theme.space(2))
        last.addWidget(self.reason_edit, 1)
        last.addWidget(self.settle_button)
        right = QVBoxLayout()
        right.setSpacing(theme.space(3))
        right.addLayout(head)
        right.addWidget(area, 1)
        right.addWidget(self.problem)
        right.addLayout(last)
        self._desk = QWidget(self)
        row = QHBoxLayout(self._desk)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(4))
        row.addWidget(self.list)
        row.addLayout(right, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.space(3), 0, 0)
        column.addWidget(self._stack)

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.conflicts_changed.connect(self._show_list)
        presenter.conflict_changed.connect(self._show_conflict)
        presenter.picks_changed.connect(self._show_picks)
        presenter.refused.connect(self._show_problem)
        self.list.currentItemChanged.connect(self._on_chosen)

    @Slot()
    def _show_list(self) -> None:
        current = self.presenter.current
        self.list.blockSignals(True)
        self.list.clear()
        for one in self.presenter.conflicts:
            item = QListWidgetItem(
                theme.icon("mdi6.source-branch", "conflict"),
                self.tr("Question %1").replace("%1", str(one.number)),
            )
            item.setData(Qt.ItemDataRole.UserRole, one.question)
            self.list.addItem(item)
            if current is not None and one.question == current.question:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._stack.setCurrentWidget(self._desk if self.presenter.conflicts else self.empty)

    @Slot()
    def _show_conflict(self) -> None:
        for row in self.rows:
            self._field_column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        self.reason_edit.clear()
        conflict, versions = self.presenter.current, self.presenter.versions()
        if conflict is None or versions is None:
            return
        self.title.setText(self.tr("Question %1").replace("%1", str(conflict.number)))
        self.who.setText(
            f"{self._version_words(self.tr('Mine'), versions[0])}\n"
            f"{self._version_words(self.tr('Theirs'), versions[1])}"
        )
        for place, diff in enumerate(conflict.fields):
            row = FieldRow(diff, self._field_name(conflict, diff.field), self._fields)
            row.picked.connect(self.presenter.pick)
            self._field_column.insertWidget(place, row)
            self.rows.append(row)
        self._show_picks()

    @Slot()
    def _show_picks(self) -> None:
        self.problem.hide()
        for row in self.rows:
            row.show_pick(self.presenter.picks.get(row.diff.field))
        missing = self.presenter.missing
        text = counted(self.tr("1 field is open"), self.tr("%1 fields are open"), missing)
        self.settle_button.setText(text if missing else self.tr("Settle (S)"))
        self.settle_button.setEnabled(self.presenter.can_settle)

    @Slot(str)
    def _show_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()

    def _version_words(self, side: str, version: Version) -> str:
        parts = [side, version.author, moment(version.revision.created_at)]
        if version.revision.reason:
            parts.append(f"“{version.revision.reason}”")
        return "  ·  ".join(parts)

    def _field_name(self, conflict: OpenConflict, field: str) -> str:
        names = {
            "format": self.tr("Answer format"),
            "context": self.tr("Context"),
            "stem": self.tr("Question"),
            "asked": self.tr("What is asked for"),
            "order of options": self.tr("Order of options"),
            "layout": self.tr("Layout of images"),
            "links": self.tr("What images do together"),
            "key": self.tr("Right answer"),
            "explanation": self.tr("Explanation"),
            "rubric": self.tr("Rubric"),
        }
        option = re.fullmatch(r"option (.+)", field)
        if option:
            known = (*options_of(conflict.mine.body.asked), *options_of(conflict.theirs.body.asked))
            ids = list(dict.fromkeys(str(one.id) for one in known))
            return self.tr("Option %1").replace("%1", letter(ids.index(option[1])))
        marks = re.fullmatch(r"marks (\d+)", field)
        if marks:
            return self.tr("Marks on image %1").replace("%1", marks[1])
        image = re.fullmatch(r"image (\d+)", field)
        return self.tr("Image %1").replace("%1", image[1]) if image else names.get(field, field)

    @Slot()
    def _on_chosen(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.presenter.choose(item.data(Qt.ItemDataRole.UserRole))

    @Slot()
    def _on_settle_clicked(self) -> None:
        self.presenter.settle(self.reason_edit.text())
