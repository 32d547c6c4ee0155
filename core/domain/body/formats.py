"""The answer formats together: what is asked, and what a response to it looks like."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, assert_never, get_args

from core.domain.body.format_names import AnswerFormat
from core.domain.body.localization import DRAWN_WITH, MAX_REGIONS, Localization
from core.domain.body.long_text import LongText
from core.domain.body.numeric import Numeric
from core.domain.body.options import Option
from core.domain.body.ranking import Ranking
from core.domain.body.report import Report
from core.domain.body.several_choices import SeveralChoices
from core.domain.body.short_text import ShortText
from core.domain.body.single_choice import SingleChoice
from core.domain.body.yes_no import YesNo
from core.domain.ids import OptionId
from core.domain.plain import Plain, list_at, text_at
from core.domain.region import Region
from core.errors import ValidationError

Asked = (
    SingleChoice
    | YesNo
    | SeveralChoices
    | ShortText
    | Report
    | Numeric
    | Ranking
    | LongText
    | Localization
)

_PARTS: Final[dict[AnswerFormat, type[Asked]]] = {part.format: part for part in get_args(Asked)}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Options chosen by id; exactly one for single choice and yes/no."""

    options: frozenset[OptionId]


@dataclass(frozen=True, slots=True)
class Written:
    """A text."""

    text: str


MAX_EXPONENT: Final = 100


@dataclass(frozen=True, slots=True)
class Measured:
    """A finite number, and its unit as answered ("" means the unit asked for)."""

    value: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Every option once, the first one first."""

    order: tuple[OptionId, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """Regions on the image asked about, in stored pixels; frames count its pictures from 0."""

    regions: tuple[Region, ...]


Response = Chosen | Written | Measured | Ranked | Marked


def empty_asked(answer_format: AnswerFormat) -> Asked:
    """Return a blank part of a format, for a new draft."""
    if answer_format is AnswerFormat.SINGLE_CHOICE:
        return SingleChoice(_blank_options(4))
    if answer_format is AnswerFormat.SEVERAL_CHOICES:
        return SeveralChoices(_blank_options(4))
    return _PARTS[answer_format]()


def _blank_options(count: int) -> tuple[Option, ...]:
    return tuple(Option(OptionId(f"o{number}"), "") for number in range(1, count + 1))


def asked_from_plain(answer_format: AnswerFormat, data: Plain) -> Asked:
    """Read a part from its JSON object."""
    return _PARTS[answer_format].from_plain(data)


def options_of(asked: Asked) -> tuple[Option, ...]:
    """Return the options of a format that has some, in the author's order, else an empty tuple."""
    if isinstance(asked, SingleChoice | SeveralChoices | YesNo | Ranking):
        return asked.options
    return ()


def response_problem(asked: Asked, response: Response) -> str:
    """Return why `response` does not fit what is asked, or an empty string."""
    match asked, response:
        case (SingleChoice() | YesNo(), Chosen(options)) if len(options) != 1:
            return "Choose exactly one option."
        case (SingleChoice() | YesNo() | SeveralChoices(), Chosen(options)):
            known = {option.id for option in options_of(asked)}
            return "" if options <= known else "The chosen option does not exist."
        case (Ranking(options), Ranked(order)):
            is_whole = sorted(order) == sorted(option.id for option in options)
            return "" if is_whole else "Give every option its place."
        case (Localization(kind), Marked(regions)):
            if not 0 < len(regions) <= MAX_REGIONS:
                return "Mark the region on the image." if not regions else "Mark fewer regions."
            is_drawn = all(one.kind in DRAWN_WITH[kind] for one in regions)
            is_there = all(one.frame < asked.frames for one in regions)
            return "" if is_drawn and is_there else "A region of another kind is asked for."
        case (ShortText() | LongText() | Report(), Written(text)):
            return "" if text.strip() else "Write an answer first."
        case (Numeric(), Measured(value)):
            return "" if is_sane(value) else "The number is too large or too small."
        case _:
            return "The answer has another format than the question."


def is_sane(value: Decimal) -> bool:
    """Tell whether a number can be reckoned with: none in medicine has a hundred digits."""
    return abs(value.adjusted()) <= MAX_EXPONENT and len(value.as_tuple().digits) <= MAX_EXPONENT


def response_to_plain(response: Response) -> Plain:
    """Return the JSON object of a response."""
    match response:
        case Chosen(options):
            return {"kind": "chosen", "options": sorted(options)}
        case Written(text):
            return {"kind": "written", "text": text}
        case Measured(value, unit):
            return {"kind": "measured", "value": str(value), "unit": unit}
        case Ranked(order):
            return {"kind": "ranked", "options": list(order)}
        case Marked(regions):
            return {"kind": "marked", "regions": [one.to_plain() for one in regions]}
        case _:
            assert_never(response)


def response_from_plain(data: Plain) -> Response:
    """Read a response from its JSON object."""
    match text_at(data, "kind"):
        case "chosen":
            return Chosen(frozenset(OptionId(str(one)) for one in list_at(data, "options")))
        case "written":
            return Written(text_at(data, "text"))
        case "measured":
            return Measured(decimal_at(data, "value"), text_at(data, "unit", ""))
        case "ranked":
            return Ranked(tuple(OptionId(str(one)) for one in list_at(data, "options")))
        case "marked":
            return Marked(tuple(Region.from_plain(one) for one in list_at(data, "regions")))
        case kind:
            raise ValidationError(f"A response of the kind “{kind}” is unknown.", field="kind")


def decimal_at(data: dict[str, Any], name: str) -> Decimal:
    """Return a finite decimal stored as text or number; raise `ValidationError` otherwise."""
    try:
        value = Decimal(str(data.get(name)))
    except InvalidOperation as error:
        raise ValidationError(f"The field “{name}” must be a number.", field=name) from error
    if not value.is_finite():
        raise ValidationError(f"The field “{name}” must be a finite number.", field=name)
    return value
