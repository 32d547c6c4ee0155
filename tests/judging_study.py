"""A workspace whose runs hold written answers, and an endpoint that grades them."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from core.domain.body import AnswerFormat
from core.domain.ids import AnswerId
from core.domain.people import Person, Role
from core.domain.revision import Revision
from core.domain.run import Run
from core.services.evaluation.records import Calling
from core.services.judging.records import JudgePreparation, JudgeRequest, JudgeSummary
from core.workspace import Workspace
from tests.core.services.analysis_study import RIGHT, WRONG
from tests.core.services.analysis_study import Study as Stored
from tests.llm_server import LlmServer, Scripted, Seen

_STATEMENT = re.compile(r"^(\d+)\. (.*)$", re.M)
_BLOCK = re.compile(r"<<(REFERENCE|ANSWER TO GRADE) (\w+)>>\n(.*?)\n<<END \2>>", re.S)

Opinion = Callable[[str, str, str], bool]
"""Statement, reference and answer in; whether the statement is true of the answer out."""


def same_words(statement: str, reference: str, answer: str) -> bool:
    """Hold a statement for true exactly when answer and reference agree (or it is negative)."""
    is_negative = "excludes" in statement or "wrong side" in statement
    return is_negative is not (answer in reference.splitlines())


def grader(opinion: Opinion = same_words) -> Callable[[Seen], Scripted]:
    """Return a script that replies as the contract asks, by reading what was sent."""

    def script(seen: Seen) -> Scripted:
        sides = {name: text for name, _, text in _BLOCK.findall(seen.text)}
        statements = seen.text.rpartition("Statements about the answer to grade:")[2]
        points = [
            {
                "number": int(number),
                "true": opinion(text, sides["REFERENCE"], sides["ANSWER TO GRADE"]),
                "because": "scripted",
            }
            for number, text in _STATEMENT.findall(statements)
        ]
        return Scripted(json.dumps({"points": points}))

    return script


class Judged:
    """A workspace with verified questions in words, two runs and two physicians."""

    def __init__(self, workspace: Workspace, questions: int = 6) -> None:
        self.workspace = workspace
        self.lead = workspace.people.me()
        self.physicians = tuple(
            workspace.people.add(f"Demo Verifier {n}", frozenset({Role.VERIFIER})).value
            for n in (1, 2)
        )
        self.stored = Stored(Path(workspace.path))
        formats = (AnswerFormat.SHORT_TEXT, AnswerFormat.REPORT)
        self.revisions: list[Revision] = [
            self.stored.question(formats[place % 2]) for place in range(questions)
        ]
        given = [RIGHT if place % 3 else WRONG for place in range(questions)]
        self.runs: tuple[Run, ...] = tuple(
            self.stored.run(self.revisions, *given, llm=llm) for llm in ("gpt-demo", "qwen-demo")
        )

    def request(self, server: LlmServer, **changes: object) -> JudgeRequest:
        return JudgeRequest(**{"llm": "gpt-judge", "base_url": server.base_url} | changes)

    def prepared(self, server: LlmServer, run: Run | None = None, **changes: object):
        return self.workspace.judging.prepare(
            self.request(server, **changes), None if run is None else run.id
        )

    def judge(self, preparation: JudgePreparation, calling: Calling | None = None) -> JudgeSummary:
        return self.workspace.judging.start(preparation, calling or Calling(concurrency=4)).value

    def grade_all(self, person: Person, wrong: frozenset[AnswerId] = frozenset()) -> None:
        """Grade the sample as `same_words` would, the answers of `wrong` the other way round."""
        service = self.workspace.judging
        for task in service.tasks(person.id):
            reference = "\n".join((task.reference, *task.variants))
            met = [same_words(p.text, reference, task.text) for p in task.rubric.points]
            if task.answer in wrong:
                met = [not one for one in met]
            service.grade(person.id, task.answer, met)
