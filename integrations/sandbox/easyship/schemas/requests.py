"""
What Easyship's requests may hold, as far as the sandbox answers them.

Names and places are those of the official document, so that pointers in error messages are
right; a contract test compares every definition with it. On strings, `maximum` is a length that
only the second validation enforces, as in the document.
"""

from integrations.sandbox.easyship.schemas.account import ACCOUNT
from integrations.sandbox.easyship.schemas.shared import PARTS, SHARED
from integrations.sandbox.easyship.schemas.shipping import PARCELS, SHIPMENTS

SCHEMAS = {**SHARED, **PARTS, **PARCELS, **SHIPMENTS, **ACCOUNT}
