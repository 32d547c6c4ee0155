"""Which signal of a view goes to which presenter, where the page itself has no word in it."""

from core.domain.ids import RevisionId, RunId
from core.services.prompts.examples import numbers_in
from reviewer_app.pages.evaluate.compare_view import CompareView
from reviewer_app.pages.evaluate.endpoints_presenter import EndpointsPresenter
from reviewer_app.pages.evaluate.endpoints_view import EndpointsView
from reviewer_app.pages.evaluate.examples_dialog import ExamplesDialog
from reviewer_app.pages.evaluate.form import FormPanel
from reviewer_app.pages.evaluate.prompts_presenter import PromptsPresenter
from reviewer_app.pages.evaluate.prompts_view import PromptsView
from reviewer_app.pages.evaluate.queue_panel import QueuePanel
from reviewer_app.pages.evaluate.queue_presenter import QueuePresenter
from reviewer_app.pages.evaluate.replies_presenter import RepliesPresenter
from reviewer_app.pages.evaluate.replies_view import RepliesView
from reviewer_app.pages.evaluate.setup_presenter import SetupPresenter


def connect_setup(form: FormPanel, setup: SetupPresenter) -> None:
    """Let the form of a run ask and be told."""

    def choose_examples() -> None:
        asking = form.asking
        chosen = numbers_in(asking.examples.text())
        dialog = ExamplesDialog(setup.example_lines(), chosen, form)
        dialog.examples_chosen.connect(
            lambda numbers, most: asking.choose_examples(numbers, most_of_a_format=most)
        )
        dialog.open()

    form.test_requested.connect(setup.test_endpoint)
    form.where.models_wanted.connect(setup.find_models)
    form.asking.examples_wanted.connect(choose_examples)
    form.batch_requested.connect(setup.hand_in)
    form.forget_requested.connect(setup.forget_key)
    setup.key_found.connect(form.where.show_key_origin)
    setup.tested.connect(form.where.show_test)
    setup.offered.connect(form.where.show_offered)


def connect_queue(panel: QueuePanel, queue: QueuePresenter) -> None:
    """Let the list of waiting runs be changed by hand."""
    panel.move_requested.connect(queue.move)
    panel.remove_requested.connect(queue.remove)
    panel.go_on_requested.connect(queue.go_on)
    panel.hold_requested.connect(queue.hold)


def connect_replies(
    replies: RepliesView, comparison: CompareView, came_back: RepliesPresenter
) -> None:
    """Let replies and comparisons be fetched and shown."""

    def open_compared(revision: str) -> None:
        came_back.open_compared(comparison.runs, RevisionId(revision))

    replies.run_chosen.connect(lambda run: came_back.show_run(RunId(run)))
    replies.reply_chosen.connect(came_back.open_reply)
    comparison.runs_chosen.connect(came_back.compare)
    comparison.question_chosen.connect(open_compared)
    came_back.lines_changed.connect(replies.show_lines)
    came_back.detail_opened.connect(replies.pane.show_detail)
    came_back.compared.connect(comparison.show_comparison)
    came_back.compared_replies.connect(comparison.show_replies)


def connect_endpoints(view: EndpointsView, endpoints: EndpointsPresenter) -> None:
    """Let named endpoints be stored, tested and removed."""
    view.store_requested.connect(
        lambda profile, key, before: endpoints.store(profile, key, before=before)
    )
    view.remove_requested.connect(endpoints.remove)
    view.test_requested.connect(endpoints.test)
    view.models_wanted.connect(endpoints.find_models)
    view.key_wanted.connect(endpoints.find_key)
    view.forget_requested.connect(endpoints.forget_key)
    endpoints.stored.connect(view.show_stored)
    endpoints.refused.connect(view.show_refused)
    endpoints.tested.connect(view.show_tested)
    endpoints.offered.connect(view.show_offered)
    endpoints.key_found.connect(view.show_key_origin)


def connect_prompts(view: PromptsView, prompts: PromptsPresenter) -> None:
    """Let prompts be rendered while they are written, and stored."""

    def step(steps: int) -> None:
        prompts.step(steps)
        prompts.render(view.data())

    view.render_requested.connect(lambda wanted: prompts.render(view.data(), wanted))
    view.step_requested.connect(step)
    view.save_requested.connect(lambda: prompts.save(view.data()))
    prompts.rendered.connect(view.show_rendered)
    prompts.saved.connect(view.show_saved)
    prompts.refused.connect(view.show_refused)
