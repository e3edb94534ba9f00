from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.label.people import MAY, ROLES, People, PeopleEvent, Role, add_person, evolve, open_house
from domain.label.permissions import role_for

TODAY = date(2026, 12, 7)


def after(*events: PeopleEvent, people: People | None = None) -> People:
    state = people or People()
    for event in events:
        state = evolve(state, event)
    return state


def opened() -> People:
    return after(
        *open_house(People(), label="Harbour Records", currency="EUR", timezone="Europe/Berlin", founder="pat")
    )


def test_who_opens_the_house_holds_every_role_but_the_robots() -> None:
    assert set(opened().roles["pat"]) == set(ROLES) - {"robot"}
    for deed in MAY:
        role_for(opened(), "pat", deed, day=TODAY)


def test_a_house_is_opened_once() -> None:
    with pytest.raises(Refused, match=r"store\.opened"):
        open_house(opened(), label="Harbour Records", currency="EUR", timezone="Europe/Berlin", founder="pat")


def test_a_label_has_a_name() -> None:
    with pytest.raises(Misused, match=r"label\.name"):
        open_house(People(), label="  ", currency="EUR", timezone="Europe/Berlin", founder="pat")


def test_a_robot_renders_and_ingests_but_never_judges_or_spends() -> None:
    people = after(*add_person(opened(), person="robot", name="robot", roles=("robot",)), people=opened())
    assert role_for(people, "robot", "render", day=TODAY) == role_for(people, "robot", "ingest", day=TODAY) == "robot"
    for deed in ("judge-take", "judge-mix", "judge-master", "spend", "budget", "people", "mix"):
        with pytest.raises(Refused, match=r"person\.role"):
            role_for(people, "robot", deed, day=TODAY)


def test_a_stranger_is_not_found_and_the_next_command_lists_who_is_there() -> None:
    with pytest.raises(NotFound, match=r"person\.unknown") as refusal:
        role_for(opened(), "sam", "record", day=TODAY)
    assert refusal.value.next == suggest("user list")


def test_a_person_of_many_roles_speaks_in_the_first_that_may() -> None:
    people = after(*add_person(opened(), person="kim", name="Kim", roles=("artist", "label")), people=opened())
    assert role_for(people, "kim", "judge-mix", day=TODAY) == "label"
    with pytest.raises(Refused, match=r"kim \(artist, label\) may not do this; producer may"):
        role_for(people, "kim", "judge-take", day=TODAY)


def test_only_the_label_sets_budgets() -> None:
    people = after(*add_person(opened(), person="kim", name="Kim", roles=("producer",)), people=opened())
    with pytest.raises(Refused, match=r"person\.role"):
        role_for(people, "kim", "budget", day=TODAY)


@given(st.lists(st.lists(st.sampled_from(ROLES), max_size=4).map(tuple), min_size=1, max_size=4))
def test_adding_a_person_again_gives_only_the_roles_they_lack(grants: list[tuple[Role, ...]]) -> None:
    people = opened()
    for roles in grants:
        people = after(*add_person(people, person="kim", name="Kim", roles=roles), people=people)
        assert add_person(people, person="kim", name="Kim", roles=roles) == []
    assert set(people.roles.get("kim", ())) == {role for roles in grants for role in roles}
