"""Templates of a workspace: kept by version, previewed, and refused when they tell a key."""

import pytest

from core.domain.body import AnswerFormat, BlindQuestion
from core.domain.run import Condition
from core.domain.setup import Setup
from core.errors import LeakError, LlmError, ValidationError
from core.llm.prompts import load_template, render, shipped_templates, template_from_plain
from core.services.prompts.leaks import as_words, body_words, leak_in
from core.services.prompts.templates import find_template
from tests.factories import ALL_FORMATS, make_person, make_question, make_revision
from tests.study import Study


def template(**changes) -> dict:
    return {
        "name": "ours",
        "system": "Be brief.",
        "question": "{context}\n\n{stem}\n\n{options}\n\n{instruction}",
        "question_without_text": "{options}\n\n{instruction}",
        "instructions": {one.value: f"Answer this {one.value}." for one in AnswerFormat},
    } | changes


def test_saved_template_is_found_listed_and_audited(study: Study) -> None:
    prompts = study.workspace.prompts
    saved = prompts.save(template()).value
    assert (saved.name, saved.is_own) == ("ours-1", True)
    assert [one.name for one in prompts.templates()][-1] == "ours-1"
    with study.workspace._database.read() as tx:
        assert find_template(tx, "ours-1") == saved
        last = tx.audit.all()[-1]
    assert (last.action, last.subject) == ("prompt.saved", "ours-1")


def test_changed_template_is_a_new_version_and_an_equal_one_the_same(study: Study) -> None:
    prompts = study.workspace.prompts
    first = prompts.save(template()).value
    assert prompts.save(template()).value == first
    second = prompts.save(template(name="ours-1", system="Be very brief.")).value
    assert second.name == "ours-2"
    assert prompts.save(template(name="default-1")).value.name == "default-2"
    names = [one.name for one in prompts.templates() if one.is_own]
    assert names == ["ours-1", "ours-2", "default-2"]


def test_template_that_is_none_is_named_in_a_sentence(study: Study) -> None:
    with study.workspace._database.read() as tx, pytest.raises(LlmError, match="“nothing-1”"):
        find_template(tx, "nothing-1")


@pytest.mark.parametrize("shipped", shipped_templates(), ids=lambda one: one.name)
def test_every_shipped_template_may_be_kept_as_ones_own(study: Study, shipped) -> None:
    data = template() | {
        "system": shipped.system,
        "question": shipped.question,
        "question_without_text": shipped.question_without_text,
        "instructions": {one.value: said for one, said in shipped.instructions.items()},
    }

    saved = study.workspace.prompts.save(data).value

    assert saved.instructions == shipped.instructions


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"question": "{options} {instruction}"}, "question", "{stem} is missing"),
        ({"question": "{stem} {options} {instruction} {key}"}, "question", "no place {key}"),
        (
            {"question_without_text": "{stem} {options} {instruction}"},
            "question_without_text",
            "image only",
        ),
        ({"system": "You see {stem}."}, "system", "no places"),
        ({"name": "  "}, "name", "a name"),
        ({"instructions": {}}, "single_choice", "single_choice"),
    ],
)
def test_template_that_cannot_work_names_its_field(study, changes, field, sentence) -> None:
    with pytest.raises(ValidationError, match=sentence) as caught:
        study.workspace.prompts.save(template(**changes))
    assert caught.value.field == field


@pytest.mark.parametrize(
    "leak",
    [
        "Think of a pneumothorax.",
        "PNEUMOTHORAX!",
        "It is so because the image shows it.",
        "Names the finding",
    ],
)
@pytest.mark.parametrize("place", ["system", "question", "instructions", "about"])
def test_template_with_words_of_a_key_is_refused_wherever_they_stand(study, leak, place) -> None:
    study.committed()
    data = template()
    if place == "instructions":
        data["instructions"]["numeric"] = leak
    else:
        data[place] = f"{data.get(place, '')} {leak}"
    with pytest.raises(LeakError, match="key of question 1"):
        study.workspace.prompts.save(data)


def test_short_words_and_the_words_of_shipped_prompts_are_nobodys(study: Study) -> None:
    study.committed(AnswerFormat.SHORT_TEXT)
    study.committed(AnswerFormat.YES_NO)
    saved = study.workspace.prompts.save(template(system="Reply with Yes or No. LV means level."))
    assert saved.value.name == "ours-1"


@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_preview_is_what_a_run_would_send(study: Study, answer_format) -> None:
    revision = study.committed(answer_format)
    shown = study.workspace.prompts.preview(revision.id, load_template())
    sent = study.workspace.evaluation.preview(revision.id, Condition.BOTH, "default-1").prompt
    blind = BlindQuestion(revision.question, revision.id, 1, revision.body)
    assert shown == sent == render(blind, Condition.BOTH, load_template())


def test_preview_of_an_unsaved_template_that_tells_the_key_is_refused(study: Study) -> None:
    revision = study.committed()
    prompts = study.workspace.prompts
    good = template_from_plain(template())
    bad = template_from_plain(template(system="It is a pneumothorax."))
    assert "Pneumothorax" in prompts.preview(revision.id, good).text
    with pytest.raises(LeakError, match="only the key of question 1"):
        prompts.preview(revision.id, bad)


def test_example_that_tells_the_key_of_the_question_is_refused(study: Study) -> None:
    example = study.committed(AnswerFormat.REPORT)
    asked = study.committed(AnswerFormat.REPORT)
    setup = Setup(shots=1, examples=(example.id,))
    with pytest.raises(LeakError, match="only the key of question 2"):
        study.workspace.prompts.preview(asked.id, load_template(), setup=setup)


@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_body_alone_never_looks_like_a_leak(answer_format) -> None:
    revision = make_revision(make_question(make_person()), answer_format)
    known = body_words(revision)
    assert leak_in(known, revision, known=known) == ""
    assert leak_in(as_words(revision.key.explanation), revision, known=known)
