from decimal import Decimal

import pytest

from core.changes import Kind
from core.domain.answer import AnswerState, Occasion
from core.domain.body import AnswerFormat, Chosen, Measured, Written
from core.domain.response_words import response_words
from core.domain.run import Condition, RunStatus
from core.domain.score import Score, ScoreState
from core.domain.stage import Stage
from core.errors import Cancelled
from core.services.analysis.records import ResultAxis, ResultKind, Selection
from core.statistics.proportions import wilson
from core.tasks import CancelToken
from tests.core.services.analysis_study import RIGHT, WRONG, Study


@pytest.fixture
def study(tmp_path):
    study = Study(tmp_path)
    yield study
    study.database.close()


def row(results, name):
    (found,) = [one for one in results.respondents if one.name == name]
    return found


def test_people_stand_beside_models_on_the_same_questions(study):
    questions = [study.question() for _ in range(4)]
    study.read(study.person("Demo Reader 1"), questions, RIGHT, RIGHT, WRONG, RIGHT)
    study.read(study.person("Demo Reader 2"), questions, RIGHT, WRONG, WRONG, RIGHT)
    study.run(questions, RIGHT, WRONG, WRONG, WRONG)
    study.run(questions, WRONG, WRONG, WRONG, WRONG, condition=Condition.TEXT)
    results = study.service.results()
    assert [(one.name, one.kind, one.overall.accuracy) for one in results.respondents] == [
        ("Demo Reader 1", ResultKind.PERSON, 0.75),
        ("Demo Reader 2", ResultKind.PERSON, 0.5),
        ("Panel (majority)", ResultKind.PANEL, 0.5),
        ("demo-llm · image and text", ResultKind.LLM, 0.25),
        ("demo-llm · text only", ResultKind.LLM, 0.0),
        ("Chance", ResultKind.BUILT_IN, 0.25),
        ("Best constant answer", ResultKind.BUILT_IN, 1.0),
    ]
    first = results.respondents[0].overall
    assert (first.n, first.correct, first.interval) == (4, 3, wilson(3, 4))
    assert first.is_small
    assert results.respondents[-1].overall.interval is None


def test_every_state_is_counted_apart(study):
    states = [
        RIGHT,
        WRONG,
        AnswerState.REFUSED,
        AnswerState.NO_ANSWER,
        AnswerState.CANNOT_TELL,
        AnswerState.FAILED,
        AnswerState.NOT_APPLICABLE,
        AnswerState.ANSWERED,
    ]
    study.run([study.question() for _ in states], *states)
    cell = row(study.service.results(), "demo-llm · image and text").overall
    assert cell.states == {
        ScoreState.CORRECT: 1,
        ScoreState.INCORRECT: 1,
        ScoreState.REFUSED: 1,
        ScoreState.NO_ANSWER: 2,
        ScoreState.FAILED: 1,
        ScoreState.NOT_APPLICABLE: 1,
        ScoreState.UNSCORED: 1,
    }
    assert (cell.n, cell.correct, cell.accuracy) == (5, 1, 1 / 5)
    assert cell.bounds == (1 / 7, 3 / 7)


def test_reports_stay_out_of_accuracy_and_refused_ones_count_zero(study):
    reports = [study.question(AnswerFormat.REPORT) for _ in range(3)]
    study.run([study.question(), *reports], RIGHT, RIGHT, AnswerState.REFUSED, AnswerState.FAILED)
    cell = row(study.service.results(), "demo-llm · image and text").overall
    assert (cell.n, cell.accuracy, cell.report_count) == (1, 1.0, 2)
    assert cell.rouge_l == 0.5
    assert 0 <= cell.rouge_interval.low < 0.5 < cell.rouge_interval.high <= 1


