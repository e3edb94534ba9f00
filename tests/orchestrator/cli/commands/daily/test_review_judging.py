"""Review beyond one verdict an item: stretches, whole passes, held items, figures, and keys in plain mode."""

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note
from tests.orchestrator.terminal import Terminal, answer_lines


def verdicts(label: Label, part: str) -> list[str]:
    return [row["verdict"] for row in label.data("take", "list", f"{SONG}/{part}")]


def two_takes(label: Label, seconds: float = 3.0) -> None:
    files = [note(label.folder / f"{n}.wav", 100.0 * n, seconds=seconds) for n in (1, 2)]
    label.does("take", "ingest", f"{SONG}/drums", *files)


def test_a_take_is_approved_over_a_stretch(label: Label) -> None:
    two_takes(label)
    terminal = Terminal(label, "review")
    terminal.sees("(q)uit ?")
    terminal.press("a")
    terminal.sees("[2/2]")
    terminal.sees("(q)uit ?", times=2)
    terminal.press("t")
    terminal.sees("from-to: ")
    terminal.press("soon\n")
    terminal.sees("refused (section.unknown)")
    terminal.sees("(q)uit ?", times=3)
    terminal.press("t")
    terminal.sees("from-to: ", times=2)
    terminal.press("0:01-0:02\n")
    terminal.sees("approved over 0:01-0:02")
    terminal.sees("0:01-0:02 take 1 gave way to take 2")
    assert terminal.ends() == 0


def test_a_stretch_in_plain_mode_is_written_behind_the_key(label: Label) -> None:
    two_takes(label)
    said = answer_lines(label, "a\nt 0:01-0:02\n", "review")
    assert said.code == 0, said.err
    assert "take 1 gave way to take 2" in said.err
    assert "2 decided · 0 pending" in said.err


def test_w_approves_the_whole_pass_and_asks_no_more_about_its_takes(band: Label) -> None:
    said = answer_lines(band, "w\n", "review")
    assert "1/8" in said.err
    assert f"{SONG}/lead-vocal/1 approved" in said.err
    assert "4 decided · 4 pending" in said.err
    for part in ("drums", "bass", "guitar", "lead-vocal"):
        assert verdicts(band, part) == ["approved", ""]
    assert said.err.count("] Night Bus") == 2, "of pass 1 the first take alone is asked about, then one of pass 2"


def test_a_take_without_a_pass_has_no_whole_pass_to_approve(label: Label) -> None:
    two_takes(label)
    said = answer_lines(label, "w\n", "review")
    assert "refused (pass.unknown)" in said.err
    assert verdicts(label, "drums") == ["", ""]


def test_what_is_held_comes_back_in_the_next_review_after_all_others(label: Label) -> None:
    two_takes(label)
    first = answer_lines(label, "h\ns\n", "review")
    assert "1 decided · 1 pending" in first.err
    assert "held for later" not in first.err.split("[2/2]")[1], "not in the review that held it"
    again = answer_lines(label, "r\nk\n", "review")
    assert "[2/2] Night Bus · Tin Roof · Drums · take 1" in again.err
    assert "   [held]" in again.err
    assert verdicts(label, "drums") == ["kept", "rejected"]


def test_what_is_held_does_not_make_a_review_fail_as_pending(label: Label) -> None:
    two_takes(label)
    answer_lines(label, "h\nh\n", "review")
    assert answer_lines(label, "s\ns\n", "review", "--fail-on-pending").code == 0


def test_plain_mode_prints_its_keys(label: Label) -> None:
    two_takes(label)
    said = answer_lines(label, "s\nq\n", "review")
    assert said.err.count("(a)pprove (k)eep (h)old") == 2


def test_i_shows_loudness_and_peaks_of_a_take_and_of_a_mix(label: Label) -> None:
    two_takes(label)
    (shown,) = [line for line in answer_lines(label, "i\nq\n", "review").err.splitlines() if "LUFS" in line]
    (row,) = label.data("measure", label.folder / "1.wav")
    assert f"{row['integrated_lufs']:.1f} LUFS, {row['true_peak_dbtp']:.1f} dBTP" in shown
    assert f"peak {row['sample_peak_dbfs']:.1f} dBFS" in shown
    answer_lines(label, "a\nr\n", "review")
    label.does("mix", "revise", SONG, label.mix_recipe("drums"))
    label.renders()
    lines = answer_lines(label, "i\nq\n", "review", f"{SONG}@mix1").err.splitlines()
    assert [line for line in lines if line.startswith("  main: ") and "dBTP" in line]
