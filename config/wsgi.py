"""What gunicorn serves."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# The addresses import every page. A process that has just started does so before it is asked for
# one: whoever asks first, often a platform with little patience, would wait for all of it.
import_module(settings.ROOT_URLCONF)
