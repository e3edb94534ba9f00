"""A dry run shows what would be done, refuses what would be refused, and writes nothing."""

from pathlib import Path

from domain.render.jobs import Engine, Kind, Rendered, Report
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label
from tests.orchestrator.sounds import note


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file under *folder*, without the read models and the empty files that any reader leaves."""
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("models.db") and not path.name.endswith("-shm")
    ]
    files = [path for path in files if path.stat().st_size or not path.name.endswith("-wal")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_render_tells_what_is_due_and_renders_nothing(label: Label, tmp_path: Path) -> None:
    label.does("take", "ingest", f"{SONG}/drums", note(tmp_path / "drums.wav", 60, seconds=1.0))
    label.does("take", "approve", f"{SONG}/drums/1")
    label.does("mix", "revise", SONG, label.mix_recipe("drums"))
    before = contents(label.folder)
    due = [(row["what"], row["address"]) for row in label.data("render", "--dry-run")]
    assert due == [("edit", f"{SONG}/drums"), ("mix", f"{SONG}@mix1")]
    assert label.data("render", f"{SONG}/drums", "--dry-run") == [
        {"what": "edit", "address": f"{SONG}/drums", "estimate_s": None}
    ]
    said = label.run("render", "--dry-run")
    assert said.err == "edit, mix: no estimate: nothing of this kind was rendered here yet\n"
    assert [line.split()[-1] for line in said.out.splitlines()] == ["time", "?", "?"]
    assert label.refuses(4, "render", f"{SONG}@mix9", "--dry-run").rule == "mix.unknown"
    assert label.refuses(2, "render", f"{SONG}@mix1", "--again", "--why", "x", "--dry-run").rule == "render.again"
    assert contents(label.folder) == before


def test_a_render_is_estimated_by_the_median_of_what_its_kind_took_in_this_store(label: Label, tmp_path: Path) -> None:
    reports = [report("edit", seconds, number) for number, seconds in enumerate(("1", "2", "30"))]
    with Studio.at(str(label.folder)) as studio:
        studio.record_work([Rendered(record="night-bus", song=SONG, report=one) for one in reports])
    label.does("record", "new", "Low Tide", "--artist", "A")
    label.does("song", "add", "low-tide", "Anchor")
    label.does("part", "add", "low-tide/anchor", "drums", "bass")
    for number, part in enumerate(("drums", "bass"), start=1):
        take = f"low-tide/anchor/{part}"
        label.does("take", "ingest", take, note(tmp_path / f"{part}.wav", 60 * number, seconds=1.0))
        label.does("take", "approve", f"{take}/1")
    label.does("mix", "revise", "low-tide/anchor", label.mix_recipe("drums"))
    due = {row["address"]: row["estimate_s"] for row in label.data("render", "low-tide", "--dry-run")}
    assert due == {"low-tide/anchor/drums": 2.0, "low-tide/anchor/bass": 2.0, "low-tide/anchor@mix1": None}
    said = label.run("render", "low-tide", "--dry-run")
    assert said.err.splitlines() == [
        "about 4.0 s of rendering, by the median times of the last renders here",
        "mix: no estimate: nothing of this kind was rendered here yet",
    ]
    assert "2.0 s" in said.out


def report(kind: Kind, seconds: str, number: int) -> Report:
    """The report of a job that took *seconds*."""
    engine = Engine(takesheet="1", python="3.11", platform="linux", packages={})
    return Report(
        kind=kind, key=f"{number:064x}", plan=f"{number + 99:064x}", epoch=1, subject=f"{SONG}/drums", seconds=seconds,
        engine=engine,
    )  # fmt: skip


def test_when_everything_is_rendered_it_says_so(released: Label) -> None:
    said = released.run("render", "--dry-run")
    assert (said.code, said.err) == (0, "everything is rendered\n")


def test_an_export_names_its_files_and_writes_none(released: Label, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = contents(released.folder)
    planned = released.data("export", "night-bus@master1", out, "--dry-run")
    assert planned
    assert not out.exists()
    assert contents(released.folder) == before
    assert released.data("export", "night-bus@master1", out) == planned
    Path(planned[0]).write_bytes(b"other")
    assert released.refuses(3, "export", "night-bus@master1", out, "--dry-run").rule == "export.exists"
    released.does("take", "reject", f"{SONG}/drums/2", "--as", "pat", "--why", "late")
    assert released.refuses(3, "export", "night-bus@master1", tmp_path / "b", "--dry-run").rule == "export.approved"
