"""What a record of each kind must look like; anything more, less or other is refused."""

import math
import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from core.domain.answer import AnswerState, Occasion, RespondentKind
from core.domain.audit import AuditEvent, is_whole
from core.domain.body import Body, response_from_plain
from core.domain.judgement import GradingState, JudgeVerdict
from core.domain.key import Key
from core.domain.merge import step_id
from core.domain.package import Record, RecordKind
from core.domain.people import Role
from core.domain.plain import Plain, canonical_json
from core.domain.plan import StudyRules
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

Check = Callable[[Any], bool]  # any JSON value

MAX_TEXT: Final = 4 * 2**20
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
_BIG: Final = 2**63


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


def _id(value: Any) -> bool:  # any JSON value
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _sha(value: Any) -> bool:  # any JSON value
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def _text(value: Any) -> bool:  # any JSON value
    return isinstance(value, str) and len(value) <= MAX_TEXT and "\0" not in value


def _moment(value: Any) -> bool:  # any JSON value
    return (
        isinstance(value, str)
        and _MOMENT.fullmatch(value) is not None
        and datetime.fromisoformat(value).tzinfo is not None
    )


def _number(value: Any) -> bool:  # any JSON value
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and abs(value) < _BIG
    )


def _whole(value: Any) -> bool:  # any JSON value
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _BIG


def _count(value: Any) -> bool:  # any JSON value
    return _whole(value) and value >= 0


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _or_empty(check: Check) -> Check:
    return lambda value: value == "" or check(value)


def _one_of(words: type[StrEnum]) -> Check:
    return lambda value: isinstance(value, str) and value in set(words)


