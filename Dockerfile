# The gateway as an image: `docker build -t didgate .`; how to run it stands in docs/operating.md.
ARG NODE=22-bookworm-slim

FROM node:${NODE} AS build
# better-sqlite3 is compiled where its prebuilt binary cannot be had
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# what is installed changes less often than the sources
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.ts scripts/
COPY scripts/build scripts/build
COPY adapters adapters
COPY core core
COPY src src
COPY verify verify
COPY fixtures fixtures
COPY rng rng
COPY docs/rules.md docs/
RUN npm run build && chmod 755 dist/src/cli.js
RUN npm prune --omit=dev

FROM node:${NODE}
LABEL org.opencontainers.image.title="didgate" \
  org.opencontainers.image.description="A compatibility gateway for phone numbers" \
  org.opencontainers.image.licenses="MIT"
# the only place that is written to: the database of SQLite, where that is used
RUN mkdir --mode=700 /data && chown 1000:1000 /data && ln -s /app/dist/src/cli.js /usr/local/bin/didgate
WORKDIR /app
COPY package.json LICENSE README.md ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY --from=build /build/rng rng
COPY --from=build /build/fixtures/demo fixtures/demo
COPY --from=build /build/docs/rules.md docs/
# inside of a container "this machine" is nobody else: both planes are open to what the container's network lets in
ENV NODE_ENV=production HOST=0.0.0.0 ADMIN_HOST=0.0.0.0 DATABASE_URL=sqlite:/data/didgate.db
VOLUME ["/data"]
# node, without a name, so that it can be checked
USER 1000:1000
EXPOSE 8080 8081
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["didgate", "ready"]
ENTRYPOINT ["didgate"]
CMD ["serve"]
