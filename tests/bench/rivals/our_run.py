"""One run of a workspace from beginning to end, everything stored durably."""

import json
import sys
import time
from pathlib import Path

from core.llm.retry import RetryPolicy
from core.services.evaluation.records import Calling, RunRequest
from core.workspace import open_workspace


def peak_mb() -> int:
    # What the operating system counts for a child begins with the memory of its parent.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


workspace, url, in_flight = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with open_workspace(workspace) as opened:
    opened.evaluation.warm_up()  # as on the page; the others load their libraries before, too
    started = time.perf_counter()
    preparation = opened.evaluation.prepare(RunRequest("mock", url, max_tokens=64))
    looked_s = time.perf_counter() - started
    start, used = time.perf_counter(), time.process_time()
    calling = Calling(concurrency=in_flight, policy=RetryPolicy())
    summary = opened.evaluation.start(preparation, calling).value
    seconds, cpu = time.perf_counter() - start, time.process_time() - used
peak = peak_mb()
failed = sum(count for _, count in summary.failures)
heavy = [name for name in ("numpy", "pandas", "cv2", "pydicom") if name in sys.modules]
print(
    json.dumps(
        {
            "seconds": seconds,
            "cpu": cpu,
            "mb": peak,
            "done": summary.done,
            "failed": failed,
            "looked_s": looked_s,
            "heavy": heavy,
        }
    )
)
