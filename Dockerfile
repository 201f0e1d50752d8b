# The sidecar's image.
#
#   docker build -t kafka-sidecar .
#   docker run --rm -e KAFKA_BOOTSTRAP_SERVERS=broker:9092 -e SERVER_IP=0.0.0.0 -p 127.0.0.1:8080:8080 kafka-sidecar
#
# docs/deployment.md says how to run it. For a reproducible image give a digest: --build-arg NODE_IMAGE=node:22-…@sha256:…
ARG NODE_IMAGE=node:22-bookworm-slim

# --- The programs: TypeScript to JavaScript. Runs beside the next stage and needs nothing native.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
# As scripts/build.mjs, without source maps, which lead nowhere here.
RUN node_modules/.bin/tsc -p tsconfig.build.json --outDir dist --sourceMap false

# --- The packages needed at run time, with the Kafka client compiled.
# Its publisher also offers a binary. It is not used here: npm's lock file does not cover it, so that the image would hold
# what a download without checksum brings, its OpenSSL could only be updated with it, and a build without access to it
# would give another image. Compiled, the image is the same everywhere, and Debian's updates reach its libraries.
FROM ${NODE_IMAGE} AS packages
# Versions are the base image's release: Debian removes old ones, so that a pinned one stops the build some weeks later.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ make pkg-config python3 \
    libcurl4-openssl-dev liblz4-dev libsasl2-dev libssl-dev libzstd-dev zlib1g-dev \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
# CKJS_LINKING: against Debian's libraries; the other way downloads their sources. nodedir: the image has Node's headers.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && CKJS_LINKING=dynamic npm_config_build_from_source=true npm_config_nodedir=/usr/local \
    npm rebuild @confluentinc/kafka-javascript --foreground-scripts
# Of the client's 280 MB the process needs the addon and librdkafka, which the addon looks for in ../deps.
WORKDIR /app/node_modules/@confluentinc/kafka-javascript
RUN mv build compiled \
  && mkdir -p build/Release build/deps \
  && mv compiled/Release/*.node build/Release/ \
  && mv compiled/deps/librdkafka.so.1 compiled/deps/librdkafka++.so.1 build/deps/ \
  && strip --strip-unneeded build/Release/*.node build/deps/*.so.1 \
  && rm -rf compiled deps src

# --- The image.
FROM ${NODE_IMAGE}
# The libraries the client was linked with, and the authorities that sign public brokers' certificates. npm and its kind
# are of no use in it, and scanners report their faults.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    ca-certificates libcurl4 liblz4-1 libsasl2-2 libssl3 libzstd1 zlib1g \
  && rm -rf /var/lib/apt/lists/* /usr/local/lib/node_modules /opt/yarn-* \
    /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg \
  && mkdir /config
WORKDIR /app
COPY package.json LICENSE ./
COPY config ./config
COPY openapi ./openapi
COPY deploy/docker/healthcheck.mjs ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# Fails the build where a library is missing.
RUN ["node", "-e", "require('@confluentinc/kafka-javascript')"]

# production: the embedded broker is refused, so that a forgotten address does not go unnoticed.
# UV_THREADPOOL_SIZE: the client's blocking calls share that pool; libuv reads it before any code of the process runs.
# /config: where values.yml may be mounted; it must exist, since a directory that is named and absent stops the start.
# SERVER_IP is not set: as the environment goes over values.yml, nobody could choose otherwise there. Its default is
# loopback, which is right in a pod; docs/deployment.md says what to set where other containers call.
ENV NODE_ENV=production \
    UV_THREADPOOL_SIZE=16 \
    LIGHT_4J_CONFIG_DIR=/config

ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Kafka sidecar" \
      org.opencontainers.image.description="Speaks Kafka so that the backend beside it only speaks HTTP" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# Numeric, so that Kubernetes can see that it is not root. It has no entry in /etc/passwd and needs none; any other works.
USER 65532:65532
EXPOSE 8080
# Liveness, not readiness: orchestrators replace an unhealthy container, and that mends no broker.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["node", "healthcheck.mjs", "liveness"]
# Node itself is the first process, so that SIGTERM reaches it. Arguments go to the sidecar.
ENTRYPOINT ["node", "dist/main.js"]
