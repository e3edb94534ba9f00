"""A/B in review: a take beside the keeper, a mix beside the one approved last."""

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.recording_player import RecordingPlayer
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal


def test_a_take_is_heard_beside_the_keeper_at_one_time_and_one_loudness(label: Label) -> None:
    files = [note(label.folder / f"{n}.wav", 100.0 * n, seconds=20.0) for n in (1, 2)]
    label.does("take", "ingest", f"{SONG}/drums", *files)
    label.does("take", "approve", f"{SONG}/drums/1")
    player = RecordingPlayer.of(label)
    terminal = Terminal(label, "review")
    terminal.sees("(q)uit ?")
    terminal.press("c")
    terminal.sees("hear that mix")
    assert f"{SONG}/drums/1 (approved)" in terminal.seen
    for number in (1, 2):
        terminal.press(str(number))
        player.waits_for(number)
        terminal.sees("hear that mix", times=number + 1)
    terminal.press("q")
    terminal.sees("(q)uit ?", times=5)
    terminal.press("q")
    assert terminal.ends() == 0
    first, second = (size for size, _, _ in player.rows())
    assert 0 < second < first, "the second goes on where the first was"


def test_a_mix_is_heard_beside_the_one_approved_last(released: Label) -> None:
    released.does("mix", "revise", SONG, released.mix_recipe("drums", "bass"))
    released.renders()
    terminal = Terminal(released, "review", f"{SONG}@mix2")
    terminal.sees("(q)uit ?")
    terminal.press("c")
    terminal.sees(f"{SONG}@mix1 (approved)")
    terminal.process.terminate()
    terminal.ends()


def test_a_take_without_a_keeper_has_nothing_to_be_compared_with(label: Label) -> None:
    label.does("take", "ingest", f"{SONG}/drums", note(label.folder / "1.wav", 100))
    terminal = Terminal(label, "review")
    terminal.sees("(q)uit ?")
    terminal.press("c")
    terminal.sees("its part has no keeper")
    terminal.sees("(q)uit ?", times=2)
    terminal.press("q")
    assert terminal.ends() == 0
