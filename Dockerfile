# One image for everything of ours: the manager, each module, the CSMS. What a container is, its command says.
FROM node:24-bookworm-slim AS build
ENV CI=true
RUN npm install --global --no-audit --no-fund pnpm@10
WORKDIR /opt/chargemesh

# The packages of the lockfile: a layer that only a change of dependencies builds anew.
COPY .npmrc package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch

COPY . .
RUN pnpm install --frozen-lockfile --offline \
 && pnpm validators \
 && pnpm bundle \
 && pnpm build

# What runs needs no compilers, and no package for one platform alone: these are Node.js itself and the compilers' programs.
RUN rm -rf node_modules packages/*/node_modules examples/*/node_modules \
 && pnpm install --frozen-lockfile --offline --prod --no-optional \
 && rm -rf packages/*/src packages/*/tools packages/*/tsconfig.json packages/testkit examples tools tsconfig*.json

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    CHARGEMESH_STATE=/state
COPY --from=build /opt/chargemesh /opt/chargemesh
# A volume that is mounted here for the first time takes over the owner.
RUN install --directory --owner=node --group=node /state \
 && mv /opt/chargemesh/docker/chargemesh /usr/local/bin/chargemesh \
 && ln -s /opt/chargemesh/packages/cli/bin/manager /usr/local/bin/manager
USER node
WORKDIR /opt/chargemesh
VOLUME /state
ENTRYPOINT ["chargemesh"]
CMD ["up", "--state", "/state"]
