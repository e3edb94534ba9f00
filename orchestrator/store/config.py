"""The store's folder and the settings in its ``config.toml``."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.core.refusal import Misused, NotFound, Refused
from domain.core.toml_text import TomlFault, TomlLimits, parse_toml
from flows.vault.permissions import create_private, file_mode
from flows.vault.redaction import redacted
from flows.vault.regular_file import read_regular
from orchestrator.log.database.url import DatabaseUrl, Place
from orchestrator.store.trust_refusals import Untrusted

FOLDER: Final = ".takesheet"
CONFIG: Final = "config.toml"
LOG: Final = "log.db"
VAULT: Final = "vault"
LIMITS: Final = TomlLimits(characters=64 * 1024, values=4_000, tables=100, depth=4, parts=4)
LONGEST: Final = 4 * LIMITS.characters
"""Largest permitted size of a ``config.toml``, in bytes."""
LONGEST_TEXT: Final = 4_096
"""Longest permitted value, in characters: no path of Linux is longer."""
MOST_TEXTS: Final = 200
"""Largest permitted number of values, including the names of the plug-ins."""
_TABLE = re.compile(r"^\s*\[", re.MULTILINE)
_PLUGINS = re.compile(r"^[ \t]*\[[ \t]*plugins[ \t]*\].*\n?(?:(?![ \t]*\[).*\n?)*?(?=^[ \t]*\[|\Z)", re.MULTILINE)
_HOUR = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)$", re.ASCII)

TEMPLATE: Final = """\
# Takesheet store of {label}
# Who changes log, vault, player or plug-ins here runs `takesheet trust` afterwards.
id = {id}
label = {label}
currency = {currency}
timezone = {timezone}

# The log of decisions: a file in this folder, or postgresql+psycopg://USER@HOST/DATABASE.
log = {log}
# Audio by its hash: a folder, absolute or in this one, or an fsspec URL.
vault = "vault"

# When `takesheet up` renders what went stale, by the clock of the time zone.
nightly = "03:00"
# How many threads render; 0 takes one a core.
threads = 0
# What `takesheet play` calls with a file; empty looks for ffplay, play (SoX), afplay, aplay.
player = ""

# Plug-ins of other makers that a mix recipe may name, and where they lie; what is not named here is never loaded.
# [plugins]
# limiter = "/usr/lib/vst3/Limiter.vst3"
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in a store's ``config.toml``; paths are absolute."""

    folder: Path
    """The ``.takesheet`` folder."""
    id: str
    """A random UUID; empty in a store of 0.1.0."""
    label: str
    currency: str
    timezone: str
    log: Place
    """A file, or the address of a PostgreSQL database."""
    vault_address: str
    """A folder or an fsspec URL, which may contain a secret; use :attr:`vault` to open it."""
    nightly: str
    threads: int
    player: str
    plugins: Mapping[str, str] = field(default_factory=dict)
    """Plug-ins that a mix may use: absolute paths by name."""
    withheld: frozenset[str] = frozenset()
    """Names of the settings that name programs or outside places and that this user has not trusted."""

    @property
    def vault(self) -> str:
        """The vault's folder or URL.  Raises: Untrusted; it is outside the store, and the user has not allowed that."""
        if "vault" in self.withheld:
            raise Untrusted(self.folder, [f"its vault lies elsewhere: {redacted(self.vault_address)}"])
        return self.vault_address

    def refuse_withheld(self, setting: str, what: str) -> None:
        """Refuse *what* if this user does not trust the *setting* that names it.  Raises: Untrusted."""
        if setting in self.withheld:
            raise Untrusted(self.folder, [f"{what} is named by a store that you have not trusted"])

    @property
    def zone(self) -> ZoneInfo:
        """The time zone by which the label's days begin and end."""
        return zone(self.timezone)

    @property
    def hour(self) -> tuple[int, int]:
        """Hour and minute of the nightly."""
        hour, minute = self.nightly.split(":")
        return int(hour), int(minute)


