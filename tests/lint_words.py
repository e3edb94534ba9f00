"""No public class name is defined twice, and no docstring opens with a word that says nothing of its subject."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

RINGS: Final = ("domain", "dsp", "flows", "orchestrator")
TREES: Final = (*RINGS, "tests", "deploy")
OPENINGS: Final = ("What ", "It ", "Its ", "The same ", "Whether ", "Who ")


def problems(root: Path) -> list[str]:
    """Lines ``FILE:LINE: …``, one for each problem under *root*."""
    modules = {
        file: ast.parse(file.read_text(encoding="utf-8"))
        for tree in TREES
        for file in sorted((root / tree).rglob("*.py"))
    }
    found = [
        f"{file.relative_to(root)}:{line}: {text}" for file, tree in modules.items() for line, text in openings(tree)
    ]
    classes = defaultdict(list)
    for file, tree in modules.items():
        if file.relative_to(root).parts[0] in RINGS:
            for name in public_classes(tree):
                classes[name].append(str(file.relative_to(root)))
    return found + [
        f"{name} is a class of {' and of '.join(files)}" for name, files in classes.items() if len(files) > 1
    ]


def openings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and problem of each docstring that opens badly; text below a constant or a field counts as its docstring."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str() as text)) if text.startswith(OPENINGS):
                yield node.lineno, f'a docstring opens with "{text.split()[0]}"'


def public_classes(tree: ast.Module) -> Iterator[str]:
    """Names of the public classes of a module."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


if __name__ == "__main__":
    wrong = problems(Path(__file__).resolve().parent.parent)
    print("\n".join(wrong) or "class names are unique, and docstrings open with their subject")
    sys.exit(bool(wrong))
