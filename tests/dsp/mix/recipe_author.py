"""Writes random recipes from the recipe's own schema, so that new fields are covered.

Most are valid; some have one fault, and some are no longer TOML.
"""

import json
import math
import random
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, TypeAlias

from domain.recipe import MixRecipe

Schema: TypeAlias = Mapping[str, Any]
Table: TypeAlias = MutableMapping[str, Any]

SCHEMA: Schema = MixRecipe.model_json_schema()
STRIPS = ["drums", "drums.kick", "drums.oh", "bass", "keys", "tuba"]
GROUPS, BUSES = ["band", "all"], ["one", "two"]
NAMES: Mapping[str, list[str]] = {
    "strips": STRIPS,
    "groups": GROUPS,
    "buses": BUSES,
    "sends": BUSES,
    "versions": ["other", "radio-edit"],
    "targets": ["cd", "streaming"],
    "side_chain": STRIPS,
    "group": GROUPS,
    "note": ["1/8", "1/4.", "1/16t"],
    "impulse": ["hall", "nowhere"],
    "plugin": ["limiter", "../x.vst3"],
    "state": ["aGk=", "", "*"],
}
"""Allowed names by field; the default is those of strips."""
HIGHEST_HZ = 3900
"""Highest frequency of nearly all filters, as the test songs have a low rate."""
WRONG: list[object] = [
    1e9,
    -1e9,
    math.nan,
    math.inf,
    "",
    "loud",
    True,
    [],
    {},
    [[]],
    [None],
    "1",
    10**400,
    "\n",
    "../x",
]


class Author:
    """One recipe a call, from the given dice.

    Args:
        dice: seeded generator; equal seeds give equal recipes.
        schema: JSON schema of the recipe.
        without: fields that are always invalid in this kind, and so are rarely written.
    """

    def __init__(self, dice: random.Random, schema: Schema = SCHEMA, without: frozenset[str] = frozenset()) -> None:
        self._dice, self._schema, self._without = dice, schema, without

    def recipe(self) -> str:
        """TOML, sometimes broken."""
        made = self._table(self._schema)
        if self._dice.random() < 0.9:  # else a name may refer to a missing thing
            for field in ("strips", "groups", "buses"):
                if field in self._schema["properties"]:
                    made[field] = {name: {} for name in NAMES[field]} | made.get(field, {})
        if self._dice.random() < 0.3:
            self._spoil(made)
        text = written(made)
        return self._garble(text) if self._dice.random() < 0.1 else text

    def _value(self, schema: Schema, field: str) -> Any:
        ways = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
        schema = self._dice.choice([one for one in ways if one.get("type") == "number"] or ways)
        if "$ref" in schema:
            kind = schema["$ref"].rpartition("/")[2]
            return mended(kind, self._table(self._schema["$defs"][kind]))
        choices = schema.get("enum", [schema["const"]] if "const" in schema else [])
        if choices:
            return self._dice.choice(choices)
        of_type: Mapping[str, Callable[[Schema, str], Any]] = {
            "number": self._number,
            "integer": lambda *of: round(self._number(*of)),
            "string": self._name,
            "boolean": lambda _, __: self._dice.random() < 0.2,
            "array": self._array,
            "object": self._map,
        }
        return of_type[schema["type"]](schema, field)

    def _table(self, schema: Schema) -> Table:
        needed = schema.get("required", ())
        share = self._dice.choice([0.05, 0.2, 0.5])
        return {
            field: self._value(of, field)
            for field, of in schema["properties"].items()
            if field in needed or self._dice.random() < (share if field not in self._without else 0.01)
        }

    def _map(self, schema: Schema, field: str) -> Table:
        of = schema.get("additionalProperties") or next(iter(schema["patternProperties"].values()))
        names = NAMES.get(field, STRIPS)
        return {name: self._value(of, field) for name in self._dice.sample(names, self._dice.randint(1, len(names)))}

    def _array(self, schema: Schema, field: str) -> list[Any]:
        least, most = schema.get("minItems", 0), schema.get("maxItems", 3)
        if field == "external" and self._dice.random() < 0.98:  # one plug-in covers all cases
            return []
        return [self._value(schema["items"], field) for _ in range(self._dice.randint(least, most))]

    def _name(self, _: Schema, field: str) -> str:
        return self._dice.choice(NAMES.get(field, STRIPS))

    def _number(self, schema: Schema, field: str) -> float:
        low, high = schema.get("minimum", -100), schema.get("maximum", 100)
        if self._dice.random() < 0.1 and not field.endswith("hz"):
            return float(self._dice.choice([low, high, 0 if low <= 0 <= high else low]))
        if field.endswith("hz"):
            high = high if self._dice.random() < 0.001 else max(low, min(high, HIGHEST_HZ))
        if field.endswith("_s"):
            high = 0.2
        drawn = (
            math.exp(self._dice.uniform(math.log(low), math.log(high))) if low > 0 else self._dice.uniform(low, high)
        )
        return min(max(round(drawn, 3), low), high)

    def _spoil(self, made: Table) -> None:
        """Put one fault anywhere."""
        tables = [made]
        for table in tables:
            tables.extend(within for within in table.values() if isinstance(within, dict))
            tables.extend(
                one for row in table.values() if isinstance(row, list) for one in row if isinstance(one, dict)
            )
        table = self._dice.choice(tables)
        what = self._dice.random()
        if table and what < 0.7:
            table[self._dice.choice(list(table))] = self._dice.choice(WRONG)
        elif table and what < 0.85:
            del table[self._dice.choice(list(table))]
        else:
            table["loudness"] = 3

    def _garble(self, text: str) -> str:
        """Remove, double or replace a few letters."""
        letters = list(text)
        for _ in range(self._dice.randint(1, 4)):
            at = self._dice.randrange(len(letters) + 1)
            letters[at : at + self._dice.randint(0, 5)] = self._dice.choice(
                ["", "[", "]", '"', "\n", "=", "é\0", "1", "#", "{"]
            )
        return "".join(letters)


