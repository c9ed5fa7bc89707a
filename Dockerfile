# The program on a bare Debian, not as root. Data and keyring are mounted. How to run it: docs/operations.md.
FROM rust:1.95-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p poolhouse

FROM debian:bookworm-slim
RUN useradd --uid 65532 --no-create-home poolhouse && install -d -o poolhouse -g poolhouse -m 0700 /data /keys
COPY --from=build /src/target/release/poolhouse /usr/local/bin/poolhouse
USER poolhouse
ENV POOLHOUSE_DATA=/data POOLHOUSE_KEYRING=/keys/keyring.json POOLHOUSE_LISTEN=0.0.0.0:4566
VOLUME ["/data", "/keys"]
EXPOSE 4566
ENTRYPOINT ["/usr/local/bin/poolhouse"]
CMD ["serve"]
