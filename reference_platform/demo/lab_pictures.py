"""Photographs of lab days, drawn: nobody is in them."""

from __future__ import annotations

from functools import cache

from reference_platform.demo import pictures
from reference_platform.demo.pictures import Box, Disc, Line, Mark, Words

STEEL, GLASS, PINK, WOOD = (120, 126, 134), (206, 222, 230), (238, 190, 208), (196, 160, 116)


@cache
def station() -> bytes:
    """The titration station with its lever; the camera was turned."""
    ink = pictures.BLACK_MARKER
    marks: list[Mark] = [
        Box(0, 1300, 1200, 1600, (120, 96, 70), WOOD, 6),
        Box(300, 1240, 900, 1300, ink, (90, 94, 100), 5),
        Box(820, 200, 850, 1240, ink, STEEL, 4),
        Box(560, 420, 850, 446, ink, STEEL, 4),
        Box(560, 180, 620, 820, ink, GLASS, 4),
        Box(564, 330, 616, 816, (150, 180, 200), (222, 236, 246), 2),
        *[Line(((590, y), (618, y)), ink, 3) for y in range(220, 800, 40)],
        Box(574, 820, 606, 900, ink, GLASS, 4),
        Line(((606, 860), (900, 780)), pictures.RED_MARKER, 22),
        Disc(900, 778, 26, (206, 60, 56)),
        Line(
            ((530, 1000), (470, 1200), (710, 1200), (650, 1000), (650, 930), (530, 930), (530, 1000)), ink, 6
        ),
        Box(492, 1130, 688, 1196, PINK, PINK, 1),
        Box(430, 1200, 750, 1240, ink, (230, 232, 234), 5),
        Words("24.5 g", 500, 1231, 24, pictures.GREEN_MARKER),
        Box(150, 1040, 400, 1200, ink, (30, 34, 40), 6),
        Words("712", 190, 1160, 70, (120, 230, 140)),
        Line(((400, 1120), (492, 1090)), ink, 8),
        Box(120, 1330, 560, 1540, ink, (252, 250, 240), 4),
        Words("Our rule: 2 drops", 145, 1400, 32, pictures.BLUE_MARKER),
        Words("after the tone", 145, 1455, 32, pictures.BLUE_MARKER),
        Words("stops rising", 145, 1510, 32, pictures.BLUE_MARKER),
    ]
    return pictures.jpeg(
        pictures.whiteboard(marks, word="titration station"), orientation=pictures.ROTATE_CLOCKWISE
    )


@cache
def circuit_card() -> bytes:
    """A pair's card from station 3, with two explanations crossed out."""
    pen = pictures.PENCIL
    marks: list[Mark] = [
        Words("Station 3", 130, 130, 46, pen),
        Words("it is a weak bulb", 130, 280, 38, pen),
        Line(((120, 268), (520, 262)), pen, 5),
        Words("the wire eats some", 130, 370, 38, pen),
        Line(((120, 358), (560, 350)), pen, 5),
        Words("Test: we swap the bulbs.", 130, 520, 38, pen),
        Words("Now the other one should", 130, 590, 38, pen),
        Words("be dim. But they are both", 130, 660, 38, pen),
        Words("the same!!", 130, 730, 38, pen),
        Words("So: it is not the bulb.", 130, 860, 42, pictures.BLUE_MARKER),
        Words("It is the loop.", 130, 940, 42, pictures.BLUE_MARKER),
        Disc(600, 1060, 46, (250, 236, 150)),
        Disc(740, 1060, 46, (250, 236, 150)),
        Line(((554, 1060), (480, 1060), (480, 1180), (840, 1180), (840, 1060), (786, 1060)), pen, 6),
        Line(((646, 1060), (694, 1060)), pen, 6),
        Box(600, 1150, 710, 1210, pen, (240, 200, 110), 5),
    ]
    return pictures.jpeg(pictures.sheet_on_desk(marks, size=(1200, 1440), word="station 3", tilt=2.2))


