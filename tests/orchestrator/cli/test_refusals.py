"""Every wrong input gets one clear line and its exit code; nothing is recorded and no traceback reaches a user."""

import shutil
from pathlib import Path

import pytest

from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note

DRUMS = f"{SONG}/drums"
LONG = "x" * 10_000

Words = str | tuple[str, ...]
Table = list[tuple[Words, str]]

MISUSED: Table = [  # exit 2
    ("no-such-command", "usage"),
    ("tkae list", "usage"),
    ("board extra", "usage"),
    ("board --no-such-flag", "usage"),
    ("log show --limit 0", "usage"),
    ("log show --limit many", "usage"),
    ("record new", "usage"),
    ("record new Tide --artist A --due 2027-13-01", "when"),
    ("record new Tide --artist A --due soon", "when"),
    (("record", "new", "", "--artist", "A"), "title.empty"),
    (("record", "new", " .. ", "--artist", "A"), "title.empty"),
    (("record", "new", "\u202e", "--artist", "A"), "title.empty"),
    (("record", "new", "Tide", "--artist", ""), "text.unfit"),
    (("record", "new", LONG, "--artist", "A"), "text.long"),
    (("record", "new", "a\0b", "--artist", "A"), "text.unstorable"),
    (("record", "new", "a\udcffb", "--artist", "A"), "text.unfit"),
    (("song", "add", "night-bus", LONG), "text.long"),
    (("part", "add", SONG, LONG), "text.long"),
    (("part", "add", SONG, "Click", "--guide", "--stack"), "part.guide"),
    (("note", SONG, ""), "text.unfit"),
    (("note", SONG, LONG), "text.long"),
    (("note", SONG, "a\0b"), "text.unstorable"),
    (("note", SONG, "hm", "--at", "12h"), "time"),
    ("user add kim --role astronaut", "person.role"),
    ("user add kim", "usage"),
    (("user", "add", LONG, "--role", "producer"), "text.long"),
    ("resource add room-a --kind planet", "resource.kind"),
    *((f"resource add room-a --rate {rate}", "resource.rate") for rate in ("600", "600/week", "600/")),
    *((f"resource add room-a --rate {rate}/day", "money.amount") for rate in ("-1", "nan", "1e3", "600.001", "9" * 17)),
    *((("budget", "set", "night-bus", line), "budget.lines") for line in ("studio", "=5", "a b=5")),
    *(
        (f"budget set night-bus studio={amount}", "money.amount")
        for amount in ("", "NaN", "-1", "1e3", "12,50", "1.001")
    ),
    (("budget", "set", "night-bus", "studio=\u0661\u0662"), "money.amount"),
    ("budget set night-bus studio=1 studio=2", "budget.lines"),
    (("budget", "set", "night-bus", f"{'x' * 61}=1"), "text.unfit"),
    ("budget spend night-bus studio 6", "usage"),
    (("budget", "spend", "night-bus", "studio", "6", "--invoice", ""), "money.invoice"),
    (("budget", "spend", "night-bus", "studio", "", "--invoice", "I"), "money.amount"),
    ("budget spend night-bus studio -5 --invoice I", "usage"),
    ("session book night-bus --room room-a", "session.time"),
    ("session book night-bus --room room-a --from noon --to night", "when"),
    ("session book night-bus --room room-a --on 2026-12-07 --hours 18-10", "session.hours"),
    ("session book night-bus --room room-a --on 2026-12-07 --hours 10-25", "session.hours"),
    ("session book night-bus --room room-a --on 2026-12-07 --hours 10-18 --days 0", "session.hours"),
    ("session book night-bus --room room-a --on 2026-12-07 --hours 10-18 --days 99999999999999", "session.hours"),
    ("session book night-bus --room room-a --on 9999-12-31 --hours 10-18", "session.time"),
    ("session book night-bus --room room-a --from 2027-03-28T02:30 --to 2027-03-28T05:00", "session.time"),
    ("session book night-bus --from 2026-12-07T10:00 --to 2026-12-07T18:00", "session.resources"),
    ("take list @pass3@mix1", "address"),
    ("take list night-bus//drums", "address"),
    (("take", "approve", SONG), "address"),
    (("take", "approve", DRUMS + "/1@1:00"), "address"),
    (("take", "approve", DRUMS + "/1", "--except", "bass"), "take.except"),
    (("mix", "approve", SONG), "address"),
    (("mix", "submit", SONG, "instrumental=.", "--by", "Ann"), "mix.submit"),
    *(
        (("mix", "revise", SONG, "mix.toml", "--impulse", word), "mix.impulse")
        for word in ("hall", "=hall.wav", "hall=")
    ),
    ("master approve night-bus", "address"),
    *((f"master plan night-bus --lufs {lufs}", "master.lufs") for lufs in ("loud", "0", "-99", "NaN", "sNaN", "1e9")),
    ("master plan night-bus --lufs -14 --as-mixed", "master.lufs"),
    ("master plan night-bus --target vinyl", "master.target"),
    ("master plan night-bus --match-amount 0.5", "master.match"),
    ("master plan night-bus --match-loudness", "master.match"),
    *((f"master plan night-bus --match a.wav --match-amount {amount}", "master.match") for amount in ("x", "2", "NaN")),
    ("master plan night-bus --match a.wav --match-loudness --as-mixed", "master.lufs"),
    ("render --again", "render.again"),
    ("render night-bus --again", "render.again"),
    (("rebuild", DRUMS), "address"),
    ("export night-bus out", "export.what"),
    *((("board", "--as-of", when), "when") for when in ("", "tomorrow", "-1", "2026-13-01", "9" * 30)),
    (("board", "--store", LONG), "usage"),
    (("board", "--as", ".."), "title.empty"),
    (("take", "keep", DRUMS + "/1", "--as", ""), "title.empty"),
    ("init elsewhere", "label.name"),
    *(
        (f"init elsewhere --label X --currency {code}", "money.currency")
        for code in ("euro", "eur", "XXX", "ABC", "DEM")
    ),
    ("init elsewhere --label X --timezone Mars/Base", "store.timezone"),
    ("init elsewhere --label X --timezone ../../etc/passwd", "store.timezone"),
    (("init", "elsewhere", "--label", "a\x1bb"), "label.name"),
]


