//! Another implementation signs generated requests, ours verifies them: the crate `aws-sigv4`, which AWS's SDK for Rust uses.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use proptest::prelude::*;

use super::{KEY, Request, SECRET, noon, signer};
use crate::{BodyCheck, Canon, Error, Form, Rules};

#[derive(Clone, Debug)]
struct Plan {
    canon: Canon,
    form: Form,
    token: Option<String>,
    request: Request,
}

/// A piece of a path as clients send them: plain, raw where a URI allows it, or escaped in either case.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Za-z0-9._~-]{1,3}",
        1 => prop::sample::select("!$&'()*+,;=:@".chars().map(String::from).collect::<Vec<_>>()),
        1 => any::<u8>().prop_map(|b| format!("%{b:02X}")),
        1 => any::<u8>().prop_map(|b| format!("%{b:02x}")),
        1 => Just("/".to_owned()),
    ]
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..12).prop_map(|pieces| format!("/{}", pieces.concat()))
}

/// As `piece`, but what is escaped is UTF-8: the other side reads queries as text.
fn query_piece() -> impl Strategy<Value = String> {
    let escaped = |c: char| {
        c.to_string()
            .bytes()
            .flat_map(|b| format!("%{b:02X}").into_bytes())
            .map(char::from)
            .collect::<String>()
    };
    prop_oneof![
        4 => "[A-Za-z0-9._~-]{1,3}",
        1 => prop::sample::select("!$'()*+,;:@/?".chars().map(String::from).collect::<Vec<_>>()),
        2 => any::<char>().prop_map(escaped),
    ]
}

fn query() -> impl Strategy<Value = String> {
    let text = |len| prop::collection::vec(query_piece(), len).prop_map(|pieces| pieces.concat());
    let pair = (text(1..4), prop::option::of(text(0..4)))
        .prop_map(|(name, value)| value.map_or(name.clone(), |value| format!("{name}={value}")));
    prop::collection::vec(pair, 0..5).prop_map(|pairs| pairs.join("&"))
}

fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof![
        "x-custom-[a-c]",
        "x-amz-meta-[a-z]{1,4}",
        Just("content-type".to_owned())
    ];
    prop::collection::vec((name, "[ -~é]{0,20}"), 0..5)
}

fn plan() -> impl Strategy<Value = Plan> {
    let canon = prop::sample::select(vec![Canon::S3, Canon::Standard]);
    let form = prop::sample::select(vec![Form::Header, Form::Presigned]);
    let token = prop::option::of("[A-Za-z0-9+/]{1,80}={0,2}");
    let method = prop::sample::select(vec!["GET", "PUT", "POST", "DELETE", "HEAD"]);
    let body = prop::collection::vec(any::<u8>(), 0..40);
    let line = (method, path(), query(), headers(), body);
    (canon, form, token, line).prop_map(|(canon, form, token, (method, path, query, headers, body))| {
        let mut all = vec![("host", "localhost:4566")];
        all.extend(headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let target = if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        };
        Plan {
            canon,
            form,
            token,
            request: Request::new(method, &target, &all, &body),
        }
    })
}

impl Plan {
    fn service(&self) -> &'static str {
        if self.canon == Canon::S3 { "s3" } else { "execute-api" }
    }

    fn rules(&self) -> Rules<'static> {
        if self.canon == Canon::S3 {
            Rules::s3(noon())
        } else {
            Rules::service("execute-api", noon())
        }
    }

    fn settings(&self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        if self.canon == Canon::S3 {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        if self.form == Form::Presigned {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(Duration::from_secs(900));
        }
        settings
    }

    /// The request as the other implementation signs it; `None` if it takes the request for malformed.
    fn signed_by_aws(&self) -> Option<Request> {
        let mut credentials = Credentials::builder()
            .access_key_id(KEY)
            .secret_access_key(SECRET)
            .provider_name("test");
        credentials.set_session_token(self.token.clone());
        let identity = credentials.build().into();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(noon().secs()).unwrap());
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name(self.service())
            .time(time)
            .settings(self.settings())
            .build()
            .unwrap()
            .into();
        let Request {
            method,
            path,
            query,
            headers,
            body,
        } = &self.request;
        let question = if query.is_empty() { "" } else { "?" };
        let uri = format!("http://localhost:4566{path}{question}{query}");
        let texts = headers
            .iter()
            .map(|(name, value)| (name.as_str(), std::str::from_utf8(value.as_bytes()).unwrap()));
        let payload = match (self.canon, self.form) {
            (Canon::S3, Form::Presigned) => SignableBody::UnsignedPayload,
            _ => SignableBody::Bytes(body),
        };
        let signable = SignableRequest::new(method, uri.clone(), texts, payload).ok()?;
        let (instructions, _) = sign(signable, &params).ok()?.into_parts();
        let mut sent = http::Request::builder()
            .method(method.as_str())
            .uri(uri)
            .body(())
            .unwrap();
        *sent.headers_mut() = headers.clone();
        instructions.apply_to_request_http1x(&mut sent);
        Some(Request {
            method: method.clone(),
            path: sent.uri().path().to_owned(),
            query: sent.uri().query().unwrap_or_default().to_owned(),
            headers: sent.headers().clone(),
            body: body.clone(),
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_the_aws_sdk_signs_is_accepted(plan in plan()) {
        let sent = plan.signed_by_aws();
        prop_assume!(sent.is_some());
        let sent = sent.unwrap();
        let verified = sent.verify(SECRET, &plan.rules());
        prop_assert!(verified.is_ok(), "{verified:?}\n{sent:#?}\n{}", detail(&verified));
        let unsigned = plan.canon == Canon::S3 && plan.form == Form::Presigned;
        prop_assert_eq!(verified.unwrap().body, if unsigned { BodyCheck::Unsigned } else { BodyCheck::Done });
        let found = sent.find().unwrap();
        prop_assert_eq!(found.token.as_ref().map(crate::SessionToken::expose), plan.token.as_deref());

        let other_secret = sent.verify("another secret", &plan.rules());
        prop_assert!(matches!(other_secret, Err(Error::Mismatch(_))));
    }

    #[test]
    fn our_signer_arrives_at_the_same_signature(plan in plan()) {
        // The other side reads a raw plus as a blank and S3's raw path as it is; ours signs the usual reading.
        let mut plan = Plan { form: Form::Header, ..plan };
        plan.request.query = plan.request.query.replace('+', "-");
        if plan.canon == Canon::S3 {
            plan.request.path.retain(|c| c.is_ascii_alphanumeric() || c == '/');
        }
        let theirs = plan.signed_by_aws();
        prop_assume!(theirs.is_some());
        let theirs = theirs.unwrap();
        let mut ours = plan.request.clone();
        ours.sign(&signer(plan.service(), plan.token.as_deref()), noon());
        prop_assert_eq!(ours.headers.get("authorization"), theirs.headers.get("authorization"));
    }

    #[test]
    fn what_we_presign_is_accepted(plan in plan()) {
        let mut request = plan.request.clone();
        let signer = signer(plan.service(), plan.token.as_deref());
        let content = if plan.canon == Canon::S3 { crate::ContentHash::Unsigned } else { crate::ContentHash::of(&request.body) };
        let span = Duration::from_secs(60);
        request.query = signer.presign(&request.parts(), content, noon(), span).unwrap();
        prop_assert!(request.verify(SECRET, &plan.rules()).is_ok());
    }
}

fn detail(result: &Result<crate::Verified, Error>) -> String {
    match result {
        Err(Error::Mismatch(mismatch)) => mismatch.canonical_request.clone(),
        _ => String::new(),
    }
}
