"""Every text that people read: the words of the domain, whole sentences, room for longer languages."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QAbstractButton, QWidget

from assessor_app import errors
from assessor_app.documents.cards import NOTE_CODES, REASONS, card_for, note_for
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.inbox_filter import InboxFilter
from assessor_app.domain.inbox_groups import InboxOrder
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.rubric.checks import EXPLANATIONS
from assessor_app.services import inbox_reading
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.scoring.level_row import LevelOption
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.ui.viewers.card_view import CardView
from assessor_app.ui.waiting_list import WaitingList
from assessor_app.ui.workspaces.approver import ApproverWorkspace
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.ui import accessibility_walk
from tests.ui.worlds import lesson_submission, make_context, on_screen, put_work

ROOT = Path(__file__).resolve().parents[2]
NEVER = re.compile(
    r"\b(seeds?|outbox|pins?|pinned|unanchored|traces?|leases?|leased|policy|policies|idempotency|idempotent"
    r"|[Ee]rrors?|exceptions?|synchroni[sz]\w*|digest|hash|token|blob|JSON|HTTP|worker|thread|null)\b|!"
)
"""Words of the domain page, and words of programmers; nobody is shouted at."""
SAYS_SAFE = re.compile(r"\bsafe\b|\bkept\b|\bstays?\b|[Nn]othing|\blost\b|\bsaved?\b")
ERRORS = {
    name
    for name, found in vars(errors).items()
    if inspect.isclass(found) and issubclass(found, errors.KnownError)
}
ERRORS_ARE_MADE_IN = ("services", "sync", "vault", "cache", "config.py")


@dataclass(frozen=True)
class Words:
    """A text on screen and where it stands."""

    place: str
    text: str


def literal(node: ast.AST) -> str | None:
    """The text of a literal, with {} for what is filled in; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
    return None


