"""One table of everything that a key or a menu can do: id, text, keys, and where it acts.

Menus, palette, help sheet, tool tips and the test for uniqueness all read this table. A person's own keys
are a mapping from id to key sequences that is laid over the defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence


class Context(StrEnum):
    """Where a key acts. A context lies within its parent: see `PARENT`."""

    APP = "app"
    INBOX = "inbox"
    TEAM = "team"
    """The lead's questions and reports."""
    WORKSPACE = "workspace"
    DOCUMENT = "document"
    RUBRIC = "rubric"
    """A row of the rubric has the focus."""
    APPROVER = "approver"


PARENT = {
    Context.INBOX: Context.APP,
    Context.TEAM: Context.APP,
    Context.WORKSPACE: Context.APP,
    Context.DOCUMENT: Context.WORKSPACE,
    Context.RUBRIC: Context.WORKSPACE,
    Context.APPROVER: Context.WORKSPACE,
}
"""The context that is active as well whenever the key's own is."""


class Menu(StrEnum):
    """The menu that an entry stands in; NONE: palette and help sheet only."""

    FILE = "file"
    EDIT = "edit"
    VIEW = "view"
    GO = "go"
    EVIDENCE = "evidence"
    ASSESS = "assess"
    HELP = "help"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be done."""

    id: str
    text: str
    """Untranslated; `title` gives the words on screen."""
    keys: tuple[str, ...]
    """Default key sequences in Qt's portable text form; the first is shown in menus."""
    context: Context
    menu: Menu = Menu.NONE
    group: int = 0
    """Entries of one menu with different numbers are set apart by a line."""
    checkable: bool = False

    @property
    def title(self) -> str:
        """The words on screen."""
        return words(self.text)

    @property
    def single_character(self) -> bool:
        """Whether a key without modifier is among the defaults (WCAG 2.1.4: must be switchable)."""
        return any(len(key) == 1 for key in self.keys)


A, B, T, W, D, R, P = (
    Context.APP,
    Context.INBOX,
    Context.TEAM,
    Context.WORKSPACE,
    Context.DOCUMENT,
    Context.RUBRIC,
    Context.APPROVER,
)


def tr(text: str) -> str:
    """Mark a text of this table for translation; `words` gives its translation when it is shown."""
    return text


