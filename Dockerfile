# The base is named by its tag; whoever builds for production pins the digest they checked:
# docker build --build-arg PYTHON=python:3.11-slim@sha256:… .
ARG PYTHON=python:3.11-slim

FROM ${PYTHON} AS build
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements/prod.txt requirements/prod.txt
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/prod.txt
COPY . .
RUN SECRET_KEY=collects-static-files-and-nothing-else ALLOWED_HOSTS=localhost \
    VEEQO_BASE_URL=none VEEQO_API_KEY=none EASYSHIP_BASE_URL=none EASYSHIP_API_TOKEN=none \
    EASYSHIP_WEBHOOK_SECRET=none \
    /opt/venv/bin/python manage.py collectstatic --noinput
RUN /opt/venv/bin/python -m compileall -q config core integrations orders routing warehouses

FROM ${PYTHON}
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
COPY --from=build --chown=10001:10001 /app/var /app/var
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-m", "config.web_health"]
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
