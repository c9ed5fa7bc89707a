//! Host names and whose they are: our own, whatever a pool calls its domain; and how a custom domain's handshakes go.

use std::sync::Arc;

use model::COGNITO_IDP;
use rustls::{
    ClientConfig, ProtocolVersion, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    version::{TLS12, TLS13},
};
use serde_json::json;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{Draft, Key, Profile, Rig};
use crate::{
    AliasHosts, Bound, Stop,
    tls::{Certificate, Certificates, Kept, Tls},
};
use tokens::IssuerMode;

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-000000000000";

async fn claim(rig: &Rig, key: &Key, domain: &str, policy: &str) {
    let (pool, _) = rig.pool(key, None).await;
    let config = json!({"CertificateArn": CERTIFICATE, "SecurityPolicy": policy});
    let input = json!({"UserPoolId": pool, "Domain": domain, "CustomDomainConfig": config});
    rig.idp(key, "CreateUserPoolDomain", input).await.ok();
}

/// The services of these tests let a pool have any name: the edge holds by itself.
#[tokio::test]
async fn a_pool_that_has_our_name_for_its_domain_does_not_answer_for_us() {
    let rig = Rig::new(Profile::Dev, IssuerMode::Request, &["dev.example.com"]).await;
    let key = Key::unknown();
    for (domain, answers) in [
        ("auth.example.com", true),
        ("id.example.com", false),
        ("dev.example.com", false),
        ("login.s3.localhost", false),
    ] {
        claim(&rig, &key, domain, "TLS_V1_2_2021").await;
        for host in [domain.to_owned(), format!("{}:4566", domain.to_uppercase())] {
            let got = rig.send(Draft::get("/error").header("host", &host)).await;
            let is_page = got.header("content-type").starts_with("text/html") && got.status == 400;
            assert_eq!(is_page, answers, "{host}: {}", got.printed());
        }
    }
}

#[tokio::test]
async fn a_custom_domains_policy_says_which_versions_its_name_is_answered_in() {
    let rig = Rig::dev().await;
    let key = Key::unknown();
    claim(&rig, &key, "new.example.com", "TLS_V1_3_2025").await;
    claim(&rig, &key, "old.example.com", "TLS_V1").await;
    // As if from files: one that covers all of them.
    let names = ["new.example.com", "old.example.com", "id.example.com"].map(str::to_owned);
    let certificate = rcgen::generate_simple_self_signed(names).unwrap();
    let files = Certificate::new(&certificate.cert.pem(), &certificate.signing_key.serialize_pem()).unwrap();
    let tls = Tls::of(Kept::new(Certificates::new(Some(files), Vec::new())));
    let bound = Bound::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let (_stop, stopped) = Stop::new();
    let address = bound.address;
    tokio::spawn(bound.serve(Arc::clone(&rig.app), Some(tls), stopped));

    for (name, offered, settled) in [
        ("new.example.com", &TLS12, None),
        ("NEW.example.com", &TLS12, None),
        ("new.example.com", &TLS13, Some(ProtocolVersion::TLSv1_3)),
        ("old.example.com", &TLS12, Some(ProtocolVersion::TLSv1_2)),
        ("old.example.com", &TLS13, Some(ProtocolVersion::TLSv1_3)),
        ("id.example.com", &TLS12, Some(ProtocolVersion::TLSv1_2)),
    ] {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(certificate.cert.pem().as_bytes()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[offered])
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(address).await.unwrap();
        let connected = TlsConnector::from(Arc::new(config))
            .connect(ServerName::try_from(name).unwrap(), stream)
            .await;
        let version = connected.ok().and_then(|stream| stream.get_ref().1.protocol_version());
        assert_eq!(version, settled, "{name}");
    }
}

