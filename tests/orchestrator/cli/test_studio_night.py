"""23:40 in a studio: slips, second thoughts and a deposit, all of which can be taken back."""

from tests.orchestrator.desk.addressing.test_current_place import in_another_terminal
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.terminal import Terminal

MIX, MASTER = f"{SONG}@mix{{}}", "night-bus@master{}"
AS_PAT = ("--as", "pat")


def test_a_late_evening(released: Label) -> None:
    label = released

    # A mistyped song leaves nothing behind but its address.
    assert label.does("song", "add", "night-bus", "Tin Rooof") == "night-bus/tin-rooof"
    label.does("song", "remove", "night-bus/tin-rooof")
    assert [row["address"] for row in label.data("song", "list", "night-bus")] == [SONG]
    assert label.data("board")[0]["songs"] == 1

    # Six mixes; five is approved, then three: board and master say three.
    for gain in range(2, 7):
        recipe = label.folder / f"mix{gain}.toml"
        recipe.write_text(f"[strips.drums]\ngain_db = -{gain}\n[strips.bass]\n[strips.lead-vocal]\n", encoding="utf-8")
        label.does("mix", "revise", SONG, recipe, *AS_PAT)
    assert label.renders() == [MIX.format(number) for number in range(2, 7)]
    label.does("mix", "approve", MIX.format(5), *AS_PAT)
    label.does("mix", "approve", MIX.format(3), *AS_PAT)
    assert label.data("board")[0]["remark"].endswith("where mix3 is chosen")
    assert label.does("master", "plan", "night-bus", "--target", "cd", *AS_PAT) == MASTER.format(2)
    assert label.data("master", "list", "night-bus")[1]["songs"] == "tin-roof@mix3"
    assert label.data("board")[0]["remark"] == ""

    # An alternate is signed, and the master stays as it is.
    label.does("mix", "approve", MIX.format(6), "--alternate", *AS_PAT)
    assert label.data("board")[0]["remark"] == ""
    assert label.does("master", "plan", "night-bus", "--target", "cd", *AS_PAT) == MASTER.format(2)

    # A deposit of 600 of 2,400: 1,800 stay committed.
    label.does("budget", "set", "night-bus", "studio=5000")
    label.does("session", "book", "night-bus", "--room", "room-a", "--on", "2027-01-04", "--hours", "10-18",
               "--days", "4", "--line", "studio")  # fmt: skip
    label.does("budget", "spend", "night-bus", "studio", "600", "--invoice", "R1", "--session", "S2")
    (line,) = [row for row in label.data("budget", "report", "night-bus") if row["line"] == "studio"]
    assert (line["committed"]["minor"], line["spent"]["minor"], line["left"]["minor"]) == (180_000, 60_000, 260_000)

    # Another terminal's place moves nothing here.
    label.does("at", SONG)
    assert in_another_terminal(label, "at", "night-bus") == "night-bus"
    assert label.does("at") == SONG

    # Undo, three times: each is named, and a signature is asked about.
    before = label.data("mix", "list", SONG)
    taken = [MIX.format(6), MIX.format(3), MIX.format(5)]
    for mix in taken:
        terminal = Terminal(label, "undo", *AS_PAT)
        terminal.sees(f"take back the signature: {mix} approved")
        terminal.press("y\n")
        terminal.sees(f"taken back: {mix} approved")
        assert terminal.ends() == 0
    assert [row["remark"] for row in label.data("mix", "list", SONG)] == ["chosen", "", "", "", "", ""]
    for mix in reversed(taken):
        assert label.data("redo", *AS_PAT)["redone"].startswith(f"{mix} approved")
    assert label.data("mix", "list", SONG) == before
