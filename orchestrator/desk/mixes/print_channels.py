"""Channels that a print of a mix hears, by the names under which recipe changes call them.

Tests: ``tests/orchestrator/desk/mixes/test_mix_diff.py``.
"""

from domain.recipe import MixRecipe, bus_name
from domain.recipe.routing import MASTER
from dsp.mix.prints import Print, prints_of


def channels_of_prints(recipe: MixRecipe) -> dict[str, frozenset[str]]:
    """The channels that each print of *recipe* hears, by the print's name.

    Names are those of :class:`domain.recipe.differences.RecipeChange`: ``lead-vocal``, ``group voices``, ``bus room``,
    ``master``.
    """
    return {one.name: _channels(recipe, one) for one in prints_of(recipe, recipe.strips)}


def _channels(recipe: MixRecipe, one: Print) -> frozenset[str]:
    """Channels on the path of the print's tracks to its end, with their side-chains."""
    routing = recipe.routing
    found = set[str]() if one.tap == "stem" else {MASTER}
    waiting = [name for track in one.cut.tracks for name in routing.way(track)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [bus_name(bus) for bus in routing.senders[name].sends]
            waiting += _keys(recipe, name)
    waiting = _keys(recipe, MASTER) if MASTER in found else []
    return frozenset(f"group {name}" if name in recipe.groups else name for name in [*found, *waiting])


def _keys(recipe: MixRecipe, name: str) -> list[str]:
    """Channels to which the side-chains of a channel listen."""
    channel = recipe.master if name == MASTER else recipe.routing.senders[name]
    processors = (channel.gate, channel.compressor)
    return [one.side_chain for one in processors if one and one.side_chain is not None]
