"""Conditions and setups on the wire: a real workspace against a real server on loopback."""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.domain.answer import AnswerState
from core.domain.body import AnswerFormat, SingleChoice
from core.domain.ids import RevisionId
from core.domain.revision import Revision
from core.domain.run import Condition, RunStatus
from core.domain.score import ScoreState
from core.domain.setup import OptionOrder, Reasoning, Setup
from core.domain.taxonomy import LANGUAGE, Label
from core.errors import BlindingError, ConflictError, NotFoundError, ValidationError
from core.llm.conditions.blank_image import blank_like
from core.llm.retry import RetryPolicy
from core.services.analysis.records import ResultKind, Selection
from core.services.evaluation.records import (
    BlockReason,
    Calling,
    Preparation,
    RunRequest,
    RunSummary,
)
from tests.llm_server import LlmServer, Scripted, Seen, in_turn
from tests.study import Study

CALLING = Calling(policy=RetryPolicy(attempts=1), concurrency=1)
RIGHT = "Pneumothorax"
FIRST_IMAGE, SECOND_IMAGE = "CT_small.dcm", "MR_small.dcm"


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with LlmServer(Scripted("B")) as running:
        yield running


def prepared(
    study: Study, server: LlmServer, condition: Condition = Condition.BOTH, **changes: object
) -> Preparation:
    request = RunRequest("test-llm", server.base_url, condition, **changes)
    return study.workspace.evaluation.prepare(request)


def run(
    study: Study, server: LlmServer, condition: Condition = Condition.BOTH, **changes: object
) -> RunSummary:
    preparation = prepared(study, server, condition, **changes)
    return study.workspace.evaluation.start(preparation, CALLING).value


def cleared(study: Study, image: str) -> Revision:
    revision = study.committed(image=image)
    blinding = study.workspace.blinding
    blinding.clear_image(revision.question, 0, study.author.id)
    blinding.approve(revision.question, study.author.id)
    return study.workspace.authoring.current(revision.question)


def sent(seen: Seen) -> list[bytes]:
    return [b64decode(url.partition(",")[2]) for url in seen.picture_urls]


def letter_of(option: str, seen: Seen) -> str:
    """Return the letter before an option in the last question of a prompt."""
    lines = [line for line in seen.text.splitlines() if line.endswith(f". {option}")]
    return lines[-1][0]


def graded(study: Study, name: str = "") -> tuple[object, object]:
    results = study.workspace.analysis.results(Selection(includes_unverified=True))
    (row,) = [one for one in results.respondents if one.kind is ResultKind.LLM]
    assert row.name.endswith(name)
    return row.overall, study.workspace.analysis.answers_behind(
        row.id, selection=Selection(includes_unverified=True)
    )


def test_blank_condition_sends_gray_pictures_of_the_same_size(
    study: Study, server: LlmServer
) -> None:
    revision = cleared(study, FIRST_IMAGE)
    study.committed()

    summary = run(study, server, Condition.BLANK)

    own = study.workspace.images.pictures(revision.body)
    assert [sent(one) for one in server.seen] == [[blank_like(own[0])]]
    assert all(
        "pictures" not in answer.details
        for answer in study.workspace.evaluation.answers(summary.run.id)
    )
    assert summary.counts == {AnswerState.ANSWERED: 1, AnswerState.NOT_APPLICABLE: 1}


def test_swapped_condition_sends_the_cleared_picture_of_another_question(
    study: Study, server: LlmServer
) -> None:
    first, second = cleared(study, FIRST_IMAGE), cleared(study, SECOND_IMAGE)
    pictures = study.workspace.images.pictures

    run(study, server, Condition.SWAPPED)

    assert [sent(one) for one in server.seen] == [pictures(second.body), pictures(first.body)]


def test_image_that_must_not_go_is_no_control_image_either(study: Study, server: LlmServer) -> None:
    cleared(study, FIRST_IMAGE)
    study.committed(image=SECOND_IMAGE)

    preparation = prepared(study, server, Condition.SWAPPED)

    assert len(preparation.blocked) == 1
    assert preparation.sendable == 0
    assert len(preparation.not_applicable) == 1


def test_swapped_run_that_was_stopped_goes_on_with_the_same_pictures(
    study: Study, server: LlmServer
) -> None:
    cleared(study, FIRST_IMAGE)
    cleared(study, SECOND_IMAGE)
    study.committed(image="CT_small.dcm")
    server.answers(in_turn(Scripted("B"), Scripted(status=400)))
    stopped = run(study, server, Condition.SWAPPED)
    server.answers(Scripted("B"))

    summary = study.workspace.evaluation.resume(stopped.run.id, CALLING).value

    assert (stopped.done, summary.done, summary.run.id) == (1, 2, stopped.run.id)