# fmt: off
ENTRIES: tuple[Entry, ...] = (
    # ---- everywhere ----
    Entry("sync.now", tr("Sync now"), ("F5",), A, Menu.FILE, 0),
    Entry("unsent.export", tr("Export unsent work…"), (), A, Menu.FILE, 0),
    Entry("unsent.receipts", tr("Read receipts…"), (), A, Menu.FILE, 0),
    Entry("unsent.carry", tr("Hand in a file of unsent work…"), (), A, Menu.FILE, 0),
    Entry("app.sign_in", tr("Sign in again"), (), A, Menu.FILE, 1),
    Entry("app.lock", tr("Lock"), ("Ctrl+Alt+L",), A, Menu.FILE, 1),
    Entry("app.accounts", tr("Change the account…"), ("Ctrl+Alt+A",), A, Menu.FILE, 1),
    Entry("app.sign_out", tr("Sign out…"), (), A, Menu.FILE, 1),
    Entry("app.settings", tr("Settings…"), ("Ctrl+,",), A, Menu.FILE, 1),
    Entry("app.quit", tr("Quit"), ("Ctrl+Q",), A, Menu.FILE, 2),
    Entry("edit.undo", tr("Undo"), ("Ctrl+Z",), W, Menu.EDIT, 0),
    Entry("edit.redo", tr("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), W, Menu.EDIT, 0),
    Entry("view.reports", tr("Questions and reports"), ("Ctrl+Shift+J",), A, Menu.GO, 0),
    Entry("view.inbox", tr("Inbox"), ("Ctrl+Shift+I",), A, Menu.GO, 0),
    Entry("view.waiting", tr("Waiting to send"), ("Ctrl+Shift+O",), A, Menu.GO, 0),
    Entry("view.calibration", tr("Calibration"), ("Ctrl+Shift+B",), A, Menu.GO, 0),
    Entry("pane.next", tr("Next pane"), ("F6",), A, Menu.GO, 1),
    Entry("pane.previous", tr("Previous pane"), ("Shift+F6",), A, Menu.GO, 1),
    Entry("theme.system", tr("Colours of the system"), (), A, Menu.VIEW, 0, checkable=True),
    Entry("theme.light", tr("Light"), (), A, Menu.VIEW, 0, checkable=True),
    Entry("theme.dark", tr("Dark"), (), A, Menu.VIEW, 0, checkable=True),
    Entry("theme.high_contrast", tr("High contrast"), (), A, Menu.VIEW, 0, checkable=True),
    Entry("text.larger", tr("Larger text"), ("Ctrl+Alt++", "Ctrl+Alt+="), A, Menu.VIEW, 1),
    Entry("text.smaller", tr("Smaller text"), ("Ctrl+Alt+-",), A, Menu.VIEW, 1),
    Entry("text.normal", tr("Normal text size"), ("Ctrl+Alt+0",), A, Menu.VIEW, 1),
    Entry("view.reset_layout", tr("Reset layout"), (), A, Menu.VIEW, 2),
    Entry("help.palette", tr("Find a command…"), ("Ctrl+K", "Ctrl+Shift+P"), A, Menu.HELP, 0),
    Entry("help.keys", tr("Keys"), ("F1", "?"), A, Menu.HELP, 0),
    Entry("help.going_on", tr("What is going on"), ("Ctrl+F1",), A, Menu.HELP, 1),
    Entry("help.report", tr("Save a report for support…"), (), A, Menu.HELP, 1),
    Entry("escape", tr("Leave: comment, selection, tool, page"), ("Esc",), W),
    # ---- inbox ----
    Entry("inbox.open", tr("Open"), ("Return", "Enter"), B),
    Entry("inbox.filter", tr("Filter the inbox"), ("Ctrl+F",), B, Menu.EDIT, 1),
    Entry("inbox.search", tr("Search everything on this computer"), ("Ctrl+Shift+F",), B, Menu.EDIT, 1),
    Entry("inbox.claim", tr("Take work from the queue…"), (), B, Menu.FILE, 0),
    Entry("inbox.release", tr("Give back the selected work…"), (), B, Menu.FILE, 0),
    Entry("inbox.renew", tr("Keep the selected work longer…"), (), B, Menu.FILE, 0),
    Entry("inbox.trip", tr("Get ready for a trip…"), (), B, Menu.FILE, 0),
    Entry("bank.manage", tr("Comments you use often…"), (), A, Menu.EDIT, 3),
    Entry("bank.insert", tr("Insert a comment you use often"), ("Ctrl+/",), W, Menu.EDIT, 3),
    Entry("bank.keep", tr("Keep the selected words as a comment…"), (), W, Menu.EDIT, 3),
    Entry("inbox.layers", tr("Add a filter…"), ("Ctrl+Shift+L",), B, Menu.EDIT, 1),
    Entry("inbox.unfilter", tr("Take off one filter"), ("Esc",), B, Menu.EDIT, 1),
    # ---- questions and reports ----
    Entry("case.search", tr("Search questions and reports"), ("Ctrl+F",), T, Menu.EDIT, 1),
    Entry("case.answer", tr("Send the answer"), ("Ctrl+Return", "Ctrl+Enter"), T, Menu.ASSESS, 0),
    Entry("case.answer_close", tr("Send the answer and close"), ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
          T, Menu.ASSESS, 0),
    Entry("case.give", tr("Give to somebody else…"), ("Ctrl+Shift+G",), T, Menu.ASSESS, 0),
    Entry("case.close", tr("Close without an answer"), ("Ctrl+Shift+D",), T, Menu.ASSESS, 0),
    Entry("case.take_back", tr("Take back what waits"), ("Ctrl+Shift+Z",), T, Menu.ASSESS, 0),
    # ---- a submission ----
    Entry("workspace.close", tr("Back to the inbox"), ("Ctrl+W",), W, Menu.FILE, 0),
    Entry("evidence.export", tr("Export an annotated copy…"), ("Ctrl+Shift+S",), W, Menu.FILE, 0),
    Entry("work.export", tr("Export my work…"), (), W, Menu.FILE, 0),
    Entry("item.next", tr("Next piece of evidence"), ("Ctrl+PgDown",), W, Menu.GO, 2),
    Entry("item.previous", tr("Previous piece of evidence"), ("Ctrl+PgUp",), W, Menu.GO, 2),
    Entry("criterion.next", tr("Next criterion"), ("Ctrl+Down",), W, Menu.GO, 3),
    Entry("criterion.previous", tr("Previous criterion"), ("Ctrl+Up",), W, Menu.GO, 3),
    Entry("criterion.next_unrated", tr("Next criterion without rating"), ("Ctrl+Return", "Ctrl+Enter"),
          W, Menu.GO, 3),
    Entry("criterion.next_unmet", tr("Next criterion below passing"), ("F8",), W, Menu.GO, 3),
    Entry("criterion.previous_unmet", tr("Previous criterion below passing"), ("Shift+F8",), W, Menu.GO, 3),
    Entry("denial.compose", tr("Write what a denial needs…"), ("Ctrl+Shift+M",), W, Menu.ASSESS, 1),
    Entry("denial.looked_in", tr("Looked in this evidence; not found"), ("Ctrl+E",), W, Menu.ASSESS, 1),
    Entry("feedback.preview", tr("Preview as the learner reads it"), ("Ctrl+Shift+V",), W, Menu.VIEW, 2),
    Entry("feedback.artifact", tr("Feedback on this evidence"), ("Ctrl+Shift+Y",), W, Menu.ASSESS, 0),
    Entry("spelling.suggest", tr("Correct the spelling…"), ("Ctrl+.",), W, Menu.EDIT, 3),
    Entry("spelling.language", tr("Language of the spell check…"), (), W, Menu.EDIT, 3),
    Entry("time.pause", tr("Pause or go on counting time"), ("Ctrl+Shift+T",), W, Menu.ASSESS, 3),
    Entry("rubric.changes", tr("What changed in the rubric"), (), W, Menu.VIEW, 2),
    Entry("submission.history", tr("History of this submission"), ("Ctrl+H",), W, Menu.VIEW, 2),
    Entry("submission.versions", tr("Earlier versions"), (), W, Menu.VIEW, 2),
    Entry("submission.recuse", tr("Give back for good…"), (), W, Menu.ASSESS, 3),
    Entry("submission.escalate", tr("Ask the team lead…"), ("Ctrl+Shift+Q",), W, Menu.ASSESS, 3),
    Entry("receipt.proof", tr("Prove that it was sent…"), (), W, Menu.FILE, 0),
    Entry("guard.lift", tr("Uncover what may name a person"), ("Ctrl+Shift+U",), W, Menu.EVIDENCE, 5),
    Entry("send.page", tr("Check and send…"), ("Ctrl+Shift+Return",), W, Menu.ASSESS, 2),
    Entry("send.take_back", tr("Take back"), (), W, Menu.ASSESS, 2),
    Entry("view.coverage", tr("Coverage: criteria and evidence"), ("Ctrl+M",), W, Menu.VIEW, 2),
    Entry("view.source_text", tr("Text as it is written"), ("Ctrl+U",), W, Menu.VIEW, 3, checkable=True),
    Entry("view.asked", tr("What was asked"), ("Shift+F4",), W, Menu.VIEW, 2),
    Entry("view.skill", tr("Skill statement"), ("F4",), W, Menu.VIEW, 2),
    # ---- the document ----
    Entry("find.open", tr("Find in the evidence"), ("Ctrl+F",), W, Menu.EDIT, 2),
    Entry("find.next", tr("Find next"), ("F3", "Ctrl+G"), W, Menu.EDIT, 2),
    Entry("find.previous", tr("Find previous"), ("Shift+F3", "Ctrl+Shift+G"), W, Menu.EDIT, 2),
    Entry("find.all", tr("All hits in the evidence"), ("Ctrl+Shift+F",), W, Menu.EDIT, 2),
    Entry("zoom.in", tr("Zoom in"), ("Ctrl++", "Ctrl+="), W, Menu.VIEW, 3),
    Entry("zoom.out", tr("Zoom out"), ("Ctrl+-",), W, Menu.VIEW, 3),
    Entry("zoom.actual", tr("Actual size"), ("Ctrl+0",), W, Menu.VIEW, 3),
    Entry("zoom.page", tr("Whole page"), ("Ctrl+1",), W, Menu.VIEW, 3),
    Entry("zoom.width", tr("Page width"), ("Ctrl+2",), W, Menu.VIEW, 3),
    Entry("zoom.height", tr("Page height"), (), W, Menu.VIEW, 3),
    Entry("rotate.right", tr("Rotate right"), ("Ctrl+R",), W, Menu.VIEW, 3),
    Entry("rotate.left", tr("Rotate left"), ("Ctrl+Shift+L",), W, Menu.VIEW, 3),
    Entry("view.rendition", tr("Show the file another way…"), ("Ctrl+Alt+R",), W, Menu.VIEW, 3),
    Entry("view.dim_page", tr("Dim the page"), (), W, Menu.VIEW, 3, checkable=True),
    Entry("view.tone", tr("Brightness and contrast…"), (), W, Menu.VIEW, 4),
    Entry("view.side_bar", tr("Side bar"), ("F9",), W, Menu.VIEW, 4, checkable=True),
    Entry("page.next", tr("Next page"), ("PgDown",), D, Menu.GO, 4),
    Entry("page.previous", tr("Previous page"), ("PgUp",), D, Menu.GO, 4),
    Entry("page.first", tr("First page"), ("Home",), D, Menu.GO, 4),
    Entry("page.last", tr("Last page"), ("End",), D, Menu.GO, 4),
    Entry("page.go_to", tr("Go to page…"), ("Ctrl+L",), W, Menu.GO, 4),
    Entry("history.back", tr("Back in the evidence"), ("Alt+Left",), W, Menu.GO, 5),
    Entry("history.forward", tr("Forward in the evidence"), ("Alt+Right",), W, Menu.GO, 5),
    Entry("link.list", tr("Links on these pages…"), ("Ctrl+Shift+K",), W, Menu.GO, 5),
    Entry("tool.pointer", tr("Pointer"), ("S",), D, Menu.EVIDENCE, 0, checkable=True),
    Entry("tool.hand", tr("Hand"), ("H",), D, Menu.EVIDENCE, 0, checkable=True),
    Entry("tool.highlight", tr("Highlight"), ("Alt+1",), W, Menu.EVIDENCE, 1, checkable=True),
    Entry("tool.underline", tr("Underline"), ("Alt+2",), W, Menu.EVIDENCE, 1, checkable=True),
    Entry("tool.note", tr("Note"), ("Alt+3",), W, Menu.EVIDENCE, 1, checkable=True),
    Entry("tool.text", tr("Text"), ("Alt+4",), W, Menu.EVIDENCE, 1, checkable=True),
    Entry("tool.box", tr("Box"), ("Alt+5",), W, Menu.EVIDENCE, 1, checkable=True),
    Entry("tool.ink", tr("Ink"), ("Alt+6",), W, Menu.EVIDENCE, 1, checkable=True),
    Entry("tool.eraser", tr("Eraser"), ("Alt+7",), W, Menu.EVIDENCE, 1, checkable=True),
    Entry("tool.strike_out", tr("Strike-out"), ("Alt+8",), W, Menu.EVIDENCE, 1, checkable=True),
    Entry("tool.ellipse", tr("Ellipse"), ("Alt+9",), W, Menu.EVIDENCE, 1, checkable=True),
    Entry("tool.arrow", tr("Arrow"), ("Alt+0",), W, Menu.EVIDENCE, 1, checkable=True),
    Entry("tool.question", tr("Question mark"), ("Alt+Q",), W, Menu.EVIDENCE, 1, checkable=True),
    Entry("colour.1", tr("Orange"), ("1",), D, Menu.EVIDENCE, 2, checkable=True),
    Entry("colour.2", tr("Sky blue"), ("2",), D, Menu.EVIDENCE, 2, checkable=True),
    Entry("colour.3", tr("Green"), ("3",), D, Menu.EVIDENCE, 2, checkable=True),
    Entry("colour.4", tr("Yellow"), ("4",), D, Menu.EVIDENCE, 2, checkable=True),
    Entry("colour.5", tr("Blue"), ("5",), D, Menu.EVIDENCE, 2, checkable=True),
    Entry("colour.6", tr("Purple"), ("6",), D, Menu.EVIDENCE, 2, checkable=True),
    Entry("annotation.comment", tr("Comment on the selected mark, or place one with the tool"),
          ("Return", "Enter"), D, Menu.EVIDENCE, 3),
    Entry("annotation.tie", tr("Tie to a criterion…"), ("Ctrl+T",), W, Menu.EVIDENCE, 3),
    Entry("annotation.next", tr("Next mark"), ("Alt+Down",), W, Menu.GO, 5),
    Entry("annotation.previous", tr("Previous mark"), ("Alt+Up",), W, Menu.GO, 5),
    Entry("annotation.delete", tr("Delete the selected marks"), ("Del",), D, Menu.EVIDENCE, 3),
    Entry("annotation.copy", tr("Copy marks or words"), ("Ctrl+C",), D, Menu.EDIT, 1),
    Entry("annotation.cut", tr("Cut marks"), ("Ctrl+X",), D, Menu.EDIT, 1),
    Entry("annotation.paste", tr("Paste marks on this page"), ("Ctrl+V",), D, Menu.EDIT, 1),
    Entry("annotation.duplicate", tr("Duplicate marks"), ("Ctrl+D",), D, Menu.EDIT, 1),
    Entry("annotation.select_all", tr("Select all marks"), ("Ctrl+A",), D, Menu.EDIT, 1),
    Entry("words.on", tr("Select words: up to the next word"), ("Shift+Right",), D),
    Entry("words.back", tr("Select words: up to the previous word"), ("Shift+Left",), D),
    Entry("words.down", tr("Select words: up to the line below"), ("Shift+Down",), D),
    Entry("words.up", tr("Select words: up to the line above"), ("Shift+Up",), D),
    Entry("words.move_on", tr("Selected words: move on by a word"), ("Ctrl+Shift+Right",), D),
    Entry("words.move_back", tr("Selected words: move back by a word"), ("Ctrl+Shift+Left",), D),
    Entry("words.move_down", tr("Selected words: move down by a line"), ("Ctrl+Shift+Down",), D),
    Entry("words.move_up", tr("Selected words: move up by a line"), ("Ctrl+Shift+Up",), D),
    Entry("layers.hide", tr("Hide all marks"), ("Ctrl+Shift+H",), W, Menu.VIEW, 6, checkable=True),
    Entry("layers.mine", tr("Show my marks"), (), W, Menu.VIEW, 6, checkable=True),
    Entry("layers.assessor", tr("Show marks of the assessor"), (), W, Menu.VIEW, 6, checkable=True),
    Entry("layers.learner", tr("Show marks of the learner"), (), W, Menu.VIEW, 6, checkable=True),
    # ---- comparing ----
    Entry("compare.open", tr("Compare with…"), ("Ctrl+Shift+C",), W, Menu.EVIDENCE, 4),
    Entry("compare.next", tr("Next change"), ("F7",), W, Menu.GO, 6),
    Entry("compare.previous", tr("Previous change"), ("Shift+F7",), W, Menu.GO, 6),
    Entry("compare.link", tr("Scroll together"), ("Ctrl+F7",), W, Menu.VIEW, 4, checkable=True),
    # ---- a recording ----
    Entry("media.play", tr("Play or pause the recording"), ("Space",), D),
    Entry("media.back", tr("Back 5 seconds"), ("Left",), D),
    Entry("media.forward", tr("Forward 5 seconds"), ("Right",), D),
    Entry("media.frame_back", tr("Back one frame"), (",",), D),
    Entry("media.frame_forward", tr("Forward one frame"), (".",), D),
    Entry("media.slower", tr("Play slower"), ("[",), D),
    Entry("media.faster", tr("Play faster"), ("]",), D),
    Entry("media.mute", tr("Sound on or off"), ("M",), D),
    Entry("media.note", tr("Note at this moment"), ("N",), D),
    Entry("media.range_start", tr("Start of a range"), ("I",), D),
    Entry("media.range_end", tr("End of a range"), ("O",), D),
    Entry("media.loop", tr("Repeat the range"), ("L",), D),
    # ---- the rubric ----
    Entry("level.1", tr("Set the lowest level"), ("1",), R, Menu.ASSESS, 0),
    Entry("level.2", tr("Set the second level"), ("2",), R, Menu.ASSESS, 0),
    Entry("level.3", tr("Set the third level"), ("3",), R, Menu.ASSESS, 0),
    Entry("level.4", tr("Set the fourth level"), ("4",), R),
    Entry("level.5", tr("Set the fifth level"), ("5",), R),
    Entry("level.6", tr("Set the sixth level"), ("6",), R),
    Entry("level.7", tr("Set the seventh level"), ("7",), R),
    Entry("level.8", tr("Set the eighth level"), ("8",), R),
    Entry("level.9", tr("Set the ninth level"), ("9",), R),
    Entry("level.clear", tr("Clear the rating"), ("0",), R, Menu.ASSESS, 0),
    Entry("criterion.not_scorable", tr("Not scorable…"), ("Ctrl+Shift+N",), W, Menu.ASSESS, 0),
    Entry("criterion.feedback", tr("Write feedback"), ("Return", "Enter"), R, Menu.ASSESS, 0),
    Entry("link.inaccessible", tr("Mark the link as inaccessible…"), ("Ctrl+Shift+X",), W, Menu.ASSESS, 0),
    # ---- the approver ----
    Entry("approver.reveal", tr("Reveal the assessor's ratings"), ("Ctrl+Shift+R",), P, Menu.ASSESS, 1),
    Entry("approver.award", tr("Award…"), ("Ctrl+Shift+A",), P, Menu.ASSESS, 1),
    Entry("approver.deny", tr("Deny…"), ("Ctrl+Shift+D",), P, Menu.ASSESS, 1),
    Entry("approver.return", tr("Return to the assessor…"), ("Ctrl+Shift+E",), P, Menu.ASSESS, 1),
)
# fmt: on

MENU_TITLES = {
    Menu.FILE: tr("File"),
    Menu.EDIT: tr("Edit"),
    Menu.VIEW: tr("View"),
    Menu.GO: tr("Go"),
    Menu.EVIDENCE: tr("Evidence"),
    Menu.ASSESS: tr("Assess"),
    Menu.HELP: tr("Help"),
}
CONTEXT_TITLES = {
    Context.APP: tr("Everywhere"),
    Context.INBOX: tr("Inbox"),
    Context.TEAM: tr("In questions and reports"),
    Context.WORKSPACE: tr("In a submission"),
    Context.DOCUMENT: tr("With focus on the evidence"),
    Context.RUBRIC: tr("With focus on a row of the rubric"),
    Context.APPROVER: tr("As approver"),
}
"""Untranslated words on screen; pass them to `words`."""


def words(text: str) -> str:
    """The translation of a text of this table."""
    return QCoreApplication.translate("", text)


def overlaps(one: Context, other: Context) -> bool:
    """Whether keys of both contexts can be active at once."""

    def line(context: Context) -> list[Context]:
        found = [context]
        while found[-1] in PARENT:
            found.append(PARENT[found[-1]])
        return found

    return one in line(other) or other in line(one)


class KeyTable:
    """The entries with a person's own keys laid over the defaults."""

    def __init__(
        self, own_keys: Mapping[str, tuple[str, ...]] | None = None, *, single_characters: bool = True
    ) -> None:
        """Take the defaults and lay `own_keys` over them.

        Args:
            own_keys: key sequences by id; an empty tuple takes an entry's keys away.
            single_characters: False switches off all keys without a modifier (WCAG 2.1.4).
        """
        self._entries = {entry.id: entry for entry in ENTRIES}
        self._own = dict(own_keys or {})
        self.single_characters = single_characters

    def __iter__(self) -> Iterator[Entry]:
        """All entries, in the table's order."""
        return iter(self._entries.values())

    def entry(self, entry_id: str) -> Entry:
        """The entry of an id.

        Raises:
            KeyError: the table does not hold it.
        """
        return self._entries[entry_id]

    def keys(self, entry_id: str) -> tuple[str, ...]:
        """The key sequences in force for an entry."""
        keys = self._own.get(entry_id, self._entries[entry_id].keys)
        return tuple(key for key in keys if self.single_characters or len(key) > 1)

    def shown(self, entry_id: str) -> str:
        """The first key sequence as the system writes it; empty if there is none."""
        keys = self.keys(entry_id)
        return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

    def conflicts(self) -> tuple[tuple[str, str, str], ...]:
        """Pairs of ids with a key in common that can be active at once: (id, id, key)."""
        return conflicts((entry.id, entry.context, self.keys(entry.id)) for entry in self._entries.values())

    def action(
        self,
        entry_id: str,
        parent: QObject,
        run: Callable[[], object] | None = None,
        *,
        scope: Qt.ShortcutContext = Qt.ShortcutContext.WidgetWithChildrenShortcut,
    ) -> QAction:
        """An action with the entry's words and keys; its object name is the id.

        The main window finds the actions of the page shown by these names and puts them into its menus.

        Args:
            entry_id: id in the table.
            parent: owner; add the action to the widget in which its keys act.
            run: a bound method, called without arguments.
            scope: where the keys act.
        """
        entry = self._entries[entry_id]
        action = QAction(entry.title, parent)
        action.setObjectName(entry_id)
        action.setCheckable(entry.checkable)
        action.setShortcuts([QKeySequence(key) for key in self.keys(entry_id)])
        action.setShortcutContext(scope)
        action.setToolTip(self.hint(entry_id))
        if run is not None:
            action.triggered.connect(run)
        return action

    def hint(self, entry_id: str) -> str:
        """The words with the key in brackets, for tool tips."""
        shown = self.shown(entry_id)
        title = self._entries[entry_id].title.removesuffix("…")
        return f"{title} ({shown})" if shown else title


def conflicts(
    bindings: Iterable[tuple[str, Context, tuple[str, ...]]],
) -> tuple[tuple[str, str, str], ...]:
    """Pairs of ids that share a key in overlapping contexts, as (id, id, key)."""
    taken: list[tuple[str, Context, str]] = []
    found: list[tuple[str, str, str]] = []
    for entry_id, context, keys in bindings:
        for key in keys:
            plain = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
            found += [
                (other_id, entry_id, plain)
                for other_id, other_context, other_key in taken
                if other_key == plain and other_id != entry_id and overlaps(context, other_context)
            ]
            taken.append((entry_id, context, plain))
    return tuple(found)
