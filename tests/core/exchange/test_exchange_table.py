from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from core.domain.body import NO, AnswerFormat, options_of
from core.domain.key import (
    NumericKey,
    RankingKey,
    ReportKey,
    SeveralChoicesKey,
    ShortTextKey,
    SingleChoiceKey,
    YesNoKey,
)
from core.domain.taxonomy import Label
from core.errors import ExchangeError
from core.exchange.table import read_question_table

HEADER = "id,format,stem,option_a,option_b,option_c,key,variants,unit,tolerance,specialty,tag"
ROWS = (
    "1,single choice,Which one?,Mass,Cyst,Node,B,,,,Pulmonology,chest; hard",
    "2,several choices,Which ones?,Mass,Cyst,Node,A; C,,,,Pulmonology,",
    "3,yes/no,Is it?,,,,No,,,,Cardiology,",
    "4,Short Text,What is it?,,,,left ventricle,LV | ventricle,,,Cardiology,",
    '5,report,Describe it.,,,,"The heart\nis large.",,,,Cardiology,',
    "6,numeric,How wide?,,,,12.5,,mm,0.5,Cardiology,",
    "7,ranking,In which order?,Mass,Cyst,Node,B > C > A,,,,Cardiology,",
)


def write(folder: Path, *rows: str, header: str = HEADER, name: str = "questions.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def problem_of(folder: Path, row: str, *, header: str = HEADER) -> str:
    read = read_question_table(write(folder, row, header=header))
    (problem,) = read.problems
    return str(problem)


def test_each_format_is_read_from_its_row(tmp_path):
    read = read_question_table(write(tmp_path, *ROWS))
    keys = [one.key.right for one in read.questions]
    assert read.problems == []
    assert [one.body.format for one in read.questions] == [
        AnswerFormat.SINGLE_CHOICE,
        AnswerFormat.SEVERAL_CHOICES,
        AnswerFormat.YES_NO,
        AnswerFormat.SHORT_TEXT,
        AnswerFormat.REPORT,
        AnswerFormat.NUMERIC,
        AnswerFormat.RANKING,
    ]
    assert keys == [
        SingleChoiceKey("o2"),
        SeveralChoicesKey(frozenset({"o1", "o3"})),
        YesNoKey(NO),
        ShortTextKey("left ventricle", ("LV", "ventricle")),
        ReportKey("The heart\nis large."),
        NumericKey(Decimal("12.5"), Decimal("0.5")),
        RankingKey(keys[-1].order),
    ]
    texts = {one.id: one.text for one in options_of(read.questions[-1].body.asked)}
    assert [texts[one] for one in keys[-1].order] == ["Cyst", "Node", "Mass"]


@pytest.mark.parametrize(
    ("cell", "tolerance", "percent"),
    [("", "0", "0"), ("0.5", "0.5", "0"), ("5%", "0", "5"), ("2.5 %; 0.1", "0.1", "2.5")],
)
def test_tolerance_is_in_the_unit_or_in_percent_or_both(tmp_path, cell, tolerance, percent):
    read = read_question_table(write(tmp_path, f"6,numeric,How wide?,,,,12.5,,mm,{cell},,"))

    key = read.questions[0].key.right
    assert key == NumericKey(Decimal("12.5"), Decimal(tolerance), Decimal(percent))
    assert NumericKey.from_plain(key.to_plain()) == key


def test_labels_and_source_come_from_their_columns(tmp_path):
    first = read_question_table(write(tmp_path, *ROWS)).questions[0]
    assert first.labels == {
        Label("specialty", "Pulmonology"),
        Label("tag", "chest"),
        Label("tag", "hard"),
    }
    assert first.source.citation == "questions.csv"


def test_options_may_stand_in_one_column(tmp_path):
    path = write(
        tmp_path, "single choice,Which?,Mass | Cyst|Node,c", header="format,stem,options,key"
    )
    (question,) = read_question_table(path).questions
    assert [option.text for option in options_of(question.body.asked)] == ["Mass", "Cyst", "Node"]
    assert question.key.right == SingleChoiceKey("o3")


def test_ids_of_a_ranking_do_not_tell_the_order_of_its_columns(tmp_path):
    rows = ("1,ranking,How?,a,b,c,A>B>C,,,,,", "2,ranking,How?,c,b,a,C>B>A,,,,,")
    one, other = read_question_table(write(tmp_path, *rows)).questions
    assert one.body == other.body
    assert one.key == other.key


@pytest.mark.parametrize("missing", ["stem", "format", "key"])
def test_missing_column_is_named(tmp_path, missing):
    header = ",".join(name for name in HEADER.split(",") if name != missing)
    with pytest.raises(ExchangeError, match=rf"questions\.csv, row 1: the column “{missing}”"):
        read_question_table(write(tmp_path, header=header))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,single choice,Which?,a,b,c,F,,,,,", "row 2, column key: “F” is no letter"),
        ("1,single choice,Which?,a,b,c,,,,,,", "row 2, column key: The key is empty"),
        (
            "1,single choice,Which?,a,b,c,A B,,,,,",
            "row 2, column key: A single choice has one right letter, not 2",
        ),
        ("1,single choice,Which?,a,,c,A,,,,,", "row 2, column option_b: The option is empty"),
        ("1,single choice,Which?,a,,,A,,,,,", "row 2, column options: Give 2 to 26 options"),
        ("1,essay,Which?,a,b,c,A,,,,,", "row 2, column format: “essay” is no answer format"),
        ("1,yes/no,,,,,yes,,,,,", "row 2, column stem: The question is empty"),
        ("1,yes/no,Is it?,,,,maybe,,,,,", "row 2, column key: “maybe” is neither yes nor no"),
        ("1,numeric,How?,,,,3;5,,,,,", "row 2, column key: “3;5” is no number"),
        ("1,numeric,How?,,,,inf,,,,,", "row 2, column key: “inf” is no number"),
        ("1,numeric,How?,,,,3,,,-1,,", "row 2, column key: The tolerance must not be negative"),
        ("1,numeric,How?,,,,1e999999999,,,,,", "row 2, column key: The number is too large"),
        ("1,numeric,How?,,,,3,,,1e-999999,,", "row 2, column key: The number is too large"),
        ("1,ranking,How?,a,b,c,A > B,,,,,", "row 2, column key: The right order must hold every"),
        ("1,ranking,How?,a,b,c,A>B>B,,,,,", "row 2, column key: The right order names an option"),
        ("1,ranking,How?,a,b,c,A>B>D,,,,,", "row 2, column key: “D” is no letter"),
        ("1,numeric,How?,,,,3,,,wide,,", "row 2, column tolerance: “wide” is no number"),
        ("1,numeric,How?,,,,3,,,wide%,,", "row 2, column tolerance: “wide” is no number"),
        ("1,numeric,How?,,,,3,,,%,,", "row 2, column tolerance: “” is no number"),
        ("1,numeric,How?,,,,3,,,1;2,,", "row 2, column tolerance: Give one tolerance"),
        ("1,numeric,How?,,,,3,,,-5%,,", "row 2, column key: The tolerance must not be negative"),
    ],
)
def test_bad_cell_is_named_by_file_row_and_column(tmp_path, row, words):
    assert problem_of(tmp_path, row).startswith(f"questions.csv, {words}")