REFUSED: Table = [  # exit 3
    (("record", "new", "Night Bus", "--artist", "The Ferrymen", "--due", "2027-03-13"), "record.exists"),
    ("resource add room-a --kind gear", "resource.kind"),
    ("budget set night-bus studio=599.99", "budget.floor"),
    ("budget spend night-bus studio 600.01 --invoice INV-2", "budget.guard"),
    ("budget spend night-bus studio 600 --invoice INV-1", "money.invoice"),
    ("session book night-bus --room room-b --on 2026-12-09 --hours 10-18 --line studio", "session.rate"),
    (("mix", "submit", SONG, "bass.wav", "--by", "Ann"), "mix.submit"),
    ("master plan night-bus", "master.source"),
    ("init . --label X", "store.exists"),
    ("measure text.wav", "audio.unsound"),
    *((f"{deed} --as kim", "person.role") for deed in (
        "record new Tide --artist A", "song add night-bus Tide", f"part add {SONG} Tide", "user add lee --role artist",
        "resource add room-c", "budget set night-bus studio=1", "budget spend night-bus studio 1 --invoice I",
        "session book night-bus --room room-a --on 2026-12-09 --hours 10-18", f"take keep {DRUMS}/1",
        f"take approve {DRUMS}/1", f"take hold {DRUMS}/1", f"take reject {DRUMS}/1", f"comp set {DRUMS} 0:00=1",
        f"mix revise {SONG} mix.toml", "master plan night-bus",
    )),
]  # fmt: skip

