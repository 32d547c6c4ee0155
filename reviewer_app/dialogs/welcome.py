"""The first thing one sees: create, open, go on, or try the demo."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.widgets.buttons import show_icon

_COLUMN_PX = 640


class WelcomePage(QWidget):
    """Offers the ways into a workspace.

    Signals: `create_requested()`, `open_requested()`, `demo_requested()`,
    `package_requested()`, `path_requested(Path)`, `read_only_requested(Path)`.
    """

    create_requested = Signal()
    package_requested = Signal()
    open_requested = Signal()
    demo_requested = Signal()
    path_requested = Signal(object)
    read_only_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "page")
        body = QWidget(self)
        body.setMaximumWidth(_COLUMN_PX)
        self._column = QVBoxLayout(body)
        self._column.setSpacing(theme.space(3))
        self._add_title()
        self._refusal = self._make_refusal()
        self._column.addWidget(self._refusal)
        self.package_button = self._add_choice(
            "mdi6.package-variant",
            self.tr("Open a package"),
            self.tr("A file that the study lead sent you. You can also drop it on this window."),
            self.package_requested,
        )
        self.demo_button = self._add_choice(
            "mdi6.play-circle-outline",
            self.tr("Try the demo"),
            self.tr("A filled workspace with real images, to look around in. Nothing is shared."),
            self.demo_requested,
        )
        theme.set_kind(self.demo_button, "primary")
        self.create_button = self._add_choice(
            "mdi6.plus-circle-outline",
            self.tr("Create a workspace"),
            self.tr("A folder on this computer that holds questions, images and answers."),
            self.create_requested,
        )
        self.open_button = self._add_choice(
            "mdi6.folder-open-outline",
            self.tr("Open a workspace"),
            self.tr("A folder whose name ends in .asclepius."),
            self.open_requested,
        )
        self._recent_title = QLabel(self.tr("Go on with"), body)
        theme.set_role(self._recent_title, "caption")
        self._column.addSpacing(theme.space(3))
        self._column.addWidget(self._recent_title)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(theme.space(1))
        self._column.addLayout(self._recent)
        self._recent_buttons: list[QPushButton] = []
        self._lay_out(body)

    def show_recent(self, paths: list[Path]) -> None:
        """Offer workspaces opened before."""
        for button in self._recent_buttons:
            button.deleteLater()
        self._recent_buttons = [self._make_recent(path) for path in paths]
        self._recent_title.setVisible(bool(paths))

    def show_refusal(self, path: Path, sentence: str, *, offers_read_only: bool) -> None:
        """Say why a workspace did not open and, where that helps, offer to read only."""
        self._refused_path = path
        self._refusal_text.setText(sentence)
        self.read_only_button.setVisible(offers_read_only)
        self._refusal.show()
        if offers_read_only:
            self.read_only_button.setFocus()

    def refusal(self) -> str:
        """Return the refusal as shown."""
        return self._refusal_text.text()

    def clear_refusal(self) -> None:
        """Take the refusal away."""
        self._refusal.hide()

    def _lay_out(self, body: QWidget) -> None:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget(area)
        theme.set_role(holder, "scrolled")
        grid = QGridLayout(holder)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 4)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(0, 1)
        grid.setRowStretch(2, 2)
        grid.addWidget(body, 1, 1)
        area.setWidget(holder)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _add_title(self) -> None:
        title = QLabel("Asclepius", self)
        theme.set_role(title, "number")
        purpose = QLabel(
            self.tr(
                "Write exam questions about medical images, blind them, let colleagues verify "
                "and answer them, and see how language models compare."
            ),
            self,
        )
        purpose.setWordWrap(True)
        theme.set_role(purpose, "muted")
        self._column.addWidget(title)
        self._column.addWidget(purpose)
        self._column.addSpacing(theme.space(4))

    def _make_refusal(self) -> QFrame:
        frame = QFrame(self)
        theme.set_role(frame, "warning")
        self._refused_path = Path()
        self._refusal_text = QLabel(frame)
        self._refusal_text.setWordWrap(True)
        self.read_only_button = QPushButton(self.tr("Open read-only"), frame)
        self.read_only_button.setToolTip(self.tr("Look at everything, change nothing"))
        self.read_only_button.clicked.connect(
            lambda: self.read_only_requested.emit(self._refused_path)
        )
        row = QHBoxLayout(frame)
        row.addWidget(self._refusal_text, 1)
        row.addWidget(self.read_only_button)
        frame.hide()
        return frame

    def _add_choice(
        self, icon_name: str, title: str, sentence: str, signal: SignalInstance
    ) -> QPushButton:
        card = QFrame(self)
        theme.set_role(card, "card")
        row = QHBoxLayout(card)
        row.setContentsMargins(*(theme.space(4),) * 4)
        row.setSpacing(theme.space(4))
        picture = QLabel(card)
        picture.setPixmap(theme.icon(icon_name, "accent").pixmap(28, 28))
        words = QVBoxLayout()
        words.setSpacing(theme.space(1))
        heading = QLabel(title, card)
        theme.set_role(heading, "heading")
        hint = QLabel(sentence, card)
        hint.setWordWrap(True)
        theme.set_role(hint, "hint")
        words.addWidget(heading)
        words.addWidget(hint)
        button = QPushButton(title.split(" ")[0], card)
        button.setAccessibleName(title)
        button.setToolTip(sentence)
        button.setMinimumWidth(96)
        button.clicked.connect(signal)
        row.addWidget(picture)
        row.addLayout(words, 1)
        row.addWidget(button)
        self._column.addWidget(card)
        return button

    def _make_recent(self, path: Path) -> QPushButton:
        button = QPushButton(f"{path.stem}    {path.parent}", self)
        show_icon(button, "mdi6.history", "text_muted")
        theme.set_kind(button, "listed")
        button.setAccessibleName(self.tr("Open %1").replace("%1", path.stem))
        button.setToolTip(str(path))
        button.clicked.connect(lambda: self.path_requested.emit(path))
        self._recent.addWidget(button)
        return button
