"""What is going on, for whoever wonders and whoever helps: the page, the report, the offer after a crash."""
