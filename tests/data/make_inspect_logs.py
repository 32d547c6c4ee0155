"""Makes inspect_log.eval and inspect_log.json with Inspect itself; its content is all our own.

Needs `pip install inspect-ai` (made with 0.3.285): python make_inspect_logs.py
"""

import os
import shutil
import tempfile
from pathlib import Path

from inspect_ai import Task
from inspect_ai import eval as run
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import match
from inspect_ai.solver import generate

HERE = Path(__file__).parent
STEM = "What does the image show?"
OPTIONS = ["Pneumonia", "Pneumothorax", "Effusion", "Edema"]
REPORT = "The lungs are clear. The heart is of normal size. " * 8
REPLIES = ["ANSWER: B", "Yes.", REPORT, "I cannot answer.", "No.", "Fracture of the femur."]


def reply(text: str) -> ModelOutput:
    """Return an output with its usage, so that Inspect need not count tokens."""
    output = ModelOutput.from_content("mockllm/model", text)
    output.usage = ModelUsage(input_tokens=5, output_tokens=2, total_tokens=7)
    return output


def main() -> None:
    """Write both logs."""
    samples = [
        Sample(id=1, input=STEM, choices=OPTIONS, target="B"),
        Sample(id=2, input=STEM, target="yes"),
        Sample(id=3, input=STEM, target="The lungs are clear."),
    ]
    for form in ("eval", "json"):
        model = get_model("mockllm/model", custom_outputs=[reply(one) for one in REPLIES])
        task = Task(dataset=MemoryDataset(samples), solver=generate(), scorer=match(), epochs=2)
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)  # a log names the repository it was made in
            run(task, model=model, log_format=form, log_dir=folder, display="none", max_samples=1)
            os.chdir(HERE)
            [made] = Path(folder).glob(f"*.{form}")
            shutil.copy(made, HERE / f"inspect_log.{form}")


if __name__ == "__main__":
    main()
