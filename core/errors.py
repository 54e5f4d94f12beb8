"""What every refusal has in common."""


class DomainError(Exception):
    """A rule of the business said no. The message is a sentence for staff to read."""

    code = "refused"
