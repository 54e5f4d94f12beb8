"""Every model has a factory, and what it makes is valid."""

import inspect

import pytest
from django.apps import apps

from tests import factories

FACTORIES = {
    thing._meta.model: thing
    for thing in vars(factories).values()
    if inspect.isclass(thing)
    and issubclass(thing, factories.DjangoModelFactory)
    and thing is not factories.DjangoModelFactory
}
OURS = [
    model
    for label in ("core", "warehouses", "orders", "integrations", "routing")
    for model in apps.get_app_config(label).get_models()
]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_has_a_factory_that_makes_a_valid_row(db, model):
    row = FACTORIES[model]()

    row.full_clean()
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_factory_makes_a_second_one(db, model):
    FACTORIES[model]()
    FACTORIES[model]()
