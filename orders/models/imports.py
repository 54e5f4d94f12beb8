"""A file of orders on its way in: the file, what was understood of it, and what became of that."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models.order import Order


class ImportState(models.TextChoices):
    READING = "reading", "Being read"
    REFUSED = "refused", "Refused"
    PREVIEW = "preview", "Waiting for you"
    APPLYING = "applying", "Being applied"
    DONE = "done", "Done"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"
    DISCARDED = "discarded", "Discarded"


class ImportMode(models.TextChoices):
    CREATE = "create", "Create new orders only"
    UPDATE = "update", "Update existing orders only"
    BOTH = "both", "Create and update"


WORKING = frozenset({ImportState.READING, ImportState.APPLYING, ImportState.UNDOING})
"""States in which a job is at work."""


class ColumnMapping(models.Model):
    """Which column of an unknown layout holds which of our fields, remembered by its header."""

    name = models.CharField(max_length=100, unique=True)
    header_hash = models.CharField(max_length=64, editable=False, db_index=True)
    columns = models.JSONField(default=dict, help_text="Our field, and the column as written.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ImportSession(models.Model):
    """One uploaded file, from upload to result or undo; a job may stop and go on at any row."""

    file_name = models.CharField(max_length=255)
    file_bytes = models.PositiveBigIntegerField(default=0)
    file_hash = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    source = models.CharField(max_length=50, help_text="The source its orders will have.")
    mode = models.CharField(max_length=10, choices=ImportMode, default=ImportMode.CREATE)
    wanted_format = models.CharField(max_length=20, default="auto")
    format = models.CharField(max_length=20, blank=True, help_text="As recognised.")
    mapping = models.JSONField(default=dict, blank=True)
    columns = models.JSONField(default=list, blank=True, help_text="The header as written.")
    unknown_columns = models.JSONField(default=list, blank=True)
    remarks = models.JSONField(default=list, blank=True, help_text="About the file as a whole.")

    state = models.CharField(max_length=20, choices=ImportState, default=ImportState.READING)
    problem = models.CharField(max_length=1000, blank=True)
    orders_total = models.PositiveIntegerField(default=0)
    orders_done = models.PositiveIntegerField(default=0)
    job_token = models.CharField(max_length=32, blank=True, editable=False)
    job_until = models.DateTimeField(null=True, blank=True, editable=False)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="import_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="import_has_a_source"),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportPart(models.Model):
    """A piece of the uploaded file: in the database, because every host must be able to read it."""

    session = models.ForeignKey(ImportSession, models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["session", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "position"], name="import_part_once_a_position"
            )
        ]

    def __str__(self) -> str:
        return f"part {self.position}"


class RowState(models.TextChoices):
    READY = "ready", "Ready"
    WARNING = "warning", "Ready, look at it"
    ERROR = "error", "Error"
    SKIPPED = "skipped", "Left out"
    CREATED = "created", "Created"
    UPDATED = "updated", "Updated"
    UNCHANGED = "unchanged", "Unchanged"
    FAILED = "failed", "Failed"
    UNDONE = "undone", "Undone"
    KEPT = "kept", "Kept at undo"


class ImportRow(models.Model):
    """One order of the file: its cells as given, what was understood, and what became of it."""

    session = models.ForeignKey(ImportSession, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=RowState)
    file_rows = models.JSONField(
        default=list, blank=True, help_text="Rows as a spreadsheet shows them."
    )
    cells = models.JSONField(
        default=dict, blank=True, help_text="Row number to its cells as given."
    )
    parsed = models.JSONField(default=dict, blank=True)
    remarks = models.JSONField(default=list, blank=True)
    row_hash = models.CharField(max_length=64, help_text="SHA-256 of what was understood.")
    is_edited = models.BooleanField(default=False)
    problem = models.CharField(max_length=1000, blank=True)
    order = models.ForeignKey(
        Order, models.SET_NULL, null=True, blank=True, related_name="import_rows"
    )
    before = models.JSONField(null=True, blank=True, help_text="An updated order as it was before.")
    order_version = models.PositiveIntegerField(
        null=True, blank=True, help_text="The order's version after this row was applied."
    )

    class Meta:
        ordering = ["session", "position"]
        indexes = [models.Index(fields=["session", "state", "position"], name="import_row_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "position"], name="import_row_once_a_position"
            ),
            models.CheckConstraint(
                condition=Q(state__in=RowState.values), name="import_row_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"row {self.position}"
