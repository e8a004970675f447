"""Rubrics in the forms of others: 1EdTech CASE, Canvas CSV, Open Badges. What is lost is listed."""
