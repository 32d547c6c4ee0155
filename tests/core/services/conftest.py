"""A real workspace with the people of a small study."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.people import Person, Role
from core.workspace import create_workspace
from tests.factories import ticking_clock
from tests.study import Study


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    with create_workspace(tmp_path / "study.asclepius", clock=ticking_clock()) as workspace:
        people = workspace.people

        def add(name: str, role: Role) -> Person:
            return people.add(name, frozenset({role})).value

        yield Study(
            workspace,
            lead=people.me(),
            author=add("Demo Author", Role.AUTHOR),
            verifiers=(
                add("Demo Verifier 1", Role.VERIFIER),
                add("Demo Verifier 2", Role.VERIFIER),
            ),
            reader=add("Demo Reader 1", Role.READER),
        )
