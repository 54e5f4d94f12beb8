from tests.integrations.contract import PlatformContract
from tests.integrations.easyship_server import EasyshipServer


class TestEasyshipKeepsTheContract(EasyshipServer, PlatformContract):
    pass
