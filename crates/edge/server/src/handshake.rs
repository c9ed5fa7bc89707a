//! A TLS handshake: whose the host name is that it asks for, and by which certificate and in which versions it is answered.

use std::io;

use tokio::{io::AsyncWriteExt as _, net::TcpStream};
use tokio_rustls::{LazyConfigAcceptor, StartHandshake, rustls::server::Acceptor, server::TlsStream};

use crate::{
    App,
    hosts::HostKind,
    tls::{ACME_TLS, Holder, Tls, Versions},
};

/// The alert `unrecognized_name`, fatal, as a record of its own: the library has none for it. RFC 6066 3, RFC 8446 6.
const UNRECOGNIZED_NAME: &[u8] = &[0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x70];

/// By the certificate of the host name that is asked for. None: a certificate authority had what it came for. Errors: the
/// handshake failed; no certificate is the name's.
pub(crate) async fn greet(stream: TcpStream, app: &App, tls: &Tls) -> io::Result<Option<TlsStream<TcpStream>>> {
    let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    let hello = start.client_hello();
    let name = hello.server_name().map(str::to_ascii_lowercase);
    if hello
        .alpn()
        .is_some_and(|mut offered| offered.any(|protocol| protocol == ACME_TLS))
    {
        return prove(start, name.as_deref(), tls).await;
    }
    let (holder, versions) = asked_of(app, name.as_deref()).await;
    match tls.config(name.as_deref(), holder, versions).await {
        Ok(Some(config)) => start.into_stream(config).await.map(Some),
        Ok(None) => Err(unrecognized(start).await),
        Err(error) => Err(failed(error)),
    }
}

/// RFC 8737 3: the handshake is all there is to it.
async fn prove(
    start: StartHandshake<TcpStream>,
    name: Option<&str>,
    tls: &Tls,
) -> io::Result<Option<TlsStream<TcpStream>>> {
    let proof = match name {
        Some(name) => tls.proof(name).await.map_err(failed)?,
        None => None,
    };
    let Some(proof) = proof else {
        return Err(unrecognized(start).await);
    };
    let mut stream = start.into_stream(proof).await?;
    stream.shutdown().await?;
    Ok(None)
}

async fn unrecognized(mut start: StartHandshake<TcpStream>) -> io::Error {
    let _ = start.io.write_all(UNRECOGNIZED_NAME).await;
    let _ = start.io.shutdown().await;
    io::Error::other("no certificate is the name's")
}

fn failed(error: crate::tls::TlsError) -> io::Error {
    tracing::error!(%error, "https can't be answered");
    io::Error::other(error)
}

/// Whose a name is, and in which versions it is answered: as a custom domain's SecurityPolicy wants. Reference:
/// oauth-and-federation 1.3.
async fn asked_of(app: &App, name: Option<&str>) -> (Holder, Versions) {
    let Some(name) = name else {
        return (Holder::Nobody, Versions::From12);
    };
    if app.hosts.kind(name) != HostKind::Elsewhere {
        return (Holder::Us, Versions::From12);
    }
    match app.user_pools.find_domain(name).await {
        Ok(Some(domain)) if domain.wants_tls13() => (Holder::Pool, Versions::Only13),
        Ok(Some(_)) => (Holder::Pool, Versions::From12),
        Ok(None) => (Holder::Nobody, Versions::From12),
        // Whoever wants no less must not get it.
        Err(error) => {
            tracing::error!(?error, "a domain could not be looked up");
            (Holder::Pool, Versions::Only13)
        }
    }
}
