"""Every method of a Qt object that is connected to a signal is declared with `Slot`, as it is connected.

With each connection of one that is not, PySide adds a method to the object. That is slower, and while objects
went away it was looked for by an empty name, as in `page_stack.py`.

The types are read from the program's text: from annotations, from calls of classes, and from what attributes
are set to. Where one cannot be told, nothing is said; that of `self` always can.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6 import QtCore, QtGui, QtNetwork, QtWidgets

ROOT = Path(__file__).resolve().parents[2]
QT = (QtCore, QtGui, QtNetwork, QtWidgets)
"""Where the bases of classes are looked up; the rest of Qt is taken for objects without being loaded."""
PLACES = ("app.py", "single_instance.py", "desk/**/*.py", "tour/**/*.py", "ui/**/*.py")

Method = ast.FunctionDef


@dataclass(eq=False)
class Class:
    """A class of the program, or of a program that is made up below."""

    path: str
    name: str
    bases: list[ast.expr]
    methods: dict[str, Method] = field(default_factory=dict)
    attributes: dict[str, tuple[ast.expr, Method | None]] = field(default_factory=dict)
    """The annotation of an attribute, or what it is set to, with the function where that stands."""


class Program:
    """The classes of several files, with what is known of types."""

    def __init__(self, texts: dict[str, str]) -> None:
        """Read the files: path with dots, without `.py`, and text."""
        self._names: dict[tuple[str, str], Class | str] = {}
        self._trees = {path: ast.parse(text) for path, text in texts.items()}
        self._locals: dict[int, dict[str, ast.expr]] = {}
        for path, tree in self._trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.module:
                    for alias in node.names:
                        self._names[path, alias.asname or alias.name] = f"{node.module}:{alias.name}"
                elif isinstance(node, ast.ClassDef):
                    self._names[path, node.name] = self._read(path, node)

    def _read(self, path: str, node: ast.ClassDef) -> Class:
        made = Class(path, node.name, [*node.bases])
        for part in node.body:
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                made.attributes[part.target.id] = (part.annotation, None)
            elif isinstance(part, ast.FunctionDef):
                made.methods[part.name] = part
                for name, value in self._set_in(part):
                    if name.startswith("self."):
                        made.attributes.setdefault(name[5:], (value, part))
        return made

    @staticmethod
    def _set_in(function: Method) -> Iterator[tuple[str, ast.expr]]:
        """Names and attributes that are set in a function, with an annotation or what they are set to."""
        for node in ast.walk(function):
            if isinstance(node, ast.AnnAssign):
                yield ast.unparse(node.target), node.annotation
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    pairs = [(target, node.value)]
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                        pairs = list(zip(target.elts, node.value.elts, strict=False))
                    yield from ((ast.unparse(name), value) for name, value in pairs)

    def named(self, path: str, name: str) -> Class | type | None:
        """What a name means in a file: a class of the program, or one of Qt's."""
        found = self._names.get((path, name))
        if isinstance(found, str):
            module, _, name = found.partition(":")
            if module.startswith("PySide6"):
                return next((getattr(part, name) for part in QT if hasattr(part, name)), QtCore.QObject)
            return self.named(module, name)
        return found

    def line_of(self, kind: Class | type) -> Iterator[Class | type]:
        """A class and what it comes from, as far as known."""
        yield kind
        if isinstance(kind, Class):
            for base in kind.bases:
                if (above := self._class_of(base, kind.path)) is not None:
                    yield from self.line_of(above)

    def _class_of(self, node: ast.expr, path: str) -> Class | type | None:
        """The class that an annotation, a base or something called names."""
        if isinstance(node, ast.BinOp):  # A | None
            return self._class_of(node.left, path) or self._class_of(node.right, path)
        if isinstance(node, ast.Subscript):
            return self._class_of(node.value, path)
        return self.named(path, node.id) if isinstance(node, ast.Name) else None

    def type_of(
        self, node: ast.expr, path: str, owner: Class | None, function: Method | None, depth: int = 0
    ) -> Class | type | None:
        """The class of an expression; None where it cannot be told."""
        if depth > 8:
            return None
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                return self._class_of(node.func, path)
            return self._attribute(node.func, path, owner, function, depth)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, path, owner, function, depth)
        if isinstance(node, ast.BoolOp | ast.IfExp):
            parts = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
            found = (self.type_of(part, path, owner, function, depth + 1) for part in parts)
            return next((kind for kind in found if kind is not None), None)
        if not isinstance(node, ast.Name) or function is None:
            return None
        if node.id == "self":
            return owner
        if (said := self._locals_of(function).get(node.id)) is None:
            return None
        return self._class_of(said, path) or self.type_of(said, path, owner, function, depth + 1)

    def _locals_of(self, function: Method) -> dict[str, ast.expr]:
        if id(function) not in self._locals:
            found = {name: value for name, value in self._set_in(function) if name.isidentifier()}
            given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            found |= {one.arg: one.annotation for one in given if one.annotation is not None}
            self._locals[id(function)] = found
        return self._locals[id(function)]

    def _attribute(
        self, node: ast.expr, path: str, owner: Class | None, function: Method | None, depth: int
    ) -> Class | type | None:
        """The class of an attribute, of what a property gives or a method returns."""
        if not isinstance(node, ast.Attribute):
            return None
        holder = self.type_of(node.value, path, owner, function, depth + 1)
        for kind in self.line_of(holder) if holder is not None else ():
            if not isinstance(kind, Class):
                continue
            if node.attr in kind.methods:
                returned = kind.methods[node.attr].returns
                return self._class_of(returned, kind.path) if returned is not None else None
            if node.attr in kind.attributes:
                said, where = kind.attributes[node.attr]
                if (found := self._class_of(said, kind.path)) is not None:
                    return found
                return self.type_of(said, kind.path, kind, where, depth + 1)
        return None

    def connected(self) -> Iterator[tuple[str, int, Class, Method]]:
        """Each method of a Qt object that is connected: where, with its class."""
        for path, tree in self._trees.items():
            holders = [(None, node) for node in tree.body if isinstance(node, ast.FunctionDef)]
            classes = [kind for (place, _), kind in self._names.items() if place == path]
            methods = [(c, m) for c in classes if isinstance(c, Class) for m in c.methods.values()]
            for owner, function in (*holders, *methods):
                for given in self._given(function):
                    holder = self.type_of(given.value, path, owner, function)
                    if holder is not None and (found := self._method(holder, given.attr)) is not None:
                        yield path, given.lineno, *found

    @staticmethod
    def _given(function: Method) -> Iterator[ast.Attribute]:
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and node.args and getattr(node.func, "attr", "") == "connect":
                first = node.args[0]
                either = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                yield from (part for part in either if isinstance(part, ast.Attribute))

    def _method(self, holder: Class | type, name: str) -> tuple[Class, Method] | None:
        line = list(self.line_of(holder))
        if not any(isinstance(kind, type) and issubclass(kind, QtCore.QObject) for kind in line):
            return None
        for kind in line:
            if isinstance(kind, Class) and name in kind.methods:
                method = kind.methods[name]
                # What a property gives is whatever it is, such as a signal.
                return None if "property" in map(ast.unparse, method.decorator_list) else (kind, method)
        return None


