"""A store of release 0.1.0 opens, verifies, and gives the same data as then in every reader.

``tests/golden/stores/0.1.0.tar.xz`` was made by the commands of 0.1.0: three songs on two records, 342 events of all
its 34 kinds, their audio, outside comps, mixes and masters among them.  ``0.1.0.json`` holds the ``--json`` of every
reader, as 0.1.0 printed it.  A difference that is wanted is listed in ``CHANGED``, with its reason.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.orchestrator.label import Label
from tests.orchestrator.released import STORES, unpack_store

pytestmark = pytest.mark.waits

CHANGED: Final[Mapping[str, str]] = {
    "board": "the takes of a band comp count as judged: night-bus has none unheard, no longer 4",
    "board --as-of 150": "the same count",
    "record list": "the same count",
    "budget list": "what is booked beside the budget: one column more",
    "budget list --as-of 20": "the same column",
    "session list night-bus": "whether a line pays, and whether it was moved or cancelled: two columns more",
    "session show night-bus S1": "the same columns",
    **dict.fromkeys(
        ("resource list", "mix list night-bus/tin-roof", "mix list low-tide/anchor", "master list night-bus"),
        "a column more: the title",
    ),
    "user list": "what they play, and their rate if they can be booked: two columns more",
    "user show pat": "what they may do, who granted it, what they play, how they are reached",
    "log show": "the first writer of a store of 0.1.0 records its upgrade: one event more",
    "log show --limit 20": "the same event",
    "search anchor": "the newest first",
    "search fader": "the newest first",
    "search pocket": "the newest first",
    "log verify --views --audio=night-bus@master1": (
        "it names the log it looked at and what it covers, the read models in place of the views; the same event"
    ),
    "log outbox": "a verdict is told with the address of its mix or master, no longer of its song or record",
    **dict.fromkeys(
        ("why night-bus/paper-boats@mix1", "why night-bus/tin-roof@mix1", "why night-bus/tin-roof@mix1@0:00.3",
         "why night-bus@master1", "why night-bus@master2"),
        "it names the chosen mix",
    ),
    "why low-tide/anchor@mix2": "its edit made outside lapsed by another order of the sections, not by other takes",
    **dict.fromkeys(
        ("part show low-tide/anchor/drums", "song show low-tide/anchor"),
        "the keeper tells that an edit made outside is of another order of the sections",
    ),
    "next": "a blocked mix leads to why it is, no longer to its record",
    "review --no-input": "one JSON object, which has the list, in place of two",
    "why night-bus/tin-roof/drums/2": "it tells the notes on the take",
}  # fmt: skip
"""Readers whose output differs today, and the reason."""
ADDED: Final = {
    "remark": "chosen, alternate, or the mixes a master holds instead",
    "chosen": "the chosen mix",
    "gap": "where a take is set and no longer sounds",
    "note_list": "the notes on it",
    "open_notes": "how many are open",
    "invoiced": "what came in and is unpaid",
    "due": "instalments of deals that are due",
    "authorised": "the overrun that is authorised",
    "authorised_until": "its last day",
    "forecast": "the cost at completion",
    "stage": "the stage of production",
    "mine": "the one row that is for the reader",
    "mark": "how the room marked its pass",
    "moved": "how much it moved people",
    "wanted": "the sections in which a part is wanted by name",
}
"""Fields that are new, and left out of the comparison."""
REWORDED: Final[Mapping[str, str]] = {
    "must be said": "required",
    "renders are owed": "renders are due",
    "Sam was given other comps": "the comps of drums, bass have changed since Sam got the tracks",
    "silence: nobody painted it": "silence: no take is set there",
    "every edit made outside lapsed: the takes that are used are others than were given": (
        "no edit made outside holds any more: the takes in use have changed since"
    ),
}
"""Words of 0.1.0, and what is said today in their place."""


def _in_words_of_today(text: str) -> str:
    for old, new in REWORDED.items():
        assert old in text, "take it off the list"
        text = text.replace(old, new)
    return text


GOLDEN: Final[Mapping[str, Any]] = json.loads(_in_words_of_today((STORES / "0.1.0.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def released_store(tmp_path_factory: pytest.TempPathFactory) -> Label:
    """The store, unpacked; readers change nothing in it that another reader sees."""
    return unpack_store("0.1.0", tmp_path_factory.mktemp("released-store"))


def said(store: Label, words: str) -> Any:
    """The exit code and the JSON lines of a reader, without the folder of this test."""
    answer = store.run(*words.split(), "--json")
    lines = answer.out.replace(str(store.folder), "STORE").splitlines()
    return {"code": answer.code, "answers": [json.loads(line, object_hook=_without_added) for line in lines]}


def _without_added(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in ADDED}


@pytest.mark.parametrize("words", GOLDEN)
def test_a_reader_gives_what_release_0_1_0_gave(released_store: Label, words: str) -> None:
    answer = said(released_store, words)
    if words in CHANGED:
        assert answer != GOLDEN[words], "take it off the list"
    else:
        assert answer == GOLDEN[words]


def test_a_decision_in_it_is_recorded_and_proved_with_what_was_there(tmp_path: Path) -> None:
    store = unpack_store("0.1.0", tmp_path)
    store.does("note", "night-bus", "after the upgrade")
    proof = store.data("log", "verify", "--views", "--audio=")
    assert proof["events"] >= 343
    (found,) = store.data("search", "upgrade")
    assert (found["kind"], found["address"]) == ("note-added", "night-bus")