/// Whoever signs in there takes its pages for the pool's.
#[tokio::test]
async fn nothing_of_others_is_shown_under_a_custom_domain() {
    let rig = Rig::dev().await;
    let key = Key::unknown();
    claim(&rig, &key, "auth.example.com", "TLS_V1_2_2021").await;
    let (pool, _) = rig.pool(&key, None).await;
    let domain = json!({"UserPoolId": pool, "Domain": "staff"});
    rig.idp(&key, "CreateUserPoolDomain", domain).await.ok();
    rig.send(Draft::make_bucket("photos").signed(&key, "s3")).await.ok();
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*",
        "Resource": ["arn:aws:s3:::photos", "arn:aws:s3:::photos/*"]}]})
    .to_string();
    let put = |target: &str, text: &str| {
        let draft = Draft::new("PUT", target).header("content-length", &text.len().to_string());
        draft.with_body(text).signed(&Key::unknown(), "s3")
    };
    rig.send(Draft::new("DELETE", "/photos?publicAccessBlock=").signed(&key, "s3"))
        .await;
    let got = rig.send(put("/photos?policy=", &policy)).await;
    assert_eq!(got.status, 204, "{}", got.printed());
    rig.send(put("/photos/login.html", "<p>Your password?")).await.ok();
    for (host, path, status) in [
        ("auth.example.com", "/photos/login.html", 404),
        ("AUTH.example.com:4566", "/photos/login.html", 404),
        ("auth.example.com", "/photos", 404),
        ("auth.example.com", "/", 404),
        ("auth.example.com", "/.well-known/jwks.json", 404),
        ("auth.example.com", "/_login/staff/error", 404),
        ("auth.example.com", "/_poolhouse/health", 200),
        ("files.example.com", "/photos/login.html", 200),
        ("files.example.com", "/.well-known/jwks.json", 200),
        ("files.example.com", "/_login/staff/error", 400),
    ] {
        let got = rig.send(Draft::get(path).header("host", host)).await;
        assert_eq!(got.status, status, "{host}{path}: {}", got.printed());
        let is_page = got.body.contains("class=\"classic\"");
        assert_eq!(is_page, status >= 400, "{host}{path}: {}", got.printed());
    }
    let list = Draft::json(&COGNITO_IDP, "ListUserPools", &json!({"MaxResults": 1})).header("host", "auth.example.com");
    let got = rig.send(list.signed(&key, "cognito-idp")).await;
    assert_eq!(
        got.header("content-type"),
        "application/x-amz-json-1.1",
        "{}",
        got.printed()
    );
}

#[tokio::test]
async fn discovery_names_a_custom_domain_as_it_can_be_reached() {
    let local = "/_login/auth.example.com";
    let custom = "https://auth.example.com";
    let at_port = "https://auth.example.com:8443";
    for (profile, mode, public_url, expected) in [
        (Profile::Dev, IssuerMode::Request, None, local),
        (
            Profile::Serve,
            IssuerMode::Public,
            Some("https://id.example.com"),
            custom,
        ),
        (
            Profile::Serve,
            IssuerMode::Public,
            Some("https://id.example.com:8443"),
            at_port,
        ),
        (Profile::Serve, IssuerMode::Public, Some("https://[::1]:8443"), at_port),
        // Behind it https is somewhere else.
        (
            Profile::Serve,
            IssuerMode::Public,
            Some("http://127.0.0.1:4566"),
            custom,
        ),
    ] {
        let mut rig = Rig::new(profile, mode, &[]).await;
        Arc::get_mut(&mut rig.app).unwrap().public_url = public_url.map(Arc::from);
        let key = rig.admin().await;
        let (pool, _) = rig.pool(&key, None).await;
        let config = json!({"CertificateArn": CERTIFICATE});
        let input = json!({"UserPoolId": pool, "Domain": "auth.example.com", "CustomDomainConfig": config});
        rig.idp(&key, "CreateUserPoolDomain", input).await.ok();
        let path = format!("/{pool}/.well-known/openid-configuration");
        let document = rig.send(Draft::get(&path)).await.ok().json();
        let named = document["token_endpoint"].as_str().unwrap();
        assert!(named.ends_with(&format!("{expected}/oauth2/token")), "{named}");
        let page = rig.send(Draft::get(&format!("{local}/error"))).await;
        assert!(page.status == 400 && page.body.contains("<html"), "{}", page.printed());
    }
}

