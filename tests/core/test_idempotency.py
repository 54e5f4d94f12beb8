"""A key makes a request that is sent twice happen once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from core.api import idempotency
from core.api.idempotency import body_hash, expire_answers, idempotent
from core.api.refusals import ApiRefusal
from core.models import AuditEvent, IdempotencyRecord
from core.tokens import issue_token
from tests.factories import AuditEventFactory, UserFactory

pytestmark = pytest.mark.django_db


class Bug(Exception):
    pass


class NotesView(APIView):
    """Writes an event for every request; the body says how it goes on after that."""

    permission_classes = []
    throttle_classes = []

    @idempotent
    def post(self, request):
        event = AuditEventFactory(reason=str(request.data.get("reason", "")))
        match request.data.get("end"):
            case "invalid":
                raise ValidationError({"end": "Never so."})
            case "refused":
                raise ApiRefusal("No.", code="no", status_code=409)
            case "answers 404":
                return Response({}, status=404)
            case "bug":
                raise Bug
        headers = {"Location": f"/notes/{event.pk}", "ETag": '"1"'}
        return Response({"id": event.pk, "text": "é"}, status=201, headers=headers)


@pytest.fixture
def person():
    return UserFactory()


def post(body, key, user, path="/api/v1/notes"):
    headers = {} if key is None else {"Idempotency-Key": key}
    request = APIRequestFactory().post(path, body, format="json", headers=headers)
    force_authenticate(request, user=user)
    response = NotesView.as_view()(request)
    return response.render() if hasattr(response, "render") else response


def test_the_second_time_gets_the_first_answer_and_nothing_happens(person):
    first, second = (post({"reason": "a"}, "k1", person) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert AuditEvent.objects.count() == 1
    assert first["Content-Type"] == "application/json"
    for header in ("Location", "ETag", "Content-Type"):
        assert first[header] == second[header]
    assert not first.has_header("Idempotency-Replayed")
    assert second["Idempotency-Replayed"] == "true"


def test_spaces_and_the_order_of_keys_make_no_other_body():
    assert body_hash({"a": 1, "b": [2]}) == body_hash({"b": [2], "a": 1})
    assert body_hash({"a": 1}) != body_hash({"a": "1"})


def test_the_same_key_with_another_body_is_refused(person):
    post({"reason": "a"}, "k1", person)

    answer = post({"reason": "b"}, "k1", person)

    assert (answer.status_code, answer.data["code"]) == (422, "idempotency_key_reused")
    assert AuditEvent.objects.count() == 1


def test_a_key_belongs_to_one_client_and_one_address(person):
    post({}, "k1", person)
    post({}, "k1", UserFactory())
    post({}, "k1", person, path="/api/v1/other-notes")

    assert AuditEvent.objects.count() == 3


def test_two_tokens_do_not_share_their_keys():
    for _ in range(2):
        token, _text = issue_token(name="t", client="bridge", scopes=[])
        request = APIRequestFactory().post(
            "/x", {}, format="json", headers={"Idempotency-Key": "k"}
        )
        force_authenticate(request, user=UserFactory(), token=token)
        assert NotesView.as_view()(request).status_code == 201

    assert IdempotencyRecord.objects.count() == 2


@pytest.mark.parametrize("end", ["invalid", "refused", "answers 404"])
def test_a_refused_request_leaves_nothing_and_frees_its_key(end, person):
    assert 400 <= post({"end": end}, "k1", person).status_code < 500

    assert not IdempotencyRecord.objects.exists()
    assert not AuditEvent.objects.exists()
    assert post({}, "k1", person).status_code == 201


def test_a_bug_leaves_nothing_and_frees_its_key(person):
    with pytest.raises(Bug):
        post({"end": "bug"}, "k1", person)

    assert not IdempotencyRecord.objects.exists()
    assert not AuditEvent.objects.exists()


def in_flight(person, seconds, body=None):
    return IdempotencyRecord.objects.create(
        owner=f"user:{person.pk}",
        method="POST",
        path="/api/v1/notes",
        key="k1",
        body_hash=body_hash(body or {}),
        locked_until=timezone.now() + timedelta(seconds=seconds),
    )


def test_a_request_in_flight_asks_the_second_one_to_come_back(person):
    in_flight(person, 30)

    answer = post({}, "k1", person)

    assert (answer.status_code, answer.data["code"]) == (409, "idempotency_key_in_use")
    assert 1 <= int(answer["Retry-After"]) <= 30
    assert not AuditEvent.objects.exists()
    assert IdempotencyRecord.objects.count() == 1


def test_another_body_is_refused_even_while_the_first_is_in_flight(person):
    in_flight(person, 30)

    assert post({"reason": "b"}, "k1", person).status_code == 422


def test_the_key_of_a_request_that_died_can_be_used_after_its_lease(person):
    in_flight(person, -1)

    assert post({}, "k1", person).status_code == 201
    assert post({}, "k1", person)["Idempotency-Replayed"] == "true"
    assert AuditEvent.objects.count() == 1


def test_who_lost_the_lease_writes_nothing(person, monkeypatch):
    """Somebody took over while it slept: its effect is taken back, the other's row stays."""

    class Slow(NotesView):
        @idempotent
        def post(self, request):
            AuditEventFactory()
            later = timezone.now() + timedelta(seconds=90)
            IdempotencyRecord.objects.update(locked_until=later)
            return Response({}, status=201)

    monkeypatch.setattr("tests.core.test_idempotency.NotesView", Slow)

    # The take-over above is undone with the rest; what counts is that nothing else was kept.
    assert post({}, "k1", person).status_code == 409
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "a\x7fb", "a\x00b"])
def test_a_key_that_is_none_is_refused(key, person):
    answer = post({}, key, person)

    assert (answer.status_code, answer.data["code"]) == (400, "idempotency_key_not_valid")
    assert not AuditEvent.objects.exists()


def test_the_longest_key_is_taken(person):
    assert post({}, "x" * 255, person).status_code == 201


def test_without_a_key_every_request_counts(person):
    post({}, None, person)
    post({}, None, person)

    assert AuditEvent.objects.count() == 2
    assert not IdempotencyRecord.objects.exists()


def test_answers_are_forgotten_after_seven_days(person):
    post({}, "old", person)
    IdempotencyRecord.objects.update(created_at=timezone.now() - idempotency.KEEP)
    post({}, "new", person)

    assert expire_answers() == 1
    assert IdempotencyRecord.objects.get().key == "new"
