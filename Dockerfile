# One image for web, worker and migrations; compose.yaml shows how they go together.

FROM node:22-slim AS chart
WORKDIR /build/gantt/frontend
COPY gantt/frontend/package.json gantt/frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY gantt/frontend/ ./
RUN npm run build

FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements.txt ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --home-dir /data taskyard \
    && install -d -o taskyard -g taskyard -m 0750 /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
COPY --from=chart /build/gantt/static/gantt/chart gantt/static/gantt/chart
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    VAR_DIR=/data \
    STATIC_ROOT=/app/staticfiles \
    GRANIAN_INTERFACE=wsgi \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000 \
    GRANIAN_WORKERS=2 \
    GRANIAN_BLOCKING_THREADS=1 \
    GRANIAN_RESPAWN_FAILED_WORKERS=true \
    GRANIAN_WEBSOCKETS=false \
    GRANIAN_LOG_LEVEL=warning
# The key serves this one command; nothing signed with it leaves the build.
RUN SECRET_KEY=build-only-build-only-build-only-build-only python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q accounts config core crm flows gantt hubs soc tasks
# By number: an orchestrator that allows no root can tell without looking into the image.
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-m", "config.probe"]
CMD ["granian", "config.wsgi:application"]
