"""Whatever a physician may type comes back from the database unchanged."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from core.db.database import Database
from core.db.schema import create_schema
from core.domain.body import AnswerFormat
from core.domain.revision import Draft, content_hash
from core.domain.source import Source
from core.domain.taxonomy import Label
from tests.domain_strategies import bodies_of, keys_of, labels, responses, texts
from tests.factories import (
    llm_respondent,
    make_answer,
    make_person,
    make_question,
    make_revision,
    ticking_clock,
)
from tests.stored import store_question

FEW = settings(max_examples=8, deadline=None)


@FEW
@given(data=st.data(), some=labels, source=st.builds(Source, texts, texts, texts))
def test_questions_drafts_and_answers_of_all_formats_come_back(
    data: st.DataObject, some: frozenset[Label], source: Source
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "workspace.db"
        create_schema(path)
        database = Database(path, ticking_clock())
        with database.write() as tx:
            author = make_person(data.draw(texts))
            tx.people.add(author)
            for number, answer_format in enumerate(AnswerFormat, 1):
                body, key = data.draw(bodies_of(answer_format)), data.draw(keys_of(answer_format))
                question = make_question(author, number=number, labels=some)
                revision = make_revision(question, body=body, key=key)
                stored = store_question(tx, author=author, question=question, revision=revision)
                draft = Draft(question.id, body, key, some, source)
                tx.drafts.put(draft)
                answer = make_answer(revision, llm_respondent(), response=data.draw(responses))
                tx.answers.add(answer)

                assert tx.questions.get(question.id) == stored.question
                again = tx.revisions.get(revision.id)
                assert again == revision
                assert content_hash(again.body, again.key, some) == content_hash(body, key, some)
                assert tx.drafts.get(question.id) == draft
                assert tx.answers.get(answer.id) == answer
                (line,) = tx.questions.summaries(ids=[question.id])
                assert (line.stem, line.labels) == (body.stem, some)
                assert line.has_open_draft == (source != Source())
        assert database.damage() == []
        database.close()
