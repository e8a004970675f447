"""Drawings inside PDF documents: bar charts, fraction bars, seating charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pymupdf

from reference_platform.demo import paper
from reference_platform.demo.paper import Draw

DARK, GREY, PALE = (0.12, 0.12, 0.14), (0.45, 0.45, 0.5), (0.85, 0.87, 0.9)
COLOURS = ((0.16, 0.36, 0.6), (0.88, 0.55, 0.16), (0.3, 0.58, 0.4))


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a bar chart."""

    name: str
    values: tuple[float, ...]


def bars(title: str, labels: Sequence[str], series: Sequence[Series], *, step: int, axis: str = "") -> Draw:
    """A chart of grouped bars with a scale from 0.

    Args:
        title: above the chart.
        labels: below each group.
        series: the bars of each group.
        step: distance of the scale's lines.
        axis: what the scale counts.
    """

    def draw(page: pymupdf.Page, rect: pymupdf.Rect) -> None:
        top, left, bottom, right = rect.y0 + 44, rect.x0 + 34, rect.y1 - 30, rect.x1 - 6
        highest = -(-max(max(s.values) for s in series) // step) * step
        page.insert_text((rect.x0, rect.y0 + 12), title, fontname="hebo", fontsize=10.5, color=DARK)
        page.insert_text((rect.x0, rect.y0 + 30), axis, fontsize=8, color=GREY)
        _legend(page, right, rect.y0 + 30, series)
        for value in range(0, int(highest) + 1, step):
            y = bottom - (bottom - top) * value / highest
            page.draw_line((left, y), (right, y), color=PALE if value else GREY, width=0.7)
            _right_aligned(page, str(value), left - 5, y + 3)
        group = (right - left) / len(labels)
        bar = group * 0.72 / len(series)
        for index, label in enumerate(labels):
            start = left + group * index + group * 0.14
            for number, one in enumerate(series):
                x = start + bar * number
                y = bottom - (bottom - top) * one.values[index] / highest
                page.draw_rect(
                    pymupdf.Rect(x, y, x + bar * 0.94, bottom), color=None, fill=COLOURS[number], width=0
                )
                _centred(page, f"{one.values[index]:g}", x + bar * 0.47, y - 3, 8)
            _centred(page, label, left + group * (index + 0.5), bottom + 13, 8.5)

    return draw


def fraction_bars(pairs: Sequence[tuple[int, int]]) -> Draw:
    """Bars of one length, each cut into equal parts with some of them shaded."""

    def draw(page: pymupdf.Page, rect: pymupdf.Rect) -> None:
        left, right = rect.x0 + 46, rect.x1 - 20
        height = rect.height / len(pairs)
        for index, (shaded, parts) in enumerate(pairs):
            y = rect.y0 + height * index
            page.insert_text((rect.x0, y + height * 0.5), f"{shaded}/{parts}", fontname="hebo", fontsize=13)
            for part in range(parts):
                x = left + (right - left) * part / parts
                cell = pymupdf.Rect(x, y + 4, left + (right - left) * (part + 1) / parts, y + height - 10)
                fill = (0.66, 0.8, 0.93) if part < shaded else (1, 1, 1)
                page.draw_rect(cell, color=DARK, fill=fill, width=0.9)

    return draw


def seats(turns: Sequence[Sequence[str]], note: str) -> Draw:
    """A seating chart: what is written on each seat; empty means nothing."""

    def draw(page: pymupdf.Page, rect: pymupdf.Rect) -> None:
        page.insert_text((rect.x0, rect.y1 - 4), note, fontsize=8.5, color=GREY)
        board = pymupdf.Rect(rect.x0 + rect.width * 0.3, rect.y0, rect.x1 - rect.width * 0.3, rect.y0 + 16)
        page.draw_rect(board, color=GREY, fill=PALE, width=0.7)
        _centred(page, "board", (board.x0 + board.x1) / 2, board.y0 + 11, 8.5)
        wide = rect.width / len(turns[0])
        high = (rect.height - 44) / len(turns)
        for row, marks in enumerate(turns):
            for column, mark in enumerate(marks):
                x, y = rect.x0 + wide * column, rect.y0 + 26 + high * row
                seat = pymupdf.Rect(x + 5, y + 3, x + wide - 5, y + high - 4)
                fill = (1, 1, 1) if mark else (0.97, 0.92, 0.85)
                page.draw_rect(seat, color=GREY, fill=fill, width=0.8, radius=0.12)
                number = f"S{row * len(marks) + column + 1}"
                page.insert_text((seat.x0 + 4, seat.y0 + 10), number, fontsize=7.5, color=GREY)
                paper.write_by_hand(
                    page, [mark or "-"], (seat.x0 + 30, seat.y1 - 10), size=11, colour=paper.PENCIL
                )

    return draw


def _legend(page: pymupdf.Page, right: float, y: float, series: Sequence[Series]) -> None:
    x = right - sum(pymupdf.get_text_length(one.name, fontsize=8.5) + 26 for one in series)
    for number, one in enumerate(series):
        page.draw_rect(pymupdf.Rect(x, y - 7, x + 8, y + 1), color=None, fill=COLOURS[number], width=0)
        page.insert_text((x + 12, y), one.name, fontsize=8.5, color=DARK)
        x += pymupdf.get_text_length(one.name, fontsize=8.5) + 26


def _centred(page: pymupdf.Page, text: str, x: float, y: float, size: float) -> None:
    half = pymupdf.get_text_length(text, fontsize=size) / 2
    page.insert_text((x - half, y), text, fontsize=size, color=DARK)


def _right_aligned(page: pymupdf.Page, text: str, x: float, y: float) -> None:
    page.insert_text((x - pymupdf.get_text_length(text, fontsize=8), y), text, fontsize=8, color=GREY)