def undeclared(program: Program) -> list[str]:
    """Methods that are connected and not declared, or with other arguments than they take; each once.

    PySide looks for a slot with as many of the signal's arguments as the method takes, those with defaults
    and any number (`*told`) included: one that is declared with fewer is not found. What no signal gives is
    a keyword.
    """
    found = {}
    for path, line, kind, method in program.connected():
        slots = [one for one in method.decorator_list if isinstance(one, ast.Call)]
        counts = [len(one.args) for one in slots if ast.unparse(one.func) == "Slot"]
        takes = len(method.args.posonlyargs) + len(method.args.args) - 1
        if takes not in counts or method.args.vararg is not None:
            found[f"{kind.path}:{method.lineno}: {kind.name}.{method.name}"] = f"{path}:{line}"
    return sorted(f"{what}, connected at {where}, is not declared so" for what, where in found.items())


@pytest.fixture(scope="module")
def program() -> Program:
    house = ROOT / "assessor_app"
    files = sorted(file for place in PLACES for file in house.glob(place))
    paths = {".".join(file.relative_to(ROOT).with_suffix("").parts): file for file in files}
    return Program({path: file.read_text("utf-8") for path, file in paths.items()})


def test_what_is_connected_is_declared(program: Program) -> None:
    broken = undeclared(program)
    assert not broken, "\n".join(["", *broken])


