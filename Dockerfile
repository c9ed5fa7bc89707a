# The program and nothing else that runs. Data and keyring are mounted; the process is no root.
FROM rust:1.95-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p poolhouse

FROM debian:bookworm-slim
RUN useradd --uid 65532 --no-create-home poolhouse && install -d -o poolhouse -g poolhouse -m 0700 /data
COPY --from=build /src/target/release/poolhouse /usr/local/bin/poolhouse
USER poolhouse
VOLUME /data
EXPOSE 4566
ENTRYPOINT ["/usr/local/bin/poolhouse"]
CMD ["serve", "--data", "/data", "--listen", "0.0.0.0:4566"]
