from domain.core.event import Event, Recorded
from domain.masters.masters import MasterPlanned, SongBinding
from domain.render.jobs import Engine, Named, Reference, Rendered, Report, Sound
from domain.takes.takes import TakeIngested, Track
from orchestrator.desk.provenance.blob_dependents import dependents_by_blob
from orchestrator.desk.upkeep.vault_usage import usage

ENGINE = Engine(takesheet="0", python="3", platform="linux", packages={})


def sound(number: int, size: int) -> Sound:
    return Sound(blob=f"{number:064x}", size=size, pcm=f"{number:064x}", rate=48000, frames=1, channels=1)


def recorded(*events: Event) -> list[Recorded[Event]]:
    return [
        Recorded(at, event, "pat", "pat@desk", None, b"", bytes(16), None, at)
        for at, event in enumerate(events, start=1)
    ]


def take(address: str, *sounds: Sound) -> TakeIngested:
    tracks = tuple(Track(name=f"mic-{number}", sound=one, file="a.wav") for number, one in enumerate(sounds))
    return TakeIngested(take=address, part=address.rpartition("/")[0], tracks=tracks, bits=24, starts_at=0)


def rendered(subject: str, *sounds: Sound) -> Rendered:
    outputs = tuple(Named(name=f"out-{number}", sound=one) for number, one in enumerate(sounds))
    report = Report(
        kind="mix", key="a" * 64, plan="b" * 64, epoch=1, subject=subject, outputs=outputs, seconds="1", engine=ENGINE
    )
    return Rendered(record=subject.partition("/")[0].partition("@")[0], report=report)


HISTORY = recorded(
    take("night-bus/tin-roof/drums/1", sound(1, 100), sound(2, 50)),
    take("night-bus/rain/bass/1", sound(3, 7)),
    take("ferry/rain/drums/1", sound(1, 100), sound(4, 10)),
    rendered("night-bus/tin-roof/drums", sound(5, 20)),
    rendered("night-bus/tin-roof@mix1", sound(6, 30)),
    rendered("night-bus/tin-roof@mix2", sound(7, 40)),
    MasterPlanned(
        record="night-bus", number=1, recipe="format = 1",
        songs=(SongBinding(song="night-bus/tin-roof", revision=2), SongBinding(song="night-bus/rain", revision=1)),
    ),
    rendered("night-bus@master1 streaming tin-roof", sound(8, 60)),
)  # fmt: skip


def test_bytes_are_counted_by_record_and_what_two_share_is_counted_once_and_said() -> None:
    found = usage(HISTORY)
    assert found.rows == [
        {"record": "ferry", "files": 1, "bytes": 10, "shared": 0},
        {"record": "night-bus", "files": 7, "bytes": 307, "shared": 100},
    ]
    assert (found.total_bytes, found.shared_bytes) == (317, 100)


def test_the_bytes_of_one_record_are_counted_by_song_and_kind() -> None:
    rows = {str(row["what"]): row["bytes"] for row in usage(HISTORY, "night-bus").rows}
    assert rows == {
        "night-bus masters": 60,
        "night-bus/rain takes": 7,
        "night-bus/tin-roof comps": 20,
        "night-bus/tin-roof mixes": 70,
        "night-bus/tin-roof takes": 150,
    }


def test_an_original_that_was_converted_is_counted_as_large_as_it_lies_in_the_vault_and_needed_like_the_take() -> None:
    converted = take("night-bus/tin-roof/drums/2", sound(9, 1000))
    (track,) = converted.tracks
    old = f"{10:064x}"
    history = [
        *HISTORY,
        *recorded(converted.model_copy(update={"tracks": (track.model_copy(update={"original": old}),)})),
    ]
    assert usage(history, size={old: 500}.__getitem__).total_bytes == 317 + 1500
    assert dependents_by_blob(history)[old] == ("night-bus/tin-roof", "night-bus@master1")


def test_a_reference_belongs_to_the_masters_and_is_needed_by_its_own_alone() -> None:
    near = MasterPlanned(
        record="night-bus", number=2, songs=(SongBinding(song="night-bus/tin-roof", revision=2),), recipe="x",
        reference=Reference(name="near.wav", sound=sound(9, 1000)),
    )  # fmt: skip
    history = [*HISTORY, *recorded(near)]
    assert dependents_by_blob(history)[f"{9:064x}"] == ("night-bus@master2",)
    assert next(row["bytes"] for row in usage(history, "night-bus").rows if "masters" in str(row["what"])) == 1060


def test_nothing_recorded_takes_no_bytes() -> None:
    assert usage([]).rows == []


def test_each_blob_is_needed_by_its_songs_and_by_the_masters_made_from_it() -> None:
    found = dependents_by_blob(HISTORY)
    master = "night-bus@master1"
    assert found[f"{1:064x}"] == ("ferry/rain", "night-bus/tin-roof", master)
    assert found[f"{4:064x}"] == ("ferry/rain",)
    assert found[f"{5:064x}"] == ("night-bus/tin-roof", master)
    assert found[f"{6:064x}"] == ("night-bus/tin-roof",)  # the master is bound to another revision
    assert found[f"{7:064x}"] == ("night-bus/tin-roof", master)
    assert found[f"{8:064x}"] == ("night-bus/tin-roof", master)


def test_a_song_called_reference_is_lost_with_the_files_of_its_masters() -> None:
    planned = MasterPlanned(
        record="night-bus", number=2, recipe="format = 1",
        songs=(SongBinding(song="night-bus/reference", revision=1),),
    )  # fmt: skip
    history = recorded(planned, rendered("night-bus@master2 streaming reference", sound(9, 60)))
    assert dependents_by_blob(history)[f"{9:064x}"] == ("night-bus/reference", "night-bus@master2")
