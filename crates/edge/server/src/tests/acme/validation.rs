//! How the authority proves a name: it connects to where the name leads.

use std::{net::SocketAddr, sync::Arc};

use rustls::{
    ClientConfig, DigitallySignedStruct, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

/// RFC 8737 3: a certificate of that name with the digest in a critical extension, under the protocol's own ALPN.
pub(super) async fn by_handshake(to: SocketAddr, name: &str, key_authorization: &str) -> Result<(), String> {
    let own = proof(to, name).await?;
    let digest = vault::sha256(key_authorization.as_bytes());
    let identifier = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x01\x1f\x01\x01\xff\x04\x22\x04\x20";
    let extension = [&identifier[..], &digest].concat();
    let holds = |what: &[u8]| own.windows(what.len()).any(|window| window == what);
    match (holds(&extension), holds(name.as_bytes())) {
        (true, true) => Ok(()),
        (extension, named) => Err(format!("extension {extension}, name {named}")),
    }
}

/// The certificate that is shown to the authority.
pub(super) async fn proof(to: SocketAddr, name: &str) -> Result<CertificateDer<'static>, String> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anything))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"acme-tls/1".to_vec()];
    let stream = TcpStream::connect(to).await.map_err(|error| error.to_string())?;
    let host = ServerName::try_from(name.to_owned()).unwrap();
    let connected = TlsConnector::from(Arc::new(config)).connect(host, stream).await;
    let mut stream = connected.map_err(|error| error.to_string())?;
    let session = stream.get_ref().1;
    assert_eq!(session.alpn_protocol(), Some(&b"acme-tls/1"[..]));
    let own = session.peer_certificates().unwrap()[0].clone().into_owned();
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said).await;
    assert!(said.is_empty(), "nothing is said in it");
    Ok(own)
}

/// RFC 8555 8.3.
pub(super) async fn by_http(to: SocketAddr, name: &str, token: &str, key_authorization: &str) -> Result<(), String> {
    let (head, body) = get(to, name, &format!("/.well-known/acme-challenge/{token}")).await?;
    if head.starts_with("HTTP/1.1 200") && body == key_authorization {
        return Ok(());
    }
    Err(format!("{head} {body}"))
}

/// Head and body of an answer by plain http.
pub(super) async fn get(to: SocketAddr, host: &str, path: &str) -> Result<(String, String), String> {
    let mut stream = TcpStream::connect(to).await.map_err(|error| error.to_string())?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream
        .write_all(request.as_bytes())
        .await
        .map_err(|error| error.to_string())?;
    let mut said = String::new();
    stream
        .read_to_string(&mut said)
        .await
        .map_err(|error| error.to_string())?;
    let (head, body) = said.split_once("\r\n\r\n").ok_or("no answer")?;
    Ok((head.to_owned(), body.to_owned()))
}

/// What is shown is judged by what it holds.
#[derive(Debug)]
struct Anything;

impl ServerCertVerifier for Anything {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        aws_lc_rs::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}
