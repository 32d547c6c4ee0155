"""Small factories of domain records for tests: `from tests.factories import make_person`.

Every factory gives a valid record at once; a keyword changes what the test is about.
"""

import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import assert_never

from core.clock import Clock, system_clock
from core.domain.answer import Answer, AnswerState, Occasion, Respondent, RespondentKind
from core.domain.blinding import BlindingApproval
from core.domain.body import (
    NO,
    YES,
    AnswerFormat,
    Asked,
    BlindQuestion,
    Body,
    Chosen,
    Localization,
    LongText,
    Marked,
    Measured,
    Numeric,
    Option,
    Ranked,
    Ranking,
    Report,
    Response,
    SeveralChoices,
    ShortText,
    SingleChoice,
    Written,
    YesNo,
)
from core.domain.ids import (
    AnswerId,
    MediaId,
    OptionId,
    PersonId,
    PlanId,
    QuestionId,
    RevisionId,
    RunId,
    SittingId,
    VerificationId,
    uuid7,
)
from core.domain.key import (
    Key,
    KeyPart,
    LocalizationKey,
    LongTextKey,
    NumericKey,
    RankingKey,
    ReportKey,
    SeveralChoicesKey,
    ShortTextKey,
    SingleChoiceKey,
    YesNoKey,
    right_response,
)
from core.domain.media import ImageUse, MediaInfo
from core.domain.people import Person, Role
from core.domain.plan import ReadingPlan, Sitting, StudyRules
from core.domain.question import Question
from core.domain.region import Region, RegionKind
from core.domain.revision import Draft, Revision
from core.domain.run import Condition, Run, RunSpec, RunStatus
from core.domain.source import Source
from core.domain.stage import Stage
from core.domain.taxonomy import CAPACITY, SPECIALTY, Label
from core.domain.verification import Gate, GateRating, Rating, Verdict, Verification

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ALL_FORMATS = tuple(one for one in AnswerFormat if one is not AnswerFormat.REGION)
"""All that can be asked without an image."""


def new_id() -> str:
    """Return a fresh time-ordered id."""
    return system_clock().new_id()


def ticking_clock(start: datetime = NOW, *, step_s: float = 1.0) -> Clock:
    """Return a clock that starts at `start` and moves on by `step_s` at each look."""
    ticks = count()

    def now() -> datetime:
        return start + timedelta(seconds=step_s * next(ticks))

    def fresh_id() -> str:
        return uuid7(int(now().timestamp() * 1000), os.urandom(10))

    return Clock(now, fresh_id)


def make_person(name: str = "Demo Reader 1", *roles: Role, specialty: str = "") -> Person:
    """Return a person; without roles given, one with all of them."""
    return Person(PersonId(new_id()), name, frozenset(roles or Role), specialty)


def make_options(*texts: str) -> tuple[Option, ...]:
    """Return options o1, o2, … with these texts."""
    return tuple(Option(OptionId(f"o{i}"), text) for i, text in enumerate(texts, start=1))


def make_box(left: float, top: float, right: float, bottom: float, *, frame: int = 0) -> Region:
    """Return a box."""
    return Region(RegionKind.BOX, ((left, top), (right, bottom)), frame)


def make_asked(answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE) -> Asked:
    """Return a complete part of a format."""
    match answer_format:
        case AnswerFormat.SINGLE_CHOICE:
            return SingleChoice(make_options("Pneumonia", "Pneumothorax", "Effusion", "Edema"))
        case AnswerFormat.YES_NO:
            return YesNo()
        case AnswerFormat.SEVERAL_CHOICES:
            return SeveralChoices(make_options("Heart", "Liver", "Spleen"))
        case AnswerFormat.SHORT_TEXT:
            return ShortText()
        case AnswerFormat.REPORT:
            return Report()
        case AnswerFormat.NUMERIC:
            return Numeric("mm")
        case AnswerFormat.RANKING:
            return Ranking(make_options("CT", "Oxygen", "Discharge"))
        case AnswerFormat.LONG_TEXT:
            return LongText()
        case AnswerFormat.REGION:
            return Localization(RegionKind.BOX, 0, 128, 128, 128, 128, 1)
        case _:
            assert_never(answer_format)


