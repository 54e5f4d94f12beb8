"""How much a file may hold."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Checked before the rows are read as orders; over one of them the file is refused.

    `cell_characters` refuses nothing: a longer cell is shortened, with a remark.
    """

    bytes: int = 256 * 1024 * 1024
    rows: int = 1_000_000
    columns: int = 1_000
    cell_characters: int = 32_767
    unzipped_bytes: int = 256 * 1024 * 1024


DEFAULT_LIMITS = Limits()
