# syntax=docker/dockerfile:1
# One image per service: docker build -f infra/service.Dockerfile --build-arg SERVICE=gateway .
# The TypeScript runs as it is, so an image is the sources and the packages of one service, and no build output but the page.
ARG SERVICE

FROM node:24-bookworm-slim AS base
WORKDIR /app
ENV npm_config_update_notifier=false

# What is installed depends on manifests alone: a change of code reuses this layer.
FROM base AS manifests
COPY . /tmp/all
RUN cd /tmp/all \
  && find . -maxdepth 3 \( -name package.json -o -name 'pnpm-*.yaml' -o -name .npmrc \) -not -path '*/node_modules/*' \
     -exec cp --parents {} /app \;

FROM base AS page
COPY --from=manifests /app ./
RUN npx --yes pnpm@12.21.0 install --frozen-lockfile --filter "@askwire/web..."
COPY . .
RUN cd services/web && node node_modules/vite/bin/vite.js build

FROM base AS packages
ARG SERVICE
RUN test -n "$SERVICE" || { echo 'say which service: --build-arg SERVICE=gateway|worker|agent' >&2; exit 1; }
COPY --from=manifests /app ./
RUN npx --yes pnpm@12.21.0 install --frozen-lockfile --prod --filter "@askwire/$SERVICE..."

# Only the gateway serves the page; the others' builds never reach that stage.
FROM packages AS files-worker
FROM packages AS files-agent
FROM packages AS files-gateway
COPY --from=page /app/services/web/dist services/web/dist

FROM files-${SERVICE} AS service
ARG SERVICE
COPY packages packages
COPY services/${SERVICE}/src services/${SERVICE}/src
COPY infra/check-ready.mjs infra/check-ready.mjs
ENV NODE_ENV=production ASKWIRE_HOST=0.0.0.0 ASKWIRE_PORT=8787 SERVICE=${SERVICE}
USER node
EXPOSE 8787
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=12 CMD ["node", "infra/check-ready.mjs"]
CMD ["sh", "-c", "exec node services/$SERVICE/src/main.ts"]
