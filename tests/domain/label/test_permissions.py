"""In which role a person decides, on a day and about a record."""

from datetime import date
from itertools import permutations

import pytest

from domain.core.refusal import Refused
from domain.label.corrections import RecordEdited
from domain.label.people import People, RolesGranted, add_person, evolve, open_house, revoke_roles
from domain.label.permissions import grants_for, role_for, roles_in_words
from domain.label.role_scopes import EVERYWHERE, RoleScope, with_scope

MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)
NIGHT_BUS, LOW_TIDE = "night-bus", "low-tide"


def granted(*scopes: RoleScope) -> People:
    """A house in which kim is a producer in *scopes*."""
    people = People()
    for event in open_house(People(), label="Harbour", currency="EUR", timezone="Europe/Berlin", founder="pat"):
        people = evolve(people, event)
    for scope in scopes:
        for event in add_person(people, person="kim", name="Kim", roles=("producer",), scope=scope):
            people = evolve(people, event)
    return people


def test_a_role_holds_to_the_end_of_its_last_day() -> None:
    people = granted(RoleScope(until=MONDAY))
    assert role_for(people, "kim", "judge-take", day=MONDAY) == "producer"
    with pytest.raises(Refused, match=r"kim \(producer until 2026-12-07\) may not do this.*today is 2026-12-08"):
        role_for(people, "kim", "judge-take", day=TUESDAY)


def test_a_role_for_a_record_is_found_for_that_record_and_for_a_decision_that_names_none() -> None:
    people = granted(RoleScope(NIGHT_BUS))
    for records in ((), (NIGHT_BUS,), (NIGHT_BUS, LOW_TIDE)):
        assert grants_for(people, "kim", "mix", day=MONDAY, records=records)
    with pytest.raises(Refused, match="it is about low-tide"):
        grants_for(people, "kim", "mix", day=MONDAY, records=(LOW_TIDE,))


def test_it_covers_what_is_of_its_record_alone() -> None:
    scope = RoleScope(NIGHT_BUS)
    here, there = (RecordEdited(record=one, artist="Trio") for one in (NIGHT_BUS, LOW_TIDE))
    of_no_record = RolesGranted(person="kim", roles=("mixer",))
    assert [scope.covers(events) for events in ([], [here], [here, of_no_record])] == [True, True, True]
    assert [scope.covers(events) for events in ([there], [here, there], [of_no_record])] == [False, False, False]
    assert EVERYWHERE.covers([here, there])


def test_the_widest_scope_comes_first_however_they_were_granted() -> None:
    scopes = (EVERYWHERE, RoleScope(LOW_TIDE, limit=500), RoleScope(NIGHT_BUS, until=MONDAY))
    for order in permutations(scopes):
        found: tuple[RoleScope, ...] = ()
        for scope in order:
            found = with_scope(found, scope)
        assert found == scopes


def test_a_scope_takes_the_place_of_the_one_for_the_same_record() -> None:
    people = granted(EVERYWHERE, RoleScope(NIGHT_BUS), RoleScope(until=MONDAY, limit=50_000))
    words = ["producer until 2026-12-07 up to 500.00 EUR", "producer for night-bus"]
    assert roles_in_words(people.roles["kim"], "EUR") == words
    (revoked,) = revoke_roles(people, "kim", roles=("producer",), record=NIGHT_BUS)
    assert roles_in_words(evolve(people, revoked).roles["kim"], "EUR") == words[:1]
    (revoked,) = revoke_roles(people, "kim", roles=("producer",))
    assert evolve(people, revoked).roles["kim"] == {}
