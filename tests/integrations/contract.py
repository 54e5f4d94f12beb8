"""What every adapter must do, whatever its API looks like; written once, run for each."""

from tests.integrations.contract_failures import FailureContract
from tests.integrations.contract_labels import LabelContract
from tests.integrations.contract_records import RecordContract
from tests.integrations.contract_sending import SendingContract


class PlatformContract(SendingContract, FailureContract, RecordContract, LabelContract):
    """A subclass says how its platform would answer; see `PlatformCase`."""
