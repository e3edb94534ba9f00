"""External plug-ins that the store allows: their list, and the parameters of one."""

from pathlib import Path

from domain.core.refusal import NotFound
from domain.recipe import External
from dsp.mix.plugins.rack import Rack
from orchestrator.desk.addressing.rows import Row
from orchestrator.store.config import Settings

USUAL_RATE = 48_000


def allowed_plugins(config: Settings) -> list[Row]:
    """One row for each plug-in in the store's config.toml: its path, and True if the path exists."""
    return [
        {"plugin": name, "path": path, "there": Path(path).exists()} for name, path in sorted(config.plugins.items())
    ]


def asked_plugin(config: Settings, name: str) -> Row:
    """Load the plug-in *name* in a process of its own and describe it: version, maker, parameters, state for a recipe.

    Raises:
        Untrusted: ``store.trust``; config.toml names plug-ins that this user has not trusted.
        NotFound: ``mix.plugins``; config.toml does not name it.
        Unsound: the plug-in cannot be loaded, crashes or hangs.
    """
    config.refuse_withheld("plugins", f"plug-in {name!r}")
    if name not in config.plugins:
        known = ", ".join(sorted(config.plugins)) or "none"
        raise NotFound("mix.plugins", f"{config.folder}/config.toml names no plug-in {name!r}, but {known}"[:400])
    with Rack(config.plugins) as rack:
        plugin = rack.begin(External(plugin=name), USUAL_RATE)
        return {"plugin": name, "made": plugin.made_by, **plugin.description}
