"""The fields of a master recipe."""

from pathlib import Path

from tests.orchestrator.label import Label


def test_every_field_of_a_master_recipe_is_listed_with_its_range_and_default(tmp_path: Path) -> None:
    label = Label(tmp_path)
    assert [row["field"] for row in label.data("master", "fields")] == ["format", "chain", "targets"]
    targets = {row["field"]: row["default"] for row in label.data("master", "fields", "targets")}
    assert "integrated_lufs" in targets or "lufs" in targets
    assert label.data("mix", "fields", "compressor") == [
        {"unsaid": row.pop("default"), **row} for row in label.data("master", "fields", "compressor")
    ]


def test_a_table_that_a_master_recipe_does_not_have_is_refused_with_those_it_has(tmp_path: Path) -> None:
    said = Label(tmp_path).refuses(4, "master", "fields", "strips")
    assert (said.rule, "targets" in said.err) == ("recipe.table", True)