def test_cells_split_the_figures_and_both_averages_are_given(study):
    cardiology = [study.question(specialty="Cardiology") for _ in range(3)]
    urology = [study.question(AnswerFormat.YES_NO, specialty="Urology", capacity="Prognosis")]
    study.run([*cardiology, *urology], RIGHT, RIGHT, RIGHT, WRONG)
    results = study.service.results()
    found = row(results, "demo-llm · image and text")
    assert results.values[ResultAxis.SPECIALTY] == ("Cardiology", "Urology")
    assert results.values[ResultAxis.FORMAT] == ("single_choice", "yes_no")
    assert found.cell(ResultAxis.SPECIALTY, "Cardiology").accuracy == 1.0
    assert found.cell(ResultAxis.CAPACITY, "Prognosis").n == 1
    assert (found.overall.accuracy, found.plain_means[ResultAxis.SPECIALTY]) == (0.75, 0.5)
    assert found.cell(ResultAxis.SPECIALTY, "Neurology").accuracy is None
    assert found.cell(ResultAxis.FORMAT, "yes_no").chance == 0.5


def test_chance_and_best_constant_are_taken_from_the_very_questions_of_a_cell(study):
    choices = [study.question(), study.question(AnswerFormat.YES_NO)]
    numbers = [study.question(AnswerFormat.NUMERIC)]
    study.question(AnswerFormat.SEVERAL_CHOICES)
    study.run([*choices, *numbers], RIGHT, WRONG, RIGHT)
    results = study.service.results()
    cell = row(results, "demo-llm · image and text").overall
    assert (cell.n, cell.chance, cell.best_constant) == (3, 0.375, 1.0)
    assert row(results, "Chance").overall.n == 2


def test_results_of_nobody_are_no_value_and_built_ins_cover_all_questions(study):
    study.question()
    results = study.service.results()
    assert [one.name for one in results.respondents] == ["Chance", "Best constant answer"]
    assert results.respondents[0].overall.n == 1
    assert "1 verified question; 0 answered." in results.note


def test_unverified_questions_count_only_when_asked_for_and_the_note_says_so(study):
    verified, blinded = study.question(), study.question(stage=Stage.BLINDED)
    study.question(stage=Stage.REJECTED)
    study.run([verified, blinded], RIGHT, WRONG)
    usual = study.service.results()
    assert row(usual, "demo-llm · image and text").overall.n == 1
    assert "asked 1 more" in usual.note
    wider = study.service.results(Selection(includes_unverified=True))
    assert row(wider, "demo-llm · image and text").overall.n == 2
    assert "2 questions, verified or not" in wider.note


def test_answers_to_an_earlier_version_are_left_out_and_named(study):
    old, other = study.question(), study.question()
    study.read(study.person("Demo Reader 1"), [old, other], RIGHT, RIGHT)
    study.revise(old)
    results = study.service.results()
    assert row(results, "Demo Reader 1").overall.n == 1
    assert "Left out: 1 reader answers to earlier versions" in results.note


def test_last_word_of_the_first_sitting_counts(study):
    question = study.question()
    reader = study.person("Demo Reader 1")
    study.read(reader, [question], WRONG)
    study.read(reader, [question], RIGHT)
    study.read(reader, [question], WRONG, sitting="two")
    assert row(study.service.results(), "Demo Reader 1").overall.correct == 1


def test_call_that_was_asked_again_keeps_its_last_state(study):
    questions = [study.question(), study.question()]
    run = study.run(questions, AnswerState.FAILED, status=RunStatus.PAUSED)
    assert "is not finished: 1 of 2 questions." in study.service.results().note
    study.answer_run(run, questions, RIGHT, WRONG)
    cell = row(study.service.results(), "demo-llm · image and text").overall
    assert (cell.n, cell.count(ScoreState.FAILED), cell.correct) == (2, 0, 1)


def test_panel_answers_by_more_than_half_and_never_draws(study):
    questions = [study.question() for _ in range(3)]
    given = {
        "Demo Reader 1": (RIGHT, RIGHT, RIGHT),
        "Demo Reader 2": (RIGHT, WRONG, AnswerState.CANNOT_TELL),
        "Demo Reader 3": (WRONG, AnswerState.CANNOT_TELL, AnswerState.CANNOT_TELL),
    }
    for name, answers in given.items():
        study.read(study.person(name), questions, *answers)
    panel = row(study.service.results(), "Panel (majority)").overall
    assert (panel.correct, panel.count(ScoreState.NO_ANSWER)) == (1, 2)


