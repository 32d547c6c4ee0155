"""The same run by Inspect AI: multiple choice, its log on, no display."""

import json
import sys
import time
from pathlib import Path

from inspect_ai import Task, eval  # noqa: A004 - its name there
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import choice
from inspect_ai.solver import multiple_choice


def peak_mb() -> int:
    # What the operating system counts for a child begins with the memory of its parent.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


url, count, in_flight, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
samples = [
    Sample(f"What does image {number} show?", choices=["x", "y", "z", "w"], target="B", id=number)
    for number in range(count)
]
task = Task(dataset=MemoryDataset(samples), solver=multiple_choice(), scorer=choice())
start, used = time.perf_counter(), time.process_time()
log = eval(
    task,
    model="openai/mock",
    model_base_url=url,
    model_args={"api_key": "none", "responses_api": False},
    max_connections=in_flight,
    max_samples=in_flight,
    log_dir=folder,
    display="none",
)[0]
seconds, cpu = time.perf_counter() - start, time.process_time() - used
peak = peak_mb()
done = log.results.completed_samples if log.results else 0
print(json.dumps({"seconds": seconds, "cpu": cpu, "mb": peak, "done": done}))
