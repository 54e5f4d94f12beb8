"""Collecting remarks."""

from orders.intake.parsed import Remark, Severity


class Notes:
    """The remarks of one order or file as they were made; above `most` they are only counted."""

    def __init__(self, most: int = 100_000) -> None:
        self.remarks: list[Remark] = []
        self.omitted = 0
        self._most = most

    @property
    def is_full(self) -> bool:
        return len(self.remarks) >= self._most

    def count(self) -> None:
        """One more remark that is not kept."""
        self.omitted += 1

    def _add(self, remark: Remark) -> None:
        if len(self.remarks) < self._most:
            self.remarks.append(remark)
        else:
            self.omitted += 1

    def error(self, row: int | None, field: str, code: str, message: str) -> None:
        self._add(Remark(row, field, Severity.ERROR, code, message))

    def warn(self, row: int | None, field: str, code: str, message: str) -> None:
        self._add(Remark(row, field, Severity.WARNING, code, message))

    def info(self, row: int | None, field: str, code: str, message: str) -> None:
        self._add(Remark(row, field, Severity.INFO, code, message))
