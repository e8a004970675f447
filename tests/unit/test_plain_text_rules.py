"""No text of a stranger becomes markup: what the screen is given is read in the source, call by call.

Qt takes words for HTML where they look like it, and then reads the local files that they name. A label,
a tool tip, a text box: each has one way here that cannot, and every other way is found by these rules.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.unit.test_house_rules import ROOT, allowed, dotted, nodes_of, uses

Rule = Callable[[str, str], list[str]]
PLACES = ("assessor_app/ui", "assessor_app/desk", "assessor_app/tour", "assessor_app/app.py")
"""Everything that may import PySide6."""

MAY_DRAW_SVG = {"assessor_app/ui/icons.py": "the program's own icons, from resources/"}
MAY_MAKE_MARKUP = {"assessor_app/ui/plain_text.py": "escapes every word before it makes a tool tip of it"}
MAY_HAVE_TEXT_EDITS = {
    "assessor_app/ui/text_as_tall.py": "takes no words itself; what derives from it stands here, too",
    "assessor_app/ui/scoring/likeness/passage_text.py": "words go in by a cursor, run by run",
    "assessor_app/ui/conflict/side_text.py": "words go in by a cursor, piece by piece",
    "assessor_app/ui/words/learner_preview.py": "words go in by a cursor (words/reading_document.py)",
}
TEXT_EDITS = frozenset({"QTextEdit", "TextAsTall"})
ONLY_ASKED_ABOUT = {
    "assessor_app/ui/typed_words.py": "asks of what kind a field is",
    "assessor_app/desk/writing_watch.py": "asks of what kind a field is",
}
MAY_PLAY = {
    "assessor_app/ui/viewers/media/player.py": "plays what the probe's child has played before",
    "assessor_app/ui/viewers/media/sound.py": "the same player's sound",
    "assessor_app/ui/viewers/media/probe_child.py": "is that child",
}
OWN_WORDS = ("hint", "shown_hint")
"""Calls that give words of the key table: titles and keys, nothing from outside."""
SAFE_WORDS = ("plain_tip",)

NEVER_CALLED = {
    "setHtml": "guesses nothing and shows markup",
    "insertHtml": "shows markup",
    "appendHtml": "shows markup",
    "setMarkdown": "shows markup",
    "insertMarkdown": "shows markup",
    "fromHtml": "shows markup",
    "fromMarkdown": "shows markup",
    "setWhatsThis": "guesses rich text",
    "setStatusTip": "nobody sees it",
    "setOpenLinks": "opens addresses without asking",
    "setOpenExternalLinks": "opens addresses without asking",
    "showText": "a tool tip guesses rich text: set_plain_tooltip",
}
NEVER_USED = (
    r".*\b(QTextBrowser|QErrorMessage|QWhatsThis|QInputDialog|QProgressDialog|QStaticText|QGraphicsTextItem"
    r"|QTextDocumentFragment|QSystemTrayIcon|QSvgWidget|QGraphicsSvgItem|QMovie|QImageReader"
    r"|QWebEngine\w*|QtWebEngine\w*|QWebView|QAxWidget|QQuick\w+|QDesktopServices\.setUrlHandler)"
)
"""They guess rich text, load what it names, or decode strangers' files in this process."""


def calls_in(text: str) -> Iterator[tuple[ast.Call, str]]:
    """Every call, with the last word of what is called."""
    for node in nodes_of(text):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node, node.func.attr
            else:
                yield node, dotted(node.func)