def test_long_entry_is_not_repeated_in_an_error(tmp_path):
    sentence = problem_of(tmp_path, "1,yes/no,Is it?,,,,the left ventricle,,,,,")
    assert "ventricle" not in sentence


def test_row_number_is_the_one_of_a_spreadsheet(tmp_path):
    path = write(tmp_path, ROWS[4], "", "9,yes/no,Is it?,,,,perhaps,,,,,")
    (problem,) = read_question_table(path).problems
    assert problem.where == "questions.csv, row 4, column key"


def test_column_that_nobody_reads_is_said(tmp_path):
    path = write(tmp_path, "yes/no,Is it?,yes,red", header="format,stem,key,color")
    assert read_question_table(path).notes == ["The column “color” of “questions.csv” is not read."]


def test_same_column_twice_is_refused(tmp_path):
    with pytest.raises(ExchangeError, match="“stem” is there twice"):
        read_question_table(write(tmp_path, header="stem,format,Stem,key"))


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n"])
def test_separators_and_line_ends_of_other_programs_are_read(tmp_path, separator, line_end):
    lines = ["format,stem,key", "yes/no,Is it?,yes", "numeric,How many?,3"]
    text = line_end.join(lines).replace(",", separator) + line_end
    path = tmp_path / "questions.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    read = read_question_table(path)
    assert read.problems == []
    assert [one.body.stem for one in read.questions] == ["Is it?", "How many?"]


def test_text_that_is_not_utf8_is_read_as_windows_1252_and_said(tmp_path):
    path = tmp_path / "questions.csv"
    path.write_bytes("format,stem,key\nyes/no,Ödem – ja?,yes\n".encode("cp1252"))
    read = read_question_table(path)
    assert read.questions[0].body.stem == "Ödem – ja?"
    assert "Windows-1252" in read.notes[0]