def zone(name: str) -> ZoneInfo:
    """Return the time zone with this IANA name.  Raises: Misused ``store.timezone``."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Misused("store.timezone", f"{name!r} is no time zone; write one like Europe/Berlin") from None


def find(named: str | None) -> Path:
    """Return the store's folder: *named*, else ``TAKESHEET_STORE``, else the nearest ``.takesheet`` from here upward.

    Raises:
        NotFound: ``store.missing``.
        Misused: ``store.folder``.
    """
    start = os.environ.get("TAKESHEET_STORE") if named is None else named
    if named is not None or start:
        here = named_folder(start or "").parent
        places = [here / FOLDER]
    else:
        here = Path.cwd()
        places = [folder / FOLDER for folder in (here, *here.parents)]
    for place in places:
        if _holds_config(place):
            return place
    raise NotFound("store.missing", f"no store in {here}{'' if start else ' or above'}", next="takesheet init")


def named_folder(text: str) -> Path:
    """Return the ``.takesheet`` folder of the store in the folder *text*, as a user wrote it.

    Raises:
        Misused: ``store.folder``; *text* is empty, for example an unset variable of a script, or names the home folder
            of an account that does not exist.
        NotFound: ``store.missing``; *text* contains U+0000.
    """
    if not text:
        raise Misused("store.folder", "the name of the store's folder is empty", next="--store DIR")
    if "\0" in text:  # no file system has such a name
        raise NotFound("store.missing", f"no store in {text!r}", next="takesheet init")
    try:
        here = Path(text).expanduser().absolute()
    except RuntimeError:
        raise Misused("store.folder", f"{text}: this machine has no such account", next="--store DIR") from None
    return here if here.name == FOLDER else here / FOLDER


def _holds_config(place: Path) -> bool:
    try:
        (place / CONFIG).lstat()  # a link does not continue the search: load() refuses it
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def load(folder: Path) -> Settings:
    """Read the store's settings, without regard to trust, which :mod:`orchestrator.store.trust` applies.

    Raises:
        LinkFound: ``store.link``; the file is a symbolic link.
        Misused: ``store.config``; names the file and the fault.
        Refused: ``store.config``; the file cannot be read.
    """
    file = folder / CONFIG
    try:
        given = parse_toml(read_regular(file, below=folder, at_most=LONGEST).decode(), LIMITS)
    except (TomlFault, UnicodeDecodeError) as error:
        raise Misused("store.config", f"{file}: {error}") from None
    except OSError as error:
        raise Refused("store.config", f"{file} cannot be read: {error.strerror}") from None
    # Checked by hand: two bounds and the types of nine values, in sentences of ours instead of a validator's.
    text = {name: given.get(name, default) for name, default in _DEFAULTS.items()}
    wrong = [name for name, value in text.items() if type(value) is not type(_DEFAULTS[name])]
    if wrong or not (_HOUR.match(str(text["nightly"])) and 0 <= int(text["threads"]) <= 1024):  # noqa: PLR2004 - no machine has more
        name = wrong[0] if wrong else ("threads" if _HOUR.match(str(text["nightly"])) else "nightly")
        raise Misused(
            "store.config", f"{file}: {name} = {text[name]!r} will not do; the default is {_DEFAULTS[name]!r}"
        )
    plugins = _plugins(file, given.get("plugins", {}))
    _refuse_bulk(file, [*map(str, text.values()), *plugins, *plugins.values()])
    vault = str(text["vault"])
    zone(str(text["timezone"]))
    return Settings(
        folder=folder,
        id=str(text["id"]),
        label=str(text["label"]),
        currency=str(text["currency"]),
        timezone=str(text["timezone"]),
        log=place(folder, str(text["log"])),
        vault_address=vault if "://" in vault else str(_path(folder, vault)),
        nightly=str(text["nightly"]),
        threads=int(text["threads"]),
        player=str(text["player"]),
        plugins=plugins,
    )


def _refuse_bulk(file: Path, texts: list[str]) -> None:
    """Refuse settings too long or too many to show to a user.  Raises: Misused ``store.config``."""
    longest = max(map(len, texts))
    if longest > LONGEST_TEXT or len(texts) > MOST_TEXTS:
        raise Misused(
            "store.config",
            f"{file}: a value has {longest:,} characters, of {len(texts)} values; at most {LONGEST_TEXT:,} and"
            f" {MOST_TEXTS} are taken",
        )


def _plugins(file: Path, given: object) -> dict[str, str]:
    """Return the paths of plug-ins by name; a relative path is relative to the store's folder."""
    if not isinstance(given, dict) or not all(isinstance(path, str) and path for path in given.values()):
        raise Misused("store.config", f'{file}: [plugins] takes lines such as limiter = "/usr/lib/vst3/Limiter.vst3"')
    return {name: str(file.parent / Path(path).expanduser()) for name, path in given.items()}


