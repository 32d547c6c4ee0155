"""Predictions of other engines in and out, on a real workspace with real files."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from core.domain.answer import Answer, AnswerState
from core.domain.body import AnswerFormat, Chosen, Written
from core.domain.ids import OptionId, RunId
from core.domain.prediction import Engine
from core.domain.run import Condition, RunStatus
from core.errors import ConflictError, ExchangeError
from core.services.predictions.service import PredictionOptions, PredictionReport
from core.workspace import Workspace, create_workspace
from tests.core.services.analysis_study import RIGHT, WRONG
from tests.core.services.analysis_study import Study as Stored
from tests.factories import make_options, ticking_clock

DATA = Path(__file__).parents[2] / "data"
FORMATS = (AnswerFormat.SINGLE_CHOICE, AnswerFormat.YES_NO, AnswerFormat.REPORT)
LETTERS = make_options("Pneumonia", "Pneumothorax", "Effusion", "Edema")


class Desk:
    """A workspace with one verified question of each of three formats."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.stored = Stored(Path(workspace.path))
        self.revisions = [self.stored.question(one) for one in FORMATS]

    def take(self, path: Path, **options: object) -> PredictionReport:
        me = self.workspace.people.me().id
        chosen = PredictionOptions(**options)
        return self.workspace.predictions.import_file(path, me, chosen).value

    def answers(self, run: RunId) -> list[Answer]:
        order = {one.id: place for place, one in enumerate(self.revisions)}
        found = self.workspace.evaluation.answers(run)
        return sorted(found, key=lambda one: order[one.revision])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with create_workspace(tmp_path / "p.asclepius", clock=ticking_clock()) as workspace:
        yield Desk(workspace)


def table(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", ["eval", "json"])
def test_a_real_log_of_inspect_becomes_a_run_for_each_epoch(desk: Desk, ending: str) -> None:
    report = desk.take(DATA / f"inspect_log.{ending}")

    first, second = (desk.answers(run) for run in report.runs)
    assert (report.engine, report.added, report.problems) == (Engine.INSPECT, 6, ())
    assert [one.response for one in first[:2]] == [
        Chosen(frozenset({OptionId("o2")})),
        Chosen(frozenset({OptionId("yes")})),
    ]
    assert isinstance(first[2].response, Written)
    assert len(first[2].raw_text) == 400
    assert [one.state for one in second[:2]] == [AnswerState.REFUSED, AnswerState.ANSWERED]
    assert {one.respondent.name for one in first} == {"mockllm/model"}


def test_an_imported_run_says_whose_it_is_and_is_never_asked(desk: Desk) -> None:
    report = desk.take(DATA / "inspect_log.eval")

    run = desk.workspace.evaluation.summary(report.runs[0]).run
    assert run.spec.is_imported
    assert run.spec.prompt_name.startswith("imported from Inspect, inspect_log.eval, sha256 ")
    assert run.spec.prompt_hash == report.sha256
    assert run.status is RunStatus.FINISHED
    with pytest.raises(ConflictError, match="nothing is asked for it here"):
        desk.workspace.evaluation.resume(run.id)


def test_imported_models_stand_beside_ours_in_results(desk: Desk) -> None:
    desk.stored.run(desk.revisions, RIGHT, WRONG, RIGHT, llm="ours")
    desk.take(DATA / "inspect_log.eval")

    results = desk.workspace.analysis.results()

    rows = {one.name: one.overall.accuracy for one in results.respondents}
    assert rows["ours · image and text"] == 0.5
    assert [value for name, value in rows.items() if "mockllm" in name] == [1.0, 0.0]
    assert "imported from Inspect, inspect_log.eval" in results.note


def test_the_same_file_again_adds_nothing(desk: Desk) -> None:
    desk.take(DATA / "inspect_log.eval")
    again = desk.take(DATA / "inspect_log.eval")

    assert (again.runs, again.added, again.same) == ((), 0, 6)
    assert len(desk.workspace.evaluation.runs()) == 2


def test_a_dry_run_adds_nothing(desk: Desk) -> None:
    report = desk.take(DATA / "inspect_log.eval", is_dry_run=True)

    assert (report.added, report.read, report.runs) == (6, 5, ())
    assert desk.workspace.evaluation.runs() == []


def test_a_table_of_replies_is_read_by_our_own_rules(desk: Desk, tmp_path: Path) -> None:
    path = table(
        tmp_path / "p.csv",
        ["number", "reply", "model", "condition"],
        ["1", "The answer is B.", "m1", "both"],
        ["2", "Vitamin C", "m1", ""],
        ["1", "A", "m2", "text only"],
    )

    report = desk.take(path)

    runs = [desk.workspace.evaluation.summary(one).run.spec for one in report.runs]
    assert [(one.llm, one.condition) for one in runs] == [
        ("m1", Condition.BOTH),
        ("m2", Condition.TEXT),
    ]
    right, unread = desk.answers(report.runs[0])
    assert (right.response, right.raw_text) == (
        Chosen(frozenset({OptionId("o2")})),
        "The answer is B.",
    )
    assert (unread.state, unread.response) == (AnswerState.NO_ANSWER, None)


def test_letters_follow_the_options_that_the_model_saw(desk: Desk, tmp_path: Path) -> None:
    path = table(
        tmp_path / "p.csv",
        ["number", "answer", "option_a", "option_b", "option_c", "option_d"],
        ["1", "A", "Pneumothorax", "Edema", "effusion", "Pneumonia"],
    )

    [answer] = desk.answers(desk.take(path).runs[0])

    assert answer.response == Chosen(frozenset({OptionId("o2")}))
    assert answer.option_order == ("o2", "o4", "o3", "o1")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["9", "A", "", ""], "not here"),
        (["nobody", "A", "", ""], "not here"),
        (["1", "A", "Heart", "Liver"], "Its options are not those of question 1"),
        (["1", "A", "Pneumonia", "Pneumothorax"], "Its options are not those of question 1"),
        (["", "A", "", ""], "names no question"),
    ],
)
def test_what_may_be_another_question_is_refused_and_nothing_is_imported(
    desk: Desk, tmp_path: Path, row: list[str], sentence: str
) -> None:
    head = ["number", "answer", "option_a", "option_b"]
    path = table(tmp_path / "p.csv", head, ["2", "yes", "", ""], row)

    report = desk.take(path)

    assert sentence in report.problems[0].sentence
    assert report.problems[0].where == "p.csv, row 3"
    assert (report.runs, report.added) == ((), 0)
    assert desk.workspace.evaluation.runs() == []


