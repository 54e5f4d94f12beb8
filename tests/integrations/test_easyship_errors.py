from integrations.platforms.errors import (
    AllowanceSpent,
    BadCredentials,
    RateLimited,
    Unavailable,
)
from tests.integrations.contract_case import HTML
from tests.integrations.easyship_server import (
    EasyshipServer,
)


class TestErrors(EasyshipServer):
    def forbidden(self, *details, message="You do not have permission to access this resource."):
        error = {"code": "forbidden", "type": "invalid_request_error", "message": message}
        return {"status": 403, "json": {"error": error | {"details": list(details)}}}

    def test_a_spent_allowance_is_no_wrong_token(self):
        error = self.create_fails(
            **self.forbidden(message="API usage limit exceeded. Please upgrade your plan.")
        )

        assert type(error) is AllowanceSpent
        assert not error.is_retryable

    def test_too_many_a_second_is_a_matter_of_pace_even_as_a_403(self):
        error = self.create_fails(
            **self.forbidden("You have exceeded the maximum number of requests per second")
        )

        assert type(error) is RateLimited
        assert error.is_retryable

    def test_a_missing_scope_is_a_matter_of_credentials(self):
        assert type(self.create_fails(**self.forbidden())) is BadCredentials

    def test_being_turned_away_at_their_edge_is_no_wrong_token(self):
        error = self.create_fails(status=403, body=HTML)

        assert type(error) is Unavailable
        assert not error.is_ambiguous

    def test_the_reset_time_of_the_rate_limit_is_the_wait(self, monkeypatch):
        monkeypatch.setattr("time.time", lambda: 1764356159.0)
        error = self.create_fails(
            status=429,
            json={"error": {"code": "too_many_requests", "details": []}},
            headers={"X-RateLimit-Reset": "1764356160", "X-RateLimit-Remaining": "0"},
        )

        assert error.retry_after == 1.0

    def test_an_error_of_a_third_party_is_worth_another_look(self):
        body = {"error": {"code": "api_error", "type": "api_error", "details": ["courier down"]}}
        error = self.create_fails(status=400, json=body)

        assert isinstance(error, Unavailable)
        assert error.is_ambiguous
        assert "courier down" in str(error)

    def test_without_details_the_message_is_the_reason(self):
        body = {"error": {"message": "You have reached your plan limit.", "details": None}}

        assert "plan limit" in str(self.create_fails(status=402, json=body))
