"""System rows: people, roles, tokens, the audit trail, jobs."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.template.response import TemplateResponse
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule, Success
from unfold.contrib.filters.admin import FieldTextFilter, RangeDateTimeFilter
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from core.errors import DomainError
from core.models import ApiToken, AuditEvent, WorkerHeartbeat
from core.staff.actions import detail_action
from core.staff.forms import dress
from core.staff.pages import AuditedAdmin, ReadOnlyAdmin, StaffAdmin
from core.tokens import SCOPES, check_scopes, checked_networks, issue_token, revoke_token

for model in (User, Group, Schedule, Success, Failure, OrmQ):
    admin.site.unregister(model)


@admin.register(User)
class UserAdmin(AuditedAdmin, DjangoUserAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = [
        "username",
        "first_name",
        "last_name",
        "is_active",
        "is_superuser",
        "last_login",
    ]
    list_filter = ["is_active", "is_superuser", "groups"]


@admin.register(Group)
class GroupAdmin(AuditedAdmin, DjangoGroupAdmin):
    list_display = ["name"]


class ReadOnlyJobAdmin(ReadOnlyAdmin):
    """A schedule's function may be any callable, so nobody edits or resubmits from the site."""

    actions: list[str] = []


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyJobAdmin):
    list_display = ["name", "func", "schedule_type", "minutes", "cron", "next_run"]


@admin.register(Success)
class SuccessAdmin(ReadOnlyJobAdmin):
    list_display = ["name", "func", "started", "stopped"]
    exclude = ["args", "kwargs", "hook"]


@admin.register(Failure)
class FailureAdmin(ReadOnlyJobAdmin):
    list_display = ["name", "func", "started", "stopped", "short_result"]
    exclude = ["args", "kwargs", "hook"]

    @display(description="Error")
    def short_result(self, failure):
        return str(failure.result or "")[:120]


@admin.register(OrmQ)
class QueuedAdmin(ReadOnlyJobAdmin):
    list_display = ["id", "key", "lock"]
    fields = ["key", "lock"]


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor_label", "action", "object_type", "object_label", "reason"]
    list_filter = [
        ("action", FieldTextFilter),
        ("object_type", FieldTextFilter),
        ("at", RangeDateTimeFilter),
    ]
    search_fields = ["object_label", "=correlation_id"]


@admin.register(WorkerHeartbeat)
class WorkerHeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["queue", "at", "age", "host", "restarts"]

    @display(description="Seconds ago")
    def age(self, heartbeat):
        return round((timezone.now() - heartbeat.at).total_seconds())


class TokenForm(forms.ModelForm):
    """Scopes as boxes, networks as lines."""

    scopes = forms.MultipleChoiceField(
        choices=[(scope, f"{text} ({scope})") for scope, text in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    allowed_networks = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One network a line, as in 203.0.113.0/24; empty means any.",
    )

    class Meta:
        model = ApiToken
        fields = ["name", "client", "scopes", "allowed_networks", "expires_at"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("scopes", "allowed_networks"):
            if name in self.fields:
                dress(self.fields[name])

    def clean_scopes(self):
        check_scopes(self.cleaned_data["scopes"])
        return self.cleaned_data["scopes"]

    def clean_allowed_networks(self):
        try:
            return checked_networks(self.cleaned_data["allowed_networks"].split())
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


@admin.register(ApiToken)
class ApiTokenAdmin(StaffAdmin):
    """A token is made and revoked; its text is shown once, on the page after making it."""

    form = TokenForm
    list_display = [
        "name",
        "client",
        "token_id",
        "scope_list",
        "live",
        "expires_at",
        "last_used_at",
    ]
    actions_detail = ["revoke"]

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request, obj)

    def get_fields(self, request, obj=None):
        shown = ["name", "client", "scopes", "allowed_networks", "expires_at"]
        past = ["token_id", "created_at", "created_by", "revoked_at", "last_used_at"]
        return shown + (past if obj else [])

    def add_view(self, request, form_url="", extra_context=None):
        only_save = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, (extra_context or {}) | only_save)

    def save_model(self, request, obj, form, change):
        token, text = issue_token(**form.cleaned_data, created_by_id=request.user.pk)
        obj.pk = token.pk
        obj.token_id = token.token_id
        request.new_token_text = text

    def response_add(self, request, obj, post_url_continue=None):
        context = {
            **self.admin_site.each_context(request),
            "title": f"Token for {obj.name}",
            "opts": obj._meta,
            "token_text": request.new_token_text,
        }
        page = "admin/core/apitoken/shown_once.html"
        return TemplateResponse(request, page, context, headers={"Cache-Control": "no-store"})

    @display(description="Scopes")
    def scope_list(self, token):
        return ", ".join(token.scopes)

    @display(description="Live", boolean=True)
    def live(self, token):
        return token.is_live

    @detail_action(
        permission="core.change_apitoken",
        description="Revoke",
        icon="block",
        question="Whoever uses this token is refused from now on. This cannot be undone.",
    )
    def revoke(self, request, token, values):
        revoke_token(token)
        return f"The token “{token}” is revoked."