def test_panel_takes_the_same_text_and_the_same_length_as_one_answer(study):
    text, number = study.question(AnswerFormat.SHORT_TEXT), study.question(AnswerFormat.NUMERIC)
    readers = [study.person(f"Demo Reader {i}") for i in (1, 2, 3)]
    study.read(readers[0], [text, number], RIGHT, RIGHT)
    study.read(readers[1], [text, number], WRONG, WRONG)
    study.read(readers[2], [text, number], RIGHT, RIGHT)
    panel = row(study.service.results(), "Panel (majority)").overall
    assert (panel.n, panel.correct) == (2, 2)


def test_conditions_and_labels_select(study):
    here, there = study.question(), study.question(AnswerFormat.YES_NO, specialty="Urology")
    study.run([here, there], RIGHT, WRONG)
    study.run([here, there], RIGHT, WRONG, condition=Condition.TEXT)
    by_condition = study.service.results(Selection(condition=Condition.TEXT))
    names = [one.name for one in by_condition.respondents if one.kind is ResultKind.LLM]
    assert names == ["demo-llm · text only"]
    for selection in (Selection(specialty="Urology"), Selection(format=AnswerFormat.YES_NO)):
        found = row(study.service.results(selection), "demo-llm · text only").overall
        assert (found.n, found.correct) == (1, 0)
    assert study.service.results(Selection(capacity="Prognosis")).question_count == 0


def test_runs_of_one_model_get_names_of_their_own(study):
    question = study.question()
    study.run([question], RIGHT)
    study.run([question], WRONG)
    names = [one.name for one in study.service.results().respondents if "llm" in one.name]
    assert names == ["demo-llm · image and text · plain", "demo-llm · image and text · plain (2)"]


def test_every_figure_opens_the_answers_behind_it(study):
    cardiology, urology = (
        study.question(),
        study.question(AnswerFormat.NUMERIC, specialty="Urology"),
    )
    study.run([cardiology, urology], WRONG, AnswerState.REFUSED)
    results = study.service.results()
    for found in results.respondents:
        lines = study.service.answers_behind(found.id)
        assert len(lines) == found.overall.n
    run = row(results, "demo-llm · image and text")
    first, second = study.service.answers_behind(run.id)
    assert (first.response, first.right) == ("Pneumonia", "Pneumothorax")
    assert (first.state, first.number) == (ScoreState.INCORRECT, 1)
    assert (second.response, second.right) == ("refused", "12.5 mm")
    behind = study.service.answers_behind(run.id, ResultAxis.SPECIALTY, "Urology")
    assert behind == [second]
    assert study.service.answers_behind("run:none") == []
    (chance,) = study.service.answers_behind("builtin:chance")
    assert (chance.response, chance.state) == ("expected 0.25", None)


def test_rescoring_stores_each_missing_score_once_and_old_versions_stay(study):
    question = study.question()
    run = study.run([question], RIGHT)
    study.read(study.person("Demo Reader 1"), [question], WRONG)
    study.verify(study.person("Demo Verifier"), question)
    with study.database.write() as tx:
        answer = tx.answers.of(Occasion.RUN, run.id)[0]
        tx.scores.put(Score(answer.id, "single_choice", "0", ScoreState.INCORRECT, 0.0))
    assert row(study.service.results(), "demo-llm · image and text").overall.correct == 1
    outcome = study.service.rescore()
    assert (outcome.value, outcome.changes.concerns(Kind.SCORE)) == (3, True)
    with study.database.read() as tx:
        assert sorted(one.version for one in tx.scores.all()[answer.id]) == ["0", "1"]
    again = study.service.rescore()
    assert (again.value, again.changes.concerns(Kind.SCORE)) == (0, False)


def test_stored_score_of_the_current_scorer_is_used(study):
    question = study.question()
    run = study.run([question], RIGHT)
    with study.database.write() as tx:
        answer = tx.answers.of(Occasion.RUN, run.id)[0]
        tx.scores.put(Score(answer.id, "single_choice", "1", ScoreState.UNSCORED))
    cell = row(study.service.results(), "demo-llm · image and text").overall
    assert cell.count(ScoreState.UNSCORED) == 1


