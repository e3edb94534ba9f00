"""Each report is recorded once, however many drivers find it."""

from uuid import UUID

from domain.core.named_id import named_id
from domain.render.jobs import Engine, Named, Rendered, RenderFailed, Report, Sound, key
from orchestrator.driver.reports import record_report, report_id
from orchestrator.studio import Studio
from tests.orchestrator.label import SONG, Label

LOG = UUID(int=7)
PLAN = "ab" * 32


def report(*, again: int = 0, pcm: str = "cd", seconds: str = "1.5", song: str = SONG) -> Rendered:
    sound = Sound(blob="ef" * 32, size=100, pcm=pcm * 32, rate=44_100, frames=10, channels=2)
    made = Report(
        kind="mix", key=key("mix", PLAN, again=again), plan=PLAN, epoch=3, again=again, subject=f"{SONG}@mix1",
        outputs=(Named(name="main", sound=sound),), seconds=seconds,
        engine=Engine(takesheet="1", python="3.11", platform="linux", packages={}),
    )  # fmt: skip
    return Rendered(record="night-bus", song=song, report=made)


def test_an_id_made_of_names_is_of_version_8_and_the_same_for_ever() -> None:
    made = named_id("takesheet-report-1", str(LOG), "k", "night-bus")
    assert (made.version, made.variant) == (8, "specified in RFC 4122")
    assert made == UUID("96e4925f-2b6f-8de6-b104-2fa9aa450514")


def test_each_job_of_each_song_in_each_log_has_an_id_of_its_own() -> None:
    other = report(song="night-bus/other")
    ids = {
        report_id(LOG, report()), report_id(LOG, report(again=1)), report_id(LOG, other),
        report_id(UUID(int=8), report()),
    }  # fmt: skip
    assert len(ids) == 4
    assert report_id(LOG, report(seconds="9")) in ids, "how long it took is not part of it"


def test_two_drivers_record_a_report_once(label: Label) -> None:
    with Studio.at(str(label.folder), "one") as one, Studio.at(str(label.folder), "two") as two:
        before = one.log.head().position
        assert record_report(one, report()) == report()
        assert record_report(one, report()) == report(), "the same driver, which was not answered"
        assert record_report(two, report()) == report(), "another, under a correlation of its own"
        assert record_report(two, report(seconds="9")) == report(), "the first stands"
        assert one.log.head().position == before + 1


def test_a_second_report_of_other_sound_is_said_and_never_recorded(label: Label) -> None:
    with Studio.at(str(label.folder)) as studio:
        record_report(studio, report())
        head = studio.log.head().position
        failure = record_report(studio, report(pcm="00"))
        assert isinstance(failure, RenderFailed)
        assert f"position {head} of the log" in failure.reason
        assert f"takesheet render --again {SONG}@mix1 --why WHY" in failure.reason
        assert studio.log.head().position == head


def test_a_render_asked_for_anew_is_recorded_beside_the_first(label: Label) -> None:
    with Studio.at(str(label.folder)) as studio:
        before = studio.log.head().position
        record_report(studio, report())
        record_report(studio, report(again=1, pcm="00"))
        assert studio.log.head().position == before + 2


def test_a_report_for_another_song_is_another_event(label: Label) -> None:
    with Studio.at(str(label.folder)) as studio:
        before = studio.log.head().position
        record_report(studio, report())
        record_report(studio, report(song="night-bus/other"))
        assert studio.log.head().position == before + 2
