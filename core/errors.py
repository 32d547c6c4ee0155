"""Every error that a person may see: one sentence, a hint, the cause chained."""


class CoreError(Exception):
    """Something the user can understand and act on.

    `sentence` says what is wrong and where; `hint` says what to do next (may be empty).
    """

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.sentence} {self.hint}".strip()


class ValidationError(CoreError):
    """A value is missing or wrong; `field` names where."""

    def __init__(self, sentence: str, *, field: str, hint: str = "") -> None:
        super().__init__(sentence, hint=hint)
        self.field = field


class WorkflowError(CoreError):
    """The stage or the person does not allow this step."""


class BlindingError(WorkflowError):
    """The step would reveal something that must stay hidden."""


class LeakError(BlindingError):
    """A prompt would tell what only a key says."""


class NotFoundError(CoreError):
    """The record does not exist in this workspace."""


class ConflictError(CoreError):
    """Two changes contradict each other."""


class StorageError(CoreError):
    """The workspace cannot be read or written: locked, newer, full, damaged."""


class DamagedError(StorageError):
    """What is stored is damaged, so that repairing or restoring it helps."""


class ImageError(CoreError):
    """An image cannot be read or shown; the sentence names file and frame."""


class MissingImageError(ImageError):
    """The bytes of an image are not there."""


class DamagedImageError(ImageError):
    """The bytes of an image are not what they were."""


class LargeImageError(ImageError):
    """An image is too large for what it is needed for."""


class LlmError(CoreError):
    """A language model could not be asked: configuration, availability or reply."""


class ExchangeError(CoreError):
    """An import or export failed; the sentence names file, row and field."""


class Cancelled(Exception):  # noqa: N818 - control flow, not an error
    """The user stopped a long task; what was finished is kept."""
