import ast
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import dsp
from dsp import kernels
from dsp.kernels import WIDE_VECTORS, cache_name, features_of, sources
from dsp.kernels.filters import two_sections

pytestmark = pytest.mark.slow

DSP = Path(str(dsp.__file__)).parent
KERNELS = DSP / "kernels"


def test_an_edited_kernel_is_never_served_from_the_old_cache(tmp_path: Path) -> None:
    before = cache_name(sources())
    copies = [tmp_path / path.relative_to(KERNELS) for path in sources()]
    for copy, path in zip(copies, sources(), strict=True):
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    assert cache_name(copies) == before, "the name is made of what the files say, not of where they lie"
    callee = tmp_path / "maths.py"
    callee.write_text(callee.read_text().replace("0.6931471805568317", "0.6931471805568318"))
    assert cache_name(copies) != before


def test_all_that_is_compiled_lies_where_the_name_of_the_cache_is_made_of() -> None:
    hashed = set(sources())
    for path in DSP.rglob("*.py"):
        imports = [
            node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        names = {name for node in imports for name in _imported(node)}
        if "numba" in names or "dsp.kernels.kernel" in names:
            assert path in hashed, f"{path.name} compiles, and an edit of it would go unseen"


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    module = node.module or ""
    return {module.split(".")[0], *(f"{module}.{alias.name}" for alias in node.names)}


def test_a_product_and_a_sum_are_rounded_each_for_itself() -> None:
    x = 1 + 2.0**-30
    sections = np.array([[x, 0, 0, 0, 0], [1, 0, 0, 0, 0]], dtype=np.float64)
    line, state = np.array([x]), np.array([[-(1 + 2.0**-29), 0], [0, 0]])
    two_sections(line, sections, state)
    assert line[0] == 0, "fused, it would be 2**-60"


def run(code: str, **environment: str) -> str:
    """Output of *code* in a new Python process."""
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_whoever_imports_numba_first_the_kernels_are_for_any_processor(tmp_path: Path) -> None:
    code = (
        "import numba, dsp.kernels\nfrom numba.core import config as c\n"
        "print(c.CPU_NAME, repr(c.CPU_FEATURES), c.DISABLE_INTEL_SVML, c.CACHE_DIR == str(dsp.kernels.CACHE))"
    )
    assert run(code, XDG_CACHE_HOME=str(tmp_path), NUMBA_CPU_NAME="host") == f"generic {kernels.FEATURES!r} 1 True"


def test_wider_vectors_are_used_where_the_processor_has_all_of_them_and_fused_multiply_add_never() -> None:
    new = dict.fromkeys([*WIDE_VECTORS, "fma", "avx512f"], True)
    assert features_of(new) == "+sse3,+ssse3,+sse4.1,+sse4.2,+avx,+avx2"
    assert features_of(new | {"avx2": False}) == ""
    assert features_of({"neon": True, "fullfp16": True}) == ""


def test_code_for_another_processor_lies_in_another_cache() -> None:
    assert cache_name(sources(), "") != cache_name(sources(), "+avx2")


def test_a_user_can_do_without_wider_vectors(tmp_path: Path) -> None:
    code = "from dsp.kernels import FEATURES; print(repr(FEATURES))"
    assert run(code, XDG_CACHE_HOME=str(tmp_path), TAKESHEET_VECTORS="narrow") == "''"


def test_the_cache_lies_in_the_users_cache_folder_and_is_not_yet_compiled(tmp_path: Path) -> None:
    printed = run("from dsp import kernels; print(kernels.CACHE, kernels.compiled())", XDG_CACHE_HOME=str(tmp_path))
    assert printed == f"{tmp_path / 'takesheet' / 'numba' / kernels.CACHE.name} False"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_where_the_cache_cannot_be_written_a_private_folder_is_used(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "takesheet-numba-" in run("from dsp import kernels; print(kernels.CACHE)", XDG_CACHE_HOME=str(tmp_path))


def test_compiled_code_is_written_by_its_user_alone_whatever_the_umask(tmp_path: Path) -> None:
    code = "import os; os.umask(0)\nfrom dsp import kernels; print(kernels.CACHE)"
    cache = Path(run(code, XDG_CACHE_HOME=str(tmp_path)))
    assert [place.stat().st_mode & 0o777 for place in (cache, cache.parent, cache.parent.parent)] == [0o700] * 3


def test_code_that_others_could_have_written_is_not_run(tmp_path: Path) -> None:
    cache = tmp_path / "takesheet" / "numba" / kernels.CACHE.name
    cache.mkdir(parents=True)
    (cache / "planted.nbi").touch()
    cache.chmod(0o777)
    assert run("from dsp import kernels; print(kernels.CACHE)", XDG_CACHE_HOME=str(tmp_path)) == str(cache)
    assert list(cache.iterdir()) == []
    assert cache.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders to another account")
def test_a_cache_of_another_account_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "takesheet").mkdir()
    os.chown(tmp_path / "takesheet", 65534, 65534)
    assert "takesheet-numba-" in run("from dsp import kernels; print(kernels.CACHE)", XDG_CACHE_HOME=str(tmp_path))


def test_a_file_in_the_place_of_the_cache_folder_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    printed = run("from dsp import kernels; print(kernels.CACHE)", XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert "takesheet-numba-" in printed


def test_an_array_of_another_type_is_an_error_and_no_second_version() -> None:
    with pytest.raises(TypeError, match="No matching definition"):
        two_sections(np.zeros(4, np.float32), np.zeros((2, 5)), np.zeros((2, 2)))  # type: ignore[arg-type]
