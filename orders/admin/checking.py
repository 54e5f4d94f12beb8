"""The order page's part about findings: what to look at, what is proposed, what to do."""

from django.http import HttpResponseRedirect
from django.urls import reverse

from core.staff.actions import detail_action
from core.staff.forms import ReasonForm
from core.staff.pages import StaffAdmin
from orders.admin.looks import SEVERITY_LABELS
from orders.admin.words import label_of
from orders.checks import ABOUT_THE_ADDRESS, NEVER_OVERRIDDEN, ROUTE
from orders.models import Finding, FindingState
from orders.models.status import EDITABLE
from orders.services import accept_proposal, check_orders, vouch_for_address
from orders.services.check.twins import CODE as POSSIBLE_DUPLICATE

_RANK = {"error": 0, "warning": 1, "info": 2}


class CheckingPage(StaffAdmin):
    """Buttons of the order page that answer to findings, and the panel above its fields."""

    change_form_outer_before_template = "admin/orders/order/findings.html"

    def get_actions_detail(self, request, object_id):
        """“Accept” only where there is something to accept."""
        actions = super().get_actions_detail(request, object_id)
        proposing = Finding.objects.filter(order=object_id, details__has_key="after")
        if proposing.filter(state=FindingState.OPEN).exists():
            return actions
        return [action for action in actions if action.method.__name__ != "accept"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        order = self.get_object(request, object_id)
        context = findings_context(self, request, order) if order else {}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    @detail_action(
        permission="orders.change_order",
        description="Check again",
        icon="fact_check",
        question="Every check is run again; findings that are gone are closed.",
    )
    def check_again(self, request, order, values):
        check_orders([order.pk])
        count = order.findings.filter(state=FindingState.OPEN).count()
        return f"Order {order} is checked: {_counted(count)}."

    @detail_action(
        permission="orders.change_order",
        description="Accept correction",
        icon="auto_fix_high",
        question="The proposed values take the place of those in the order.",
    )
    def accept(self, request, order, values):
        accept_proposal(order, order.version)
        return f"Order {order} is corrected."

    @detail_action(
        permission="orders.change_order",
        description="Vouch for address",
        icon="verified",
        form=ReasonForm,
        question="The address counts as right for this order and every later one that goes there.",
    )
    def vouch(self, request, order, values):
        vouch_for_address(order, values["reason"])
        return f"The address of order {order} counts as right."


def findings_context(page, request, order):
    """What the panel shows; buttons only for those who may press them."""
    open_ones = order.findings.filter(state=FindingState.OPEN).exclude(field=ROUTE)
    findings = list(open_ones.select_related("line", "order"))
    findings.sort(key=lambda finding: (_RANK[finding.severity], finding.pk))
    may = request.user.has_perm("orders.change_order") and order.status in EDITABLE
    proposal = proposal_rows(findings)
    return {
        "open_findings": [_shown(finding, may) for finding in findings],
        "proposal": proposal,
        "accept_url": _order_url(order, "accept") if may and proposal else "",
        "vouch_url": _order_url(order, "vouch") if may and _doubts(findings) else "",
    }


def proposal_rows(findings):
    """Label, before and after of every field with a proposed correction."""
    rows = {
        name: (label_of(name), finding.details.get("before", {}).get(name, ""), after)
        for finding in findings
        for name, after in finding.details.get("after", {}).items()
    }
    return list(rows.values())


def is_overridable(finding):
    return (
        finding.state == FindingState.OPEN
        and finding.code not in NEVER_OVERRIDDEN
        and finding.code != POSSIBLE_DUPLICATE
        and finding.field != ROUTE
    )


def to_order(order):
    """Back to the order after an action on one of its rows."""
    return HttpResponseRedirect(_order_url(order, "change"))


def _shown(finding: Finding, may: bool):
    return {
        "finding": finding,
        "look": SEVERITY_LABELS[finding.severity],
        "url": reverse("admin:orders_finding_override", args=[finding.pk])
        if may and is_overridable(finding)
        else "",
        "line_url": f"{_order_url(finding.order, 'change_line')}?line={finding.line.position}"
        if may and finding.line
        else "",
        "pair_url": reverse("admin:orders_duplicatepair_change", args=[finding.details["pair"]])
        if finding.code == POSSIBLE_DUPLICATE and "pair" in finding.details
        else "",
    }


def _doubts(findings):
    return any(finding.code in ABOUT_THE_ADDRESS for finding in findings)


def _order_url(order, action):
    return reverse(f"admin:orders_order_{action}", args=[order.pk])


def _counted(count):
    if not count:
        return "nothing to look at"
    return f"{count} finding{'' if count == 1 else 's'} to look at"