def is_own_text(node: ast.expr) -> bool:
    """Whether a text is the program's own: written here, without anything put in."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.IfExp):
        return is_own_text(node.body) and is_own_text(node.orelse)
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else dotted(node.func)
        if name in ("tr", "translate"):
            return all(isinstance(argument, ast.Constant) for argument in node.args)
        return name in OWN_WORDS or name in SAFE_WORDS
    return False


def nothing_takes_markup(path: str, text: str) -> list[str]:
    found = uses(path, text, NEVER_USED, (), "guesses rich text or loads what strangers name")
    found += uses(path, text, r".*\bQMediaPlayer", tuple(MAY_PLAY), "only viewers/media plays")
    return found + [
        f"{path}:{call.lineno}: {name}: {NEVER_CALLED[name]}"
        for call, name in calls_in(text)
        if name in NEVER_CALLED
    ]


def formats_are_plain(path: str, text: str) -> list[str]:
    return [
        f"{path}:{call.lineno}: only Qt.TextFormat.PlainText"
        for call, name in calls_in(text)
        if name == "setTextFormat" and [dotted(each) for each in call.args] != ["Qt.TextFormat.PlainText"]
    ]


def kinds_of_labels_say_that_they_are_plain(path: str, text: str) -> list[str]:
    found = []
    for node in nodes_of(text):
        if isinstance(node, ast.ClassDef) and "QLabel" in {dotted(b).rpartition(".")[2] for b in node.bases}:
            said = {name for call, name in calls_in(ast.unparse(node))}
            if "setTextFormat" not in said:
                found.append(
                    f"{path}:{node.lineno}: {node.name} guesses rich text: setTextFormat in __init__"
                )
    return found


def tool_tips_are_plain(path: str, text: str) -> list[str]:
    """A tool tip is rich text where it looks like it: own words, or `plain_tip`, or `set_plain_tooltip`."""
    if allowed(path, tuple(MAY_MAKE_MARKUP)):
        return []
    found = []
    for call, name in calls_in(text):
        roles = [argument for argument in call.args if dotted(argument).endswith("ToolTipRole")]
        if name == "setToolTip" and len(call.args) == 1:
            words = call.args[0]
        elif name == "setTabToolTip" and len(call.args) == 2:
            words = call.args[1]
        elif name in ("setItemData", "setData", "setHeaderData") and roles:
            words = next(a for a in call.args[-2:] if a is not roles[0])
        else:
            continue
        if not is_own_text(words):
            found.append(
                f"{path}:{call.lineno}: {ast.unparse(words)} may be markup: plain_tip or set_plain_tooltip"
            )
    return found + [
        f"{path}:{line}: what a model answers for ToolTipRole goes through plain_tip"
        for line in _tips_of_models(text)
    ]


def _tips_of_models(text: str) -> Iterator[int]:
    """Lines that ask for a tool tip's role where the function answers without `plain_tip`."""
    for node in nodes_of(text):
        if not isinstance(node, ast.FunctionDef) or node.name not in ("data", "headerData"):
            continue
        inside = list(ast.walk(node))
        if not any(isinstance(each, ast.Attribute) and each.attr == "ToolTipRole" for each in inside):
            continue
        for test in (each for each in inside if isinstance(each, ast.If | ast.IfExp)):
            asks = ast.unparse(test.test)
            if "ToolTipRole" not in asks or "not in" in asks or "!=" in asks:
                continue
            answers = test.body if isinstance(test.body, list) else [test.body]
            if "plain_tip(" not in " ".join(ast.unparse(each) for each in answers):
                yield test.lineno


def text_boxes_are_plain(path: str, text: str) -> list[str]:
    """A QTextEdit takes words by a cursor alone, and stands in few places."""
    if not allowed(path, (*MAY_HAVE_TEXT_EDITS, *ONLY_ASKED_ABOUT)):
        made = [call for call, name in calls_in(text) if name in TEXT_EDITS]
        kinds = [
            node
            for node in nodes_of(text)
            if isinstance(node, ast.ClassDef)
            and TEXT_EDITS & {dotted(base).rpartition(".")[2] for base in node.bases}
        ]
        lines = [each.lineno for each in made] + [each.lineno for each in kinds]
        return [f"{path}:{line}: a QTextEdit guesses rich text: QPlainTextEdit" for line in lines]
    if not allowed(path, tuple(MAY_HAVE_TEXT_EDITS)):
        return []
    return [
        f"{path}:{call.lineno}: {ast.unparse(call.func)} guesses rich text: a cursor's insertText"
        for call, name in calls_in(text)
        if name in ("setText", "append") and ast.unparse(call.func) in (f"self.{name}", f"self.text.{name}")
    ]


def drawings_are_the_program_s_own(path: str, text: str) -> list[str]:
    """Qt's SVG opens local files that a drawing names; its decoders run in this process."""
    found = uses(path, text, r".*QSvg\w+|.*QtSvg\w*", tuple(MAY_DRAW_SVG), "only for the program's own icons")
    for call, name in calls_in(text):
        of_bytes = name in ("loadFromData", "fromData")
        of_file = (
            name in ("QPixmap", "QImage", "QIcon")
            and len(call.args) == 1
            and isinstance(call.args[0], ast.Constant | ast.JoinedStr)
        )
        of_path = name in ("QPixmap", "QImage", "QIcon") and any(
            isinstance(argument, ast.Call) and dotted(argument.func) == "str" for argument in call.args
        )
        if of_bytes or of_file or of_path:
            found.append(f"{path}:{call.lineno}: {name} decodes a picture here: the render child does that")
    return found


RULES: list[Rule] = [
    nothing_takes_markup,
    formats_are_plain,
    kinds_of_labels_say_that_they_are_plain,
    tool_tips_are_plain,
    text_boxes_are_plain,
    drawings_are_the_program_s_own,
]


def test_the_screen_is_given_plain_text_alone() -> None:
    broken: list[str] = []
    for place in PLACES:
        for file in sorted((ROOT / place).rglob("*.py")) if (ROOT / place).is_dir() else [ROOT / place]:
            path, text = file.relative_to(ROOT).as_posix(), file.read_text("utf-8")
            for rule in RULES:
                broken += rule(path, text)
    assert not broken, "\n".join(["", *broken])


