"""Events that are somebody's own word: each is known, and is recorded in nobody else's name."""

import json
from datetime import date
from pathlib import Path

import pytest

from domain.core.event import Event
from domain.core.refusal import Misused, Refused
from domain.correspondence.answers import AnswerReceived
from domain.correspondence.signoffs import SignoffGiven
from domain.label.notes import NoteAdded
from domain.label.people import People
from domain.label.permissions import RoleGrant
from domain.label.role_scopes import EVERYWHERE
from domain.song.splits import SplitsAgreed
from domain.status.events.event_authors import author_of, has_author, in_another_name, states_role
from domain.status.events.event_permissions import beyond_role
from domain.status.events.event_types import KINDS
from domain.status.verdicts import VerdictGiven
from tests.paths import GOLDEN

SHA = "a" * 64
YES = SplitsAgreed(song="night-bus/tin-roof", proposal=SHA, person="ann")
AUTHORED = [model for model in KINDS.values() if has_author(model) or model is SplitsAgreed]
OTHERS = {
    "person-added", "roles-granted", "roles-revoked", "texts-erased", "entry-renamed", "entry-shelved", "entry-removed",
    "entry-dropped",
    "entry-restored", "part-edited", "part-added", "leave-noted", "leave-ended", "deal-agreed",
}  # fmt: skip
"""Kinds that name a person in a field of its own and are about them: no word of theirs."""


def _golden(model: type[Event]) -> list[Event]:
    stored = (json.loads(file.read_text("utf-8")) for file in sorted(Path(GOLDEN / "events").glob("*.json")))
    kind = model.model_fields["kind"].default
    return [
        model.model_validate(one["data"])
        for one in stored
        if one["kind"] == kind and one["schema"] == model.schema_number
    ]


def test_every_kind_that_names_a_person_is_known_as_their_word_or_as_about_them() -> None:
    naming = {
        kind
        for kind, model in KINDS.items()
        for name, field in model.model_fields.items()
        if name in {"by", "person", "player"} and "person" in str(field.metadata) + str(field.annotation)
    }
    assert naming - OTHERS == {str(model.model_fields["kind"].default) for model in AUTHORED}
    assert {kind for kind, model in KINDS.items() if states_role(model)} == {
        "verdict-given", "take-judged", "take-edited", "comp-set", "basic-set", "song-arranged",
        "setup-approved",
        "signoff-given",
        "sound-rated",
    }  # fmt: skip


@pytest.mark.parametrize("model", AUTHORED, ids=lambda model: model.__name__)
def test_nobody_records_the_word_of_another(model: type[Event]) -> None:
    for event in _golden(model):
        author = author_of(event)
        assert author is not None
        role = getattr(event, "role", "producer")
        assert in_another_name(event, author, role) is None
        refused = in_another_name(event, "mallory", role)
        assert refused is not None
        assert refused.rule == "person.author"
        if states_role(model) and getattr(event, "speaker", None) is None:
            refused = in_another_name(event, author, "mastering")
            assert refused is not None
            assert refused.rule == "person.author"


def test_the_yes_of_an_absent_writer_is_the_word_of_whoever_recorded_it_and_has_its_message() -> None:
    recorded = YES.model_copy(update={"by": "pat", "evidence": SHA})
    assert in_another_name(recorded, "pat", "producer") is None
    assert in_another_name(recorded, "ann", "artist") is not None
    with pytest.raises(Misused, match=r"split\.evidence"):
        in_another_name(YES.model_copy(update={"by": "pat"}), "pat", "producer")


def test_a_verdict_that_another_person_spoke_has_its_message() -> None:
    verdict = _golden(VerdictGiven)[0].model_copy(update={"by": "pat", "speaker": "ann", "evidence": None})
    with pytest.raises(Misused, match=r"verdict\.evidence"):
        in_another_name(verdict, "pat", getattr(verdict, "role", "label"))
    heard = verdict.model_copy(update={"evidence": SHA})
    assert in_another_name(heard, "pat", getattr(verdict, "role", "label")) is None


def test_a_note_in_another_name_needs_the_message_from_which_it_was_taken() -> None:
    people = People(names={"pat": "pat", "ann": "ann"}, roles={"pat": {"producer": (EVERYWHERE,)}})
    note = NoteAdded(record="night-bus", target="night-bus@master1", text="louder", by="ann")
    answer = AnswerReceived(
        record="night-bus", about="night-bus@master1", speaker="ann", by="pat", evidence=SHA, notes=1
    )

    def refused(*events: Event) -> Refused | None:
        return beyond_role(people, "pat", RoleGrant("producer", EVERYWHERE), events, day=date(2026, 12, 7))

    assert refused(answer, note) is None
    for events in (
        [note],
        [answer.model_copy(update={"speaker": "lou"}), note],
        [answer.model_copy(update={"by": "ann"})],
    ):
        refusal = refused(*events)
        assert refusal is not None
        assert refusal.rule == "person.author"


def test_the_yes_of_somebody_absent_in_a_sign_off_comes_with_its_message() -> None:
    relayed = next(one for one in _golden(SignoffGiven) if getattr(one, "speaker", None) is not None)
    assert in_another_name(relayed, "kim", "label") is None, "the role is the speaker's"
    with pytest.raises(Misused, match="its message"):
        in_another_name(relayed.model_copy(update={"evidence": None}), "kim", "label")
