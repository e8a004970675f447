"""How many of the planted places are found: names known to the lists and names that no list has."""

from __future__ import annotations

from itertools import product

from assessor_app.privacy.identity_scan import scan_page, scan_text
from tests.unit.privacy.test_identity_scan import LETTER, page_of

KNOWN = (
    "Marisol Quintero", "Jayden Okafor", "Emily Johnson", "José Hernández", "Lakshmi Patel", "Mei Chen",
    "Ana-Maria Delgado", "Timothy O'Connor", "Fatima Ahmed", "Lucía Ortega Vidal", "Kwame Owens",
    "Sarah M. Whitfield", "Nguyen Thanh", "Guadalupe de la Cruz", "Grace Johnson", "Ms. Kowalczyk",
    "Mr. Abernathy", "Sra. Ibarrola", "Dr. Bartholomew", "Lopez, Maria",
)  # fmt: skip
UNKNOWN = ("Xochitl Quetzalli", "Dagny Thorvaldsen", "Bojan Krstic", "Anneliese Vandermolen")
LABELS = (
    "Name: {}", "Teacher name: {}", "Student name: {}", "Prepared by: {}", "Submitted by {}", "Author: {}",
    "Nombre: {}", "Docente: {}", "Elaborado por: {}", "Name: {}    Date: 3 March",
)  # fmt: skip
WEAK_LABELS = ("Teacher: {}", "Student: {}", "Instructor: {}", "Maestra: {}", "Coach: {} (room 12)")
SCHOOLS = (
    "Oakhurst Elementary School", "Green Valley Middle School", "PS 118 Maplewood School",
    "Lincoln High School", "Fairmont Unified School District", "Escuela Primaria Benito Juárez",
    "Colegio San Ignacio", "Rosewood Charter Academy",
)  # fmt: skip


def is_found(text: str, wanted: str) -> bool:
    return any(wanted.rstrip(".") in text[place.start : place.end] for place in scan_text(text))


def is_found_on_page(line: str, wanted: str, *, top: float, page: int) -> bool:
    body = [(72.0, 180.0 + 16 * n, 12.0, "Students compare fractions on a number line.") for n in range(30)]
    words = page_of((72, 95, 22, "Equivalent fractions"), (72, top, 11, line), *body)
    groups = scan_page(words, page, LETTER)
    return any(" ".join(words[index].text for index in group.words) == wanted for group in groups)


def test_at_least_nineteen_of_twenty_planted_places_are_found() -> None:
    tries: list[bool] = []
    body = "# A lesson\n" + "Students compare fractions.\n" * 12
    for label, name in product(LABELS, (*KNOWN, *UNKNOWN)):
        tries.append(is_found(body + label.format(name), name))
    for label, name in product(WEAK_LABELS, KNOWN):
        tries.append(is_found(body + label.format(name), name))
    for name in KNOWN:
        tries.append(is_found_on_page(name, name, top=130, page=0))
        tries.append(is_found_on_page(name, name, top=40, page=3))
        tries.append(is_found_on_page(name, name, top=760, page=3))
    for school in SCHOOLS:
        tries.append(is_found(body + f"School: {school}", school))
        tries.append(is_found_on_page(school, school, top=130, page=0))
        tries.append(is_found_on_page(school, school, top=760, page=2))
    assert len(tries) > 400
    assert sum(tries) / len(tries) >= 0.95, f"{sum(tries)} of {len(tries)}"