def test_most_of_what_is_connected_is_understood(program: Program) -> None:
    assert len({method for *_, method in program.connected()}) > 600


def made_up(connection: str, method: str, *, base: str = "QWidget") -> Program:
    """A page that makes a helper in another file, with one method and one connection."""
    helper = (
        f"from PySide6.QtCore import Slot\nfrom PySide6.QtWidgets import {base}\n"
        f"class Base({base}):\n    {method}\nclass Helper(Base):\n    pass\n"
    )
    page = (
        "from PySide6.QtWidgets import QWidget\nfrom a.helper import Helper\n"
        "class Page(QWidget):\n"
        "    def __init__(self, given: Helper | None) -> None:\n"
        "        self.helper, self.count = Helper(self), 0\n        self.given = given\n"
        f"        local = self.helper\n        {connection}\n"
        "    @property\n    def made(self) -> Helper:\n        return self.helper\n"
    )
    return Program({"a.helper": helper, "a.page": page})


@pytest.mark.parametrize(
    ("connection", "method"),
    [
        ("self.moved.connect(self.helper.go)", "def go(self) -> None: ..."),
        ("self.moved.connect(self.given.go)", "def go(self) -> None: ..."),
        ("self.moved.connect(given.go)", "def go(self) -> None: ..."),
        ("self.moved.connect(local.go)", "def go(self) -> None: ..."),
        ("self.moved.connect(self.made.go)", "def go(self) -> None: ..."),
        ("self.moved[int].connect(Helper(self).go)", "def go(self) -> None: ..."),
        ("self.moved.connect(self.helper.go if given else local.other)", "def go(self) -> None: ..."),
        ("self.moved.connect(self.helper.go)", "@staticmethod\n    def go() -> None: ..."),
        ("self.moved.connect(self.helper.go)", "@Slot()\n    def go(self, far: bool = False) -> None: ..."),
        ("self.moved.connect(self.helper.go)", "@Slot()\n    def go(self, *told: object) -> None: ..."),
        ("self.moved.connect(self.helper.go)", "@Slot(int)\n    def go(self) -> None: ..."),
    ],
)
def test_the_rule_bites(connection: str, method: str) -> None:
    assert undeclared(made_up(connection, method))


@pytest.mark.parametrize(
    ("connection", "method", "base"),
    [
        ("self.moved.connect(self.helper.go)", "@Slot()\n    def go(self) -> None: ...", "QWidget"),
        (
            "self.moved.connect(local.go)",
            "@Slot(bool)\n    def go(self, far: bool = False) -> None: ...",
            "QWidget",
        ),
        (
            "self.moved.connect(self.made.go)",
            "@Slot()\n    @Slot(int)\n    def go(self, far: int = 0) -> None: ...",
            "QWidget",
        ),
        (
            "self.moved.connect(self.helper.go)",
            "@Slot()\n    def go(self, *, far: int = 0) -> None: ...",
            "QWidget",
        ),
        ("self.moved.connect(self.helper.go)", "def go(self) -> None: ...", "QPainterPath"),
        ("self.moved.connect(self.helper.update)", "def go(self) -> None: ...", "QWidget"),
        ("self.moved.connect(lambda: self.helper.go())", "def go(self) -> None: ...", "QWidget"),
        ("self.moved.connect(self.helper.go)", "@property\n    def go(self) -> Signal: ...", "QWidget"),
        ("self.helper.go()", "def go(self) -> None: ...", "QWidget"),
    ],
)
def test_the_rule_leaves_alone_what_is_right(connection: str, method: str, base: str) -> None:
    assert not undeclared(made_up(connection, method, base=base))
