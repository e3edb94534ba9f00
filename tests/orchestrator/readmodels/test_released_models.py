"""A model that would hold other rows of the same events has another version: two releases may share a store.

``tests/golden/models.json`` holds what each version made of the golden events.  When this test fails, do not mend the
file: raise the version in the table's name, compile it (``make models``), and add the line that the failure shows.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from domain.status.events.event_types import KINDS
from orchestrator.log.store import Log
from orchestrator.readmodels.base.read_model import ReadModel
from orchestrator.readmodels.models import MODELS
from tests.golden_history import golden_history
from tests.orchestrator.readmodels.given import drafts, held, models_of
from tests.paths import GOLDEN, ROOT

pytestmark = pytest.mark.waits

NOON = datetime(2026, 12, 7, 12, tzinfo=UTC)
RELEASED: dict[str, str] = json.loads((GOLDEN / "models.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    """The golden events, recorded at noon."""
    file = tmp_path_factory.mktemp("golden") / "log.db"
    founding = drafts(golden_history())  # so that no upgrade is recorded at a time of its own
    with Log.create(file, kinds=KINDS, clock=lambda: NOON, founding=founding) as log:
        yield log


def made(log: Log, model: ReadModel) -> str:
    """Hash of the statements of *model*, and of the rows that it makes of *log*."""
    with models_of(log) as store:
        said = [*model.table.create, *map(repr, held(store.rebuild(model), model))]
    return sha256("\n".join(said).encode()).hexdigest()[:16]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_no_model_holds_other_rows_under_the_same_version(log: Log, model: ReadModel) -> None:
    assert RELEASED.get(f"{model.name} {model.version}") == made(log, model), "it needs another version: see above"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_golden_events_fill_every_model(log: Log, model: ReadModel) -> None:
    with models_of(log) as store:
        assert held(store.catch_up(model), model)


def test_every_model_has_a_name_and_a_table_of_its_own() -> None:
    assert len({model.name for model in MODELS}) == len({model.table.name for model in MODELS}) == len(MODELS)
    tables = {file.stem for file in (ROOT / "orchestrator" / "readmodels" / "tables").glob("*.py")} - {"__init__"}
    assert {model.name for model in MODELS} == tables


def test_the_compiled_statements_are_those_of_the_declared_tables() -> None:
    done = subprocess.run([sys.executable, "-m", "tools.compile_models", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, "make models"


PROMPTS = ("board", "next", "review --no-input", "log verify --views")


PROGRAM = """
import sys
from orchestrator.cli.main import run
folder, *words = sys.argv[1:]
codes = [run(["init", folder, "--label", "Harbour"]), run([*words, "--store", folder])]
print(codes, sorted({"sqlalchemy", "sqlmodel"} & set(sys.modules)))
"""


@pytest.mark.parametrize("words", PROMPTS)
def test_no_prompt_imports_what_the_tables_are_declared_with(words: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), *words.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[0, 0] []", done.stderr