@pytest.mark.parametrize(
    "path", [*MAY_DRAW_SVG, *MAY_MAKE_MARKUP, *MAY_HAVE_TEXT_EDITS, *ONLY_ASKED_ABOUT, *MAY_PLAY]
)
def test_what_is_allowed_is_still_there(path: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    assert any(name in text for name in ("QSvgRenderer", "<p>", *TEXT_EDITS, "QMediaPlayer"))


UI = "assessor_app/ui/a.py"
ASKED = "def data(self, index, role=0):\n    if {}:\n        return {}\n"
BAD: list[tuple[Rule, str, str]] = [
    (nothing_takes_markup, UI, "self.text.setHtml(feedback)\n"),
    (nothing_takes_markup, UI, "cursor.insertHtml('<b>x</b>')\n"),
    (nothing_takes_markup, UI, "self.text.document().setMarkdown(text)\n"),
    (nothing_takes_markup, UI, "QToolTip.showText(place, title, self)\n"),
    (nothing_takes_markup, UI, "widget.setWhatsThis(title)\n"),
    (nothing_takes_markup, UI, "from PySide6.QtWidgets import QTextBrowser\n"),
    (nothing_takes_markup, UI, "from PySide6 import QtWidgets as w\nw.QInputDialog.getText(self, t, t)\n"),
    (nothing_takes_markup, UI, "from PySide6.QtWebEngineWidgets import QWebEngineView\n"),
    (nothing_takes_markup, UI, "from PySide6.QtMultimedia import QMediaPlayer\n"),
    (formats_are_plain, UI, "label.setTextFormat(Qt.TextFormat.AutoText)\n"),
    (formats_are_plain, UI, "label.setTextFormat(chosen)\n"),
    (kinds_of_labels_say_that_they_are_plain, UI, "class A(QLabel):\n    def __init__(self): ...\n"),
    (kinds_of_labels_say_that_they_are_plain, UI, "class A(QtWidgets.QLabel):\n    pass\n"),
    (tool_tips_are_plain, UI, "chip.setToolTip(view.title)\n"),
    (tool_tips_are_plain, UI, "chip.setToolTip(f'Take off {title}')\n"),
    (tool_tips_are_plain, UI, "chip.setToolTip(self.tr('Take off {t}').format(t=title))\n"),
    (tool_tips_are_plain, UI, "chip.setToolTip(title if title else '')\n"),
    (tool_tips_are_plain, UI, "tabs.setTabToolTip(0, sheet.name)\n"),
    (tool_tips_are_plain, UI, "box.setItemData(0, one_line(words), Qt.ItemDataRole.ToolTipRole)\n"),
    (tool_tips_are_plain, UI, "item.setData(Qt.ItemDataRole.ToolTipRole, name)\n"),
    (
        tool_tips_are_plain,
        UI,
        ASKED.format("role == Qt.ItemDataRole.ToolTipRole", "self.name"),
    ),
    (
        tool_tips_are_plain,
        UI,
        ASKED.format("role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)", "self.name"),
    ),
    (text_boxes_are_plain, UI, "self.text = QTextEdit(self)\n"),
    (text_boxes_are_plain, UI, "class A(QTextEdit):\n    pass\n"),
    (text_boxes_are_plain, UI, "class A(TextAsTall):\n    pass\n"),
    (text_boxes_are_plain, next(iter(MAY_HAVE_TEXT_EDITS)), "self.setText(words)\n"),
    (text_boxes_are_plain, next(iter(MAY_HAVE_TEXT_EDITS)), "self.text.append(words)\n"),
    (drawings_are_the_program_s_own, UI, "from PySide6.QtSvg import QSvgRenderer\n"),
    (drawings_are_the_program_s_own, UI, "image = QImage.fromData(evidence)\n"),
    (drawings_are_the_program_s_own, UI, "QPixmap(str(path))\n"),
]


@pytest.mark.parametrize(("rule", "path", "text"), BAD)
def test_each_rule_bites(rule: Rule, path: str, text: str) -> None:
    assert rule(path, text)


GOOD: list[tuple[Rule, str, str]] = [
    (nothing_takes_markup, UI, "view.setPlainText(feedback)\nlabel.setText(feedback)\n"),
    (formats_are_plain, UI, "label.setTextFormat(Qt.TextFormat.PlainText)\n"),
    (
        kinds_of_labels_say_that_they_are_plain,
        UI,
        "class A(QLabel):\n    def __init__(self):\n        self.setTextFormat(Qt.TextFormat.PlainText)\n",
    ),
    (tool_tips_are_plain, UI, "button.setToolTip('')\nbutton.setToolTip(self.tr('More'))\n"),
    (
        tool_tips_are_plain,
        UI,
        "button.setToolTip(keys.hint('inbox.claim'))\nchip.setToolTip(plain_tip(title))\n",
    ),
    (
        tool_tips_are_plain,
        UI,
        ASKED.format("role == Qt.ItemDataRole.ToolTipRole", "plain_tip(self.name)"),
    ),
    (text_boxes_are_plain, UI, "shown: list[QTextEdit.ExtraSelection] = []\nQPlainTextEdit(self)\n"),
    (drawings_are_the_program_s_own, UI, "QImage(QSize(1, 1), QImage.Format.Format_RGB32)\nQIcon(drawn)\n"),
]


@pytest.mark.parametrize(("rule", "path", "text"), GOOD)
def test_no_rule_bites_what_is_right(rule: Rule, path: str, text: str) -> None:
    assert not rule(path, text)