/// An app's script reads why.
#[tokio::test]
async fn a_domain_that_is_nobodys_says_so_in_the_form_of_the_endpoint() {
    let rig = Rig::dev().await;
    for (host, path) in [("localhost", "/_login/nobody"), ("nobody.auth.us-east-1.localhost", "")] {
        let token = Draft::new("POST", &format!("{path}/oauth2/token")).header("host", host);
        let got = rig.send(token.with_body("grant_type=client_credentials")).await;
        assert_eq!((got.status, got.header("access-control-allow-origin")), (404, "*"));
        let told = json!({"error": "invalid_request", "error_description": "There is no such domain."});
        assert_eq!(got.json(), told);
        let got = rig
            .send(Draft::get(&format!("{path}/login")).header("host", host))
            .await;
        assert_eq!((got.status, got.body.as_str()), (404, "There is no such domain."));
        assert_eq!(got.header("access-control-allow-origin"), "");
    }
}

async fn aliased() -> Rig {
    let mut rig = Rig::new(Profile::Dev, IssuerMode::Aws, &[]).await;
    let app = Arc::get_mut(&mut rig.app).unwrap();
    app.hosts.alias = AliasHosts::of(&["eu-west-1".to_owned()]).unwrap();
    app.hosts.login_bases.push("amazoncognito.com".to_owned());
    rig
}

const API: &str = "cognito-idp.eu-west-1.amazonaws.com";

#[tokio::test]
async fn an_api_of_aws_takes_calls_and_has_nothing_of_ours() {
    let rig = aliased().await;
    let list = |host: &str| Draft::json(&COGNITO_IDP, "ListUserPools", &json!({"MaxResults": 1})).header("host", host);
    rig.send(list(API).signed(&Key::unknown(), "cognito-idp")).await.ok();
    // Of a Region that was not asked for, and by a page that a browser shows.
    for draft in [
        list("cognito-idp.us-east-1.amazonaws.com"),
        list(API).header("origin", "https://evil.example.com"),
        list(API).header("origin", "https://x.execute-api.eu-west-1.amazonaws.com"),
    ] {
        let got = rig.send(draft.signed(&Key::unknown(), "cognito-idp")).await;
        assert_eq!(got.status, 400, "{}", got.printed());
    }
    for path in ["/", "/_poolhouse/inbox", "/_poolhouse/health", "/photos", "/login"] {
        let got = rig.send(Draft::get(path).header("host", API)).await;
        assert_eq!(got.status, 400, "{path}: {}", got.printed());
        assert!(
            got.body.contains("did not understand the operation"),
            "{path}: {}",
            got.body
        );
    }
    let got = rig
        .send(Draft::get("/").header("host", "s3.eu-west-1.amazonaws.com"))
        .await;
    assert!(got.body.contains("<Error>"), "S3 speaks XML: {}", got.body);
}

#[tokio::test]
async fn discovery_names_the_domain_as_aws_does() {
    let rig = aliased().await;
    let key = Key::unknown();
    let (pool, _) = rig.pool(&key, None).await;
    let domain = json!({"UserPoolId": pool, "Domain": "staff"});
    rig.idp(&key, "CreateUserPoolDomain", domain).await.ok();
    let path = format!("/{pool}/.well-known/openid-configuration");
    let document = rig.send(Draft::get(&path).header("host", API)).await.ok().json();
    assert_eq!(document["issuer"], json!(format!("https://{API}/{pool}")));
    let login = "https://staff.auth.eu-west-1.amazoncognito.com";
    assert_eq!(
        document["authorization_endpoint"],
        json!(format!("{login}/oauth2/authorize"))
    );
    let host = "staff.auth.eu-west-1.amazoncognito.com";
    let page = rig.send(Draft::get("/error").header("host", host)).await;
    assert!(
        page.header("content-type").starts_with("text/html"),
        "{}",
        page.printed()
    );
}
