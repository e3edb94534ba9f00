"""The settings of this machine as a worker: the plug-ins that a job may start, in the user's own configuration.

``worker.toml``, in takesheet's folder of that configuration, has one table::

    [plugins]
    limiter = "/usr/lib/vst3/Limiter.vst3"
"""

import os
import stat
from pathlib import Path
from typing import Final

from domain.core.refusal import Misused, Refused
from domain.core.toml_text import TomlFault, TomlLimits, parse_toml
from flows.jobs.plug_ins import AllowedPlugIns
from flows.vault.regular_file import LinkFound, read_regular

FILE: Final = "worker.toml"
LIMITS: Final = TomlLimits(characters=64 * 1024, values=4_000, tables=10, depth=4, parts=4)
LONGEST: Final = 4 * LIMITS.characters


def plug_ins_here() -> AllowedPlugIns:
    """The plug-ins that this user allows jobs to start; none if the user has no such file.

    Raises:
        Refused: ``worker.config``; the file is another account's, others may write it, or it cannot be read.
        LinkFound: ``store.link``; it is a symbolic link.
        Misused: ``worker.config``; it is not of the form above.
    """
    from platformdirs import user_config_path

    file = user_config_path("takesheet", appauthor=False) / FILE
    try:
        found = file.lstat()
        if stat.S_ISLNK(found.st_mode):
            raise LinkFound(file)
        if found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise Refused("worker.config", f"others may write {file}", next=f"make it yours alone: chmod 600 {file}")
        given = parse_toml(read_regular(file, at_most=LONGEST).decode(), LIMITS)
    except FileNotFoundError:
        return _allowed({}, file)
    except OSError as error:
        raise Refused("worker.config", f"{file} cannot be read: {error.strerror}") from None
    except (TomlFault, UnicodeDecodeError) as error:
        raise Misused("worker.config", f"{file}: {error}") from None
    plugins = given.pop("plugins", {})
    if given or not isinstance(plugins, dict) or not all(_is_absolute(path) for path in plugins.values()):
        raise Misused(
            "worker.config",
            f"{file} takes one table, [plugins], with absolute paths by name",
            next='[plugins] with lines such as limiter = "/usr/lib/vst3/Limiter.vst3"',
        )
    return _allowed(plugins, file)


def _allowed(plugins: dict[str, str], file: Path) -> AllowedPlugIns:
    return AllowedPlugIns(plugins, str(file), next="")


def _is_absolute(path: object) -> bool:
    return isinstance(path, str) and "\0" not in path and Path(path).is_absolute()
