"""What a record of each kind must look like; anything more, less or other is refused."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from core.domain.answer import AnswerState, Occasion, RespondentKind
from core.domain.audit import AuditEvent, is_whole
from core.domain.body import Body, response_from_plain
from core.domain.judging import GradingState, JudgeVerdict
from core.domain.key import Key
from core.domain.merge import step_id
from core.domain.package import Record, RecordKind
from core.domain.people import Role
from core.domain.plain import Plain, canonical_json
from core.domain.plan import StudyRules
from core.domain.remark import MAX_COMMENT
from core.domain.run import RunSpec, RunStatus
from core.domain.source import Source
from core.domain.stage import Stage
from core.domain.verification import Gate, Rating, Verdict
from core.errors import CoreError
from core.packages.schema_judging import (
    is_judge_spec,
    is_rubric,
    is_whole_grading,
    is_whole_judge,
)
from core.packages.schema_values import (
    Check,
    facts_of,
    is_count,
    is_flag,
    is_id,
    is_integer,
    is_moment,
    is_number,
    is_sha,
    is_text,
    list_of,
    one_of,
    or_empty,
    or_none,
)


def check_record(kind: RecordKind, data: Plain) -> Record:
    """Return the record; raise `ValueError` naming the first field that is wrong."""
    fields = _FIELDS[kind]
    for name in fields:
        if name not in data:
            raise ValueError(f"the field “{name}” is missing")
    for name, value in data.items():
        if name not in fields:
            raise ValueError(f"the field “{name[:40]}” does not belong there")
        if not _holds(fields[name], value):
            raise ValueError(f"the field “{name}” is not readable")
    if kind is RecordKind.STAGE_MOVE and data["id"] != step_id(data):
        raise ValueError("the field “id” does not fit the rest")
    if kind is RecordKind.SITTING and data["position"] > len(data["order"]):
        raise ValueError("the field “position” is not readable")
    if kind is RecordKind.RUN and data["spec_hash"] != RunSpec.from_plain(data["spec"]).hash:
        raise ValueError("the field “spec_hash” does not fit the rest")
    if kind is RecordKind.JUDGE and not is_whole_judge(data):
        raise ValueError("the field “spec_hash” does not fit the rest")
    if kind is RecordKind.REMARK and data["is_flagged"] is None and data["comment"] is None:
        raise ValueError("the field “comment” does not fit the rest")
    if kind is RecordKind.GRADING and not is_whole_grading(data):
        raise ValueError("the field “met” does not fit the rest")
    if kind is RecordKind.AUDIT and not _is_whole_event(data):
        raise ValueError("the field “hash” does not fit the rest")
    return Record(kind, data)


def _holds(check: Check, value: Any) -> bool:  # any JSON value
    try:
        return check(value)
    except (CoreError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return False


def _labels(value: Any) -> bool:  # any JSON value
    return list_of(lambda one: len(one) == 2 and all(map(is_text, one)))(value) and value == sorted(
        value
    )


def _gates(value: Any) -> bool:  # any JSON value
    return list_of(
        lambda one: (
            len(one) == 3 and one[0] in list(Gate) and one[1] in list(Rating) and is_text(one[2])
        )
    )(value)


def _same(read: Callable[[Plain], Any]) -> Check:  # a domain object with to_plain
    """Accept what reads, and writes back as it was: one content has one hash."""
    return lambda value: (
        isinstance(value, dict) and canonical_json(read(value).to_plain()) == canonical_json(value)
    )


def _body(value: Any) -> bool:  # any JSON value
    if not _same(Body.from_plain)(value):
        return False
    body = Body.from_plain(value)
    windows = [use.view.window for use in body.images if use.view.window is not None]
    return all(is_sha(use.media) and all(map(is_count, use.frames)) for use in body.images) and all(
        is_number(one.center) and is_number(one.width) and one.width > 0 for one in windows
    )


def _rules(value: Any) -> bool:  # any JSON value
    rules = StudyRules(**value)
    flags = (rules.aids_allowed, rules.going_back_allowed, rules.asks_confidence)
    return or_none(is_count)(rules.time_limit_s) and all(isinstance(one, bool) for one in flags)


def _comment(value: Any) -> bool:  # any JSON value
    return is_text(value) and len(value) <= MAX_COMMENT


def _response(value: Any) -> bool:  # any JSON value
    return isinstance(value, dict) and response_from_plain(value) is not None


def _blackout(value: Any) -> bool:  # any JSON value
    return set(value) == {"left", "top", "width", "height"} and all(map(is_integer, value.values()))


def _is_whole_event(data: Plain) -> bool:
    facts = {name: value for name, value in data.items() if name != "workspace"}
    return is_whole(AuditEvent(**facts | {"at": datetime.fromisoformat(data["at"])}))


_stage = one_of(Stage)
_key = _same(Key.from_plain)

_FIELDS: Final[dict[RecordKind, dict[str, Check]]] = {
    RecordKind.PERSON: {
        "id": is_id,
        "name": is_text,
        "roles": list_of(one_of(Role)),
        "specialty": is_text,
        "years_in_practice": or_none(is_count),
        "specialty_confidence": facts_of(is_count),
        "changed_at": is_moment,
        "profile_at": is_moment,
    },
    RecordKind.PROFILE: {
        "id": is_id,
        "specialty": is_text,
        "years_in_practice": or_none(is_count),
        "specialty_confidence": facts_of(is_count),
        "profile_at": is_moment,
    },
    RecordKind.MEDIA: {
        "id": is_sha,
        "file_name": is_text,
        "media_type": is_text,
        "size_bytes": is_count,
        "width": is_count,
        "height": is_count,
        "frame_count": is_count,
        "modality": is_text,
    },
    RecordKind.QUESTION: {
        "id": is_id,
        "number": is_count,
        "stage": _stage,
        "author": is_id,
        "created_at": is_moment,
        "origin": is_text,
    },
    RecordKind.BLIND_QUESTION: {
        "question": is_id,
        "revision": is_id,
        "number": is_count,
        "stage": _stage,
        "last_move": or_empty(is_sha),
        "body": _body,
    },
    RecordKind.REVISION: {
        "id": is_id,
        "question": is_id,
        "author": is_id,
        "created_at": is_moment,
        "reason": is_text,
        "parent": or_none(is_id),
        "merged_parent": or_none(is_id),
        "body": _body,
    },
    RecordKind.KEY: {"revision": is_id, "content": _key},
    RecordKind.DRAFT: {
        "question": is_id,
        "body": _body,
        "labels": _labels,
        "key": _key,
        "source": _same(Source.from_plain),
    },
    RecordKind.SOURCE: {
        "question": is_id,
        "content": _same(Source.from_plain),
        "set_at": is_moment,
    },
    RecordKind.LABELS: {
        "question": is_id,
        "labels": _labels,
        "assigned_by": is_id,
        "assigned_at": is_moment,
    },
    RecordKind.STAGE_MOVE: {
        "id": is_sha,
        "question": is_id,
        "start": _stage,
        "end": _stage,
        "person": is_id,
        "moved_at": is_moment,
        "reason": is_text,
        "previous": or_empty(is_sha),
    },
    RecordKind.APPROVAL: {
        "question": is_id,
        "revision": is_id,
        "approved_by": is_id,
        "approved_at": is_moment,
        "similarity": or_none(is_number),
        "notes": list_of(is_text),
        "override_reason": is_text,
    },
    RecordKind.ANSWER: {
        "id": is_id,
        "question": is_id,
        "revision": is_id,
        "respondent_kind": one_of(RespondentKind),
        "respondent_id": is_text,
        "respondent_name": is_text,
        "occasion": one_of(Occasion),
        "occasion_id": is_text,
        "state": one_of(AnswerState),
        "answered_at": is_moment,
        "response": or_none(_response),
        "confidence": or_none(is_integer),
        "elapsed_s": or_none(is_number),
        "idle_s": is_number,
        "option_order": list_of(is_text),
        "raw_text": is_text,
        "reading_rule": is_text,
        "details": facts_of(lambda one: is_text(one) or is_number(one)),
    },
    RecordKind.VERIFICATION: {
        "id": is_id,
        "question": is_id,
        "revision": is_id,
        "verifier": is_id,
        "answer": is_id,
        "gates": _gates,
        "verdict": one_of(Verdict),
        "comment": is_text,
        "verified_at": is_moment,
    },
    RecordKind.ADJUDICATION: {
        "question": is_id,
        "revision": is_id,
        "adjudicator": is_id,
        "answer": or_none(is_id),
        "verdict": one_of(Verdict),
        "reason": is_text,
        "decided_at": is_moment,
    },
    RecordKind.CLEARANCE: {
        "original": is_sha,
        "cleared": is_sha,
        "cleared_by": is_id,
        "cleared_at": is_moment,
        "blackouts": list_of(_blackout),
        "findings": list_of(is_text),
    },
    RecordKind.PLAN: {
        "id": is_id,
        "name": is_text,
        "seed": is_integer,
        "revisions": list_of(is_id),
        "readers": list_of(is_id),
        "rules": _rules,
        "created_at": is_moment,
    },
    RecordKind.SITTING: {
        "id": is_id,
        "plan": is_id,
        "reader": is_id,
        "order": list_of(is_id),
        "started_at": is_moment,
        "position": is_count,
        "spent_s": is_number,
        "idle_s": is_number,
        "finished_at": or_none(is_moment),
    },
    RecordKind.REMARK: {
        "id": is_id,
        "question": is_id,
        "revision": is_id,
        "sitting": is_id,
        "reader": is_id,
        "noted_at": is_moment,
        "is_flagged": or_none(is_flag),
        "comment": or_none(_comment),
    },
    RecordKind.RUN: {
        "id": is_id,
        "spec": _same(RunSpec.from_plain),
        "spec_hash": is_sha,
        "status": one_of(RunStatus),
        "created_at": is_moment,
        "finished_at": or_none(is_moment),
    },
    RecordKind.JUDGE: {
        "id": is_id,
        "spec": is_judge_spec,
        "spec_hash": is_sha,
        "created_at": is_moment,
    },
    RecordKind.GRADING_SAMPLE: {
        "id": is_id,
        "seed": is_integer,
        "answers": list_of(is_id),
        "created_by": is_id,
        "created_at": is_moment,
    },
    RecordKind.GRADING: {
        "id": is_id,
        "answer": is_id,
        "judge": or_none(is_id),
        "person": or_none(is_id),
        "turn": is_text,
        "state": one_of(GradingState),
        "rubric": is_rubric,
        "graded_at": is_moment,
        "met": list_of(lambda one: isinstance(one, bool)),
        "raw_text": is_text,
        "comment": is_text,
        "request_hash": is_text,
        "details": facts_of(lambda one: is_text(one) or is_number(one)),
    },
    RecordKind.JUDGE_DECISION: {
        "judge": is_id,
        "person": is_id,
        "verdict": one_of(JudgeVerdict),
        "figures": facts_of(or_none(is_number)),
        "decided_at": is_moment,
    },
    RecordKind.AUDIT: {
        "workspace": is_id,
        "hash": is_sha,
        "sequence": is_count,
        "at": is_moment,
        "person": is_text,
        "action": is_text,
        "subject": is_text,
        "content": is_text,
        "previous": is_sha,
    },
}