def mended(kind: str, made: Table) -> Table:
    """*made* with the requirements of its kind beyond the schema."""
    if kind == "ToneBand" and made.get("type") == "notch":
        made.pop("gain_db", None)
    elif kind == "ToneBand":
        made.setdefault("gain_db", 0)
    elif kind == "Multiband":
        made["crossovers_hz"] = sorted(set(made["crossovers_hz"]))
        made["bands"] = (made["bands"] * 2)[: len(made["crossovers_hz"]) + 1]
    elif kind == "Delay" and ("note" in made) == ("time_ms" in made):
        made.pop("note", None)
        made["time_ms"] = 17
    elif kind == "DeEsser":
        made.setdefault("hz", 3000)
    elif kind == "Words":
        made["to_s"] = made["from_s"] + 0.05
    return in_order(made)


def in_order(made: Table) -> Table:
    """*made* with sorted automations, and without slopes of missing filters."""
    for field in {"automation", "pan_automation"} & set(made):
        made[field] = [point for _, point in sorted({point["at_s"]: point for point in made[field]}.items())]
    for way in ("high_pass", "low_pass"):
        if f"{way}_hz" not in made:
            made.pop(f"{way}_slope_db", None)
    return made


def written(made: Mapping[str, Any]) -> str:
    """*made* as TOML: plain values first, then tables."""
    lines = [f"{field} = {inline(value)}" for field, value in made.items() if not isinstance(value, dict)]
    for field, table in made.items():
        if isinstance(table, dict):
            named = field in NAMES and all(isinstance(one, dict) for one in table.values())
            for header, fields in table.items() if named else [("", table)]:
                lines.append(f"[{field}.{json.dumps(header)}]" if named else f"[{field}]")
                lines.extend(f"{key} = {inline(value)}" for key, value in fields.items())
    return "".join(f"{line}\n" for line in lines)


def inline(value: object) -> str:
    """*value* as TOML on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {inline(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, bool | str):
        return json.dumps(value)
    return f"{value:.3f}" if isinstance(value, float) and abs(value) < 1e9 else str(value)