def without_plugins(text: str) -> str:
    """Return the *text* of a ``config.toml`` without its plug-ins; all other text is unchanged.

    Raises:
        Misused: ``store.config``; the plug-ins cannot be separated from the rest.
    """
    left = _PLUGINS.sub("", text)
    try:
        right = _parsed(left) == {name: value for name, value in _parsed(text).items() if name != "plugins"}
    except TomlFault:
        right = False
    if not right:
        raise Misused("store.config", f"{CONFIG}: [plugins] cannot be taken out by program; take it out by hand")
    return left


_DEFAULTS: Final[dict[str, str | int]] = {
    "id": "", "label": "", "currency": "EUR", "timezone": "UTC", "log": "log.db", "vault": "vault", "nightly": "03:00",
    "threads": 0, "player": "",
}  # fmt: skip


def place(folder: Path, text: str) -> Place:
    """Return the location of the log that ``config.toml`` in *folder* names as *text*.

    Raises:
        Misused: ``store.url``.
    """
    return DatabaseUrl.parse(text) if "://" in text else _path(folder, text)


def _path(folder: Path, text: str) -> Path:
    """Return the path that ``config.toml`` in *folder* names as *text*; a path within the folder is normalised."""
    inner = Path(os.path.normpath(text))
    return folder / text if inner.is_absolute() or inner.parts[:1] == (os.pardir,) else folder / inner


def is_inside(folder: Path, text: str) -> bool:
    """True if *text*, a URL or a path as returned by :func:`load`, is a path below *folder*."""
    if "://" in text or not Path(text).is_relative_to(folder):
        return False
    return os.pardir not in Path(text).relative_to(folder).parts


def write(folder: Path, *, label: str, currency: str, timezone: str, log: str = LOG) -> None:
    """Write a new store's ``config.toml``, complete or not at all."""
    given = {"id": str(uuid4()), "label": label, "currency": currency, "timezone": timezone, "log": log}
    write_text(folder, TEMPLATE.format(**{name: _quoted(value) for name, value in given.items()}))


def move_log(folder: Path, log: str) -> None:
    """Change the setting *log* in ``config.toml``, completely or not at all; all other text is unchanged.

    Raises:
        Misused: ``store.config``; the file cannot be changed without guessing.
    """
    change(folder, log=log)


def change(folder: Path, **values: str) -> None:
    """Change *values* in ``config.toml``, completely or not at all; all other text is unchanged.

    Raises:
        Misused: ``store.config``; the file cannot be changed without guessing.
    """
    write_text(folder, with_values(text_of(folder), **values))


def text_of(folder: Path) -> str:
    """Return the text of ``config.toml``.  Raises: LinkFound ``store.link``."""
    return read_regular(folder / CONFIG, below=folder, at_most=LONGEST).decode()


def with_values(text: str, **values: str) -> str:
    """Return the *text* of a ``config.toml`` with changed *values*; all other text is unchanged.

    Raises:
        Misused: ``store.config``; it cannot be changed without guessing.
    """
    # Lines are replaced, and no TOML library writes the file: what comes out is parsed under the limits of parse_toml
    # and compared with what was meant, so a wrong replacement is refused, and nothing but the one line changes.
    becomes = text
    for name, value in values.items():
        top, table, rest = _split(becomes)
        line = f"{name} = {_quoted(value)}"
        top, found = re.subn(rf"^{name}\s*=.*$", line.replace("\\", r"\\"), top, count=1, flags=re.MULTILINE)
        becomes = (top if found else f"{line}\n{top}") + table + rest
    try:
        right = _parsed(becomes) == _parsed(text) | values
    except TomlFault:
        right = False
    if not right:
        raise Misused("store.config", f"{CONFIG}: {', '.join(values)} cannot be changed by program; write it by hand")
    return becomes


def _split(text: str) -> tuple[str, str, str]:
    """Return the text before the first table, the first heading, and the rest."""
    found = _TABLE.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _parsed(text: str) -> dict[str, Any]:
    return parse_toml(text, LIMITS)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def write_text(folder: Path, text: str) -> None:
    """Write *text* to ``config.toml`` in *folder*, complete or not at all."""
    from flows.vault.storage import sync

    # Not new_file.replace: its helper folder belongs to one account, and the folder of a store may be a group's.
    draft = folder / f"{CONFIG}.new"
    draft.unlink(missing_ok=True)
    # Private from the start: a URL may contain a password.
    with create_private(draft) as out:
        os.fchmod(out.fileno(), file_mode(folder))
        out.write(text.encode())
        out.flush()
        os.fsync(out.fileno())
    draft.replace(folder / CONFIG)
    sync(folder)