def make_key_part(answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE) -> KeyPart:
    """Return the key part that fits `make_asked` of the same format."""
    match answer_format:
        case AnswerFormat.SINGLE_CHOICE:
            return SingleChoiceKey(OptionId("o2"))
        case AnswerFormat.YES_NO:
            return YesNoKey(YES)
        case AnswerFormat.SEVERAL_CHOICES:
            return SeveralChoicesKey(frozenset({OptionId("o1"), OptionId("o3")}))
        case AnswerFormat.SHORT_TEXT:
            return ShortTextKey("left ventricle", ("LV",))
        case AnswerFormat.REPORT:
            return ReportKey("The lungs are clear. The heart is of normal size.")
        case AnswerFormat.NUMERIC:
            return NumericKey(Decimal("12.5"), Decimal("0.5"))
        case AnswerFormat.RANKING:
            return RankingKey((OptionId("o2"), OptionId("o1"), OptionId("o3")))
        case AnswerFormat.LONG_TEXT:
            return LongTextKey("The node is hot. It needs no biopsy.")
        case AnswerFormat.REGION:
            return LocalizationKey((make_box(10, 10, 50, 40),))
        case _:
            assert_never(answer_format)


def make_body(
    answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE,
    *,
    stem: str = "What does the image show?",
    context: str = "A 54-year-old with a cough.",
    images: tuple[ImageUse, ...] = (),
) -> Body:
    """Return a complete body of a format."""
    return Body(stem, context, images, make_asked(answer_format))


def make_key(answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE) -> Key:
    """Return the key that fits `make_body` of the same format."""
    return Key(make_key_part(answer_format), "Because the image shows it.", "Names the finding.")


def make_labels(
    specialty: str = "Pulmonology", capacity: str = "Disease analysis"
) -> frozenset[Label]:
    """Return labels on the two required axes."""
    return frozenset({Label(SPECIALTY, specialty), Label(CAPACITY, capacity)})


def make_question(
    author: Person,
    *,
    number: int = 1,
    stage: Stage = Stage.DRAFT,
    labels: frozenset[Label] | None = None,
    origin: str = "",
) -> Question:
    """Return a question without a revision."""
    chosen = make_labels() if labels is None else labels
    return Question(
        QuestionId(new_id()), number, stage, author.id, NOW, labels=chosen, origin=origin
    )


def make_draft(
    question: Question, answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE
) -> Draft:
    """Return a complete draft of a question, with a source."""
    source = Source("A man coughs; what is seen?", "Demo textbook, page 1", "CC0")
    body, key = make_body(answer_format), make_key(answer_format)
    return Draft(question.id, body, key, question.labels, source)


def make_revision(
    question: Question,
    answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE,
    *,
    number: int = 1,
    body: Body | None = None,
    key: Key | None = None,
) -> Revision:
    """Return a revision of a question."""
    return Revision(
        RevisionId(new_id()),
        question.id,
        number,
        body or make_body(answer_format),
        key or make_key(answer_format),
        question.author,
        NOW + timedelta(minutes=number),
    )


def with_revision(
    question: Question, revision: Revision, *, stage: Stage | None = None
) -> Question:
    """Return the question with `revision` as its current one."""
    return replace(question, current_revision=revision.id, stage=stage or question.stage)


def make_blind(question: Question, revision: Revision) -> BlindQuestion:
    """Return the blind form of a revision."""
    return BlindQuestion(question.id, revision.id, question.number, revision.body)


def make_right_response(answer_format: AnswerFormat) -> Response:
    """Return the response that `make_key` calls right."""
    response = right_response(make_key(answer_format))
    assert response is not None
    return response