def test_another_stem_under_a_number_is_another_question(desk: Desk, tmp_path: Path) -> None:
    path = lines(tmp_path / "p.jsonl", {"index": 2, "question": "Is it a cat?", "reply": "yes"})

    assert "not that of question 2" in desk.take(path).problems[0].sentence


def test_unknown_questions_can_be_left_out_on_purpose(desk: Desk, tmp_path: Path) -> None:
    path = table(tmp_path / "p.csv", ["number", "answer"], ["2", "yes"], ["77", "no"])

    report = desk.take(path, skips_unknown=True)

    assert (report.added, len(report.skipped)) == (1, 1)


def test_a_question_answered_twice_by_one_model_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = table(tmp_path / "p.csv", ["number", "answer"], ["2", "yes"], ["2", "no"])

    assert "answered twice" in desk.take(path).problems[0].sentence


def test_a_file_without_a_model_is_called_after_itself_or_as_said(
    desk: Desk, tmp_path: Path
) -> None:
    path = table(tmp_path / "qwen-7b.csv", ["number", "answer"], ["2", "yes"])

    unnamed, named = desk.take(path), desk.take(path, llm="Qwen")

    assert "called “qwen-7b”" in unnamed.notes[0]
    assert desk.workspace.evaluation.summary(named.runs[0]).run.spec.llm == "Qwen"


def vlmevalkit(path: Path) -> Path:
    """Write a table as VLMEvalKit does: index, question, A to D, answer, prediction."""
    book = Workbook()
    sheet = book.active
    sheet.append(["index", "question", "hint", "A", "B", "C", "D", "answer", "prediction"])
    options = [one.text for one in LETTERS]
    sheet.append([1, "What does the image show?", None, *options, "B", "B. Pneumothorax"])
    sheet.append([2, "What does the image show?", None, None, None, None, None, "Yes", "No"])
    book.save(path)
    return path


