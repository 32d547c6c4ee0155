"""The verifier's own queue: list, image, and answer or rating."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.domain.body import BlindQuestion
from core.domain.ids import QuestionId
from core.domain.key import right_response
from core.domain.people import Role
from core.domain.plain import Plain
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.pages.verify.answer_panel import AnswerPanel
from reviewer_app.pages.verify.presenter import QueuePresenter
from reviewer_app.pages.verify.rating_panel import (
    Entered,
    RatingPanel,
    entered_from_plain,
    entered_to_plain,
)
from reviewer_app.widgets.columns import centered
from reviewer_app.widgets.empty_state import EmptyState
from reviewer_app.widgets.images.beside import BesideImages
from reviewer_app.widgets.images.panel import ImagePanel
from reviewer_app.widgets.marks.regions_beside import show_regions

QUEUE_PX: Final = 128
ANSWER: Final = "verify.answer"
RATING: Final = "verify.rating"
_ANSWER_PX: Final = 376
_RATING_PX: Final = 456


class QueueTab(QWidget):
    """One question after another, from the blind answer to the verdict."""

    def __init__(
        self, context: AppContext, presenter: QueuePresenter, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self.presenter = presenter
        self._entered: dict[QuestionId, Entered] = {}
        self._rated: QuestionId | None = None
        self._answers: dict[QuestionId, Plain] = {}
        self._answered: QuestionId | None = None
        self.queue = QListWidget(self)
        self.queue.setAccessibleName(self.tr("Questions that wait for me"))
        self.queue.setIconSize(QSize(16, 16))
        self.queue.setToolTip(self.tr("Up and Down choose a question"))
        self.images = ImagePanel(self)
        self.answer = AnswerPanel(
            self.tr("You see the key once your answer is locked; it cannot change after that."),
            self,
        )
        self.answer.card.take_panel(self.images)
        self.rating = RatingPanel(self)
        self.work = QStackedWidget(self)
        self.work.addWidget(self.answer)
        self.work.addWidget(self.rating)
        self.empty = EmptyState(
            "mdi6.check-decagram-outline",
            self.tr("Nothing waits for your verification"),
            self.tr(
                "Here you answer blinded questions of others, then see the key and rate them. "
                "Your own questions never come here. Questions arrive after blinding."
            ),
            action=self.tr("Go to the Blind page"),
            on_action=lambda: context.open_question("blind", ""),
            parent=self,
        )
        self._arrange()
        self._connect()

    def undo(self) -> None:
        """Open the last verification again, so that it can be changed."""
        if self.presenter.reconsider():
            assert self.presenter.desk is not None  # noqa: S101 - it was just opened
            number = str(self.presenter.desk.blind.number)
            self._context.messages.note(
                self.tr("Question %1 is open again.").replace("%1", number),
                self.tr("Change it and say why; your first verification is kept beside it."),
            )
        else:
            self._context.messages.note(
                self.tr("There is no verification of yours that can still be changed.")
            )

    def activate(self) -> None:
        """Read the queue; open the first question when the desk is empty."""
        # A verifier who does not see the Blind page is not sent there.
        can_blind = self._context.me().has_role(Role.AUTHOR, Role.LEAD)
        self.empty.button.setVisible(can_blind)
        if self._context.workspace.limits is not None:
            self.empty.say(
                self.tr("All questions of this package are done"),
                self.tr("Send your work back. If the next package brings keys, you rate then."),
            )
        self.presenter.refresh()
        if self.presenter.desk is None:
            self.presenter.open_next()

    def unsent(self) -> dict[tuple[str, str], Plain]:
        """Return answers that are not locked and ratings that are not submitted."""
        self._note_entered()
        found: dict[tuple[str, str], Plain] = {
            (ANSWER, question): entered for question, entered in self._answers.items()
        }
        for question, rated in self._entered.items():
            plain = entered_to_plain(rated)
            if plain is not None:
                found[RATING, question] = plain
        return found

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        """Take what was entered before the last end."""
        for (place, record), content in unsent.items():
            if place == ANSWER:
                self._answers[QuestionId(record)] = content
            elif place == RATING:
                self._entered[QuestionId(record)] = entered_from_plain(content)

    @Slot()
    def _on_queue_changed(self) -> None:
        desk = self.presenter.desk
        here = None if desk is None else desk.blind.question
        self.queue.blockSignals(True)
        self.queue.clear()
        for line in self.presenter.queue:
            text = self.tr("Question %1").replace("%1", str(line.number))
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, line.id)
            tips = []
            if line.was_changed:
                item.setText(self.tr("Question %1 ↻").replace("%1", str(line.number)))
                item.setIcon(theme.icon("mdi6.autorenew", "waiting"))
                tips.append(self.tr("Changed since it was verified; it is verified anew"))
            if line.is_answered:
                item.setIcon(theme.icon("mdi6.lock-outline", "agreed"))
                tips.append(self.tr("Your answer is locked; the verdict is missing"))
            item.setToolTip("\n".join(tips))
            named = ". ".join([text, *tips])
            item.setData(Qt.ItemDataRole.AccessibleTextRole, named)
            self.queue.addItem(item)
            if line.id == here:
                self.queue.setCurrentItem(item)
        self.queue.blockSignals(False)

    @Slot()
    def _on_queue_chosen(self) -> None:
        item = self.queue.currentItem()
        if item is not None:
            self.presenter.open(item.data(Qt.ItemDataRole.UserRole))

    @Slot()
    def _on_desk_changed(self) -> None:
        desk = self.presenter.desk
        self._keep_entered()
        if desk is None:
            self.answer.card.clear()
            self._stack.setCurrentWidget(self.empty)
            return
        self._stack.setCurrentWidget(self._desk)
        self._show_images(desk.blind)
        self.work.setCurrentWidget(self.answer)
        self._give_work(_ANSWER_PX)
        self.answer.show_question(desk.blind)
        # A question locked earlier shows its answer until the key is there.
        if desk.own_answer is not None and self.answer.card.answer_widget is not None:
            self.answer.card.answer_widget.show_response(desk.own_answer.response)
        self.answer.set_locked(is_locked=desk.own_answer is not None)
        if desk.own_answer is None:
            self._answered = desk.blind.question
            if self._answered in self._answers:
                self.answer.show_unsent(self._answers[self._answered])
        self._mark_in_queue()

    @Slot()
    def _on_key_revealed(self) -> None:
        desk, revealed = self.presenter.desk, self.presenter.revealed
        if desk is None or revealed is None:
            return
        self.work.setCurrentWidget(self.rating)
        self._give_work(_RATING_PX)
        self._rated = desk.blind.question
        entered, before = self._entered.get(desk.blind.question), desk.own_verification
        if entered is None and before is not None:
            # The comment stays empty: it says why the verification is changed.
            entered = Entered(before.gates, before.verdict)
        named = (
            (self.tr("right"), right_response(revealed.key)),
            ("", revealed.answer.response),
        )
        show_regions(self.images, desk.blind.body, named)
        self.rating.show_revealed(desk.blind, revealed, entered)
        self.rating.show_change(is_change=before is not None)

    @Slot(object)
    def _on_lock_requested(self, response: object) -> None:
        answered = self._answered
        is_locked = self.presenter.lock(response)  # type: ignore[arg-type] # a signal's object
        if is_locked and answered is not None:
            self._answers.pop(answered, None)
        if answered != self._answered:
            return  # Without a key the next question lies on the desk already.
        if is_locked:
            self._answered = None
        self.answer.set_locked(is_locked=is_locked)

    @Slot(object, object, str)
    def _on_submit_requested(self, gates: object, verdict: object, comment: str) -> None:
        rated, self._rated = self._rated, None
        if self.presenter.submit(gates, verdict, comment):  # type: ignore[arg-type] # a signal's objects
            if rated is not None:
                self._entered.pop(rated, None)
        else:
            self._rated = rated

    @Slot(int)
    def _on_submitted(self, number: int) -> None:
        self._context.messages.done(
            self.tr("Your verification of question %1 is stored. Ctrl+Z changes it.").replace(
                "%1", str(number)
            )
        )

    @Slot(int)
    def _on_locked_without_key(self, number: int) -> None:
        self._context.messages.done(
            self.tr(
                "Your answer to question %1 is locked. Its key comes with a second package."
            ).replace("%1", str(number))
        )

    def forget_entered(self) -> None:
        """Drop what was entered: another person may sit here now."""
        self._entered.clear()
        self._answers.clear()
        self._rated = self._answered = None

    def _keep_entered(self) -> None:
        """Keep what was entered while another question is looked at."""
        self._note_entered()
        self._rated = self._answered = None

    def _note_entered(self) -> None:
        if self._rated is not None:
            self._entered[self._rated] = self.rating.entered()
        if self._answered is not None:
            entered = self.answer.unsent()
            if entered is None:
                self._answers.pop(self._answered, None)
            else:
                self._answers[self._answered] = entered

    def _give_work(self, width_px: int) -> None:
        """Give the right side this width and the image all the rest."""
        total = max(sum(self._splitter.sizes()), 2 * width_px)
        self._splitter.setSizes([total - width_px, width_px])

    def _show_images(self, blind: BlindQuestion) -> None:
        body = blind.body
        self.images.show_body(body.images, self.presenter.open_image, body.layout, body.links)
        self.images.setVisible(bool(blind.body.images))

    def _mark_in_queue(self) -> None:
        desk = self.presenter.desk
        self.queue.blockSignals(True)
        for row in range(self.queue.count()):
            if desk and self.queue.item(row).data(Qt.ItemDataRole.UserRole) == desk.blind.question:
                self.queue.setCurrentRow(row)
        self.queue.blockSignals(False)

    def _arrange(self) -> None:
        self.queue.setFixedWidth(theme.text_px(QUEUE_PX))
        # From the outside inwards: whatever gets another parent is styled anew with all it holds.
        self._stack = QStackedWidget(self)
        self._desk = QWidget(self._stack)
        splitter = self._splitter = QSplitter(Qt.Orientation.Horizontal, self._desk)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.images)
        splitter.addWidget(centered(self.work))
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 0)
        self.work.setMinimumWidth(_ANSWER_PX)
        self._give_work(_ANSWER_PX)
        desk = QHBoxLayout(self._desk)
        desk.setContentsMargins(0, 0, 0, 0)
        desk.setSpacing(theme.space(4))
        desk.addWidget(self.queue)
        desk.addWidget(splitter, 1)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._desk)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.space(3), 0, 0)
        layout.addWidget(self._stack)

    def _said(self) -> tuple[str, ...]:
        desk = self.presenter.desk
        if desk is None:
            return ()
        if self.work.currentWidget() is self.answer:
            return self.answer.said()
        number = self.tr("Question %1").replace("%1", str(desk.blind.number))
        return number, *self.rating.said()

    def _connect(self) -> None:
        self.presenter.queue_changed.connect(self._on_queue_changed)
        self.presenter.desk_changed.connect(self._on_desk_changed)
        self.presenter.key_revealed.connect(self._on_key_revealed)
        self.presenter.refused.connect(self.rating.show_problem)
        self.presenter.submitted.connect(self._on_submitted)
        self.presenter.locked_without_key.connect(self._on_locked_without_key)
        self.queue.currentItemChanged.connect(self._on_queue_chosen)
        self.answer.lock_requested.connect(self._on_lock_requested)
        self.rating.submit_requested.connect(self._on_submit_requested)
        gates, verdict = self.rating.gates, self.rating.verdict
        say = BesideImages(self, self._said).refresh
        self.presenter.desk_changed.connect(say)
        self.presenter.key_revealed.connect(say)
        self.presenter.refused.connect(say)
        for signal in (gates.changed, gates.moved, verdict.changed, verdict.submit.clicked):
            signal.connect(say)
        for signal in (self.answer.card.answer_changed, self.answer.button.clicked):
            signal.connect(say)