NOT_FOUND: Table = [  # exit 4
    ("record show no-record", "address"),
    ("song list no-record", "address"),
    ("song show night-bus/no-song", "address"),
    (("part", "show", f"{SONG}/flute"), "address"),
    ("song add no-record Tide", "address"),
    ("song add night-bus Tide --like night-bus/no-song", "address"),
    ("part add night-bus/no-song Drums", "address"),
    ("user show nobody", "person.unknown"),
    ("note night-bus hm --as nobody", "person.unknown"),
    ("resource show room-z", "resource.unknown"),
    ("session book night-bus --room room-z --on 2026-12-09 --hours 10-18", "resource.unknown"),
    ("session show night-bus S99", "session.unknown"),
    ("budget spend night-bus catering 1 --invoice I", "budget.line"),
    ("budget spend night-bus studio 1 --invoice I --session S2", "budget.commitment"),
    ("budget spend night-bus studio 1 --invoice I --session S99", "session.unknown"),
    (("take", "show", f"{DRUMS}/9"), "take.unknown"),
    (("take", "approve", f"{DRUMS}/9"), "take.unknown"),
    (("take", "approve", f"{DRUMS}/999999999"), "take.unknown"),
    (("take", "approve", f"{DRUMS}/{'9' * 30}"), "address"),
    (("take", "approve", f"{SONG}@pass9"), "pass.unknown"),
    (("comp", "show", f"{SONG}/flute"), "address"),
    (("comp", "set", DRUMS, "0:00=7"), "take.unknown"),
    (("mix", "draft", SONG), "mix.keepers"),
    (("mix", "revise", SONG, "gone.toml"), "file.missing"),
    (("mix", "submit", SONG, "gone.wav", "--by", "Ann"), "file.missing"),
    (("mix", "show", f"{SONG}@mix9"), "mix.unknown"),
    (("mix", "approve", f"{SONG}@mix9"), "mix.unknown"),
    ("master show night-bus@master9", "master.unknown"),
    ("master approve night-bus@master9", "master.unknown"),
    ("render no-record", "address"),
    (("render", f"{SONG}@mix9", "--again", "--why", "x"), "mix.unknown"),
    ("why night-bus", "why.what"),
    ("why night-bus@master9", "master.unknown"),
    (("path", SONG), "audio.none"),
    (("path", f"{SONG}/bass"), "audio.none"),
    (("path", f"{DRUMS}/1.flute"), "address"),
    (("play", f"{SONG}@mix9"), "address"),
    (("export", f"{SONG}@mix9", "out"), "mix.unknown"),
    ("rebuild night-bus@master9", "master.unknown"),
    ("at no-record", "address"),
    ("undo", "undo.nothing"),
    ("log show no-record", "address"),
    ("log verify --audio=no-record", "address"),
    (("take", "list", "/".join(["x" * 100] * 100)), "address"),
    (("take", "list", LONG), "address"),
    (("board", "--store", "/nowhere"), "store.missing"),
    (("board", "--store", "a\0b"), "store.missing"),
]

CLASHES: Table = [  # exit 5
    ("session book night-bus --room room-a --from 2026-12-07T17:00 --to 2026-12-07T20:00", "schedule.conflict"),
    ("session book night-bus --room room-b --room room-a --on 2026-12-07 --hours 0-24", "schedule.conflict"),
]