def texts_in(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The literals of an expression; both sides of a choice count."""
    text = literal(node)
    if text is not None:
        yield getattr(node, "lineno", 0), text
        return
    for child in ast.iter_child_nodes(node):
        yield from texts_in(child)


def calls_in(source: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last part of its function's name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", "") or getattr(node.func, "id", ""), node


def translatable(source: str, path: str = "") -> list[Words]:
    """What goes through `tr` and `translate`."""
    found = []
    for name, call in calls_in(source):
        if name in ("tr", "translate"):
            arguments = call.args[1:] if name == "translate" and len(call.args) > 1 else call.args
            for argument in arguments:
                found += [Words(f"{path}:{line}", text) for line, text in texts_in(argument)]
    return found


def errors_raised(source: str, path: str = "") -> list[tuple[Words, Words, Words]]:
    """Title, message and next step of every known error that is made."""
    found = []
    for name, call in calls_in(source):
        if name in ERRORS and len(call.args) >= 2:
            three = [" ".join(text for _line, text in texts_in(argument)) for argument in call.args[:3]]
            words = [Words(f"{path}:{call.lineno}", text) for text in (*three, "")[:3]]
            found.append((words[0], words[1], words[2]))
    return found


def sources(*places: str) -> Iterator[tuple[str, str]]:
    """Path and text of every file below some places of the program."""
    for place in places:
        root = ROOT / "assessor_app" / place
        for file in sorted([root] if root.is_file() else root.rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), file.read_text("utf-8")


def all_translatable() -> list[Words]:
    return [words for path, source in sources("ui") for words in translatable(source, path)]


def all_errors() -> list[tuple[Words, Words, Words]]:
    return [e for path, source in sources(*ERRORS_ARE_MADE_IN) for e in errors_raised(source, path)]


def all_fixed() -> list[Words]:
    """Cards, notes, and why each check exists."""
    cards = [(reason, card_for(reason)) for reason in sorted(REASONS)]
    found = [Words(f"card {reason}", text) for reason, card in cards for text in (card.title, card.message)]
    found += [Words(f"note {code}", note_for(code)) for code in sorted(NOTE_CODES)]
    return found + [Words(f"check {code.value}", text) for code, text in EXPLANATIONS.items()]


def is_whole(text: str) -> bool:
    """Whether a text of sentences ends like one; labels of a few words end in nothing."""
    has_sentences = re.search(r"[.?] [A-Z]", text) is not None
    return not has_sentences or text.rstrip().endswith((".", "?", "…", ":", "”", "}"))


def test_no_word_on_screen_is_a_programmers() -> None:
    spoken = all_translatable() + all_fixed() + [words for error in all_errors() for words in error]
    assert len(spoken) > 800
    wrong = [f"{w.place}: {found.group()!r} in {w.text!r}" for w in spoken if (found := NEVER.search(w.text))]
    assert not wrong, "\n".join(["", *wrong])


def test_sentences_are_whole() -> None:
    wrong = [f"{w.place}: {w.text!r}" for w in all_translatable() if not is_whole(w.text)]
    for title, message, step in all_errors():
        wrong += [f"{title.place}: {title.text!r} is a title" for _ in [0] if title.text.endswith(".")]
        wrong += [
            f"{w.place}: {w.text!r}"
            for w in (message, step)
            if w.text and not w.text.endswith((".", "?", "}"))
        ]
    wrong += [f"{w.place}: {w.text!r}" for w in all_fixed() if " " in w.text and not is_whole(w.text)]
    assert not wrong, "\n".join(["", *wrong])


def test_every_trouble_says_that_the_work_is_safe() -> None:
    wrong = [
        f"card {r}" for r in sorted(REASONS) if "Your ratings and notes are safe." not in card_for(r).message
    ]
    for path, source in sources(*ERRORS_ARE_MADE_IN):
        # What is merely not open yet is no trouble; one file that cannot be fetched is told by its card.
        hints = [call.lineno for name, call in calls_in(source) if name in ("NotAllowed", "SealDamaged")]
        for title, message, step in errors_raised(source, path):
            is_hint = int(title.place.rpartition(":")[2]) in hints
            if not is_hint and not SAYS_SAFE.search(f"{message.text} {step.text}"):
                wrong.append(f"{title.place}: {title.text!r}")
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize(
    "source",
    [
        "self.tr('Opens the outbox')",
        "translate('Context', 'Done!')",
        "tr('Yes' if x else 'An error came up')",
        "self.tr(f'{n} pins on this page')",
    ],
)
def test_the_rule_of_words_bites(source: str) -> None:
    assert any(NEVER.search(words.text) for words in translatable(source))


def test_the_rule_of_sentences_bites() -> None:
    assert not is_whole("It is gone. Nothing is lost")
    (error,) = errors_raised("raise Offline('It is away', 'Nothing is lost.', 'Try ' 'again.')")
    assert [words.text for words in error] == ["It is away", "Nothing is lost.", "Try again."]


# ---- Longer languages


ACCENTS = str.maketrans("aeiouyAEIOUYncs", "áéíóúýÁÉÍÓÚÝñçš")
LONGER = 0.4
"""German and Finnish take about this much more room than English."""


def lengthened(text: str) -> str:
    """A text with accents, 40 % longer; what is filled in keeps its name."""
    parts = re.split(r"(\{[^}]*\})", text)
    accented = "".join(p if p.startswith("{") else p.translate(ACCENTS) for p in parts)
    return accented + "ěř" * max(1, round(len(text) * LONGER / 2))


class Longer(QTranslator):
    """A language in which everything takes more room."""

    def isEmpty(self) -> bool:
        """There is a translation of everything."""
        return False

    def translate(self, _context, text, _disambiguation=None, _n=-1) -> str:
        """The lengthened text."""
        return lengthened(text)


@pytest.fixture(scope="module")
def renderer():
    made = Renderer()
    made.warm_up()
    yield made
    made.close()


@pytest.fixture
def longer(qapp):
    translator = Longer()
    assert QCoreApplication.installTranslator(translator)
    yield translator
    assert QCoreApplication.removeTranslator(translator)


@pytest.fixture
def world(qtbot, tmp_path, renderer):
    """Builds a store, lanes and what a role works on; all is closed at the end."""
    opened = []

    def build(role: Role, status: SubmissionStatus):
        clock = builders.FakeClock()
        context = make_context(tmp_path / role.value, renderer, clock, role)
        version = builders.rubric_version()
        made = lesson_submission(version, status=status, attempt=2, prior=(builders.prior_attempt(),))
        sent = (builders.recommendation(1, of=made),) if role is Role.APPROVER else ()
        put_work(context, made, version, recommendations=sent)
        lanes = Lanes(context, clock=clock)
        opened.append((context, lanes))
        return made, context, lanes, clock

    yield build
    for context, lanes in opened:
        assert lanes.close()
        context.store.close()


def assessor_workspace(qtbot, world, key: str = "") -> AssessorWorkspace:
    """The assessor's workspace at its smallest usual size, with a piece of evidence open."""
    made, _context, lanes, clock = world(Role.ASSESSOR, SubmissionStatus.WAITING_ON_ASSESSOR)
    workspace = on_screen(qtbot, AssessorWorkspace(lanes, made.id, clock.now))
    if key:
        with qtbot.waitSignal(workspace.document.view.opened):
            assert workspace.evidence.select(key)
    return workspace


def review_page(qtbot, world) -> AssessorWorkspace:
    """The page that sends."""
    workspace = assessor_workspace(qtbot, world)
    workspace.review_mode.show()
    qtbot.waitUntil(workspace.review.isVisible)
    return workspace


def approver_workspace(qtbot, world, *, is_revealed: bool = False) -> ApproverWorkspace:
    """The approver's workspace, with the opinion covered or revealed."""
    made, _context, lanes, clock = world(Role.APPROVER, SubmissionStatus.WAITING_ON_APPROVER)
    workspace = on_screen(qtbot, ApproverWorkspace(lanes, made.id, clock.now))
    if is_revealed:
        workspace.panel.bar.reveal_button.click()
        qtbot.waitUntil(lambda: workspace.brief is not None and workspace.brief.recommendation is not None)
    return workspace


def main_window(qtbot, world, theme: Theme, place: str) -> MainWindow:
    """The window at one of its places, with work in it."""
    _made, context, _lanes, clock = world(Role.ASSESSOR, SubmissionStatus.WAITING_ON_ASSESSOR)
    rows = inbox_reading.rows(context, inbox_reading.overview(context, InboxFilter()).order.ids)
    inbox = Inbox(lambda _ids, deliver: deliver(rows), clock.now)
    inbox.set_order(InboxOrder.of_rows(rows))
    waiting = WaitingList()
    states = (OutboxState.QUEUED, OutboxState.BLOCKED, OutboxState.CONFLICT)
    items = [builders.outbox_item(n, state=state) for n, state in enumerate(states, 1)]
    waiting.show_items(items, {rows[0].id: f"{rows[0].code}, {rows[0].title}"}, clock.now())
    window = MainWindow(inbox, waiting, theme)
    qtbot.addWidget(window)
    window.show_place(place)
    window.show()
    return window


WINDOWS: dict[str, Callable[..., QWidget]] = {
    "inbox": lambda qtbot, world, theme: main_window(qtbot, world, theme, "inbox"),
    "waiting": lambda qtbot, world, theme: main_window(qtbot, world, theme, "waiting"),
    "response": lambda qtbot, world, _theme: assessor_workspace(qtbot, world),
    "pages": lambda qtbot, world, _theme: assessor_workspace(qtbot, world, "artifact:art-1"),
    "card": lambda qtbot, world, _theme: assessor_workspace(qtbot, world, "artifact:art-12"),
    "link": lambda qtbot, world, _theme: assessor_workspace(qtbot, world, "link:link-1"),
    "review": lambda qtbot, world, _theme: review_page(qtbot, world),
    "covered": lambda qtbot, world, _theme: approver_workspace(qtbot, world),
    "revealed": lambda qtbot, world, _theme: approver_workspace(qtbot, world, is_revealed=True),
}


LARGE = ("inbox", "waiting", "pages", "card", "revealed")


@pytest.mark.parametrize(
    ("name", "percent"), [*[(name, 100) for name in WINDOWS], *[(name, 150) for name in LARGE]]
)
def test_longer_words_fit_and_everything_is_named_and_reached(qtbot, theme, longer, world, name, percent):
    theme.apply(Scheme.LIGHT, percent)
    window = WINDOWS[name](qtbot, world, theme)
    if percent > 100:
        window.resize(1440, 900)
    words = [b.text() for b in window.findChildren(QAbstractButton) if b.isVisible() and b.text()]
    assert sum("ěř" in text for text in words) > 2
    qtbot.waitUntil(lambda: accessibility_walk.clipped_buttons(window) == [])
    assert [a.text() for a in window.actions() if a.text() and "ěř" not in a.text()] == []
    assert accessibility_walk.unnamed(window) == []
    # A level is chosen by digits and arrows on its row, which takes the focus for all of them.
    options = window.findChildren(LevelOption)
    rows = [option.parentWidget() for option in options]
    assert all(row is not None and row.focusPolicy() for row in rows)
    mouse_only = accessibility_walk.without_keyboard(window)
    assert {line for line in mouse_only if not line.startswith("LevelOption ")} == set()


@pytest.mark.parametrize("width_px", [260, 900])
def test_the_buttons_of_a_card_fit_a_narrow_view(qtbot, theme, longer, width_px):
    theme.apply(Scheme.LIGHT, 100)
    card = CardView()
    qtbot.addWidget(card)
    # As in a pane that may be narrower than its document would like.
    card.setMinimumWidth(100)
    card.show_card(card_for("damaged"), "Lesson plan.pdf")
    card.resize(width_px, 600)
    card.show()
    qtbot.waitUntil(lambda: accessibility_walk.clipped_buttons(card) == [])
    is_below = card.list_button.y() > card.retry_button.y()
    assert is_below is (width_px == 260)
