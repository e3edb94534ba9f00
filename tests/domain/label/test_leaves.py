"""Leaves of people, and what their deputies may decide in that time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.fold import fold_events
from domain.core.refusal import Misused, NotFound, Refused
from domain.label.leaves import away, delegated_roles, end_leave, note_leave
from domain.label.people import (
    MAY,
    ROLES,
    LeaveNoted,
    People,
    PeopleEvent,
    Role,
    add_person,
    evolve,
    open_house,
    revoke_roles,
    take_person_away,
)
from domain.label.permissions import NOT_DELEGATED, grants_for, permissions_held
from domain.label.role_scopes import EVERYWHERE, RoleScope

FIRST, LAST = date(2026, 12, 7), date(2026, 12, 18)
DAY = timedelta(days=1)


def after(people: People, *events: PeopleEvent) -> People:
    return fold_events(evolve, people, events)


def staffed(*roles: Role, scope: RoleScope = EVERYWHERE) -> People:
    """A label of oscar, in which pat has *roles* in *scope*, and kim and sam have none."""
    people = after(
        People(), *open_house(People(), label="Harbour", currency="EUR", timezone="Europe/Berlin", founder="oscar")
    )
    people = after(people, *add_person(people, person="pat", name="Pat", roles=roles, scope=scope))
    for name in ("kim", "sam"):
        people = after(people, *add_person(people, person=name, name=name, roles=()))
    return people


def deputised(people: People, *roles: Role, person: str = "pat", deputy: str = "kim") -> People:
    return after(people, *note_leave(people, person, first=FIRST, last=LAST, deputy=deputy, roles=roles))


def test_a_person_is_away_from_the_first_to_the_last_day() -> None:
    people = deputised(staffed("producer"))
    assert [away(people, "pat", day) is not None for day in (FIRST - DAY, FIRST, LAST, LAST + DAY)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert away(people, "kim", FIRST) is None


def test_a_deputy_decides_as_the_one_who_is_away_within_their_bounds_and_days() -> None:
    people = deputised(staffed("producer", scope=RoleScope("night-bus", LAST - DAY, 50_000)))
    (grant,) = grants_for(people, "kim", "judge-take", day=FIRST, records=("night-bus",))
    assert grant == ("producer", RoleScope("night-bus", LAST - DAY, 50_000), "pat")
    for day, record in ((FIRST - DAY, "night-bus"), (LAST, "night-bus"), (FIRST, "low-tide")):
        with pytest.raises(Refused, match=r"person\.role"):
            grants_for(people, "kim", "judge-take", day=day, records=(record,))


def test_own_roles_come_before_delegated_ones() -> None:
    people = staffed("producer")
    people = after(people, *add_person(people, person="kim", name="kim", roles=("artist",)))
    grants = grants_for(deputised(people), "kim", "judge-mix", day=FIRST)
    assert [(grant.role, grant.delegator) for grant in grants] == [("artist", None), ("producer", "pat")]


def test_a_delegation_follows_the_roles_of_the_one_who_is_away_and_is_not_passed_on() -> None:
    people = deputised(staffed("producer", "mixer"), "producer")
    assert [one.role for one in delegated_roles(people, "kim", day=FIRST)] == ["producer"]
    with pytest.raises(Refused, match=r"leave\.roles"):
        deputised(people, person="kim", deputy="sam")
    people = after(people, *add_person(people, person="kim", name="kim", roles=("engineer",)))
    people = deputised(people, person="kim", deputy="sam")
    assert [one.role for one in delegated_roles(people, "sam", day=FIRST)] == ["engineer"]
    gone = after(people, *revoke_roles(people, "pat", roles=("producer",)))
    assert list(delegated_roles(gone, "kim", day=FIRST)) == []
    removed = after(people, *take_person_away(people, "pat", absence="removed"))
    assert list(delegated_roles(removed, "kim", day=FIRST)) == []


def test_a_deputy_of_the_label_neither_manages_people_nor_erases() -> None:
    people = deputised(staffed("label", "producer"))
    held = permissions_held(people, "kim", day=FIRST)
    assert {"budget", "judge-master"} <= held.keys()
    assert NOT_DELEGATED.isdisjoint(held)


def test_a_robot_stands_in_for_nobody_who_approves() -> None:
    people = staffed("producer")
    people = after(people, *add_person(people, person="kim", name="kim", roles=("robot",)))
    with pytest.raises(Refused, match=r"person\.robot"):
        grants_for(deputised(people), "kim", "judge-take", day=FIRST)


def test_what_is_no_leave_is_refused() -> None:
    people = staffed("producer")
    for first, last in ((LAST, FIRST), (FIRST, FIRST + 366 * DAY)):
        with pytest.raises(Misused, match=r"leave\.days"):
            note_leave(people, "pat", first=first, last=last)
    for deputy, roles in (("pat", ()), (None, ("producer",))):
        with pytest.raises(Misused, match=r"leave\.deputy"):
            note_leave(people, "pat", first=FIRST, last=LAST, deputy=deputy, roles=roles)
    with pytest.raises(Refused, match="pat is no mixer"):
        note_leave(people, "pat", first=FIRST, last=LAST, deputy="kim", roles=("mixer",))
    for person, deputy in (("eve", None), ("pat", "eve")):
        with pytest.raises(NotFound, match=r"person\.unknown"):
            note_leave(people, person, first=FIRST, last=LAST, deputy=deputy)
    with pytest.raises(Refused, match="away from 2026-12-07 to 2026-12-18 already"):
        note_leave(deputised(people), "pat", first=LAST, last=LAST + DAY)
    with pytest.raises(NotFound, match=r"leave\.unknown"):
        end_leave(deputised(people), "pat", first=LAST, day=FIRST)


def test_the_same_first_day_replaces_a_leave_and_the_next_one_is_ended() -> None:
    people = deputised(staffed("producer"))
    shorter = after(people, *note_leave(people, "pat", first=FIRST, last=FIRST))
    assert shorter.leaves["pat"] == (LeaveNoted(person="pat", first=FIRST, last=FIRST),)
    assert after(people, *end_leave(people, "pat", day=FIRST - DAY)).leaves["pat"] == ()
    with pytest.raises(NotFound, match=r"leave\.unknown"):
        end_leave(people, "pat", day=LAST + DAY)


SCOPES = st.builds(
    RoleScope,
    st.sampled_from((None, "night-bus", "low-tide")),
    st.sampled_from((None, FIRST, LAST + DAY)),
    st.sampled_from((None, 100)),
)


@given(
    st.lists(st.tuples(st.sampled_from(ROLES), SCOPES), min_size=1, max_size=5),
    st.sampled_from((FIRST - DAY, FIRST, FIRST + DAY, LAST, LAST + DAY)),
    st.sampled_from(((), ("night-bus",), ("low-tide",))),
)
def test_a_deputy_may_what_the_one_who_is_away_may_and_no_more(
    grants: list[tuple[Role, RoleScope]], day: date, records: tuple[str, ...]
) -> None:
    people = staffed()
    for role, scope in grants:
        people = after(people, *add_person(people, person="pat", name="Pat", roles=(role,), scope=scope))
    if not set(people.roles["pat"]) - {"robot"}:
        return
    people = deputised(people)
    for deed in MAY:
        may: dict[str, set[tuple[Role, str | None, int | None]]] = {}
        for person in ("pat", "kim"):
            try:
                found = grants_for(people, person, deed, day=day, records=records)
            except Refused:
                found = ()
            may[person] = {(one.role, one.scope.record, one.scope.limit) for one in found}
        if deed in NOT_DELEGATED or not FIRST <= day <= LAST or "robot" in people.roles["pat"]:
            assert may["kim"] == set()
        else:
            assert may["kim"] == may["pat"]
