# Hilum's page and API, models included. `docker compose up` builds and runs it (compose.yaml).
# `make test-container` runs these steps without a container engine (tests/container).

FROM debian:trixie-slim AS page
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates nodejs npm \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY frontend ./
COPY backend/hilum/words /build/backend/hilum/words
RUN npm run build

FROM debian:trixie-slim AS python
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# pip stays in an environment of its own. Wheels alone: nothing is compiled, here or in the image.
RUN python3 -m venv /opt/build && python3 -m venv --without-pip /opt/hilum
COPY requirements ./requirements
RUN /opt/build/bin/pip install --no-deps --require-hashes --requirement requirements/build.txt \
    && /opt/build/bin/pip --python /opt/hilum install --no-deps --require-hashes --only-binary :all: \
    --requirement requirements/serving.txt
# OpenVINO reads ONNX on the CPU here: its other devices and formats are a third of its size.
RUN find /opt/hilum/lib -path '*/openvino/libs/*' \
    \( -name cache.json -o -name 'libopenvino_intel_[gn]pu_plugin.so' \
    -o -name 'libopenvino_gguf_*' -o -name 'libopenvino_jax_*' -o -name 'libopenvino_paddle_*' \
    -o -name 'libopenvino_pytorch_*' -o -name 'libopenvino_tensorflow_*' \) -delete
COPY pyproject.toml README.md LICENSE ./
COPY backend ./backend
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/build/bin/pip --python /opt/hilum install --no-deps dist/*.whl

FROM debian:trixie-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates python3 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 hilum \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin hilum \
    && install --directory --owner hilum --group hilum --mode 0700 /var/lib/hilum
COPY --from=python /opt/hilum /opt/hilum
COPY --from=page /build/frontend/dist /opt/hilum/page
COPY ml_model /opt/hilum/ml_model
ENV PATH=/opt/hilum/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    HILUM_MODELS_DIR=/opt/hilum/ml_model \
    HILUM_PAGE_DIR=/opt/hilum/page \
    HILUM_STORE=/var/lib/hilum
USER 10001:10001
WORKDIR /tmp
VOLUME /var/lib/hilum
EXPOSE 8000
HEALTHCHECK --start-period=60s --interval=30s --timeout=10s \
    CMD ["python3", "-I", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/ready', timeout=8)"]
CMD ["hilum", "serve", "--host", "0.0.0.0", "--port", "8000"]
