# The monitor in a container: small, without root, its root file system read-only, its state a volume.
#   docker build -t immigration-policy-monitor .
#   docker run --read-only --tmpfs /tmp -v monitor-state:/state --env-file secrets.env immigration-policy-monitor
# Your own sources.yaml, filters/ and monitor.yaml: add -v "$PWD:/config:ro".

FROM python:3.12-slim AS build
WORKDIR /src
COPY constraints.txt ./
# Every library by name, version and hash; the image below takes only what the monitor itself needs.
RUN python -m pip wheel --quiet --no-deps --require-hashes --requirement constraints.txt --wheel-dir /wheels
COPY pyproject.toml README.md LICENSE ./
COPY monitor monitor
RUN python -m venv /build && /build/bin/pip install --quiet --no-index --find-links /wheels setuptools \
    && /build/bin/pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir /wheels . \
    && python -m venv --without-pip /opt/monitor \
    && python -m pip --python /opt/monitor/bin/python install --quiet --no-index --find-links /wheels \
       "immigration-policy-monitor[apprise]" \
    && /opt/monitor/bin/python -m compileall -q /opt/monitor

FROM python:3.12-slim
# OCR=yes adds tesseract, which reads scanned agendas (about 100 MB).
ARG OCR=no
RUN if [ "$OCR" = yes ]; then apt-get update \
    && apt-get install --yes --no-install-recommends tesseract-ocr \
    && rm -rf /var/lib/apt/lists/*; fi
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /state --shell /usr/sbin/nologin monitor \
    && install --directory --owner monitor --group monitor --mode 700 /state
COPY --from=build /opt/monitor /opt/monitor
COPY sources.yaml monitor.yaml /config/
COPY filters /config/filters
ENV PATH=/opt/monitor/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /config
VOLUME /state
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=1m --timeout=10s --start-period=2m --retries=3 \
    CMD ["monitor", "--config", "/config", "--state", "/state", "health"]
ENTRYPOINT ["monitor", "--config", "/config", "--state", "/state"]
CMD ["run"]
