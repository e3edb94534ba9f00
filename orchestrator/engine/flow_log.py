"""Logging of Prefect: to its server and to a file in its home, never to the terminal."""

import json
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from flows.vault.regular_file import open_regular

LARGEST_BYTES = 5 * 1024 * 1024


def write_logging(home: Path, name: str) -> Path:
    """Write Prefect's logging settings for the process called *name*; return the path of the settings file.

    The file is JSON, which is YAML too.  It is not called ``logging.yml``, since Prefect reads a file of that name in
    any process whose working folder this is.
    """
    settings = home / f"{name}-logging.yml"
    handle = open_regular(settings, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(_logging(home / f"{name}.log")).replace("$", "$$"))  # Prefect expands $ in it
    return settings


class PrivateFileHandler(RotatingFileHandler):
    """A log file that only its owner can read, opened without following a link."""

    def _open(self) -> TextIOWrapper:
        handle = open_regular(Path(self.baseFilename), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        return os.fdopen(handle, "a", encoding=self.encoding)


def _logging(file: Path) -> dict[str, Any]:
    line = "%(asctime)s.%(msecs)03d | %(levelname)-7s | %(name)s - %(message)s"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": line}},
        "handlers": {
            "file": {
                "class": f"{__name__}.{PrivateFileHandler.__name__}",
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
            "prefect": {"level": "INFO", "handlers": ["file"], "propagate": False},
            "prefect.flow_runs": {"level": "NOTSET", "handlers": ["api"]},
            "prefect.task_runs": {"level": "NOTSET", "handlers": ["api"]},
            "prefect.extra": {"level": "INFO", "handlers": ["api"], "propagate": False},
            "prefect.workers": {"level": "NOTSET", "handlers": ["worker_api"]},
        },
        "root": {"level": "WARNING", "handlers": ["file"]},
    }
