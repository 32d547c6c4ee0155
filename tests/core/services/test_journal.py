"""Unsent input is kept by person, place and record, and goes when it was sent."""

from core.services.journal import Unsent
from core.workspace import open_workspace
from tests.study import Study


def test_the_last_input_survives_and_goes_when_it_was_sent(study: Study) -> None:
    journal, me = study.workspace.journal, study.lead.id
    journal.write(me, [Unsent("verify.answer", "q1", {"text": "Pneu"})])
    journal.write(me, [Unsent("verify.answer", "q1", {"text": "Pneumo"})])
    journal.write(me, [Unsent("baseline.plan", "", {"name": "First ÄÖ 心"})])
    path = study.workspace.path
    study.workspace.close()

    with open_workspace(path) as again:
        assert again.journal.entries(me) == {
            ("verify.answer", "q1"): {"text": "Pneumo"},
            ("baseline.plan", ""): {"name": "First ÄÖ 心"},
        }
        again.journal.write(me, [Unsent("verify.answer", "q1", None)])
        assert set(again.journal.entries(me)) == {("baseline.plan", "")}


def test_nobody_gets_what_another_person_entered(study: Study) -> None:
    study.workspace.journal.write(study.lead.id, [Unsent("verify.answer", "q1", {"text": "x"})])

    assert study.workspace.journal.entries(study.author.id) == {}