@cache
def crossed_out() -> bytes:
    """The old table, with the late values crossed out."""
    pen, red = pictures.PENCIL, pictures.RED_MARKER
    marks: list[Mark] = [Words("T for 40 cm, one swing", 130, 130, 42, pen)]
    rows = (
        ("run", "who", "s"),
        ("1", "G2", "1.3"),
        ("2", "G6", "1.8"),
        ("3", "G11", "1.2"),
        ("4", "G20", "1.9"),
        ("5", "G2", "1.3"),
        ("6", "G6", "1.7"),
    )
    for number, cells in enumerate(rows):
        y = 270 + number * 116
        for cell, x in zip(cells, (150, 380, 640), strict=True):
            marks.append(Words(cell, x, y, 42, pen))
        if cells[1] in {"G6", "G20"}:
            marks += [
                Line(((610, y - 60), (800, y + 16)), red, 9),
                Line(((610, y + 16), (800, y - 60)), red, 9),
            ]
    marks += [
        Words("too late", 840, 395, 30, red),
        Words("dont use", 840, 445, 30, red),
        Words("mean: 1.27", 130, 1130, 42, pen),
    ]
    return pictures.jpeg(
        pictures.sheet_on_desk(marks, size=(1240, 1400), word="old table", tilt=-1.4),
        orientation=pictures.ROTATE_CLOCKWISE,
    )


@cache
def doubted_point() -> bytes:
    """A group's graph with one point in a circle."""
    pen, blue = pictures.PENCIL, pictures.BLUE_MARKER
    points = ((310, 860), (450, 740), (590, 640), (730, 480), (880, 510))
    marks: list[Mark] = [
        Words("10 swings: our lengths and theirs", 110, 120, 34, pen),
        Line(((200, 220), (200, 960), (980, 964)), pen, 6),
        Words("cm", 900, 1030, 36, pen),
        Words("s", 140, 260, 36, pen),
        *[Disc(x, y, 13, (60, 90, 170)) for x, y in points],
        Line(
            (
                (690, 480),
                (705, 446),
                (735, 432),
                (768, 450),
                (778, 485),
                (760, 518),
                (726, 528),
                (698, 510),
                (690, 480),
            ),
            pictures.RED_MARKER,
            6,
        ),
        Words("15.0? G6 measured it", 330, 330, 32, pictures.RED_MARKER),
        Words("twice more: 14.2  14.1", 330, 390, 32, pictures.RED_MARKER),
        Words("We keep it and say that", 120, 1140, 38, blue),
        Words("the string slipped.", 120, 1210, 38, blue),
    ]
    return pictures.jpeg(pictures.sheet_on_desk(marks, word="doubted point", ruled=False, tilt=1.2))


@cache
def bottles() -> bytes:
    """Three bottles with valves and syringes on a table."""
    ink = pictures.BLACK_MARKER
    marks: list[Mark] = [Box(0, 620, 1200, 900, (120, 96, 70), WOOD, 5)]
    for number, (name, level) in enumerate((("white", 38), ("brown", 35), ("milk", 1))):
        x = 150 + number * 350
        marks += [
            Box(x, 360, x + 160, 700, ink, (226, 214, 190), 5),
            Box(x + 50, 290, x + 110, 360, ink, GLASS, 5),
            Box(x + 62, 262, x + 98, 290, ink, (206, 60, 56), 4),
            Line(((x + 98, 276), (x + 190, 276), (x + 190, 420)), ink, 6),
            Box(x + 168, 420, x + 212, 640, ink, GLASS, 4),
            Box(x + 172, 636 - level * 5, x + 208, 640 - level * 5, ink, ink, 2),
            Words(name, x + 14, 800, 40, pictures.BLUE_MARKER),
        ]
    return pictures.png(pictures.whiteboard(marks, size=(1200, 900), word="bottles"))