def test_shuffled_letters_are_read_back_to_the_option_behind_them(
    study: Study, server: LlmServer
) -> None:
    for _ in range(6):
        study.committed()
    server.answers(lambda seen: Scripted(letter_of(RIGHT, seen)))

    run(study, server, setup=Setup(order=OptionOrder.SHUFFLED), seed=11)

    cell, _ = graded(study, "options shuffled")
    assert (cell.n, cell.accuracy) == (6, 1.0)
    assert len({letter_of(RIGHT, one) for one in server.seen}) > 1


def test_all_rotations_give_credit_when_all_are_right_and_a_plain_mean(
    study: Study, server: LlmServer
) -> None:
    study.committed()
    study.committed(AnswerFormat.YES_NO)
    server.answers(lambda seen: Scripted("Yes" if "Yes or No" in seen.text else "B"))

    summary = run(study, server, setup=Setup(order=OptionOrder.ROTATED))

    assert (len(server.seen), summary.total, summary.done) == (5, 5, 5)
    assert summary.run.status is RunStatus.FINISHED
    cell, lines = graded(study, "all rotations")
    assert [one.state for one in lines] == [ScoreState.INCORRECT, ScoreState.CORRECT]
    assert (cell.accuracy, cell.mean_credit) == (0.5, (1 / 4 + 1) / 2)


def test_model_that_knows_the_answer_is_right_in_every_rotation(
    study: Study, server: LlmServer
) -> None:
    study.committed()
    server.answers(lambda seen: Scripted(letter_of(RIGHT, seen)))

    run(study, server, setup=Setup(order=OptionOrder.ROTATED))

    cell, _ = graded(study)
    assert (cell.accuracy, cell.mean_credit) == (1.0, 1.0)
    assert Counter(letter_of(RIGHT, one) for one in server.seen) == Counter("ABCD")


@pytest.mark.parametrize(
    ("replies", "state", "mean"),
    [
        ("BBA", ScoreState.CORRECT, 2 / 3),
        ("AAB", ScoreState.INCORRECT, 1 / 3),
        ("ABC", ScoreState.NO_ANSWER, 1 / 3),
        (("B", "?", "?"), ScoreState.NO_ANSWER, 1 / 3),
    ],
)
def test_repeats_count_by_their_majority_and_a_tie_is_no_answer(
    study: Study, server: LlmServer, replies: str, state: ScoreState, mean: float
) -> None:
    study.committed()
    server.answers(in_turn(*map(Scripted, replies)))

    run(study, server, setup=Setup(repeats=3), temperature=0.7, seed=5)

    cell, lines = graded(study, "majority of 3")
    assert [one.state for one in lines] == [state]
    assert cell.mean_credit == pytest.approx(mean)
    assert [one.body["seed"] for one in server.seen] == [5, 6, 7]


def test_question_with_a_call_that_was_never_made_is_in_no_figure(
    study: Study, server: LlmServer
) -> None:
    study.committed()
    server.answers(in_turn(Scripted("B"), Scripted("B"), Scripted(status=400)))

    summary = run(study, server, setup=Setup(repeats=3))

    cell, lines = graded(study)
    assert summary.run.status is RunStatus.PAUSED
    assert [one.state for one in lines] == [ScoreState.FAILED]
    assert (cell.n, cell.bounds) == (0, (0.0, 1.0))
    server.answers(Scripted("B"))
    server.seen.clear()
    study.workspace.evaluation.resume(summary.run.id, CALLING)
    assert len(server.seen) == 1
    assert graded(study)[0].accuracy == 1.0


def test_self_consistency_reads_the_answer_behind_each_chain_of_thought(
    study: Study, server: LlmServer
) -> None:
    study.committed()
    thoughts = [f"A is possible, step by step.\n\nAnswer: {one}" for one in "BAB"]
    server.answers(in_turn(*map(Scripted, thoughts)))
    setup = Setup(reasoning=Reasoning.CHAIN, repeats=3)

    run(study, server, setup=setup, temperature=0.7)

    assert graded(study, "self-consistency of 3")[0].accuracy == 1.0
    assert "step by step" in server.seen[0].text
    with pytest.raises(ValidationError, match="temperature is 0"):
        prepared(study, server, setup=setup)
    with pytest.raises(ValidationError, match="no room for reasoning"):
        prepared(study, server, setup=Setup(reasoning=Reasoning.CHAIN), is_structured=True)


