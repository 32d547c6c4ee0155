"""A run as an eval log of Inspect (version 2), without scores."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from core import VERSION
from core.domain.plain import Plain
from core.domain.prediction_row import PredictionRow
from core.domain.run import Run

_LOG_VERSION: Final = 2


def inspect_log(run: Run, rows: Sequence[PredictionRow], now: datetime) -> Plain:
    """Return the JSON object of a log."""
    samples = [_sample(row) for row in rows]
    ids = list(dict.fromkeys(one["id"] for one in samples))
    return {
        "version": _LOG_VERSION,
        "status": "success",
        "eval": {
            "run_id": run.id,
            "created": now.isoformat(),
            "task": "asclepius",
            "task_id": run.id,
            "task_version": 0,
            "task_args": {},
            "dataset": {"name": "asclepius", "samples": len(ids), "sample_ids": ids},
            "model": run.spec.llm,
            "model_args": {},
            "config": {"epochs": max((row.epoch for row in rows), default=1)},
            "packages": {"asclepius": VERSION},
            "metadata": {
                "condition": run.spec.condition.value,
                "prompt": run.spec.prompt_name,
                "run_specification_sha256": run.spec.hash,
            },
        },
        "plan": {"name": "plan", "steps": [], "config": {}},
        "stats": {
            "started_at": run.created_at.isoformat(),
            "completed_at": (run.finished_at or now).isoformat(),
            "model_usage": {},
        },
        "samples": samples,
    }


def _sample(row: PredictionRow) -> Plain:
    question = "\n\n".join(part for part in (row.context, row.stem) if part)
    reply = {"role": "assistant", "source": "generate", "model": row.llm, "content": row.reply}
    output: Plain = {
        "model": row.llm,
        "choices": [{"message": reply, "stop_reason": "stop"}],
        "completion": row.reply,
    }
    sample: Plain = {
        "id": row.number,
        "epoch": row.epoch,
        "input": question,
        "target": row.key,
        "messages": [{"role": "user", "source": "input", "content": question}, reply],
        "output": output | ({} if row.seconds is None else {"time": row.seconds}),
        "metadata": {
            "question_id": row.question_id,
            "revision_id": row.revision_id,
            "condition": row.condition,
            "format": row.format,
            "answer_read": row.answer,
            "state": row.state,
        },
    }
    if row.options:
        sample["choices"] = list(row.options)
    if row.error:
        sample["error"] = {"message": row.error, "traceback": "", "traceback_ansi": ""}
    return sample
