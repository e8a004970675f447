"""Look: contrast of every pair that is used, text scale, what widgets are told, and plain texts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.ui.colours import LIGHT
from assessor_app.ui.keys import ENTRIES
from assessor_app.ui.plain_text import ElidedLabel, one_line, plain_label, set_plain_tooltip
from assessor_app.ui.style_sheet import TEXT_ROLES, style_sheet
from assessor_app.ui.theme import (
    ANNOTATION_COLOURS,
    BY_SCHEME,
    LEVEL_SHAPES,
    Scheme,
    colours_of,
    contrast,
    level_look,
    mixed,
    space,
)

SCHEMES = sorted(BY_SCHEME)
GROUNDS = ("window", "surface", "raised", "hover", "selected")
TEXTS = ("text", "quiet", "accent", "ok", "warning", "danger")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_readable_on_every_ground(scheme, ground, text):
    colours = BY_SCHEME[scheme]
    assert contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("meaning", ["ok", "warning", "danger", "accent"])
def test_texts_are_readable_on_the_soft_ground_of_a_meaning(scheme, meaning):
    colours = BY_SCHEME[scheme]
    soft = getattr(colours, f"{meaning}_soft")
    assert contrast(getattr(colours, meaning), soft) >= 4.5
    assert contrast(colours.text, soft) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_controls_stand_out_from_their_ground(scheme):
    colours = BY_SCHEME[scheme]
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    for ground in ("window", "surface"):
        assert contrast(colours.outline, getattr(colours, ground)) >= 3
        assert contrast(colours.focus, getattr(colours, ground)) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("levels", [2, 3, 4, 5, 9])
def test_levels_are_readable_and_told_by_shape_as_well(scheme, levels):
    looks = [level_look(index, levels, BY_SCHEME[scheme]) for index in range(levels)]
    assert all(contrast(look.text, look.fill) >= 4.5 for look in looks)
    assert len({look.fill for look in looks}) == levels
    shapes = [look.shape for look in looks[: len(LEVEL_SHAPES)]]
    assert len(set(shapes)) == len(shapes)


def test_black_text_stays_readable_under_every_annotation_colour():
    assert len(ANNOTATION_COLOURS) == 7
    assert all(contrast("#000000", mixed("#ffffff", c, 0.35)) >= 12 for c in ANNOTATION_COLOURS.values())
    assert len([entry for entry in ENTRIES if entry.id.startswith("colour.")]) == 6


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_widget_is_told_the_colours_in_force(theme, qtbot, scheme):
    widget = QWidget()
    qtbot.addWidget(widget)
    theme.apply(Scheme(scheme))
    assert colours_of(widget) == BY_SCHEME[scheme]


def test_text_grows_within_its_bounds_and_takes_distances_with_it(theme, qtbot):
    theme.apply(Scheme.LIGHT, 100)
    button = QPushButton("Check and send")
    label = plain_label("Inbox", "title")
    for widget in (button, label):
        qtbot.addWidget(widget)
        widget.show()
    small, height, before = space(button, 4), label.sizeHint().height(), QApplication.font().pointSizeF()
    theme.apply(scale_percent=200)
    assert QApplication.font().pointSizeF() == pytest.approx(2 * before)
    assert space(button, 4) >= 2 * small - 2
    assert label.sizeHint().height() > 1.7 * height
    theme.apply(scale_percent=500)
    assert theme.scale_percent == 200
    theme.grow(0)
    assert theme.scale_percent == 100
    theme.grow(-5)
    assert theme.scale_percent == 90


def test_applying_the_same_look_again_does_nothing(theme):
    theme.apply(Scheme.DARK, 100)
    changes: list[int] = []
    theme.changed.connect(lambda: changes.append(1))
    theme.apply(Scheme.DARK, 100)
    assert changes == []
    theme.apply(Scheme.LIGHT)
    assert changes == [1]


def test_buttons_are_large_enough_to_hit(theme, qtbot):
    theme.apply(Scheme.LIGHT, 90)
    button = QPushButton("Ok")
    qtbot.addWidget(button)
    assert button.sizeHint().height() >= 24


def test_labels_never_guess_markup(qtbot):
    label = plain_label("<img src='/etc/passwd'> a<b and c>d", "body")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    set_plain_tooltip(label, "<img src='x'>")
    assert "<img" not in label.toolTip()
    with pytest.raises(KeyError):
        plain_label("x", "shouting")
    assert "title" in TEXT_ROLES


def test_a_long_name_is_elided_on_screen_and_whole_for_a_screen_reader(qtbot):
    label = ElidedLabel("A very long name of a micro-credential " * 5)
    qtbot.addWidget(label)
    label.resize(120, 30)
    label.show()
    qtbot.waitUntil(lambda: label.text().endswith("…"))
    assert label.accessibleName() == label.whole_text()
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_one_line_takes_away_what_deceives():
    assert one_line("report\u202efdp.exe\n  second\tline\x00") == "reportfdp.exe second line"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton, QComboBox])
def test_the_frame_of_a_choice_stands_out_from_its_ground(theme, qtbot, scheme, kind):
    theme.apply(scheme, 100)
    window = QWidget()
    qtbot.addWidget(window)
    choice = kind()
    # The focus ring would stand out in any case.
    choice.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    QVBoxLayout(window).addWidget(choice)
    window.show()
    picture = window.grab().toImage()
    row = choice.geometry().center().y()
    start = choice.geometry().left()
    frame = [picture.pixelColor(start + x, row).name() for x in range(10)]
    assert max(contrast(colour, theme.colours().window) for colour in frame) >= 3
    assert contrast(picture.pixelColor(2, 2).name(), theme.colours().window) == 1


def test_a_test_may_leave_a_look_of_its_own(theme):
    theme.apply(Scheme.DARK, 200)


def test_and_the_next_begins_with_the_programs(qapp):
    assert qapp.palette().window().color().name() == LIGHT.window
    assert qapp.styleSheet() == style_sheet(LIGHT, qapp.font())
