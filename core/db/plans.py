"""Reading plans."""

from dataclasses import asdict

from sqlalchemy import Connection, insert, select

from core.db.lookups import AnyRow, only_row
from core.db.tables.answers import plans
from core.domain.ids import PersonId, PlanId, RevisionId
from core.domain.plan import ReadingPlan, StudyRules


class PlansRepository:
    """Keeps reading plans."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, plan: ReadingPlan) -> None:
        """Store a new plan."""
        self._connection.execute(
            insert(plans).values(
                id=plan.id,
                name=plan.name,
                seed=plan.seed,
                revisions=list(plan.revisions),
                readers=list(plan.readers),
                rules=asdict(plan.rules),
                created_at=plan.created_at,
            )
        )

    def get(self, plan: PlanId) -> ReadingPlan:
        """Return one plan; raise `NotFoundError` when unknown."""
        missing = "This reading plan does not exist in this workspace."
        return _plan(only_row(self._connection, select(plans).where(plans.c.id == plan), missing))

    def all(self) -> list[ReadingPlan]:
        """Return all plans, oldest first."""
        statement = select(plans).order_by(plans.c.created_at, plans.c.id)
        return [_plan(row) for row in self._connection.execute(statement)]


def _plan(row: AnyRow) -> ReadingPlan:
    return ReadingPlan(
        id=PlanId(row.id),
        name=row.name,
        seed=row.seed,
        revisions=tuple(RevisionId(one) for one in row.revisions),
        readers=tuple(PersonId(one) for one in row.readers),
        rules=StudyRules(**row.rules),
        created_at=row.created_at,
    )
