"""People: registered once, changed, seated; every step is in the audit trail."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.changes import Kind
from core.domain.ids import PersonId
from core.domain.people import Role
from core.errors import NotFoundError, ValidationError
from core.workspace import create_workspace
from tests.study import Study


def test_a_person_is_registered_with_what_was_given(study: Study) -> None:
    people = study.workspace.people

    outcome = people.add(
        "  Demo   Reader 2 ",
        frozenset({Role.READER}),
        specialty="Urology",
        years_in_practice=3,
    )

    assert outcome.value.name == "Demo Reader 2"
    assert (outcome.value.specialty, outcome.value.years_in_practice) == ("Urology", 3)
    assert outcome.value in people.all()
    assert outcome.changes.concerns(Kind.PERSON)


@pytest.mark.parametrize("name", ["", "   ", "demo reader 1"])
def test_an_empty_or_known_name_is_refused(study: Study, name: str) -> None:
    before = study.workspace.people.all()

    with pytest.raises(ValidationError) as caught:
        study.workspace.people.add(name, frozenset({Role.READER}))

    assert caught.value.field == "name"
    assert study.workspace.people.all() == before


@pytest.mark.parametrize("years", [-1, 81])
def test_impossible_years_are_refused(study: Study, years: int) -> None:
    with pytest.raises(ValidationError, match="0 to 80"):
        study.workspace.people.add("Demo Reader 2", frozenset(), years_in_practice=years)


def test_a_person_changes_and_keeps_their_name(study: Study) -> None:
    rated = replace(study.reader, specialty_confidence={"Urology": 5})

    study.workspace.people.update(rated)

    assert rated in study.workspace.people.all()


def test_confidence_beyond_five_is_refused(study: Study) -> None:
    with pytest.raises(ValidationError, match="1 to 5"):
        study.workspace.people.update(replace(study.reader, specialty_confidence={"Urology": 6}))


def test_another_person_sits_down(study: Study) -> None:
    outcome = study.workspace.people.set_me(study.reader.id)

    assert study.workspace.people.me() == outcome.value == study.reader
    assert outcome.changes.concerns(Kind.SETTING)


def test_an_unknown_person_cannot_sit_down(study: Study) -> None:
    with pytest.raises(NotFoundError):
        study.workspace.people.set_me(PersonId("nobody"))

    assert study.workspace.people.me() == study.lead


def test_every_step_is_in_the_audit_trail(tmp_path: Path) -> None:
    with create_workspace(tmp_path / "a.asclepius") as workspace:
        counted = workspace.integrity.check().counts["audit events"]
        added = workspace.people.add("Demo Reader 1", frozenset({Role.READER})).value
        workspace.people.update(replace(added, specialty="Urology"))
        workspace.people.set_me(added.id)

        assert workspace.integrity.check().counts["audit events"] == counted + 3
