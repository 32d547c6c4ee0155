"""What every importer yields: questions with the place they stand at, and what is wrong."""

from dataclasses import dataclass, field
from pathlib import Path

from core.domain.body import Body
from core.domain.ids import MediaId, QuestionId
from core.domain.key import Key
from core.domain.media import ImageUse
from core.domain.source import Source
from core.domain.taxonomy import Label


@dataclass(frozen=True, slots=True)
class ImportedImage:
    """A file and how the question uses it; `use.media` is set once the file is stored.

    `is_cleared` says that the file comes from an export, where only cleared images are.
    """

    path: Path
    use: ImageUse = ImageUse(MediaId(""))
    has_chosen_frames: bool = False
    is_cleared: bool = False


@dataclass(frozen=True, slots=True)
class ImportedQuestion:
    """One question as read; its body has no images, they are in `images`.

    `origin` is the same whenever the same row is read again. `id` is set by the own format only.
    """

    where: str
    origin: str
    body: Body
    key: Key
    labels: frozenset[Label] = frozenset()
    source: Source = Source()
    images: tuple[ImportedImage, ...] = ()
    id: QuestionId | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Where something is wrong (file, row, field) and a sentence on what."""

    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"


@dataclass(slots=True)
class ReadFile:
    """All that one file held; grows while it is read."""

    questions: list[ImportedQuestion] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
