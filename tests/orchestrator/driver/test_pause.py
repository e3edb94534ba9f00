"""The waits of a pause: they grow, and begin anew with the next outage."""

from orchestrator.driver.outage import Outage
from orchestrator.driver.pause import LONGEST_S, WAITS_S, Pause
from orchestrator.studio import Studio
from tests.orchestrator.label import Label

AWAY = Outage("vault", "connection refused")


def test_tries_come_less_and_less_often_and_are_said_once(label: Label) -> None:
    said: list[str] = []
    with Studio.at(str(label.folder)) as studio:
        pause = Pause(studio, said.append, at_once=True)
        waits = [pause.begin(AWAY) for _ in range(9)]
        assert waits == [*WAITS_S, LONGEST_S, LONGEST_S, LONGEST_S]
        assert all(shorter < longer for shorter, longer in zip(WAITS_S, [*WAITS_S[1:], LONGEST_S], strict=True))
        assert len(said) == 1
        pause.end()
        assert pause.begin(AWAY) == WAITS_S[0]
        pause.end()
    kinds = [row["kind"] for row in label.data("log", "show") if row["kind"].startswith("engine-")]
    assert kinds == ["engine-paused", "engine-resumed"] * 2
