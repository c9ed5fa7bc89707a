//! A certificate authority that speaks ACME, small: it checks signatures and nonces, proves names by connecting to the server under
//! test, signs what it is asked to, and can be told to be difficult. RFC 8555, RFC 8737.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use axum::{
    body::Bytes,
    extract::State as Shared,
    http::{Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as B64};
use kernel::Clock;
use rcgen::{
    BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData,
    SignatureAlgorithm,
};
use serde_json::{Value, json};
use testkit::MockClock;
use tokio::net::TcpListener;

use super::validation;

/// How long its certificates hold.
const LIFE_DAYS: i32 = 90;

#[derive(Clone)]
pub(super) struct Authority(Arc<Inner>);

struct Inner {
    address: SocketAddr,
    clock: Arc<MockClock>,
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    /// Where names lead, by https and by http.
    pub https: Option<SocketAddr>,
    pub http: Option<SocketAddr>,
    /// So many nonces of orders are refused though they are good.
    pub spoiled: u32,
    /// How new orders are refused: status, type, seconds to wait.
    pub refusal: Option<(StatusCode, &'static str, u32)>,
    /// What was ordered, in order.
    pub ordered: Vec<String>,
    pub accounts: Vec<Value>,
    nonces: BTreeSet<String>,
    drawn: u32,
    orders: BTreeMap<usize, Order>,
}

#[derive(Clone)]
struct Order {
    name: String,
    status: &'static str,
    problem: Option<Value>,
    certificate: Option<String>,
}

/// A public key as a request for a certificate has it.
struct Point(Vec<u8>);

impl PublicKeyData for Point {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl Authority {
    pub async fn start(clock: Arc<MockClock>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.not_before = rcgen::date_time_ymd(2026, 1, 1);
        params.not_after = rcgen::date_time_ymd(2036, 1, 1);
        let certificate = params.self_signed(&key).unwrap().pem();
        let authority = Self(Arc::new(Inner {
            address: listener.local_addr().unwrap(),
            clock,
            issuer: Issuer::new(params, key),
            certificate,
            state: Mutex::default(),
        }));
        let router = axum::Router::new().fallback(answer).with_state(authority.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        authority
    }

    pub fn directory(&self) -> String {
        self.url("/directory")
    }

    /// What clients trust, as PEM.
    pub fn certificate(&self) -> &str {
        &self.0.certificate
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap()
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.0.address)
    }

    fn nonce(&self) -> String {
        let mut state = self.state();
        state.drawn += 1;
        let nonce = format!("nonce-{}", state.drawn);
        state.nonces.insert(nonce.clone());
        nonce
    }

    fn said(&self, status: StatusCode, location: Option<String>, body: &Value) -> Response {
        let mut response = (status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert("replay-nonce", self.nonce().parse().unwrap());
        if let Some(location) = location {
            headers.insert("location", location.parse().unwrap());
        }
        response
    }

    fn problem(&self, status: StatusCode, kind: &str) -> Response {
        let kind = format!("urn:ietf:params:acme:error:{kind}");
        self.said(
            status,
            None,
            &json!({"type": kind, "detail": "said the tests' authority"}),
        )
    }

    /// The payload, and the key's thumbprint. Errors: the answer.
    fn opened(&self, path: &str, body: &[u8]) -> Result<(Value, String), Box<Response>> {
        let sent: Value = serde_json::from_slice(body).unwrap();
        let part = |name: &str| sent[name].as_str().unwrap().to_owned();
        let header: Value = serde_json::from_slice(&B64.decode(part("protected")).unwrap()).unwrap();
        assert_eq!(
            (&header["alg"], &header["url"]),
            (&json!("ES256"), &json!(self.url(path)))
        );
        let jwk = match header["kid"].as_str() {
            None => header["jwk"].clone(),
            Some(kid) => {
                let number = kid.rsplit('/').next().unwrap().parse::<usize>().unwrap();
                let Some(jwk) = self.state().accounts.get(number).map(|account| account["jwk"].clone()) else {
                    return Err(self.problem(StatusCode::BAD_REQUEST, "accountDoesNotExist").into());
                };
                jwk
            }
        };
        let coordinate = |name: &str| B64.decode(jwk[name].as_str().unwrap()).unwrap();
        let point = [&[4][..], &coordinate("x"), &coordinate("y")].concat();
        let signed = format!("{}.{}", part("protected"), part("payload"));
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(signed.as_bytes(), &B64.decode(part("signature")).unwrap())
            .unwrap();
        if !self.state().nonces.remove(header["nonce"].as_str().unwrap()) {
            return Err(self.problem(StatusCode::BAD_REQUEST, "badNonce").into());
        }
        let thumb = format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, jwk["x"], jwk["y"]);
        let payload = B64.decode(part("payload")).unwrap();
        let mut payload = serde_json::from_slice(&payload).unwrap_or(Value::Null);
        if payload.is_object() && header["kid"].is_null() {
            payload["jwk"] = jwk;
        }
        Ok((payload, B64.encode(vault::sha256(thumb.as_bytes()))))
    }

    fn order(&self, number: usize) -> Order {
        self.state().orders[&number].clone()
    }

    fn change(&self, number: usize, change: impl FnOnce(&mut Order)) {
        change(self.state().orders.get_mut(&number).unwrap());
    }