def test_examples_are_solved_never_asked_and_only_theirs_are_the_answers_sent(
    study: Study, server: LlmServer
) -> None:
    example, asked = study.committed(), study.committed()
    setup = Setup(shots=1, examples=(example.id,))

    summary = run(study, server, setup=setup)

    assert summary.run.spec.revisions == (asked.id,)
    (text,) = [one.text for one in server.seen]
    assert text.count("Answer: B") == 1
    assert text.index("Answer: B") < text.rindex("Reply with the letter")
    for key in (asked.key, example.key):
        assert key.explanation not in text
        assert key.rubric not in text
    assert graded(study, "1 example")[0].n == 1


def test_question_that_is_asked_cannot_be_its_own_or_anybodys_example(
    study: Study, server: LlmServer
) -> None:
    first, second = study.committed(), study.committed()
    setup = Setup(shots=1, examples=(second.id,))
    with pytest.raises(BlindingError, match="Question 2 is asked"):
        prepared(study, server, setup=setup, revisions=(first.id, second.id))
    with pytest.raises(BlindingError):
        study.workspace.evaluation.preview(second.id, Condition.BOTH, "default-1", setup=setup)
    assert server.seen == []


def test_older_version_of_an_asked_question_is_no_example(study: Study, server: LlmServer) -> None:
    old = study.committed()
    other = study.committed()
    authoring = study.workspace.authoring
    draft = authoring.draft(old.question)
    authoring.save_draft(replace(draft, body=replace(draft.body, stem="Changed?")), study.author.id)
    new = authoring.commit(old.question, study.author.id, reason="clearer").value
    with pytest.raises(BlindingError):
        prepared(
            study, server, setup=Setup(shots=1, examples=(old.id,)), revisions=(new.id, other.id)
        )


def test_question_whose_key_an_example_would_tell_is_never_sent(
    study: Study, server: LlmServer
) -> None:
    example = study.committed(AnswerFormat.REPORT)
    study.committed(AnswerFormat.REPORT)

    preparation = prepared(study, server, setup=Setup(shots=1, examples=(example.id,)))

    assert preparation.sendable == 0
    assert "only the key of question 2" in preparation.blocked[0].sentence
    assert preparation.blocked[0].reason is BlockReason.OTHER


def test_template_that_tells_the_key_of_a_later_question_does_not_go_with_it(
    study: Study, server: LlmServer
) -> None:
    own = study.workspace.prompts.save(template() | {"system": "Think of pneumothorax."}).value
    study.committed()
    study.committed(AnswerFormat.YES_NO)

    summary = run(study, server, prompt=own.name)

    assert [seen.text.count("Pneumonia") for seen in server.seen] == [0]
    assert summary.total == 1


def test_question_of_a_format_without_example_is_left_out_with_a_sentence(
    study: Study, server: LlmServer
) -> None:
    example = study.committed()
    study.committed(AnswerFormat.NUMERIC)

    preparation = prepared(study, server, setup=Setup(shots=1, examples=(example.id,)))

    assert [one.number for one in preparation.blocked] == [2]
    assert "none of the format" in preparation.blocked[0].sentence


def test_pictures_of_examples_go_before_those_of_the_question(
    study: Study, server: LlmServer
) -> None:
    example, asked = cleared(study, FIRST_IMAGE), cleared(study, SECOND_IMAGE)
    pictures = study.workspace.images.pictures

    run(study, server, setup=Setup(shots=1, examples=(example.id,)))

    assert sent(server.seen[0]) == [*pictures(example.body), *pictures(asked.body)]
    preview = study.workspace.evaluation.preview(
        asked.id, Condition.BOTH, "default-1", setup=Setup(shots=1, examples=(example.id,))
    )
    assert (preview.prompt.text, preview.picture_count) == (server.seen[0].text, 2)


def test_example_whose_image_is_not_cleared_stops_what_would_show_it(
    study: Study, server: LlmServer
) -> None:
    example = study.committed(image=FIRST_IMAGE)
    study.committed()

    preparation = prepared(study, server, setup=Setup(shots=1, examples=(example.id,)))

    assert preparation.sendable == 0
    assert "not been cleared" in preparation.blocked[0].sentence


def test_examples_are_named_by_their_numbers_in_any_spelling(study: Study) -> None:
    made = [study.committed() for _ in range(4)]
    named = study.workspace.examples.named

    assert named("2") == (made[1].id,)
    assert named(" 4, 2-1;1 ") == (made[3].id, made[0].id, made[1].id)
    assert named("Pulmonology") == tuple(one.id for one in made)
    with pytest.raises(NotFoundError, match="no question 9"):
        named("1,9")
    with pytest.raises(ValidationError, match="At most"):
        named("1-5000")


