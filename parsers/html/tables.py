"""Tables in HTML mail: most only place things, and read as flowing text; those of data keep their rows and columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat, zip_longest

LONGEST_CELL = 80
"""A longer one in a table without any line or heading is a paragraph in a column."""
SHORT = 60
WIDEST = 100
MOST_PADDING = 3
"""Lines up only where that makes the table at most so many times as long."""
SHAPES: dict[str | None, str] = {"table": "T", "/table": "t", "tr": "r", "td": "c", "th": "c"}
SHAPES |= {tag.upper(): shape for tag, shape in SHAPES.items() if tag}


def promising(tags: Sequence[str | None]) -> list[bool]:
    """For each table of a page, whether it may be one of data: it has two rows of several cells, and no table inside.

    Most pages have none, and their tables can be read as mere line breaks.
    """
    shape = "".join(map(SHAPES.get, tags, repeat("")))
    if "cc" not in shape:
        return [False] * shape.count("T")
    tables = shape.split("T")
    return [
        sum("cc" in row for row in inside.partition("t")[0].split("r")) > 1
        and ("t" in inside or number == len(tables) - 1)
        for number, inside in enumerate(tables)
    ][1:]


@dataclass(slots=True)
class Table:
    """A table being read: at which of the writer's lines it and each of its cells began."""

    start: int
    prefix: str
    layout: bool
    """Whether it says itself that it only places things."""
    ruled: bool = False
    """Whether it has headings or lines, as only data has."""
    rows: list[list[int]] = field(default_factory=list)

    def open_row(self) -> None:
        """Begin a row, unless one has just begun."""
        if not self.rows or self.rows[-1]:
            self.rows.append([])

    def open_cell(self, line: int, *, heads: bool) -> None:
        """Begin a cell at `line`."""
        if not self.rows:
            self.rows.append([])
        self.rows[-1].append(line)
        self.ruled = self.ruled or heads


Cell = list[str]


def written(table: Table, lines: list[str]) -> list[str]:
    """What stands for `lines[table.start:]`, the lines of the table, in the text."""
    if all(len(row) < 2 for row in table.rows):
        return lines[table.start :]
    starts = [start for row in table.rows for start in row]
    before = lines[table.start : starts[0]]
    ends = iter([*starts[1:], len(lines)])
    rows = [[lines[start : next(ends)] for start in row] for row in table.rows]
    cut = len(table.prefix)
    if not table.layout:
        said = [[[line[cut:].strip() for line in cell if line[cut:].strip()] for cell in row] for row in rows]
        if _is_data(said, ruled=table.ruled):
            apart = rows[0][0][:1] if rows[0][0] and not rows[0][0][0].strip("> ") else []
            return before + apart + [table.prefix + line for line in _as_rows(said)]
    return before + [line for row in rows for line in _flowing(row, cut)]


def _is_data(rows: list[list[Cell]], *, ruled: bool) -> bool:
    """Whether at least two rows, and most, say something in several columns, and briefly."""
    speaking = [row for row in rows if any(row)]
    full = [row for row in speaking if sum(map(bool, row)) > 1]
    if len(full) < 2 or len(full) * 2 <= len(speaking):
        return False
    return ruled or all(len(cell) < 2 and (not cell or len(cell[0]) <= LONGEST_CELL) for row in rows for cell in row)


def _as_rows(rows: list[list[Cell]]) -> list[str]:
    texts = [[" ".join(cell) for cell in row] for row in rows if any(row)]
    if all(len(row) == 2 and row[0].endswith((":", "：")) for row in texts):
        return [f"{label} {value}".rstrip() for label, value in texts]
    plain = [" | ".join(row).rstrip(" |") for row in texts]
    widths = [max(map(len, column)) for column in zip_longest(*texts, fillvalue="")]
    if sum(widths) > WIDEST or sum(widths) * len(texts) > MOST_PADDING * sum(map(len, plain)):
        return plain
    return [" | ".join(map(str.ljust, row, widths)).rstrip(" |") for row in texts]


def _flowing(row: list[Cell], cut: int) -> Cell:
    """The cells of a row one after the other; short ones that are no paragraphs of their own share a line."""
    out: Cell = []
    length = 0
    for cell in row:
        if not cell:
            continue
        begun = cell[0][cut:]
        if out and begun.strip("> ") and 0 < length <= SHORT:
            out[-1] += " " + begun.lstrip()
            out += cell[1:]
        else:
            out += cell
        length = len(cell[-1]) - cut
    return out
