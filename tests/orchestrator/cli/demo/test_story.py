from decimal import Decimal

from domain.recipe import parse_mix
from orchestrator.cli.demo.story import louder

RECIPE = """\
# bass
[strips.bass]
gain_db = -3

# vocal
[strips.lead-vocal]
gain_db = -14.1
high_pass_hz = 90
"""


def test_the_edit_of_the_demo_moves_one_fader_and_nothing_else() -> None:
    text, was, now = louder(RECIPE, "lead-vocal", Decimal(2))
    assert (was, now) == ("-14.1", "-12.1")
    assert text == RECIPE.replace("-14.1", "-12.1")
    assert parse_mix(text).strips["lead-vocal"].gain_db == Decimal("-12.1")
