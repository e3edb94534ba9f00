from tests.orchestrator.label import SONG, Label


def test_a_person_is_shown_with_what_they_may_do_where_until_when_up_to_what_and_why(label: Label) -> None:
    label.does("user", "add", "Pat", "--role", "producer", "--record", "night-bus", "--until", "2127-12-31",
               "--limit", "500", "--why", "she knows the room")  # fmt: skip
    label.does("user", "add", "Pat", "--role", "mixer")
    said = label.does("user", "show", "pat").splitlines()
    bounds = "producer for night-bus until 2127-12-31 up to 500.00 EUR"
    assert f"may approve and reject takes, set comps: {bounds}" in said
    assert f"may revise mixes: {bounds}; mixer" in said
    assert not [line for line in said if "may set budgets" in line or "may add people" in line]
    facts = label.data("user", "show", "pat")
    producer, mixer = facts["grants"]
    assert (producer["role"], producer["record"], producer["until"]) == ("producer", "night-bus", "2127-12-31")
    assert (producer["limit"], producer["why"], producer["by"]) == (
        50_000,
        "she knows the room",
        facts["grants"][1]["by"],
    )
    assert (mixer["role"], mixer["record"], mixer["position"]) == ("mixer", None, label.head)
    assert {row["deed"]: row["as"] for row in facts["may"]}["mix"] == [bounds, "mixer"]
    label.does("user", "add", "Pat", "--role", "producer", "--record", "night-bus", "--why", "for good")
    assert [one["why"] for one in label.data("user", "show", "pat")["grants"]] == ["for good", ""]
    label.does("user", "shelve", "pat")
    assert label.data("user", "show", "pat")["may"] == []


def test_one_register_tells_what_somebody_plays_and_their_rate_to_those_who_see_it(label: Label) -> None:
    label.does("part", "add", SONG, "choir", "whistle", "--player", "Ann")
    label.does("resource", "add", "Ann", "--kind", "person", "--rate", "40/hour")
    label.does("user", "add", "Ann", "--role", "musician")
    label.does("user", "add", "eve", "--role", "engineer")
    label.does("part", "edit", f"{SONG}/whistle", "--player", "eve")

    def rows(*by: str) -> dict[str, tuple[str, str]]:
        return {row["person"]: (row["plays"], row["booked_at"]) for row in label.data("user", "list", *by)}

    assert rows()["ann"] == (f"{SONG}/choir", "40.00 EUR/hour")
    assert rows()["eve"] == (f"{SONG}/whistle", "")
    assert rows("--as", "ann")["ann"][1] == "40.00 EUR/hour", "a musician sees their own"
    assert rows("--as", "eve")["ann"][1] == "a rate"
    label.does("part", "remove", f"{SONG}/choir")
    assert label.data("user", "show", "ann")["plays"] == []


def test_contact_data_is_shown_to_those_who_manage_people_and_of_no_earlier_moment(label: Label) -> None:
    label.does("user", "add", "Pat", "--role", "producer")
    label.does("user", "contact", "pat", "--email", "pat@example.org")
    assert label.data("user", "show", "pat")["contact"] == {"email": "pat@example.org"}
    assert "pat@example.org" in label.does("user", "show", "pat")
    assert label.data("user", "show", "pat", "--as", "pat")["contact"] == {}
    assert label.data("user", "show", "pat", "--as", "nobody")["contact"] == {}
    assert label.data("user", "show", "pat", "--as-of", str(label.head))["contact"] == {}
