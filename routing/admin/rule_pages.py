"""Pages and buttons of a draft's rules: add, edit, move, switch, remove."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from core.staff.pages import StaffAdmin, change_url
from routing.admin.linting import shown_findings
from routing.admin.offers import guide, offers
from routing.admin.rule_forms import RuleForms
from routing.models import Rule, Ruleset
from routing.services.edit_rules import (
    add_rule,
    fingerprint,
    move_rule,
    remove_rule,
    replace_rule,
    switch_rule,
)
from routing.services.rules import plain_rule
from routing.services.vocabulary import vocabulary

PERMISSION = "routing.change_ruleset"


class RulePages(StaffAdmin):
    """Adds them to the admin of rulesets."""

    def get_urls(self):
        both = require_http_methods(["GET", "POST"])
        pages: list[tuple[str, Any, Any, str]] = [
            ("rules/add/", both, add_page, "rule_add"),
            ("rules/<int:rule_id>/", both, edit_page, "rule_change"),
            ("rules/<int:rule_id>/remove/", both, remove_page, "rule_remove"),
            ("rules/<int:rule_id>/do/", require_POST, act, "rule_act"),
        ]
        urls = [
            path(
                f"<int:ruleset_id>/{address}",
                self.admin_site.admin_view(methods(partial(view, self))),
                name=f"routing_ruleset_{name}",
            )
            for address, methods, view, name in pages
        ]
        return [*urls, *super().get_urls()]


def rule_url(rule: Rule) -> str:
    """The address of a rule's own page."""
    return reverse("admin:routing_ruleset_rule_change", args=[rule.ruleset_id, rule.pk])


def add_page(admin: Any, request: HttpRequest, ruleset_id: int) -> HttpResponse:
    """GET shows an empty rule; POST writes it after all others, or where it says."""
    draft = _draft(admin, request, ruleset_id)
    forms = RuleForms(_posted(request), vocabulary())
    if request.method == "POST" and forms.is_valid():
        try:
            rule = add_rule(draft, forms.plain())
        except DomainError as error:
            forms.rule.add_error(None, str(error))
        else:
            messages.success(request, f"Rule {rule} is added.")
            return _after_save(admin, request, rule)
    return _page(admin, request, draft, forms, title="New rule")


def edit_page(admin: Any, request: HttpRequest, ruleset_id: int, rule_id: int) -> HttpResponse:
    """GET shows the rule; POST replaces it. Of a published ruleset it only shows."""
    ruleset = _ruleset(admin, request, ruleset_id)
    rule = _rule(ruleset, rule_id)
    may = request.user.has_perm(PERMISSION)
    if request.method == "POST" and not may:
        raise PermissionDenied
    forms = RuleForms(_posted(request), vocabulary(), plain_rule(rule))
    if request.method == "POST" and forms.is_valid() and _saved(request, rule, forms):
        return _after_save(admin, request, rule)
    extra = {
        "rule": rule,
        "seen": request.POST.get("seen") or fingerprint(rule),
        "lint": shown_findings(ruleset, rule.position),
        "may_edit": may and ruleset.is_draft,
    }
    return _page(admin, request, ruleset, forms, title=str(rule), **extra)


def _saved(request: HttpRequest, rule: Rule, forms: RuleForms) -> bool:
    plain = forms.plain()
    if not plain.position:
        forms.rule.add_error("position", "Give it a position.")
        return False
    try:
        saved = replace_rule(rule, plain, seen=request.POST.get("seen", ""))
    except DomainError as error:
        forms.rule.add_error(None, str(error))
        return False
    messages.success(request, f"Rule {saved} is saved.")
    return True


def remove_page(admin: Any, request: HttpRequest, ruleset_id: int, rule_id: int) -> HttpResponse:
    """GET asks; POST removes."""
    draft = _draft(admin, request, ruleset_id)
    rule = _rule(draft, rule_id)
    if request.method == "POST":
        return _answer(admin, request, draft, partial(remove_rule, rule), f"Rule {rule} is gone.")
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Remove rule: {rule}",
        "opts": Ruleset._meta,
        "question": f"“{rule.name}” is taken out of this draft. Published rulesets keep theirs.",
        "submit_text": "Remove rule",
        "back_url": change_url(admin, draft),
    }
    return TemplateResponse(request, "admin/staff_action.html", context)


def act(admin: Any, request: HttpRequest, ruleset_id: int, rule_id: int) -> HttpResponse:
    """The small buttons in the table of rules."""
    draft = _draft(admin, request, ruleset_id)
    rule = _rule(draft, rule_id)
    choices = {
        "up": (partial(move_rule, rule, up=True), "moved up"),
        "down": (partial(move_rule, rule, up=False), "moved down"),
        "on": (partial(switch_rule, rule, is_active=True), "switched on"),
        "off": (partial(switch_rule, rule, is_active=False), "switched off"),
    }
    if (chosen := request.POST.get("do", "")) not in choices:
        raise Http404
    perform, done = choices[chosen]
    return _answer(admin, request, draft, perform, f"“{rule.name}” is {done}.")


def _answer(admin: Any, request: HttpRequest, draft: Ruleset, perform: Any, done: str):
    try:
        perform()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(f"{change_url(admin, draft)}#rules")


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _ruleset(admin: Any, request: HttpRequest, ruleset_id: int) -> Ruleset:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    found = Ruleset.objects.filter(pk=ruleset_id).first()
    if found is None:
        raise Http404
    return found


def _draft(admin: Any, request: HttpRequest, ruleset_id: int) -> Ruleset:
    """For who may edit; whether it is still a draft is the services' business."""
    ruleset = _ruleset(admin, request, ruleset_id)
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    return ruleset


def _rule(ruleset: Ruleset, rule_id: int) -> Rule:
    rules = ruleset.rules.select_related("ruleset").prefetch_related("conditions", "outcomes")
    found = rules.filter(pk=rule_id).first()
    if found is None:
        raise Http404
    return found


def _after_save(admin: Any, request: HttpRequest, rule: Rule) -> HttpResponse:
    """Back to the list of rules, or on with this one."""
    if "stay" in request.POST:
        return HttpResponseRedirect(rule_url(rule))
    return HttpResponseRedirect(f"{change_url(admin, rule.ruleset)}#rules")


def _page(
    admin: Any, request: HttpRequest, ruleset: Ruleset, forms: RuleForms, **extra: Any
) -> HttpResponse:
    context = {
        **admin.admin_site.each_context(request),
        "opts": Ruleset._meta,
        "ruleset": ruleset,
        "forms": forms,
        "may_edit": True,
        "offers": offers(forms.words),
        "guide": guide(),
        "media": admin.media + forms.rule.media,
        "back_url": change_url(admin, ruleset),
        **extra,
    }
    status = 400 if forms.has_errors else 200
    template = "admin/routing/ruleset/rule.html"
    return TemplateResponse(request, template, context, status=status)
