"""Hypothesis strategies for domain records of all formats."""

from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from core.domain.body import (
    DRAWN_WITH,
    NO,
    YES,
    AnswerFormat,
    Asked,
    Body,
    Chosen,
    Localization,
    LongText,
    Marked,
    Measured,
    Numeric,
    Option,
    Ranked,
    Ranking,
    Report,
    Response,
    SeveralChoices,
    ShortText,
    SingleChoice,
    Written,
    YesNo,
)
from core.domain.body.body import LAYOUTS
from core.domain.ids import MediaId, OptionId
from core.domain.key import (
    Key,
    KeyPart,
    LocalizationKey,
    LongTextKey,
    NumericKey,
    RankingKey,
    ReportKey,
    SeveralChoicesKey,
    ShortTextKey,
    SingleChoiceKey,
    YesNoKey,
)
from core.domain.key.localization import RegionMeasure
from core.domain.links import Links
from core.domain.media import ImageRole, ImageUse, View, Window
from core.domain.region import MaskRuns, Region, RegionKind
from core.domain.taxonomy import AXES, Label

formats = st.sampled_from(AnswerFormat)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
option_ids = st.sampled_from([OptionId(f"o{number}") for number in range(1, 7)])
numbers = st.floats(-4000, 4000) | st.integers(-4000, 4000)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=3)
media_ids = st.binary(min_size=32, max_size=32).map(lambda data: MediaId(data.hex()))

places = st.tuples(st.floats(-2, 600), st.floats(-2, 600))


@cache
def regions_of(kind: RegionKind) -> st.SearchStrategy[Region]:
    """Return regions of a kind on small pictures."""
    own = {
        RegionKind.POINT: (1, 1),
        RegionKind.POLYGON: (3, 9),
        RegionKind.FREEHAND: (3, 9),
    }.get(kind, (2, 2))
    points = st.lists(places, min_size=own[0], max_size=own[1]).map(tuple)
    is_mask = kind is RegionKind.MASK
    return st.builds(
        Region,
        st.just(kind),
        st.just(()) if is_mask else points,
        st.integers(0, 99),
        texts,
        masks if is_mask else st.none(),
        st.booleans(),
    )


def _mask(width: int, runs: list[int]) -> MaskRuns:
    lacks = -sum(runs) % width or width * (not sum(runs))
    return MaskRuns(width, (sum(runs) + lacks) // width, (*runs, lacks))


masks = st.builds(_mask, st.integers(1, 9), st.lists(st.integers(0, 30), max_size=9))
regions = st.sampled_from(RegionKind).flatmap(regions_of)
images = st.builds(
    ImageUse,
    media=media_ids,
    frames=st.lists(st.integers(0, 99), min_size=1, max_size=4).map(tuple),
    view=st.builds(
        View,
        st.none() | st.builds(Window, numbers, numbers),
        st.booleans(),
        quarter_turns=st.integers(0, 3),
        is_mirrored=st.booleans(),
        has_overlay=st.booleans(),
        voi_table=st.none() | st.integers(0, 3),
    ),
    role=st.sampled_from(ImageRole),
    caption=texts,
    date=texts,
    marks=st.lists(regions, max_size=3).map(tuple),
)
links = st.builds(Links, st.booleans(), st.booleans(), st.booleans())
labels = st.frozensets(st.builds(Label, st.sampled_from(AXES), texts), max_size=4)
options = st.lists(st.builds(Option, option_ids, texts), max_size=6, unique_by=lambda o: o.id).map(
    tuple
)


@cache
def asked_of(answer_format: AnswerFormat) -> st.SearchStrategy[Asked]:
    """Return parts of a format, complete or not."""
    parts: dict[AnswerFormat, st.SearchStrategy[Asked]] = {
        AnswerFormat.SINGLE_CHOICE: st.builds(SingleChoice, options),
        AnswerFormat.YES_NO: st.just(YesNo()),
        AnswerFormat.SEVERAL_CHOICES: st.builds(SeveralChoices, options),
        AnswerFormat.SHORT_TEXT: st.just(ShortText()),
        AnswerFormat.REPORT: st.just(Report()),
        AnswerFormat.NUMERIC: st.builds(Numeric, texts),
        AnswerFormat.RANKING: st.builds(Ranking, options),
        AnswerFormat.LONG_TEXT: st.just(LongText()),
        AnswerFormat.REGION: st.builds(
            Localization,
            st.sampled_from(sorted(DRAWN_WITH)),
            st.integers(0, 11),
            *(st.integers(0, 5000) for _ in range(4)),
            st.integers(1, 40),
        ),
    }
    return parts[answer_format]


@cache
def key_part_of(answer_format: AnswerFormat) -> st.SearchStrategy[KeyPart]:
    """Return key parts of a format, complete or not."""
    parts: dict[AnswerFormat, st.SearchStrategy[KeyPart]] = {
        AnswerFormat.SINGLE_CHOICE: st.builds(SingleChoiceKey, st.none() | option_ids),
        AnswerFormat.YES_NO: st.builds(YesNoKey, st.sampled_from([None, YES, NO])),
        AnswerFormat.SEVERAL_CHOICES: st.builds(SeveralChoicesKey, st.frozensets(option_ids)),
        AnswerFormat.SHORT_TEXT: st.builds(
            ShortTextKey, texts, st.lists(texts, max_size=3).map(tuple)
        ),
        AnswerFormat.REPORT: st.builds(ReportKey, texts),
        AnswerFormat.NUMERIC: st.builds(
            NumericKey, st.none() | decimals, decimals.map(abs) | st.just(Decimal(0))
        ),
        AnswerFormat.LONG_TEXT: st.builds(LongTextKey, texts),
        AnswerFormat.REGION: st.builds(
            LocalizationKey,
            st.lists(regions, max_size=3).map(tuple),
            st.sampled_from(RegionMeasure),
            st.floats(0, 1),
        ),
        AnswerFormat.RANKING: st.builds(RankingKey, st.lists(option_ids, unique=True).map(tuple)),
    }
    return parts[answer_format]


@cache
def bodies_of(answer_format: AnswerFormat) -> st.SearchStrategy[Body]:
    """Return bodies of a format, complete or not."""
    used = st.lists(images, max_size=3).map(tuple)
    layouts = st.sampled_from(("", *LAYOUTS))
    return st.builds(Body, texts, texts, used, asked_of(answer_format), layouts, links)


@cache
def keys_of(answer_format: AnswerFormat) -> st.SearchStrategy[Key]:
    """Return keys of a format, complete or not."""
    return st.builds(Key, key_part_of(answer_format), texts, texts)


bodies = formats.flatmap(bodies_of)
keys = formats.flatmap(keys_of)
responses: st.SearchStrategy[Response] = st.one_of(
    st.builds(Chosen, st.frozensets(option_ids)),
    st.builds(Written, texts),
    st.builds(Measured, decimals, texts),
    st.builds(Ranked, st.lists(option_ids, unique=True).map(tuple)),
    st.builds(Marked, st.lists(regions, max_size=3).map(tuple)),
)