def test_only_finished_questions_that_are_not_gone_are_offered_as_examples(study: Study) -> None:
    made = [study.committed() for _ in range(3)]
    study.workspace.bin.delete([made[1].question], study.lead.id)
    study.workspace.authoring.create(AnswerFormat.YES_NO, study.author.id)

    offered = study.workspace.examples.offered()

    assert [line.number for line in offered] == [1, 3]
    assert offered[0].stem == made[0].body.stem
    with pytest.raises(NotFoundError, match="no question 2"):
        study.workspace.examples.named("2")


def test_set_of_examples_is_named_by_a_label(study: Study) -> None:
    first, second = study.committed(), study.committed()
    examples = study.workspace.examples
    assert examples.labeled("Pulmonology") == (first.id, second.id)
    with pytest.raises(NotFoundError, match="“nobody”"):
        examples.labeled("nobody")


@pytest.mark.parametrize(
    ("percent", "said"), [(0, ""), (50, "A 54-year-old"), (100, "A 54-year-old with a cough.")]
)
def test_context_is_withheld_or_given_in_part(
    study: Study, server: LlmServer, percent: int, said: str
) -> None:
    study.committed()

    run(study, server, setup=Setup(context_percent=percent))

    text = server.seen[0].text
    assert text.startswith(f"{said}\n\nWhat does" if said else "What does")


def test_language_asks_only_what_is_labeled_with_it_in_its_own_words(
    study: Study, server: LlmServer
) -> None:
    study.committed()
    draft = study.drafted()
    labels = draft.labels | {Label(LANGUAGE, "German")}
    study.workspace.authoring.save_draft(replace(draft, labels=labels), study.author.id)
    german = study.workspace.authoring.commit(draft.question, study.author.id).value
    server.answers(Scripted("Antwort: B"))

    summary = run(study, server, setup=Setup(language="German"))

    assert summary.run.spec.revisions == (german.id,)
    assert "Antworten Sie mit dem Buchstaben" in server.seen[0].text
    assert graded(study, "in German")[0].accuracy == 1.0


def test_everything_combines_and_resumes_as_one_run(study: Study, server: LlmServer) -> None:
    example = study.committed()
    for _ in range(2):
        study.committed()
    setup = Setup(
        order=OptionOrder.ROTATED,
        repeats=2,
        reasoning=Reasoning.CHAIN,
        shots=1,
        examples=(example.id,),
        context_percent=50,
    )
    server.answers(lambda seen: Scripted(f"Thus.\n\nAnswer: {letter_of(RIGHT, seen)}"))

    summary = run(study, server, setup=setup, temperature=0.5)
    asked = len(server.seen)
    again = run(study, server, setup=setup, temperature=0.5)

    assert (asked, len(server.seen), again.run.id) == (16, 16, summary.run.id)
    name = "all rotations · 1 example · self-consistency of 2 · first 50 % of the context"
    cell, _ = graded(study, name)
    assert (cell.n, cell.accuracy, cell.mean_credit) == (2, 1.0, 1.0)
    other = run(study, server, setup=replace(setup, repeats=1), temperature=0.5)
    assert other.run.id != summary.run.id


def test_no_condition_module_can_be_given_a_key(study: Study, server: LlmServer) -> None:
    revision = study.committed()
    for order in OptionOrder:
        run(study, server, setup=Setup(order=order, repeats=2), temperature=1.0)
    wire = str([one.body for one in server.seen])
    assert isinstance(revision.body.asked, SingleChoice)
    assert revision.key.explanation not in wire
    assert revision.key.rubric not in wire
    assert RevisionId(revision.id) not in wire


def test_run_whose_template_changed_cannot_go_on(study: Study, server: LlmServer) -> None:
    study.committed()
    own = template()
    saved = study.workspace.prompts.save(own).value
    server.answers(Scripted(status=400))
    summary = run(study, server, prompt=saved.name)
    with study.workspace._database.write() as tx:
        changed = own | {"name": saved.name, "system": "?"}
        tx.settings.set(f"prompt:{saved.name}", json.dumps(changed))
    with pytest.raises(ConflictError, match="prompt or an image has changed"):
        study.workspace.evaluation.resume(summary.run.id, CALLING)


def template() -> dict:
    return {
        "name": "ours",
        "system": "Be brief.",
        "question": "{stem} {options} {instruction}",
        "question_without_text": "{options} {instruction}",
        "instructions": {one.value: "Answer." for one in AnswerFormat},
    }