def test_word_null_is_text_and_not_an_empty_cell(tmp_path):
    path = write(tmp_path, "short text,What is None?,NA", header="format,stem,key")
    assert read_question_table(path).questions[0].key.right == ShortTextKey("NA")


def test_row_with_too_many_cells_is_named(tmp_path):
    path = write(tmp_path, "yes/no,Is it?,yes,too,many", header="format,stem,key")
    with pytest.raises(ExchangeError, match="row 2: there are more cells than columns"):
        read_question_table(path)


def test_missing_double_quote_is_said(tmp_path):
    path = write(tmp_path, 'yes/no,"Is it?,yes', header="format,stem,key")
    with pytest.raises(ExchangeError, match="a double quote is missing"):
        read_question_table(path)


def test_empty_file_is_refused(tmp_path):
    path = tmp_path / "questions.csv"
    path.write_text("\n \n")
    with pytest.raises(ExchangeError, match="is empty"):
        read_question_table(path)


def test_workbook_gives_what_the_csv_gives(tmp_path):
    csv = write(tmp_path, *ROWS)
    pd.read_csv(csv, dtype=str).to_excel(tmp_path / "questions.xlsx", index=False)
    book = read_question_table(tmp_path / "questions.xlsx")
    text = read_question_table(csv)
    assert book.problems == []
    assert [(one.body, one.key, one.labels) for one in book.questions] == [
        (one.body, one.key, one.labels) for one in text.questions
    ]


def test_numbers_of_a_workbook_are_read_as_text(tmp_path):
    frame = pd.DataFrame({"format": ["numeric", "numeric"], "stem": ["a", "b"], "key": [3, 2.5]})
    frame.to_excel(tmp_path / "n.xlsx", index=False)
    read = read_question_table(tmp_path / "n.xlsx")
    assert [one.key.right.value for one in read.questions] == [Decimal(3), Decimal("2.5")]


def test_file_that_only_claims_to_be_a_workbook_is_refused(tmp_path):
    path = tmp_path / "questions.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(ExchangeError, match="not readable as an Excel workbook"):
        read_question_table(path)


IMAGE_HEADER = "format,stem,key,images,frames,captions"


def test_images_get_their_frames_and_captions(tmp_path):
    (tmp_path / "images").mkdir()
    for name in ("a.png", "b.dcm"):
        (tmp_path / "images" / name).write_bytes(b"x")
    path = write(
        tmp_path, 'yes/no,Is it?,yes,a.png; b.dcm,"1;2-3,7",Front;Side', header=IMAGE_HEADER
    )
    (question,) = read_question_table(path).questions
    assert [image.path.name for image in question.images] == ["a.png", "b.dcm"]
    assert [image.use.frames for image in question.images] == [(0,), (1, 2, 6)]
    assert [image.use.caption for image in question.images] == ["Front", "Side"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("gone.png,,", "column images: The image file “gone.png” does not exist"),
        ("../secret.png,,", "column images: The image name “../secret.png” points outside"),
        ("/etc/passwd,,", "column images: The image name “/etc/passwd” points outside"),
        ("..\\secret.png,,", "column images: The image name “..\\secret.png” points outside"),
        ("C:\\secret.png,,", "column images: The image name “C:\\secret.png” points outside"),
        ("link.png,,", "column images: The image “link.png” is a link"),
        ("a.png,0,", "column frames: “0” names no frames"),
        ("a.png,5-2,", "column frames: “5-2” names no frames"),
        ("a.png,,one;two", "column captions: There are 2 entries for 1 images"),
    ],
)
def test_bad_image_entry_is_refused(tmp_path, cells, words):
    (tmp_path / "secret.png").write_bytes(b"x")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.png").write_bytes(b"x")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    sentence = problem_of(folder, f"yes/no,Is it?,yes,{cells}", header=IMAGE_HEADER)
    assert sentence.startswith(f"questions.csv, row 2, {words}")


def test_row_without_an_id_has_the_same_origin_in_a_renamed_file(tmp_path):
    row, header = "yes/no,Is it?,yes", "format,stem,key"
    one = read_question_table(write(tmp_path, row, header=header, name="a.csv"))
    other = read_question_table(write(tmp_path, row, header=header, name="b.csv"))
    assert one.questions[0].origin == other.questions[0].origin
