from tests.integrations.contract import PlatformContract
from tests.integrations.veeqo_server import VeeqoServer


class TestVeeqoKeepsTheContract(VeeqoServer, PlatformContract):
    pass