def test_rescoring_can_be_stopped_and_reports_progress(study):
    study.run([study.question(), study.question()], RIGHT, WRONG)
    seen = []
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        study.service.rescore(token=token)
    study.service.rescore(progress=seen.append)
    assert [(one.done, one.total) for one in seen] == [(0, 2), (1, 2)]


def test_differences_are_paired_on_common_questions(study):
    questions = [study.question() for _ in range(4)]
    study.read(study.person("Demo Reader 1"), questions, RIGHT, RIGHT, RIGHT, WRONG)
    study.run(questions, RIGHT, WRONG, WRONG, AnswerState.FAILED)
    (found,) = study.service.results().pair_differences
    counts = found.counts
    assert (counts.both, counts.first_only, counts.second_only, counts.neither) == (1, 2, 0, 0)
    assert found.interval.low < counts.difference < found.interval.high
    assert found.p_value == pytest.approx(0.25)


def test_fewer_than_three_readers_get_a_statement_instead_of_an_interval(study):
    questions = [study.question() for _ in range(6)]
    patterns = ("rrrrrw", "rrwrwr", "rwrrrr")
    for number, pattern in enumerate(patterns):
        given = [RIGHT if letter == "r" else WRONG for letter in pattern]
        study.read(study.person(f"Demo Reader {number}"), questions, *given)
        if number == 0:
            study.run(questions, RIGHT, WRONG, WRONG, WRONG, RIGHT, WRONG)
        (found,) = study.service.results().readers_differences
        assert found.readers == number + 1
        if number < 2:
            assert found.analysis is None
            assert "at least three are needed" in found.statement
    assert found.readers_mean == pytest.approx(14 / 18)
    assert found.analysis.estimate == pytest.approx(14 / 18 - 2 / 6)
    assert "readers in general" in found.statement


def test_spread_is_taken_over_specialties_that_are_not_small(study):
    patterns = {"Cardiology": "r" * 9 + "w", "Urology": "w" * 9 + "r", "Neurology": "w"}
    questions, given = [], []
    for specialty, pattern in patterns.items():
        questions += [study.question(specialty=specialty) for _ in pattern]
        given += [RIGHT if letter == "r" else WRONG for letter in pattern]
    study.run(questions, *given)
    found = row(study.service.results(), "demo-llm · image and text")
    spread = found.spreads[ResultAxis.SPECIALTY]
    assert (spread.cells, spread.raw) == (2, pytest.approx(0.16))
    assert spread.is_uneven
    assert found.spreads[ResultAxis.CAPACITY] is None


def test_response_words_name_options_and_units(study):
    several = study.question(AnswerFormat.SEVERAL_CHOICES).body.asked
    number = study.question(AnswerFormat.NUMERIC).body.asked
    assert response_words(several, Chosen(frozenset({"o3", "o1"}))) == "Heart; Spleen"
    assert response_words(several, Chosen(frozenset())) == "nothing chosen"
    assert response_words(number, Measured(Decimal("3"))) == "3 mm"
    assert response_words(number, Measured(Decimal("3"), "cm")) == "3 cm"
    assert response_words(number, Written("three")) == "three"


def test_graded_figures_stand_beside_what_is_right_or_wrong(study):
    rankings = [study.question(AnswerFormat.RANKING) for _ in range(2)]
    regions = [study.question(AnswerFormat.REGION) for _ in range(2)]
    study.run([*rankings, *regions], RIGHT, WRONG, RIGHT, WRONG)
    (found,) = [one for one in study.service.results().respondents if one.kind is ResultKind.LLM]
    beside = found.overall.beside
    assert found.overall.accuracy == 0.5
    # One of three pairs is turned in the wrong order: tau 1/3; the wrong box is far away.
    assert beside["kendall_tau"] == (pytest.approx((1 + 1 / 3) / 2), 2)
    assert beside["iou"] == (0.5, 2)
    assert beside["dice"] == (0.5, 2)
    assert "f1" not in beside
    only = found.cell(ResultAxis.FORMAT, "ranking")
    assert set(only.beside) == {"kendall_tau"}
