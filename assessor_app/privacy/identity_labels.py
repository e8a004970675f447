"""What stands before a name or a school, in English and Spanish, and what parts one name from the next."""

from __future__ import annotations

import re

_STRONG = """
name|your name|full name|first name|last name|teacher name|teacher's name|teachers' names|student name
student's name|learner name|educator name|candidate name|participant name|names|group members|team members
author|authors|candidate|educator|learner|submitted by|prepared by|created by|written by|developed by
designed by|presented by|completed by|signature|signed|contact
nombre|nombres|nombre completo|nombre y apellido|nombre y apellidos|nombre del estudiante|nombre del alumno
nombre de la alumna|nombre de la maestra|nombre del maestro|nombre del docente|nombre de la docente
apellido|apellidos|autor|autora|autores|elaborado por|preparado por|presentado por|realizado por|firma
docente|integrantes
"""
_WEAK = """
teacher|teachers|student|students|instructor|co-teacher|mentor|coach|principal|observer|observed by|parent
guardian|presenter|class of|maestra|maestro|maestra/o|profesor|profesora|profe|estudiante|estudiantes|alumno
alumna|directora|director|tutor|tutora
"""
_BY = """
submitted by|prepared by|created by|written by|developed by|designed by|presented by|completed by|by
elaborado por|preparado por|presentado por|realizado por|por
"""
_SCHOOL = """
school|school name|name of school|school/district|district|school district|campus|escuela|colegio
nombre de la escuela|distrito|distrito escolar|plantel|institucion|centro educativo
"""


def _split(labels: str) -> tuple[str, ...]:
    return tuple(labels.strip().replace("\n", "|").split("|"))


STRONG_LABELS = frozenset(_split(_STRONG))
"""Behind these stands a name and nothing else."""
SCHOOL_LABELS = frozenset(_split(_SCHOOL))
NAME_LABELS = frozenset(
    label for label in STRONG_LABELS if "name" in label and label not in ("name", "names")
)
"""Behind these even one unknown word is a name."""
SHORT_BY_LABELS = frozenset({"by", "por"})

_ANY = "|".join((*_split(_STRONG), *_split(_WEAK), *_split(_SCHOOL)))
_COLON = "[:\uff1a]"
_BEGIN = r"(?:^|(?<=[|;•·])|(?<=[|;•·] )|(?<=\d )|(?<=\) ))\s*"
LABEL = re.compile(rf"{_BEGIN}(?P<label>{_ANY})(?:\(s\))?\s*{_COLON}\s*", re.IGNORECASE)
"""A label with its colon, at the beginning of a piece or behind a mark that parts pieces."""
LABEL_CELL = re.compile(rf"^\s*(?P<label>{_ANY})(?:\(s\))?\s*(?P<colon>{_COLON})?\s*$", re.IGNORECASE)
"""A piece that is nothing but a label."""
BY_LINE = re.compile(rf"^\s*(?P<label>{'|'.join(_split(_BY))})\s*:?\s+(?=\S)", re.IGNORECASE)
JOINS = re.compile(r"\s*(?:[|•·;/]|\s[\u2013\u2014-]\s|(?:,\s*)?\b(?:and|y|with|con)\b|&)\s*")
"""What parts a title line: "Ana Ruiz | Unit 3"."""
NEXT_NAME = re.compile(r"\.?(?:['\u2019]s)?\s*(?:,|&|/|\band\b|\by\b)+\s*(?:and\b|y\b)?\s*")
"""What parts the names of a list."""
PHONE_LABEL = re.compile(
    r"\b(?:phone|tel|cell|mobile|call|text|fax|telefono|teléfono|celular|móvil)\b", re.IGNORECASE
)
SCHOOL_WORDS = re.compile(
    r"school|academy|elementary|\bI\.?S\.?D|\bU\.?S\.?D|escuela|colegio|instituto|liceo|distrito|preparatoria",
    re.IGNORECASE,
)
"""Without one of these there is no school to look for."""
