"""Open questions are shared among verifiers, and what was sent stays with whom it was sent to."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.ids import PersonId, QuestionId
from core.domain.package import PackageKind
from core.domain.people import Role
from core.services.packages.service import PackageRequest
from tests.packages_study import KEY_PASSPHRASE
from tests.study import Study

pytestmark = pytest.mark.usefixtures("own_keys")


@pytest.fixture
def four(study: Study) -> list[PersonId]:
    """Two more verifiers beside those of the study."""
    more = [
        study.workspace.people.add(f"Demo Verifier {number}", frozenset({Role.VERIFIER})).value.id
        for number in (3, 4)
    ]
    return [*(one.id for one in study.verifiers), *more]


def send(study: Study, person: PersonId, questions: frozenset[QuestionId], target: Path) -> None:
    request = PackageRequest(PackageKind.VERIFY, person, questions, key_passphrase=KEY_PASSPHRASE)
    study.workspace.packages.make(request, study.lead.id, target)


def test_each_open_question_goes_to_two_people_and_all_get_alike(
    study: Study, four: list[PersonId]
) -> None:
    asked = [study.blinded() for _ in range(6)]
    study.committed()

    shares = study.workspace.packages.shares(four)

    assert [len(shares.questions[one]) for one in four] == [3, 3, 3, 3]
    for question in asked:
        assert sum(question in got for got in shares.questions.values()) == 2
    assert shares.short == 0
    assert shares == study.workspace.packages.shares(four[::-1])


def test_the_author_never_gets_their_own_question(study: Study, four: list[PersonId]) -> None:
    workspace = study.workspace
    author = study.author
    roles = author.roles | {Role.VERIFIER}
    known = next(one for one in workspace.people.all() if one.id == author.id)
    workspace.people.update(replace(known, roles=roles))
    study.blinded()

    shares = workspace.packages.shares([author.id, four[0]])

    assert shares.questions[author.id] == frozenset()
    assert shares.short == 1


def test_what_was_sent_stays_there_and_only_new_questions_are_dealt(
    study: Study, four: list[PersonId], tmp_path: Path
) -> None:
    for _ in range(4):
        study.blinded()
    packages = study.workspace.packages
    first = packages.shares(four, seed=1)
    for number, person in enumerate(four):
        send(study, person, first.questions[person], tmp_path / f"{number}.asclepius-package")

    assert packages.shares(four, seed=2) == first

    added = study.blinded()
    second = packages.shares(four, seed=2)
    assert all(first.questions[one] <= second.questions[one] for one in four)
    new = [second.questions[one] - first.questions[one] for one in four]
    assert sorted(len(one) for one in new) == [0, 0, 1, 1]
    assert frozenset().union(*new) == {added}


def test_who_answered_counts_as_one_of_the_two(study: Study, four: list[PersonId]) -> None:
    question = study.blinded()
    study.verify(question, study.verifiers[0])

    shares = study.workspace.packages.shares(four[1:])

    assert sum(question in got for got in shares.questions.values()) == 1


def test_a_changed_question_is_dealt_anew(
    study: Study, four: list[PersonId], tmp_path: Path
) -> None:
    question = study.blinded()
    packages = study.workspace.packages
    send(study, four[0], frozenset({question}), tmp_path / "v.asclepius-package")
    workspace = study.workspace
    workspace.authoring.return_to_draft(question, study.lead.id, "The stem needs an age")
    draft = workspace.authoring.draft(question)
    changed = replace(draft, body=replace(draft.body, stem="Which structure is dense?"))
    workspace.authoring.save_draft(changed, study.author.id)
    workspace.authoring.commit(question, study.author.id, reason="Clearer")
    workspace.blinding.approve(question, study.author.id)

    shares = packages.shares(four[1:])

    assert sum(question in got for got in shares.questions.values()) == 2
