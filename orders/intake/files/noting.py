"""Collecting remarks."""

from orders.intake.parsed import Remark, Severity


class Notes:
    """The remarks of one order or file, in the order in which they were made."""

    def __init__(self) -> None:
        self.remarks: list[Remark] = []

    def error(self, row: int | None, field: str, code: str, message: str) -> None:
        self.remarks.append(Remark(row, field, Severity.ERROR, code, message))

    def warn(self, row: int | None, field: str, code: str, message: str) -> None:
        self.remarks.append(Remark(row, field, Severity.WARNING, code, message))

    def info(self, row: int | None, field: str, code: str, message: str) -> None:
        self.remarks.append(Remark(row, field, Severity.INFO, code, message))
