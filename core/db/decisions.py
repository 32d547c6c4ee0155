"""Decisions that can be taken back."""

from sqlalchemy import Connection, insert, select, update

from core.db.lookups import AnyRow
from core.db.tables.moves import decisions
from core.domain.decision import Decision, DecisionKind, DecisionState, Moved
from core.domain.ids import PersonId, QuestionId
from core.domain.stage import Stage


class DecisionsRepository:
    """Keeps decisions in their order; only their state changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, decision: Decision) -> None:
        """Store a decision; what this person had undone before cannot be redone any more."""
        self._connection.execute(
            update(decisions)
            .where(
                decisions.c.person == decision.person,
                decisions.c.state == DecisionState.UNDONE.value,
            )
            .values(state=DecisionState.CLOSED.value)
        )
        moves = [[one.question, one.start.value, one.end.value] for one in decision.moves]
        self._connection.execute(
            insert(decisions).values(
                id=decision.id,
                person=decision.person,
                kind=decision.kind.value,
                made_at=decision.made_at,
                moves=moves,
                reason=decision.reason,
                state=decision.state.value,
            )
        )

    def set_state(self, decision: str, state: DecisionState) -> None:
        """Say whether a decision stands."""
        self._connection.execute(
            update(decisions).where(decisions.c.id == decision).values(state=state.value)
        )

    def last_done(self, person: PersonId) -> Decision | None:
        """Return the newest decision of a person that stands."""
        return self._first(person, DecisionState.DONE, is_newest=True)

    def last_undone(self, person: PersonId) -> Decision | None:
        """Return the decision of a person that was undone last."""
        return self._first(person, DecisionState.UNDONE, is_newest=False)

    def _first(self, person: PersonId, state: DecisionState, *, is_newest: bool) -> Decision | None:
        order = decisions.c.sequence.desc() if is_newest else decisions.c.sequence
        row = self._connection.execute(
            select(decisions)
            .where(decisions.c.person == person, decisions.c.state == state.value)
            .order_by(order)
            .limit(1)
        ).one_or_none()
        return None if row is None else _decision(row)


def _decision(row: AnyRow) -> Decision:
    return Decision(
        id=row.id,
        person=PersonId(row.person),
        kind=DecisionKind(row.kind),
        made_at=row.made_at,
        moves=tuple(
            Moved(QuestionId(question), Stage(start), Stage(end))
            for question, start, end in row.moves
        ),
        reason=row.reason,
        state=DecisionState(row.state),
    )
