"""What a model answered elsewhere, as a file of another engine tells it; knows no key."""

from dataclasses import dataclass
from enum import StrEnum


class Engine(StrEnum):
    """Whose file it is."""

    TABLE = "table"
    JSON_LINES = "jsonl"
    VLMEVALKIT = "vlmevalkit"
    INSPECT = "inspect"
    LM_EVAL = "lm_eval"

    @property
    def display_name(self) -> str:
        """The name as shown on a screen."""
        return _NAMES[self]


_NAMES = {
    Engine.TABLE: "a table",
    Engine.JSON_LINES: "JSON lines",
    Engine.VLMEVALKIT: "VLMEvalKit",
    Engine.INSPECT: "Inspect",
    Engine.LM_EVAL: "lm-evaluation-harness",
}


@dataclass(frozen=True, slots=True)
class Prediction:
    """One reply to one question.

    `question` is an id or a number; `revision` is empty unless the file came from here.
    `options` are the texts behind A, B, C… as the model saw them, `stem` the question's text;
    both only check that it is the same question. `error` says why there is no reply.
    """

    where: str
    question: str
    reply: str
    llm: str = ""
    condition: str = ""
    revision: str = ""
    epoch: int = 1
    is_whole_reply: bool = True
    options: tuple[str, ...] = ()
    stem: str = ""
    error: str = ""
    elapsed_s: float | None = None
