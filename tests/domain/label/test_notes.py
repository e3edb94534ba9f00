from domain.label.notes import note


def test_a_note_is_found_by_its_record_and_song() -> None:
    (on_song,) = note("night-bus/tin-roof/drums/3@0:48-1:20", text="  late snare ", by="pat", at=48_000)
    assert (on_song.record, on_song.song, on_song.text) == ("night-bus", "night-bus/tin-roof", "late snare")
    (on_record,) = note("night-bus@master1", text="too bright", by="pat")
    assert (on_record.record, on_record.song) == ("night-bus", None)


def test_the_same_note_again_yields_nothing_new() -> None:
    known = note("night-bus", text="too bright", by="pat")
    assert note("night-bus", text="too bright", by="pat", known=known) == []
    assert note("night-bus", text="too bright", by="kim", known=known)
    assert note("night-bus", text="too bright", by="pat", visibility="artist", known=known)
