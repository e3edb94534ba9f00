"""Where Prefect's words go: to its server and a file in the store, and never between a person and the prompt."""

import json
from pathlib import Path
from typing import Any

LARGEST_BYTES = 5 * 1024 * 1024


def write_logging(home: Path, name: str) -> Path:
    """Write the logging settings of a process that runs flows, whose file is *name*; where they lie.

    JSON is YAML, too.  The name is not ``logging.yml``, which Prefect takes for its own in any process of this
    folder, the server included.
    """
    settings = home / f"{name}-logging.yml"
    settings.write_text(json.dumps(_logging(home / f"{name}.log")))
    return settings


def _logging(file: Path) -> dict[str, Any]:
    line = "%(asctime)s.%(msecs)03d | %(levelname)-7s | %(name)s - %(message)s"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": line}},
        "handlers": {
            "file": {
                "class": "logging.handlers.RotatingFileHandler",
                "formatter": "line",
                "filename": str(file),
                "maxBytes": LARGEST_BYTES,
                "backupCount": 1,
                "delay": True,
                "encoding": "utf-8",
            },
            "api": {"level": 0, "class": "prefect.logging.handlers.APILogHandler"},
            "worker_api": {"level": 0, "class": "prefect.logging.handlers.WorkerAPILogHandler"},
        },
        "loggers": {
            "prefect": {"level": "${PREFECT_LOGGING_LEVEL}", "handlers": ["file"], "propagate": False},
            "prefect.flow_runs": {"level": "NOTSET", "handlers": ["api"]},
            "prefect.task_runs": {"level": "NOTSET", "handlers": ["api"]},
            "prefect.extra": {"level": "${PREFECT_LOGGING_LEVEL}", "handlers": ["api"], "propagate": False},
            "prefect.workers": {"level": "NOTSET", "handlers": ["worker_api"]},
        },
        "root": {"level": "WARNING", "handlers": ["file"]},
    }
