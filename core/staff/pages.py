"""The base of every admin page: styled, audited, counted cheaply, and closed by default."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin, TabularInline

from core.audit import record_audit, snapshot
from core.errors import DomainError

PERMISSION = "staff_permission"
"""The attribute in which an action carries the permission it needs."""


class CappedCount(int):
    """A number of rows that says when it stopped counting."""

    cap = 10_000

    def __str__(self) -> str:
        return f"{self.cap:,}+" if self >= self.cap else f"{int(self):,}"


class CappedPaginator(Paginator):
    """Counts at most 10,000 rows: a list of a million opens as fast as a short one."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list.order_by().values("pk")
        return CappedCount(rows[: CappedCount.cap].count())


class StaffAdmin(ModelAdmin):
    """Nothing is deleted, no action exists, unless a subclass says so by name."""

    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    paginator: type[Paginator] = CappedPaginator
    list_filter_submit = True
    warn_unsaved_form = True
    list_fullwidth = True
    is_deletable = False

    def has_delete_permission(self, request, obj=None):
        return self.is_deletable and super().has_delete_permission(request, obj)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def _filter_actions_by_permissions(self, request, actions):
        """An action without a named permission is nobody's."""
        return [
            action
            for action in actions
            if (permission := getattr(action[0], PERMISSION, None))
            and self.may(request, permission)
        ]

    def _filter_unfold_actions_by_permissions(self, request, actions, object_id=None):
        """Likewise for the buttons of a page."""
        return [
            action
            for action in actions
            if (permission := getattr(action.method, PERMISSION, None))
            and self.may(request, permission)
        ]

    def may(self, request: HttpRequest, permission: str) -> bool:
        """`permission` is app.codename, or one of Django's four words."""
        if "." in permission:
            return request.user.has_perm(permission)
        return getattr(self, f"has_{permission}_permission")(request)

    def get_object(self, request, object_id, from_field=None):
        # An empty _to_field in the address would be looked up as the name of a field.
        return super().get_object(request, object_id, from_field or None)

    def response_action(self, request, queryset, *place):
        if all(map(self._is_key, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            return super().response_action(request, queryset, *place)
        messages.error(request, "Some of the chosen rows do not exist. Nothing was done.")
        return HttpResponseRedirect(request.get_full_path())

    def _is_key(self, text: str) -> bool:
        """Whether the text could be a key of this table: databases choke on one that could not."""
        field = self.model._meta.pk
        try:
            field.run_validators(field.to_python(text))
        except ValidationError:
            return False
        return "\x00" not in text

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            # The transaction is rolled back by now; nothing was saved.
            messages.error(request, str(error))
            return HttpResponseRedirect(request.get_full_path())


class AuditedAdmin(StaffAdmin):
    """Reference rows that staff edit directly; each change leaves an audit event."""

    def save_model(self, request, obj, form, change):
        before = snapshot(self.model._base_manager.get(pk=obj.pk)) if change else {}
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if not change or form.changed_data:
                record_audit("change" if change else "add", obj, before=before, after=snapshot(obj))

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        for obj in formset.new_objects:
            record_audit("add", obj, after=snapshot(obj))
        for obj, _fields in formset.changed_objects:
            record_audit("change", obj, after=snapshot(obj))
        for obj in formset.deleted_objects:
            record_audit("delete", obj, before=snapshot(obj))

    def delete_model(self, request, obj):
        with transaction.atomic():
            record_audit("delete", obj, before=snapshot(obj))
            super().delete_model(request, obj)


class ReadOnlyAdmin(StaffAdmin):
    """Rows that only services write."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyInline(TabularInline):
    """Rows shown beside their parent, written by services only."""

    extra = 0
    can_delete = False
    tab = True
    per_page = 20
    show_change_link = False
    hide_title = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def change_url(admin: Any, obj: Model) -> str:
    """The address of this object's page."""
    meta = obj._meta
    name = f"{admin.admin_site.name}:{meta.app_label}_{meta.model_name}_change"
    return reverse(name, args=[obj.pk])
