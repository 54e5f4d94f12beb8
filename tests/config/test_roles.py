import pytest
from django.contrib.auth.models import Group

from config import roles
from config.roles import ROLES, UnknownPermission, ensure_roles

pytestmark = pytest.mark.django_db


def test_every_role_becomes_a_group_with_exactly_its_permissions():
    ensure_roles()
    Group.objects.get(name="Viewer").permissions.clear()

    ensure_roles()

    for name, wanted in ROLES.items():
        held = Group.objects.get(name=name).permissions.select_related("content_type")
        assert {f"{p.content_type.app_label}.{p.codename}" for p in held} == set(wanted)


def test_the_seven_roles_are_there():
    assert list(ROLES) == [
        "Viewer",
        "Clerk",
        "Router",
        "Warehouse",
        "Supervisor",
        "Integrator",
        "Auditor",
    ]


def test_a_misspelt_permission_is_named_and_nothing_changes(monkeypatch):
    monkeypatch.setitem(roles.ROLES, "Viewer", ["orders.view_odrer"])

    with pytest.raises(UnknownPermission, match="view_odrer"):
        ensure_roles()
    assert not Group.objects.exists()


def test_no_role_may_edit_schedules_or_people():
    granted = {name for names in ROLES.values() for name in names}

    assert not {n for n in granted if n.startswith("django_q.") and ".view_" not in n}
    assert not {n for n in granted if n.startswith("auth.")}
