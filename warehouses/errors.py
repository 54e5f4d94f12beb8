"""How the network and its stock say no.

WarehouseError
├── OutOfStock               asked for more than is free
├── StockWouldGoNegative     asked to take away more than is there
├── NothingReserved          asked to release or consume more than is reserved
├── NotAQuantity             zero, negative or absurdly large
├── TooMuchStock             more than a level can hold
├── IncompleteMovement       no reason, document or key, or one too long for the ledger
├── MovementAlreadyRecorded  the same key twice
├── SameWarehouse            a transfer from a warehouse to itself
└── PolicyChangedMeanwhile   somebody else set safety stock or reorder point first
"""

from core.errors import DomainError


class WarehouseError(DomainError):
    """The network refused."""


class OutOfStock(WarehouseError):
    code = "out_of_stock"

    def __init__(self, warehouse: str, sku: str, wanted: int, free: int):
        self.warehouse, self.sku, self.wanted, self.free = warehouse, sku, wanted, free
        super().__init__(
            f"{warehouse} has {free} of {sku} free, {wanted} wanted. "
            "Receive stock, choose another warehouse or reduce the quantity."
        )


class StockWouldGoNegative(WarehouseError):
    code = "stock_would_go_negative"

    def __init__(self, warehouse: str, sku: str, change: int, on_hand: int, reserved: int):
        super().__init__(
            f"{warehouse} holds {on_hand} of {sku}, {reserved} of them reserved: "
            f"a change of {change:+d} would leave less than is promised. "
            "Count again, or release reservations first."
        )


class NothingReserved(WarehouseError):
    code = "nothing_reserved"

    def __init__(self, warehouse: str, sku: str, wanted: int, reserved: int):
        super().__init__(
            f"{warehouse} has {reserved} of {sku} reserved, fewer than the {wanted} to let go. "
            "Run prove_stock to see which order holds them."
        )


class NotAQuantity(WarehouseError):
    code = "not_a_quantity"

    def __init__(self, quantity: object, wanted: str):
        super().__init__(f"{quantity} is not a quantity: it must be {wanted}.")


class TooMuchStock(WarehouseError):
    code = "too_much_stock"

    def __init__(self, warehouse: str, sku: str, on_hand: int, change: int, most: int):
        super().__init__(
            f"{warehouse} holds {on_hand} of {sku}: {change:+d} would pass the limit of {most:,}. "
            "Check the quantity."
        )


class IncompleteMovement(WarehouseError):
    code = "incomplete_movement"

    def __init__(self, wanted: str):
        super().__init__(f"A stock movement needs {wanted}.")


class MovementAlreadyRecorded(WarehouseError):
    code = "movement_already_recorded"

    def __init__(self, key: str):
        super().__init__(
            f"The stock movement “{key}” is already in the ledger. "
            "Nothing was changed; use a new document number for a new movement."
        )


class SameWarehouse(WarehouseError):
    code = "same_warehouse"

    def __init__(self, warehouse: str):
        super().__init__(f"{warehouse} cannot transfer stock to itself. Choose another target.")


class PolicyChangedMeanwhile(WarehouseError):
    code = "policy_changed_meanwhile"

    def __init__(self, warehouse: str, sku: str):
        super().__init__(
            f"Safety stock and reorder point of {sku} in {warehouse} were changed by someone else "
            "in the meantime. Nothing was saved; reload the page and try again."
        )