def test_a_workbook_of_vlmevalkit_keeps_its_key_and_prediction_apart(
    desk: Desk, tmp_path: Path
) -> None:
    report = desk.take(vlmevalkit(tmp_path / "model_SET.xlsx"))

    answers = desk.answers(report.runs[0])
    assert report.engine is Engine.VLMEVALKIT
    assert [one.raw_text for one in answers] == ["B. Pneumothorax", "No"]
    assert answers[0].response == Chosen(frozenset({OptionId("o2")}))


RECORDS = [
    {"index": 1, "question": "What does the image show?", "hint": float("nan"), "answer": "B"}
    | dict(zip("ABCD", (one.text for one in LETTERS), strict=True))
    | {"prediction": "B. Pneumothorax", "hit": 1, "log": "Succeed in exact matching"},
    {"index": 2, "question": "What does the image show?", "answer": "Yes", "prediction": "No"},
]


@pytest.mark.parametrize("suffix", ["xlsx", "tsv", "json"])
def test_each_form_of_a_prediction_file_of_vlmevalkit_is_read(
    desk: Desk, tmp_path: Path, suffix: str
) -> None:
    """Fact: PRED_FORMAT makes it .xlsx, .tsv with every cell quoted, or .json, a list of records.

    An empty cell is NaN in the list. A judged file has `hit` and `log` besides, which decide
    nothing here.
    """
    path = tmp_path / f"model_SET.{suffix}"
    if suffix == "json":
        path.write_text(json.dumps(RECORDS, indent=4), encoding="utf-8")
    else:
        frame = pd.DataFrame(RECORDS)
        if suffix == "tsv":
            frame.to_csv(path, sep="\t", index=False, quoting=csv.QUOTE_ALL)
        else:
            frame.to_excel(path, index=False)

    report = desk.take(path)

    assert report.engine is Engine.VLMEVALKIT
    answers = desk.answers(report.runs[0])
    assert [one.raw_text for one in answers] == ["B. Pneumothorax", "No"]
    assert answers[0].response == Chosen(frozenset({OptionId("o2")}))


@pytest.mark.parametrize("folder", ["org-vlm_7b", "org-vlm_7b/T20260105-101500"])
def test_model_of_a_vlmevalkit_file_is_the_folder_its_name_begins_with(
    desk: Desk, tmp_path: Path, folder: str
) -> None:
    """Fact: no column names the model; results lie in MODEL/ or MODEL/DATE/ as MODEL_DATASET."""
    place = tmp_path / folder
    place.mkdir(parents=True)

    report = desk.take(vlmevalkit(place / "org-vlm_7b_MMBench_DEV.xlsx"))

    assert desk.workspace.evaluation.summary(report.runs[0]).run.spec.llm == "org-vlm_7b"
    assert not any("called" in note for note in report.notes)


@pytest.mark.parametrize(
    "sentence",
    [
        "Failed to obtain answer via API.",
        "Failed to obtain answer: <class 'RuntimeError'> out of memory",
    ],
)
def test_failed_call_of_vlmevalkit_is_no_reply(desk: Desk, tmp_path: Path, sentence: str) -> None:
    """Fact: a call that failed leaves this sentence in the column `prediction`."""
    path = table(tmp_path / "m_SET.tsv.csv", ["index", "prediction"], ["1", sentence], ["2", "No"])

    answers = desk.answers(desk.take(path).runs[0])

    assert [one.state for one in answers] == [AnswerState.FAILED, AnswerState.ANSWERED]
    assert answers[0].details["error"] == sentence
    assert answers[0].raw_text == ""


def test_rows_of_circular_evaluation_are_told_and_only_the_first_way_is_read(
    desk: Desk, tmp_path: Path
) -> None:
    """Fact: each move of the options adds a million to the index of the question."""
    rows = [["1", "B"], ["1000001", "A"], ["2000001", "D"], ["3000001", "C"]]
    path = table(tmp_path / "m_SET.csv", ["index", "prediction"], *rows)

    report = desk.take(path)

    assert [one.raw_text for one in desk.answers(report.runs[0])] == ["B"]
    assert "3 rows put a question again" in " ".join(report.notes)


