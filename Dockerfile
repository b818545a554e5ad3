# The page in a container: docs/hosting.md, section 9.
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS build
# PyTorch's own index has a build for the CPU, which pip prefers; the one of PyPI brings gigabytes of CUDA.
# For a GPU: --build-arg TORCH_INDEX=
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
# "cluster" for Ray
ARG EXTRAS=
RUN python3 -m venv /opt/ganscope
ENV PATH=/opt/ganscope/bin:$PATH PIP_NO_CACHE_DIR=1
WORKDIR /source
COPY requirements.txt .
RUN pip install ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -r requirements.txt
COPY . .
RUN pip install ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} ".${EXTRAS:+[$EXTRAS]}"

FROM ${PYTHON}
COPY --from=build /opt/ganscope /opt/ganscope
RUN useradd --uid 1000 --home-dir /data --create-home ganscope
# All that is written lies in /data, which is kept, and /tmp: the rest may be read-only.
ENV PATH=/opt/ganscope/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GRADIO_SERVER_NAME=0.0.0.0 \
    GANSCOPE_RUNS=/data/runs \
    GANSCOPE_CACHE=/data/cache \
    HF_HOME=/data/huggingface \
    HF_HUB_OFFLINE=1
USER 1000
WORKDIR /data
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python3", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/healthz', timeout=8)"]
CMD ["ganscope"]
