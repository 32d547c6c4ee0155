"""Asks in the plainest way: AsyncOpenAI, a task for each place in flight, nothing stored."""

import asyncio
import base64
import json
import sys
import time
from pathlib import Path

from openai import AsyncOpenAI


def peak_mb() -> int:
    # What the operating system counts for a child begins with the memory of its parent.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def content(number: int, picture: Path | None) -> object:
    text = f"A 54-year-old with a cough.\n\nWhat does image {number} show?\n\nA. x\nB. y"
    if picture is None:
        return text
    url = "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode()
    return [{"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": url}}]


async def main(url: str, count: int, in_flight: int, pictures: str) -> None:
    files = sorted(Path(pictures).iterdir()) if pictures else []
    client = AsyncOpenAI(base_url=url, api_key="none", max_retries=0)
    numbers = iter(range(count))
    replies: dict[int, str] = {}

    async def ask() -> None:
        for number in numbers:
            picture = files[number % len(files)] if files else None
            messages = [{"role": "user", "content": content(number, picture)}]
            completion = await client.chat.completions.create(
                model="mock", messages=messages, temperature=0, max_tokens=64
            )
            replies[number] = completion.choices[0].message.content or ""

    start, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(ask() for _ in range(in_flight)))
    seconds, cpu = time.perf_counter() - start, time.process_time() - used
    await client.close()
    peak = peak_mb()
    print(json.dumps({"seconds": seconds, "cpu": cpu, "mb": peak, "done": len(replies)}))


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
