"""One run of a workspace from beginning to end, everything stored durably."""

import json
import resource
import sys
import time
from pathlib import Path

from core.llm.retry import RetryPolicy
from core.services.evaluation_records import Calling, RunRequest
from core.workspace import open_workspace

workspace, url, in_flight = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with open_workspace(workspace) as opened:
    started = time.perf_counter()
    preparation = opened.evaluation.prepare(RunRequest("mock", url, max_tokens=64))
    looked_s = time.perf_counter() - started
    start, used = time.perf_counter(), time.process_time()
    calling = Calling(concurrency=in_flight, policy=RetryPolicy())
    summary = opened.evaluation.start(preparation, calling).value
    seconds, cpu = time.perf_counter() - start, time.process_time() - used
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
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
