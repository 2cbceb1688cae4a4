"""CSV as French spreadsheets read it: a BOM, semicolons, no cell that acts."""

import csv
import datetime
import io
from collections.abc import Iterable
from typing import Any

BOM = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_line(values: Iterable[Any]) -> str:
    """One line, its end included; dates as « 03/03/2025 », None as an empty cell."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerow([_cell(value) for value in values])
    return buffer.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    text = str(value)
    # A leading apostrophe: the spreadsheet shows the text and computes nothing.
    return f"'{text}" if text.startswith(FORMULA) else text
