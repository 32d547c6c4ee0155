"""The same run by evalscope: general_mcq on a local file, its reports on."""

import json
import sys
import time
from pathlib import Path

from evalscope import TaskConfig, run_task


def peak_mb() -> int:
    # What the operating system counts for a child begins with the memory of its parent.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


url, count, in_flight, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
data = Path(folder) / "data"
data.mkdir(parents=True, exist_ok=True)
lines = [
    json.dumps(
        {
            "id": str(number),
            "question": f"What does image {number} show?",
            "A": "x",
            "B": "y",
            "C": "z",
            "D": "w",
            "answer": "B",
        }
    )
    for number in range(count)
]
(data / "default_val.jsonl").write_text("\n".join(lines) + "\n")
config = TaskConfig(
    model="mock",
    api_url=url,
    api_key="none",
    eval_type="openai_api",
    datasets=["general_mcq"],
    dataset_args={
        "general_mcq": {"local_path": str(data), "subset_list": ["default"], "few_shot_num": 0}
    },
    eval_batch_size=in_flight,
    work_dir=folder,
    generation_config={"max_tokens": 64, "temperature": 0},
)
start, used = time.perf_counter(), time.process_time()
run_task(config)
seconds, cpu = time.perf_counter() - start, time.process_time() - used
peak = peak_mb()
done = sum(sum(1 for _ in file.open()) for file in Path(folder).rglob("predictions/**/*.jsonl"))
print(json.dumps({"seconds": seconds, "cpu": cpu, "mb": peak, "done": done}))