    fn place(&self, payload: &Value) -> Response {
        let name = payload["identifiers"][0]["value"].as_str().unwrap().to_owned();
        let refusal = {
            let mut state = self.state();
            if state.spoiled > 0 {
                state.spoiled -= 1;
                Some((StatusCode::BAD_REQUEST, "badNonce", 0))
            } else {
                state.ordered.push(name.clone());
                state.refusal
            }
        };
        if let Some((status, kind, seconds)) = refusal {
            let mut response = self.problem(status, kind);
            response.headers_mut().insert("retry-after", seconds.into());
            return response;
        }
        let number = self.state().orders.len();
        let order = Order {
            name,
            status: "pending",
            problem: None,
            certificate: None,
        };
        self.state().orders.insert(number, order);
        self.said(
            StatusCode::CREATED,
            Some(self.url(&format!("/order/{number}"))),
            &self.shown(number),
        )
    }

    fn shown(&self, number: usize) -> Value {
        let order = self.order(number);
        let mut shown = json!({
            "status": order.status, "finalize": self.url(&format!("/finalize/{number}")),
            "identifiers": [{"type": "dns", "value": order.name}],
            "authorizations": [self.url(&format!("/authorization/{number}"))],
        });
        if order.certificate.is_some() {
            shown["certificate"] = json!(self.url(&format!("/certificate/{number}")));
        }
        shown
    }

    fn authorization(&self, number: usize) -> Value {
        let order = self.order(number);
        let status = match order.status {
            "pending" | "invalid" => order.status,
            _ => "valid",
        };
        let challenge = |kind: &str| {
            let mut challenge = json!({"type": kind, "url": self.url(&format!("/{kind}/{number}")), "status": status,
                "token": token(number)});
            if let Some(problem) = &order.problem {
                challenge["error"] = problem.clone();
            }
            challenge
        };
        json!({"status": status, "identifier": {"type": "dns", "value": order.name},
            "challenges": [challenge("http-01"), challenge("dns-01"), challenge("tls-alpn-01")]})
    }

    async fn prove(&self, kind: &str, number: usize, thumb: &str) -> Value {
        let (name, key_authorization) = (self.order(number).name, format!("{}.{thumb}", token(number)));
        let leads_to = |kind: fn(&State) -> Option<SocketAddr>| kind(&self.state());
        let (https, http) = (leads_to(|state| state.https), leads_to(|state| state.http));
        let proved = match kind {
            "tls-alpn-01" => validation::by_handshake(https.unwrap(), &name, &key_authorization).await,
            _ => validation::by_http(http.unwrap(), &name, &token(number), &key_authorization).await,
        };
        self.change(number, |order| match proved {
            Ok(()) => order.status = "ready",
            Err(detail) => {
                let kind = "urn:ietf:params:acme:error:unauthorized";
                order.problem = Some(json!({"type": kind, "detail": detail}));
                order.status = "invalid";
            }
        });
        json!({"type": kind, "url": self.url(&format!("/{kind}/{number}")), "status": "processing", "token": token(number)})
    }

    fn sign(&self, number: usize, payload: &Value) {
        let request = B64.decode(payload["csr"].as_str().unwrap()).unwrap();
        // Of the key, behind what says that it is one of P-256.
        let before = b"\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
        let at = request
            .windows(before.len())
            .position(|window| window == before)
            .unwrap()
            + before.len();
        let today = self.0.clock.wall().to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
        let ends = today.checked_add(jiff::Span::new().days(LIFE_DAYS)).unwrap();
        let day = |day: jiff::civil::Date| {
            let (month, of_month) = (day.month().unsigned_abs(), day.day().unsigned_abs());
            rcgen::date_time_ymd(i32::from(day.year()), month, of_month)
        };
        let mut params = CertificateParams::new([self.order(number).name]).unwrap();
        (params.not_before, params.not_after) = (day(today), day(ends));
        let certificate = params
            .signed_by(&Point(request[at..at + 65].to_vec()), &self.0.issuer)
            .unwrap();
        self.change(number, |order| {
            order.certificate = Some(certificate.pem());
            order.status = "valid";
        });
    }
}

fn token(number: usize) -> String {
    format!("token-{number}_{}", "x".repeat(24))
}

async fn answer(Shared(authority): Shared<Authority>, method: Method, uri: Uri, body: Bytes) -> Response {
    let path = uri.path();
    match (&method, path) {
        (&Method::GET, "/directory") => {
            let url = |path| authority.url(path);
            let urls = json!({"newNonce": url("/nonce"), "newAccount": url("/account"), "newOrder": url("/order")});
            return authority.said(StatusCode::OK, None, &urls);
        }
        (&Method::HEAD, "/nonce") => return authority.said(StatusCode::OK, None, &Value::Null),
        _ => assert_eq!(method, Method::POST, "{path}"),
    }
    let (payload, thumb) = match authority.opened(path, &body) {
        Ok(opened) => opened,
        Err(refusal) => return *refusal,
    };
    let (what, number) = path.trim_start_matches('/').split_once('/').unwrap_or((&path[1..], ""));
    let number = number.parse().unwrap_or(usize::MAX);
    let shown = match what {
        "account" => {
            let mut state = authority.state();
            state.accounts.push(payload);
            let url = authority.url(&format!("/account/{}", state.accounts.len() - 1));
            drop(state);
            return authority.said(StatusCode::CREATED, Some(url), &json!({"status": "valid"}));
        }
        "order" if number == usize::MAX => return authority.place(&payload),
        "order" => authority.shown(number),
        "authorization" => authority.authorization(number),
        "finalize" => {
            authority.sign(number, &payload);
            authority.shown(number)
        }
        "certificate" => {
            let chain = authority.order(number).certificate.unwrap();
            let mut response = authority.said(StatusCode::OK, None, &Value::Null);
            *response.body_mut() = chain.into();
            return response;
        }
        kind => authority.prove(kind, number, &thumb).await,
    };
    authority.said(StatusCode::OK, None, &shown)
}
