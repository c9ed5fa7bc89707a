//! TLS to PostgreSQL: the server's certificate is verified, by authority and by name.

use std::{fs, net::SocketAddr, path::PathBuf, sync::Arc};

use testkit::Folder;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream, UnixStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

use super::Bed;
use crate::{Config, Limits, Store, StoreError};

/// A server that speaks TLS with a certificate for `name` and passes on to the socket; and the certificate's text.
async fn tls_before(socket: PathBuf, name: &str) -> (SocketAddr, String) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(made.cert.der().to_vec())], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            // A client that does not trust us goes away.
            tokio::spawn(pass_on(client, acceptor.clone(), socket.clone()));
        }
    });
    (address, made.cert.pem())
}

async fn pass_on(mut client: TcpStream, acceptor: TlsAcceptor, socket: PathBuf) -> std::io::Result<()> {
    let mut ssl_request = [0; 8];
    client.read_exact(&mut ssl_request).await?;
    assert_eq!(ssl_request, [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
    client.write_all(b"S").await?;
    let mut client = acceptor.accept(client).await?;
    copy_bidirectional(&mut client, &mut UnixStream::connect(socket).await?)
        .await
        .map(|_| ())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_trusted_certificate_of_that_name_will_do() {
    let Some(bed) = Bed::postgres() else { return };
    let Config::Postgres { url } = &bed.config else { return };
    let (folder, database) = url.split_once('@').unwrap().1.split_once('/').unwrap();
    let socket = PathBuf::from(folder.replace("%2F", "/")).join(".s.PGSQL.5432");
    let roots = Folder::new().unwrap();
    for (name, trusted, opens) in [
        ("localhost", true, true),
        ("localhost", false, false),
        ("elsewhere", true, false),
    ] {
        let (address, certificate) = tls_before(socket.clone(), name).await;
        let root = roots.path().join("root.pem");
        fs::write(&root, certificate).unwrap();
        let trust = if trusted {
            format!("&sslrootcert={}", root.display())
        } else {
            String::new()
        };
        let port = address.port();
        let url = format!("postgres://postgres@localhost:{port}/{database}?sslmode=verify-full{trust}");
        let limits = Limits {
            writers: 1,
            readers: 1,
            ..Limits::default()
        };
        match Store::open_with(Config::Postgres { url }, limits) {
            Ok(store) => {
                assert!(opens, "{name} {trusted}");
                assert!(store.read(|_| Ok(true)).await.unwrap());
            }
            Err(StoreError::Unavailable(why)) => {
                assert!(!opens && why.contains("certificate"), "{name} {trusted}: {why}");
            }
            Err(other) => panic!("{other}"),
        }
    }
}