def make_wrong_response(answer_format: AnswerFormat) -> Response:
    """Return a response that fits `make_asked` and that `make_key` calls wrong."""
    match answer_format:
        case AnswerFormat.SINGLE_CHOICE:
            return Chosen(frozenset({OptionId("o1")}))
        case AnswerFormat.YES_NO:
            return Chosen(frozenset({NO}))
        case AnswerFormat.SEVERAL_CHOICES:
            return Chosen(frozenset({OptionId("o2")}))
        case AnswerFormat.SHORT_TEXT:
            return Written("right kidney")
        case AnswerFormat.REPORT:
            return Written("Fracture of the femur.")
        case AnswerFormat.NUMERIC:
            return Measured(Decimal("99"))
        case AnswerFormat.RANKING:
            return Ranked((OptionId("o1"), OptionId("o2"), OptionId("o3")))
        case AnswerFormat.LONG_TEXT:
            return Written("Surgery within days.")
        case AnswerFormat.REGION:
            return Marked((make_box(60, 60, 90, 90),))
        case _:
            assert_never(answer_format)


def person_respondent(person: Person) -> Respondent:
    """Return a person as a respondent."""
    return Respondent(RespondentKind.PERSON, person.id, person.name)


def llm_respondent(name: str = "demo-llm") -> Respondent:
    """Return a language model as a respondent."""
    return Respondent(RespondentKind.LLM, name, name)


def make_answer(
    revision: Revision,
    respondent: Respondent,
    *,
    response: Response | None = None,
    state: AnswerState | None = None,
    occasion: Occasion = Occasion.BASELINE,
    occasion_id: str = "",
) -> Answer:
    """Return an answer: right unless a response or a state without a response is given."""
    if response is None and state is None:
        response = right_response(revision.key)
    return Answer(
        AnswerId(new_id()),
        revision.question,
        revision.id,
        respondent,
        occasion,
        occasion_id,
        state or AnswerState.ANSWERED,
        NOW + timedelta(hours=1),
        response,
    )


def make_gates(rating: Rating = Rating.YES) -> tuple[GateRating, ...]:
    """Return every gate with the same rating."""
    return tuple(GateRating(gate, rating) for gate in Gate)


def make_verification(
    answer: Answer, *, verdict: Verdict = Verdict.ACCEPT, rating: Rating = Rating.YES
) -> Verification:
    """Return the verification that follows a person's locked answer."""
    return Verification(
        VerificationId(new_id()),
        answer.question,
        answer.revision,
        PersonId(answer.respondent.id),
        answer.id,
        make_gates(rating),
        verdict,
        "",
        NOW + timedelta(hours=2),
    )


def make_approval(revision: Revision, person: Person) -> BlindingApproval:
    """Return an approval of blinding."""
    return BlindingApproval(revision.question, revision.id, person.id, NOW, 41.5, ("Reworded.",))


def make_media(media: MediaId | None = None, *, file_name: str = "image.png") -> MediaInfo:
    """Return a record of an image; its bytes exist nowhere."""
    chosen = media or MediaId(os.urandom(32).hex())
    return MediaInfo(chosen, file_name, "image/png", 1234, 64, 48, 1, "CR")


def make_plan(revisions: Iterable[Revision], readers: Iterable[Person]) -> ReadingPlan:
    """Return a reading plan with full overlap."""
    return ReadingPlan(
        PlanId(new_id()),
        "Demo plan",
        7,
        tuple(one.id for one in revisions),
        tuple(one.id for one in readers),
        StudyRules(),
        NOW,
    )


def make_sitting(plan: ReadingPlan, reader: Person) -> Sitting:
    """Return a sitting at its first question."""
    return Sitting(SittingId(new_id()), plan.id, reader.id, plan.revisions, NOW)


def make_run(revisions: Iterable[Revision], *, llm: str = "demo-llm") -> Run:
    """Return a planned run."""
    spec = RunSpec(
        llm,
        "http://127.0.0.1:1/v1",
        Condition.BOTH,
        "plain",
        "0" * 64,
        tuple(one.id for one in revisions),
        "1" * 64,
    )
    return Run(RunId(new_id()), spec, RunStatus.PLANNED, NOW)
