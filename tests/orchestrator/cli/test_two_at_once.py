"""Two people at one store: both succeed, or the second one gets a refusal; the log stays sound either way."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from orchestrator.desk.label.contacts import contact
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label, Said
from tests.orchestrator.sounds import note


def both(label: Label, *commands: tuple[object, ...]) -> list[Said]:
    """Run all of *commands* at the same time, each in a process of its own."""
    begun = [label.begin(*words) for words in commands]
    ended = [(process, process.communicate(timeout=120)) for process in begun]
    return [Said(process.returncode, out, err) for process, (out, err) in ended]


def test_two_who_ingest_and_two_who_approve_at_once_all_succeed(label: Label, tmp_path: Path) -> None:
    files = [[note(tmp_path / f"{who}{n}.wav", 100 * who + n) for n in range(3)] for who in (1, 2)]
    said = both(label, *(("take", "ingest", f"{SONG}/drums", *own) for own in files))
    assert [one.code for one in said] == [0, 0], said
    numbers = sorted(int(line.rpartition("/")[2]) for one in said for line in one.out.splitlines())
    assert numbers == [1, 2, 3, 4, 5, 6], "no number twice, and none skipped"
    verdicts = both(label, *(("take", "approve", f"{SONG}/drums/{n}", "--why", f"by {n}") for n in (1, 2)))
    assert [one.code for one in verdicts] == [0, 0], verdicts
    assert label.run("log", "verify", "--views", "--audio=").code == 0
    last = [row for row in label.data("log", "show") if row["kind"] == "take-judged"][-1]
    (sounds,) = {row["take"] for row in label.data("comp", "show", f"{SONG}/drums")}
    assert last["what"].startswith(f"{SONG}/drums/{sounds} "), "who came last is heard"


def test_two_who_want_the_same_room_at_once_get_it_once(label: Label) -> None:
    label.does("resource", "add", "room-a", "--kind", "room")
    book = ("session", "book", "night-bus", "--room", "room-a", "--on", "2026-12-07", "--hours")
    said = both(label, (*book, "10-18"), (*book, "12-20"))
    assert sorted(one.code for one in said) == [0, 5]
    assert len(label.data("session", "list", "night-bus")) == 1
    assert label.run("log", "verify", "--views").code == 0


def test_three_who_note_how_a_person_is_reached_at_once_are_all_heard(label: Label) -> None:
    label.does("user", "add", "lea", "--role", "musician")

    ready = Barrier(3)

    def lost(field: str) -> list[str]:
        """Values written one after the other as *field* that were gone before the next was written."""
        gone: list[str] = []
        with Studio.at(str(label.folder)) as studio:
            ready.wait(60)
            for value in (f"0001234567{number}" for number in range(10)):
                contact(studio, "lea", {field: value})
                if contact(studio, "lea", {})[1].get(field) != value:
                    gone.append(value)
        return gone

    with ThreadPoolExecutor() as at_once:
        assert list(at_once.map(lost, ("phone", "ipi", "bank"))) == [[], [], []]
