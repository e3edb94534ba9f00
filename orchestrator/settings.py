"""The store: where it is found, and what its ``config.toml`` says."""

import json
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.refusal import Misused, NotFound, Refused

FOLDER: Final = ".takesheet"
CONFIG: Final = "config.toml"
_HOUR = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)$", re.ASCII)

TEMPLATE: Final = """\
# Takesheet store of {label}
label = {label}
currency = {currency}
timezone = {timezone}

# The log of decisions: a file in this folder.
log = "log.db"
# Audio by its hash: a folder, absolute or in this one, or an fsspec URL.
vault = "vault"

# When `takesheet up` renders what went stale, by the clock of the time zone.
nightly = "03:00"
# How many threads render; 0 takes one a core.
threads = 0
# What `takesheet play` calls with a file; empty looks for ffplay, play (SoX), afplay, aplay.
player = ""
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a store's ``config.toml`` says; paths are absolute."""

    folder: Path
    """The ``.takesheet`` folder."""
    label: str
    currency: str
    timezone: str
    log: Path
    vault: str
    """A folder or an fsspec URL."""
    nightly: str
    threads: int
    player: str

    @property
    def zone(self) -> ZoneInfo:
        """The zone by which the house's days begin and end."""
        return zone(self.timezone)

    @property
    def hour(self) -> tuple[int, int]:
        """Hour and minute of the nightly."""
        hour, minute = self.nightly.split(":")
        return int(hour), int(minute)


def zone(name: str) -> ZoneInfo:
    """The time zone of this IANA name.  Raises: Misused ``store.timezone``."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Misused("store.timezone", f"{name!r} is no time zone; write one like Europe/Berlin") from None


def find(named: str | None) -> Path:
    """The store's folder: *named*, else ``TAKESHEET_STORE``, else the first ``.takesheet`` from here upward.

    Raises:
        NotFound: ``store.missing``.
    """
    start = named or os.environ.get("TAKESHEET_STORE")
    if start:
        here = Path(start).expanduser().absolute()
        places = [here if here.name == FOLDER else here / FOLDER]
    else:
        here = Path.cwd()
        places = [folder / FOLDER for folder in (here, *here.parents)]
    for place in places:
        if (place / CONFIG).is_file():
            return place
    raise NotFound("store.missing", f"no store in {here}{'' if start else ' or above'}", next="takesheet init")


def load(folder: Path) -> Settings:
    """Read the store's settings.

    Raises:
        Misused: ``store.config``, with the file and what is wrong in it.
    """
    file = folder / CONFIG
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misused("store.config", f"{file}: {error}") from None
    except OSError as error:
        raise Refused("store.config", f"{file} cannot be read: {error.strerror}") from None
    text = {name: given.get(name, default) for name, default in _DEFAULTS.items()}
    wrong = [name for name, value in text.items() if type(value) is not type(_DEFAULTS[name])]
    if wrong or not (_HOUR.match(str(text["nightly"])) and 0 <= int(text["threads"]) <= 1024):  # noqa: PLR2004 - no machine has more
        name = wrong[0] if wrong else ("threads" if _HOUR.match(str(text["nightly"])) else "nightly")
        raise Misused(
            "store.config", f"{file}: {name} = {text[name]!r} will not do; the default is {_DEFAULTS[name]!r}"
        )
    vault = str(text["vault"])
    zone(str(text["timezone"]))
    return Settings(
        folder=folder,
        label=str(text["label"]),
        currency=str(text["currency"]),
        timezone=str(text["timezone"]),
        log=folder / str(text["log"]),
        vault=vault if "://" in vault else str(folder / vault),
        nightly=str(text["nightly"]),
        threads=int(text["threads"]),
        player=str(text["player"]),
    )


_DEFAULTS: Final[dict[str, str | int]] = {
    "label": "", "currency": "EUR", "timezone": "UTC", "log": "log.db", "vault": "vault", "nightly": "03:00",
    "threads": 0, "player": "",
}  # fmt: skip


def write(folder: Path, *, label: str, currency: str, timezone: str) -> None:
    """Write a new store's ``config.toml``, whole or not at all."""
    quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in
              {"label": label, "currency": currency, "timezone": timezone}.items()}  # fmt: skip
    draft = folder / f"{CONFIG}.new"
    draft.write_text(TEMPLATE.format(**quoted), encoding="utf-8")
    draft.replace(folder / CONFIG)