def _list(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(check(one) for one in value)


def _labels(value: Any) -> bool:  # any JSON value
    return _list(lambda one: len(one) == 2 and all(map(_text, one)))(value) and value == sorted(
        value
    )


def _gates(value: Any) -> bool:  # any JSON value
    return _list(
        lambda one: (
            len(one) == 3 and one[0] in list(Gate) and one[1] in list(Rating) and _text(one[2])
        )
    )(value)


def _facts(check: Check) -> Check:
    return lambda value: (
        isinstance(value, dict) and all(_text(name) and check(one) for name, one in value.items())
    )


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
    return all(_sha(use.media) and all(map(_count, use.frames)) for use in body.images) and all(
        _number(one.center) and _number(one.width) and one.width > 0 for one in windows
    )


def _rules(value: Any) -> bool:  # any JSON value
    rules = StudyRules(**value)
    flags = (rules.aids_allowed, rules.going_back_allowed, rules.asks_confidence)
    return _or_none(_count)(rules.time_limit_s) and all(isinstance(one, bool) for one in flags)


def _response(value: Any) -> bool:  # any JSON value
    return isinstance(value, dict) and response_from_plain(value) is not None


def _blackout(value: Any) -> bool:  # any JSON value
    return set(value) == {"left", "top", "width", "height"} and all(map(_whole, value.values()))


def _is_whole_event(data: Plain) -> bool:
    facts = {name: value for name, value in data.items() if name != "workspace"}
    return is_whole(AuditEvent(**facts | {"at": datetime.fromisoformat(data["at"])}))


_stage = _one_of(Stage)
_key = _same(Key.from_plain)

_FIELDS: Final[dict[RecordKind, dict[str, Check]]] = {
    RecordKind.PERSON: {
        "id": _id,
        "name": _text,
        "roles": _list(_one_of(Role)),
        "specialty": _text,
        "years_in_practice": _or_none(_count),
        "specialty_confidence": _facts(_count),
        "changed_at": _moment,
        "profile_at": _moment,
    },
    RecordKind.PROFILE: {
        "id": _id,
        "specialty": _text,
        "years_in_practice": _or_none(_count),
        "specialty_confidence": _facts(_count),
        "profile_at": _moment,
    },
    RecordKind.MEDIA: {
        "id": _sha,
        "file_name": _text,
        "media_type": _text,
        "size_bytes": _count,
        "width": _count,
        "height": _count,
        "frame_count": _count,
        "modality": _text,
    },
    RecordKind.QUESTION: {
        "id": _id,
        "number": _count,
        "stage": _stage,
        "author": _id,
        "created_at": _moment,
        "origin": _text,
    },
    RecordKind.BLIND_QUESTION: {
        "question": _id,
        "revision": _id,
        "number": _count,
        "stage": _stage,
        "last_move": _or_empty(_sha),
        "body": _body,
    },
    RecordKind.REVISION: {
        "id": _id,
        "question": _id,
        "author": _id,
        "created_at": _moment,
        "reason": _text,
        "parent": _or_none(_id),
        "merged_parent": _or_none(_id),
        "body": _body,
    },
    RecordKind.KEY: {"revision": _id, "content": _key},
    RecordKind.DRAFT: {
        "question": _id,
        "body": _body,
        "labels": _labels,
        "key": _key,
        "source": _same(Source.from_plain),
    },
    RecordKind.SOURCE: {
        "question": _id,
        "content": _same(Source.from_plain),
        "set_at": _moment,
    },
    RecordKind.LABELS: {
        "question": _id,
        "labels": _labels,
        "assigned_by": _id,
        "assigned_at": _moment,
    },
    RecordKind.STAGE_MOVE: {
        "id": _sha,
        "question": _id,
        "start": _stage,
        "end": _stage,
        "person": _id,
        "moved_at": _moment,
        "reason": _text,
        "previous": _or_empty(_sha),
    },
    RecordKind.APPROVAL: {
        "question": _id,
        "revision": _id,
        "approved_by": _id,
        "approved_at": _moment,
        "similarity": _or_none(_number),
        "notes": _list(_text),
        "override_reason": _text,
    },
    RecordKind.ANSWER: {
        "id": _id,
        "question": _id,
        "revision": _id,
        "respondent_kind": _one_of(RespondentKind),
        "respondent_id": _text,
        "respondent_name": _text,
        "occasion": _one_of(Occasion),
        "occasion_id": _text,
        "state": _one_of(AnswerState),
        "answered_at": _moment,
        "response": _or_none(_response),
        "confidence": _or_none(_whole),
        "elapsed_s": _or_none(_number),
        "idle_s": _number,
        "option_order": _list(_text),
        "raw_text": _text,
        "reading_rule": _text,
        "details": _facts(lambda one: _text(one) or _number(one)),
    },
    RecordKind.VERIFICATION: {
        "id": _id,
        "question": _id,
        "revision": _id,
        "verifier": _id,
        "answer": _id,
        "gates": _gates,
        "verdict": _one_of(Verdict),
        "comment": _text,
        "verified_at": _moment,
    },
    RecordKind.ADJUDICATION: {
        "question": _id,
        "revision": _id,
        "adjudicator": _id,
        "answer": _or_none(_id),
        "verdict": _one_of(Verdict),
        "reason": _text,
        "decided_at": _moment,
    },
    RecordKind.CLEARANCE: {
        "original": _sha,
        "cleared": _sha,
        "cleared_by": _id,
        "cleared_at": _moment,
        "blackouts": _list(_blackout),
        "findings": _list(_text),
    },
    RecordKind.PLAN: {
        "id": _id,
        "name": _text,
        "seed": _whole,
        "revisions": _list(_id),
        "readers": _list(_id),
        "rules": _rules,
        "created_at": _moment,
    },
    RecordKind.SITTING: {
        "id": _id,
        "plan": _id,
        "reader": _id,
        "order": _list(_id),
        "started_at": _moment,
        "position": _count,
        "spent_s": _number,
        "idle_s": _number,
        "finished_at": _or_none(_moment),
    },
    RecordKind.RUN: {
        "id": _id,
        "spec": _same(RunSpec.from_plain),
        "spec_hash": _sha,
        "status": _one_of(RunStatus),
        "created_at": _moment,
        "finished_at": _or_none(_moment),
    },
    RecordKind.JUDGE: {
        "id": _id,
        "spec": is_judge_spec,
        "spec_hash": _sha,
        "created_at": _moment,
    },
    RecordKind.GRADING_SAMPLE: {
        "id": _id,
        "seed": _whole,
        "answers": _list(_id),
        "created_by": _id,
        "created_at": _moment,
    },
    RecordKind.GRADING: {
        "id": _id,
        "answer": _id,
        "judge": _or_none(_id),
        "person": _or_none(_id),
        "turn": _text,
        "state": _one_of(GradingState),
        "rubric": is_rubric,
        "graded_at": _moment,
        "met": _list(lambda one: isinstance(one, bool)),
        "raw_text": _text,
        "comment": _text,
        "request_hash": _text,
        "details": _facts(lambda one: _text(one) or _number(one)),
    },
    RecordKind.JUDGE_DECISION: {
        "judge": _id,
        "person": _id,
        "verdict": _one_of(JudgeVerdict),
        "figures": _facts(_or_none(_number)),
        "decided_at": _moment,
    },
    RecordKind.AUDIT: {
        "workspace": _id,
        "hash": _sha,
        "sequence": _count,
        "at": _moment,
        "person": _text,
        "action": _text,
        "subject": _text,
        "content": _text,
        "previous": _sha,
    },
}
