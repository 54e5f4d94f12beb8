"""How a platform is staged, whichever it is; what every test of an adapter stands on."""

import pytest
import requests
import responses
from urllib3.exceptions import ProtocolError

from integrations.platforms.base import Platform
from integrations.platforms.calls import Hooks
from integrations.platforms.errors import (
    PlatformError,
)
from tests.integrations.documents import document
from tests.integrations.samples import HAS_CONTRACTS, ORDER, REFERENCE

HTML = "<html><body><h1>Something went wrong</h1></body></html>"

OUTAGES = [500, 502, 503, 504]

CUT = requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError(104)))


def approve(_quote):
    """Any price is fine."""


class PlatformCase:
    """A subclass says how its platform would answer: `connected()` and the staging methods."""

    def connected(self, hooks: Hooks) -> Platform: ...

    def stage_lookup(self, *orders, **answer): ...
    def stage_create(self, order=None, **answer): ...
    def stage_remote(self, order=None, **answer): ...
    def stage_update(self, order): ...
    def stage_purchase(self, **answer): ...
    def stage_prices(self): ...
    def stage_label_file(self, **answer): ...
    def stage_cancelled(self, order): ...
    def remote(self, remote_id, **state): ...
    def refusal(self, reason): ...

    order = ORDER
    document: str
    host: str
    create_path: str
    remote_id: str
    another_id: str
    calls_to_shape = 0
    calls_to_void = 0

    @pytest.fixture(autouse=True)
    def http(self):
        self.calls, self.records = [], []
        hooks = Hooks(before_call=self.calls.append, observe=self.records.append)
        with responses.RequestsMock(assert_all_requests_are_fired=False) as self.server:
            self.platform = self.connected(hooks)
            yield
            if HAS_CONTRACTS:
                for call in self.server.calls:
                    if call.request.url.startswith(self.host):
                        document(self.document).judge(call.request)

    def writes(self):
        return [call for call in self.calls if call.writes]

    def create_fails(self, **answer) -> PlatformError:
        self.stage_lookup()
        self.stage_create(**answer)
        with pytest.raises(PlatformError) as caught:
            self.platform.create(self.order)
        return caught.value

    def lookup_fails(self, **answer) -> PlatformError:
        self.stage_lookup(**answer)
        with pytest.raises(PlatformError) as caught:
            self.platform.find_by_reference(REFERENCE)
        return caught.value
