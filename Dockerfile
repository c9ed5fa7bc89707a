# The program and nothing else that runs. Data and keyring are mounted; the process is no root.
FROM rust:1.95-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p poolhouse && install -d -o 65532 -g 65532 /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/poolhouse /usr/local/bin/poolhouse
COPY --from=build --chown=65532:65532 /data /data
VOLUME /data
EXPOSE 4566
ENTRYPOINT ["/usr/local/bin/poolhouse"]
CMD ["serve", "--data", "/data", "--listen", "0.0.0.0:4566"]
