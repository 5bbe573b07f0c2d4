# syntax=docker/dockerfile:1
# Two stages: uv builds the environment exactly as locked, the image that runs has neither uv nor sources.

FROM python:3.13-slim AS build
ENV UV_CACHE_DIR=/var/cache/uv \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir "uv>=0.5"
WORKDIR /app

# The dependencies change less often than the code: they are a layer of their own.
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/var/cache/uv \
    uv sync --locked --no-dev --no-install-project

COPY . .
RUN --mount=type=cache,target=/var/cache/uv \
    uv sync --locked --no-dev --no-editable
# The parsers run compiled, over their sources in the environment; the compiler stays in this stage.
RUN --mount=type=cache,target=/var/cache/uv \
    apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev && \
    UV_PROJECT_ENVIRONMENT=/opt/compile uv sync --locked --no-install-project --no-dev --group compile && \
    /opt/compile/bin/python tools/compile_sources.py "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Mailsync" \
      org.opencontainers.image.licenses="GPL-3.0-only"
# Chinese and Japanese letters of exported PDFs; other fonts are found in /usr/local/share/fonts too.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends fonts-droid-fallback && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home --home-dir /data mailsync
COPY --from=build /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MAILSYNC_DATA_DIR=/data \
    MAILSYNC_HOST=0.0.0.0 \
    MAILSYNC_PORT=8025 \
    MAILSYNC_LOG_FORMAT=json
USER mailsync
VOLUME /data
EXPOSE 8025
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"MAILSYNC_PORT\"]}/healthz', timeout=4)"]
CMD ["mailsync", "run"]
