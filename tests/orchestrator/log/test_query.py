"""Every query, against a plain definition of matching."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.event import Event, tags_of
from orchestrator.log.append_condition import Condition
from orchestrator.log.query import Query, QueryItem
from orchestrator.log.refusals import Conflict
from tests.orchestrator.log.databases import Databases
from tests.orchestrator.log.given import KINDS, drafted, events, fresh_log, histories

TAGS = [
    *("record:night-bus", "record:ferry", "song:night-bus/rain", "song:ferry/rain", "resource:room-a"),
    *("part:ferry/rain/drums", "person:nobody", "record:"),
]
items = st.builds(
    QueryItem,
    st.frozensets(st.sampled_from([*KINDS, "never-recorded"]), min_size=1),
    st.frozensets(st.sampled_from(TAGS), max_size=3),
)
queries = st.builds(Query, st.lists(items, max_size=3).map(tuple))


def expected(query: Query, history: list[Event], after: int = 0) -> list[int]:
    numbered = enumerate(history, start=1)
    return [at for at, event in numbered if at > after and query.matches(event.kind, tags_of(event))]


@given(histories, st.lists(queries, min_size=1, max_size=8), st.integers(0, 12))
def test_reading_gives_what_any_item_matches_with_all_its_tags_and_one_of_its_kinds(
    databases: Databases, history: list[Event], asked: list[Query], after: int
) -> None:
    with fresh_log(databases) as log:
        log.append(drafted(*history))
        for query in asked:
            found = list(log.read(query, after=after))
            assert [recorded.position for recorded in found] == expected(query, history, after)
            assert all(recorded.event == history[recorded.position - 1] for recorded in found)


@given(histories, events, st.lists(queries, min_size=1, max_size=8), st.data())
def test_an_append_is_refused_exactly_when_something_that_matters_was_recorded_since(
    databases: Databases, history: list[Event], event: Event, asked: list[Query], data: st.DataObject
) -> None:
    with fresh_log(databases) as log:
        log.append(drafted(*history))
        for query in asked:
            after = data.draw(st.integers(0, len(history)))
            since = expected(query, history, after)
            if since:
                with pytest.raises(Conflict) as conflict:
                    log.append(drafted(event), condition=Condition(query, after))
                assert (conflict.value.position, conflict.value.kind) == (since[0], history[since[0] - 1].kind)
            else:
                log.append(drafted(event), condition=Condition(query, after))
                history = [*history, event]
        assert [recorded.event for recorded in log.read_all()] == history


def test_queries_join_without_repeating_an_item() -> None:
    spent = Query((QueryItem(frozenset({"money-spent"})),))
    booked = Query((QueryItem(frozenset({"room-booked"})),))
    assert (spent | booked | spent).items == spent.items + booked.items