@pytest.fixture(scope="module")
def house(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Label:
    """A label with a booking, a payment and one take.  No refusal changes any of it."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(opened, folder, dirs_exist_ok=True)
    label = Label(folder)
    label.does("user", "add", "kim", "--role", "musician")
    label.does("resource", "add", "room-a", "--kind", "room", "--rate", "600/day")
    label.does("resource", "add", "room-b", "--kind", "room")
    label.does("budget", "set", "night-bus", "studio=1200")
    book = ("session", "book", "night-bus", "--room", "room-a", "--on")
    label.does(*book, "2026-12-07", "--hours", "10-18", "--line", "studio")
    label.does("session", "book", "night-bus", "--room", "room-b", "--on", "2026-12-20", "--hours", "10-18")
    label.does("budget", "spend", "night-bus", "studio", "600.00", "--invoice", "INV-1", "--session", "S1")
    label.does("take", "ingest", DRUMS, note(folder / "drums.wav"))
    note(folder / "bass.wav")
    (folder / "text.wav").write_text("not sound")
    label.mix_recipe("drums")
    return label


def cases(*tables: tuple[int, Table]) -> list[object]:
    return [
        pytest.param(code, words.split(" ") if isinstance(words, str) else words, rule, id=f"{code} {named(words)}")
        for code, table in tables
        for words, rule in table
    ]


def named(words: Words) -> str:
    return ascii(words if isinstance(words, str) else " ".join(words))[1:70]


EVERY = cases((2, MISUSED), (3, REFUSED), (4, NOT_FOUND), (5, CLASHES))


@pytest.mark.parametrize(("code", "words", "rule"), EVERY)
def test_a_wrong_input_gets_one_line_its_rule_and_its_code(
    house: Label, code: int, words: tuple[str, ...], rule: str
) -> None:
    said = house.refuses(code, *words)
    assert said.rule == rule
    assert all(len(line) < 1000 for line in said.err.splitlines())
    assert said.err.startswith(("error (", "refused (")), said.err


@pytest.mark.parametrize(("code", "words", "rule"), EVERY)
def test_the_same_refusal_as_json_is_an_envelope_on_stdout_alone(
    house: Label, code: int, words: tuple[str, ...], rule: str
) -> None:
    said = house.run(*words, "--json")
    assert (said.code, said.json["rule"], said.err) == (code, rule, "")
    assert said.json.keys() - {"data"} == {"ok", "rule", "detail", "next"}
    assert said.json["ok"] is False
    assert said.out.isascii()
    assert said.out.count("\n") == 1


def test_a_booking_that_the_guard_stops_is_refused_and_noted(house: Label) -> None:
    head = house.head
    said = house.run("session", "book", "night-bus", "--room", "room-a", "--on", "2026-12-08", "--hours", "9-12",
                     "--days", "3", "--line", "studio")  # fmt: skip
    assert (said.code, said.rule) == (3, "budget.guard")
    assert "takesheet budget set night-bus studio=2400.00" in said.err, "and that command would help"
    last = house.data("log", "show")[-1]
    assert (house.head, last["kind"]) == (head + 1, "booking-refused")


def test_a_resource_without_a_rate_is_named_with_a_command_that_gives_it_one(house: Label) -> None:
    words = ("session", "book", "night-bus", "--room", "room-b", "--on", "2026-12-09", "--hours", "10-18")
    said = house.refuses(3, *words, "--line", "studio")
    assert "next: takesheet resource add room-b --kind room --rate 600/day" in said.err


def test_a_store_that_was_tampered_with_is_damaged(opened: Path, tmp_path: Path) -> None:
    shutil.copytree(opened, tmp_path / "store")
    log = tmp_path / "store" / ".takesheet" / "log.db"
    content = log.read_bytes()
    assert content.count(b"Tin Roof") >= 1
    log.write_bytes(content.replace(b'"title":"Tin Roof"', b'"title":"Tin Rouf"'))
    said = Label(tmp_path / "store").run("log", "verify")
    assert (said.code, said.rule) == (9, "store.damaged")
    assert "position 6" in said.err


def test_a_store_that_is_no_database_is_damaged_for_every_command(opened: Path, tmp_path: Path) -> None:
    shutil.copytree(opened, tmp_path / "store")
    (tmp_path / "store" / ".takesheet" / "log.db").write_bytes(b"somebody's notes" * 1000)
    label = Label(tmp_path / "store")
    for words in (("board",), ("log", "verify"), ("song", "add", "night-bus", "Tide"), ("take", "list", "night-bus")):
        said = label.run(*words)
        assert (said.code, said.rule) == (9, "store.damaged"), said


def test_settings_that_make_no_sense_are_named_with_their_file(opened: Path, tmp_path: Path) -> None:
    shutil.copytree(opened, tmp_path / "store")
    config = tmp_path / "store" / ".takesheet" / "config.toml"
    whole = config.read_text(encoding="utf-8")
    label = Label(tmp_path / "store")
    for wrong in ('nightly = "25:00"', "threads = -1", "nightly = 3", 'timezone = "Mars/Base"', "label = ["):
        config.write_text(
            "\n".join(line for line in whole.splitlines() if line.partition(" ")[0] not in wrong) + f"\n{wrong}\n"
        )
        said = label.run("board")
        assert (said.code, said.rule) in {(2, "store.config"), (2, "store.timezone")}, said
    config.write_bytes(b"\xff\xfe")
    assert label.run("board").code == 2