def test_json_that_only_looks_like_vlmevalkit_is_one_sentence(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "m_SET.json"
    path.write_text('[{"index": 1, "prediction": "A"}, 3]', encoding="utf-8")

    with pytest.raises(ExchangeError, match="no JSON list of records"):
        desk.take(path)


def lm_eval_row(doc_id: int, doc: dict[str, object], resps: object) -> dict[str, object]:
    return {
        "doc_id": doc_id,
        "doc": doc,
        "target": "1",
        "arguments": {"gen_args_0": {"arg_0": "x", "arg_1": {}}},
        "resps": resps,
        "filtered_resps": ["x"],
        "filter": "none",
        "acc": 1.0,
    }


def test_samples_of_lm_eval_give_texts_repeats_and_likeliest_options(
    desk: Desk, tmp_path: Path
) -> None:
    """Fact: `resps` has one list per request; its texts are repeats, and of a likelihood request
    it holds [[value, is greedy]], both written as text by newer versions.
    """
    choices = [one.text for one in LETTERS]
    path = lines(
        tmp_path / "samples_task_2026.jsonl",
        lm_eval_row(7, {"number": 2}, [["Yes", "No"]]),
        lm_eval_row(
            8,
            {"number": 1, "choices": choices},
            [[["-4.1", "False"]], [["-0.2", "True"]], [[-3.0, False]], [[-9, False]]],
        ),
    )

    report = desk.take(path, llm="m")

    first, second = (desk.answers(one) for one in report.runs)
    assert report.engine is Engine.LM_EVAL
    assert [one.raw_text for one in first] == ["B", "Yes"]
    assert [one.raw_text for one in second] == ["No"]
    assert first[0].details["only_answer"] == 1


def test_real_samples_of_lm_eval_are_read(desk: Desk) -> None:
    chosen = desk.take(DATA / "lm_eval" / "samples_multiple_choice.jsonl", llm="dummy")
    written = desk.take(DATA / "lm_eval" / "samples_generated.jsonl", llm="dummy")

    first, second = desk.answers(chosen.runs[0])
    assert (chosen.engine, written.engine) == (Engine.LM_EVAL, Engine.LM_EVAL)
    assert first.response == Chosen(frozenset({OptionId("o1")}))
    assert second.response == Chosen(frozenset({OptionId("no")}))
    assert [one.raw_text for one in desk.answers(written.runs[0])] == ["lol", "lol"]


def test_lm_eval_names_the_folder_after_the_model(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "org__model-7b"
    folder.mkdir()
    (folder / "results_2026.json").write_text("{}")
    path = lines(folder / "samples_t.jsonl", lm_eval_row(0, {"number": 2}, [["Yes"]]))

    run = desk.take(path).runs[0]

    assert desk.workspace.evaluation.summary(run).run.spec.llm == "org/model-7b"


def test_a_reply_seen_through_a_second_filter_counts_once(desk: Desk, tmp_path: Path) -> None:
    row = lm_eval_row(0, {"number": 2}, [["Yes"]])
    path = lines(tmp_path / "s.jsonl", row, row | {"filter": "flexible", "filtered_resps": ["y"]})

    report = desk.take(path)

    assert (report.added, report.problems) == (1, ())
    assert "another filter" in report.notes[0]


def test_two_options_of_one_likelihood_are_no_answer(desk: Desk, tmp_path: Path) -> None:
    doc = {"number": 1, "choices": [one.text for one in LETTERS]}
    path = lines(tmp_path / "s.jsonl", lm_eval_row(0, doc, [[[-1.0, True]]] * 4))

    [answer] = desk.answers(desk.take(path).runs[0])

    assert answer.state is AnswerState.NO_ANSWER


def test_the_position_in_a_foreign_data_set_names_no_question(desk: Desk, tmp_path: Path) -> None:
    path = lines(tmp_path / "s.jsonl", lm_eval_row(1, {"query": "Is it?"}, [["yes"]]))

    assert desk.take(path).problems[0].sentence == "It names no question."


def test_a_reply_that_never_came_stays_failed(desk: Desk, tmp_path: Path) -> None:
    path = lines(tmp_path / "p.jsonl", {"number": 2, "error": "timed out", "model": "m"})

    [answer] = desk.answers(desk.take(path).runs[0])

    assert (answer.state, answer.details["error"]) == (AnswerState.FAILED, "timed out")


OUTPUTS = [
    ("run.csv", Engine.TABLE),
    ("run.xlsx", Engine.TABLE),
    ("run.xlsx", Engine.VLMEVALKIT),
    ("run.jsonl", Engine.JSON_LINES),
    ("run.jsonl", Engine.LM_EVAL),
    ("run.eval", Engine.INSPECT),
    ("run.json", Engine.INSPECT),
]


def replied(desk: Desk, tmp_path: Path) -> RunId:
    """Import replies with everything that a format may trip over."""
    report = "=1+1\n'quoted', “ü” 気胸 <b>&amp;</b>;\t\"x\""
    path = lines(
        tmp_path / "source.jsonl",
        {"number": 1, "reply": "'=B", "model": "org/m-1", "seconds": 1.5, "condition": "image"},
        {"number": 2, "reply": "-Yes", "model": "org/m-1", "condition": "image"},
        {"number": 3, "reply": report, "model": "org/m-1", "condition": "image"},
    )
    return desk.take(path).runs[0]


@pytest.mark.parametrize(("name", "engine"), OUTPUTS)
def test_what_was_exported_comes_back_the_same_in_every_format(
    desk: Desk, tmp_path: Path, name: str, engine: Engine
) -> None:
    run = replied(desk, tmp_path)

    count = desk.workspace.predictions.export(run, tmp_path / name, engine)
    back = desk.take(tmp_path / name)

    assert (count, back.engine, back.problems) == (3, engine, ())
    spec = desk.workspace.evaluation.summary(back.runs[0]).run.spec
    assert (spec.llm, spec.condition) == ("org/m-1", Condition.IMAGE)
    before, after = desk.answers(run), desk.answers(back.runs[0])
    facts = [(one.revision, one.raw_text, one.state, one.response) for one in before]
    assert [(one.revision, one.raw_text, one.state, one.response) for one in after] == facts


@pytest.mark.parametrize(("name", "engine"), OUTPUTS)
def test_no_key_leaves_unless_it_is_asked_for(
    desk: Desk, tmp_path: Path, name: str, engine: Engine
) -> None:
    path = lines(tmp_path / "s.jsonl", {"number": 3, "reply": "None.", "model": "m"})
    run = desk.take(path).runs[0]
    service = desk.workspace.predictions
    (tmp_path / "with").mkdir()

    service.export(run, tmp_path / name, engine)
    service.export(run, tmp_path / "with" / name, engine, with_keys=True)

    key = "The lungs are clear."
    assert key not in unpacked(tmp_path / name)
    assert key in unpacked(tmp_path / "with" / name)


def unpacked(path: Path) -> str:
    data = path.read_bytes()
    if data[:2] != b"PK":
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


def test_no_cell_of_an_exported_table_is_a_formula(desk: Desk, tmp_path: Path) -> None:
    run = replied(desk, tmp_path)
    service = desk.workspace.predictions
    service.export(run, tmp_path / "a.csv")
    service.export(run, tmp_path / "a.xlsx")

    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert not [cell for cell in cells if cell.startswith(("=", "-", "+", "@"))]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_a_file_that_is_there_is_not_replaced(desk: Desk, tmp_path: Path) -> None:
    run = replied(desk, tmp_path)
    (tmp_path / "a.csv").write_text("mine")

    with pytest.raises(ExchangeError, match="there already"):
        desk.workspace.predictions.export(run, tmp_path / "a.csv")

    assert (tmp_path / "a.csv").read_text() == "mine"
    assert not list(tmp_path.glob(".a.csv*"))


@pytest.mark.parametrize("name", ["a.txt", "a.eval"])
def test_an_ending_that_does_not_fit_is_refused(desk: Desk, tmp_path: Path, name: str) -> None:
    run = replied(desk, tmp_path)
    engine = Engine.LM_EVAL if name == "a.eval" else None

    with pytest.raises(ExchangeError, match="end in"):
        desk.workspace.predictions.export(run, tmp_path / name, engine)


def test_what_no_cell_holds_is_said_and_not_cut(desk: Desk, tmp_path: Path) -> None:
    path = lines(tmp_path / "s.jsonl", {"number": 3, "reply": "x" * 40_000, "model": "m"})
    run = desk.take(path).runs[0]

    with pytest.raises(ExchangeError, match="more than 32,767 characters"):
        desk.workspace.predictions.export(run, tmp_path / "a.xlsx")
