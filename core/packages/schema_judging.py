"""What judges, samples, gradings and decisions must look like in a package."""

from typing import Any, Final

from core.domain.judging import GradingState, JudgeSpec, Rubric
from core.domain.plain import Plain

_TEXTS: Final = ("llm", "base_url", "contract", "instruction_hash", "api", "effort")
_MOST_TURNS: Final = 9


def is_judge_spec(value: Any) -> bool:  # any JSON value
    """Tell whether this is a specification; raise what reading it raises."""
    spec = JudgeSpec.from_plain(value)
    numbers = (spec.repeats, spec.max_tokens)
    temperature = spec.temperature
    return (
        all(isinstance(getattr(spec, name), str) for name in _TEXTS)
        and all(isinstance(one, bool) for one in (spec.sees_images, spec.swaps_order))
        and all(isinstance(one, int) and not isinstance(one, bool) for one in numbers)
        and 1 <= spec.repeats <= _MOST_TURNS
        and (temperature is None or _is_number(temperature))
        and spec.to_plain() == value
    )


def is_rubric(value: Any) -> bool:  # any JSON value
    """Tell whether this is a rubric; raise what reading it raises."""
    rubric = Rubric.from_plain(value)
    return (
        isinstance(rubric.is_all_or_nothing, bool)
        and all(isinstance(one.text, str) for one in rubric.points)
        and all(
            isinstance(one.weight, int) and not isinstance(one.weight, bool) and one.weight
            for one in rubric.points
        )
        and rubric.to_plain() == value
    )


def is_whole_judge(data: Plain) -> bool:
    """Tell whether the hash is that of the specification."""
    return bool(data["spec_hash"] == JudgeSpec.from_plain(data["spec"]).hash)


def is_whole_grading(data: Plain) -> bool:
    """Tell whether one judge or one person graded, and every point where it was graded."""
    is_by_one = (data["judge"] is None) is not (data["person"] is None)
    points, met = data["rubric"]["points"], data["met"]
    is_graded = data["state"] == GradingState.GRADED.value
    is_fit = any(one["weight"] > 0 for one in points) and len(met) == len(points)
    return is_by_one and (is_fit if is_graded else not met)


def _is_number(value: Any) -> bool:  # any JSON value
    return isinstance(value, int | float) and not isinstance(value, bool)
