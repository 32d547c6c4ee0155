"""Recorded answers of the demo people and replies of the demo model, read from resources/demo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.demo.files import read_object
from core.domain.body import (
    Asked,
    Chosen,
    Localization,
    LongText,
    Marked,
    Measured,
    Numeric,
    Ranked,
    Ranking,
    Report,
    Response,
    ShortText,
    Written,
)
from core.domain.ids import OptionId
from core.domain.people import Role
from core.domain.plain import Plain, list_at, object_at, text_at
from core.domain.region import Region, RegionKind
from core.domain.verification import Gate, GateRating, Rating, Verdict

Value = str | list[str]
"""A response as the files write it: option id, option ids, text or number."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of the demo; `slug` names them in the other records."""

    slug: str
    name: str
    roles: frozenset[Role]
    specialty: str
    years_in_practice: int
    specialty_confidence: dict[str, int]


@dataclass(frozen=True, slots=True)
class DemoVerification:
    """What one verifier does with one question."""

    response: Value
    confidence: int
    elapsed_s: float
    gates: tuple[GateRating, ...]
    verdict: Verdict
    comment: str


@dataclass(frozen=True, slots=True)
class DemoAdjudication:
    """How the adjudicator decides one question."""

    response: Value
    elapsed_s: float
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class DemoReading:
    """What one reader answers to one question; `response` None means "cannot tell"."""

    response: Value | None
    confidence: int
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class DemoReplies:
    """What the demo model says to one question with and without its images."""

    both: str
    text: str


@dataclass(frozen=True, slots=True)
class Records:
    """All that people did; the outer key is the question's slug, the inner one the person's."""

    people: tuple[DemoPerson, ...]
    verifications: Mapping[str, Mapping[str, DemoVerification]]
    adjudications: Mapping[str, DemoAdjudication]
    readings: Mapping[str, Mapping[str, DemoReading]]


def load_records() -> Records:
    """Return what the demo people did."""
    data = read_object("answers.json")
    return Records(
        people=tuple(_person(one) for one in list_at(data, "people")),
        verifications={
            slug: {who: _verification(one) for who, one in by_person.items()}
            for slug, by_person in object_at(data, "verifications").items()
        },
        adjudications={
            slug: DemoAdjudication(
                response=one["response"],
                elapsed_s=float(one["elapsed_s"]),
                verdict=Verdict(one["verdict"]),
                reason=text_at(one, "reason"),
            )
            for slug, one in object_at(data, "adjudications").items()
        },
        readings={
            slug: {
                who: DemoReading(one["response"], one["confidence"], float(one["elapsed_s"]))
                for who, one in by_person.items()
            }
            for slug, by_person in object_at(data, "baseline").items()
        },
    )


def load_replies() -> dict[str, DemoReplies]:
    """Return what the demo model says, by the slug of the question."""
    replies = object_at(read_object("replies.json"), "replies")
    return {
        slug: DemoReplies(text_at(one, "both"), text_at(one, "text"))
        for slug, one in replies.items()
    }


def response_to(asked: Asked, value: Value) -> Response:
    """Return a recorded response in the form that the question asks for."""
    match asked, value:
        case Numeric(), str(number):
            return Measured(Decimal(number))
        case Localization(), str(corners):
            left, top, right, bottom = map(float, corners.split(","))
            box = Region(RegionKind.BOX, ((left, top), (right, bottom)))
            return Marked((box,))
        case Ranking(), options:
            return Ranked(tuple(OptionId(one) for one in options))
        case ((ShortText() | LongText() | Report()), str(text)):
            return Written(text)
        case _, str(option):
            return Chosen(frozenset({OptionId(option)}))
        case _, options:
            return Chosen(frozenset(OptionId(one) for one in options))


def _person(data: Plain) -> DemoPerson:
    return DemoPerson(
        slug=text_at(data, "slug"),
        name=text_at(data, "name"),
        roles=frozenset(Role(one) for one in list_at(data, "roles")),
        specialty=text_at(data, "specialty"),
        years_in_practice=data["years_in_practice"],
        specialty_confidence=data.get("specialty_confidence", {}),
    )


def _verification(data: Plain) -> DemoVerification:
    return DemoVerification(
        response=data["response"],
        confidence=data["confidence"],
        elapsed_s=float(data["elapsed_s"]),
        gates=_gates(data.get("gates", {})),
        verdict=Verdict(text_at(data, "verdict")),
        comment=text_at(data, "comment", ""),
    )


def _gates(given: Mapping[str, Any]) -> tuple[GateRating, ...]:  # name: [rating, comment]
    ratings = []
    for gate in Gate:
        rating, comment = given.get(gate.value, (Rating.YES, ""))
        ratings.append(GateRating(gate, Rating(rating), comment))
    return tuple(ratings)
