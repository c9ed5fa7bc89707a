//! Whole requests: reference vectors, AWS's published cases, another implementation's signatures, refusals.

mod cross;
mod malformed;
mod never_panics;
mod refusals;
mod spellings;
mod suite;
mod vectors;

use http::{HeaderMap, HeaderName, HeaderValue};
use kernel::{AccessKeyId, Region, Timestamp};

use crate::{Authorization, Canon, Error, Parts, Payload, Rules, Secret, SessionToken, Signer, Stamp, Verified};

/// The secret and the token of reference 10.6.
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
pub(crate) const TOKEN: &str = "FQoGZXIvYXdzEXAMPLEtoken+/=";
pub(crate) const KEY: &str = "AKIAEXAMPLEEXAMPLE01";

/// 20260115T120000Z.
pub(crate) fn noon() -> Timestamp {
    at("20260115T120000Z")
}

pub(crate) fn at(stamp: &str) -> Timestamp {
    Stamp::parse(stamp).unwrap().time()
}

/// A request that owns what `Parts` borrows.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Request {
    pub fn new(method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut request = Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: HeaderMap::new(),
            body: body.to_vec(),
        };
        for (name, value) in headers {
            request.headers.append(
                name.parse::<HeaderName>().unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        request
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.headers.insert(
            name.parse::<HeaderName>().unwrap(),
            HeaderValue::from_str(value).unwrap(),
        );
    }

    pub fn parts(&self) -> Parts<'_> {
        Parts {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &self.headers,
        }
    }

    pub fn find(&self) -> Result<Authorization, Error> {
        Authorization::find(&self.parts()).map(|found| found.expect("the request is signed"))
    }

    /// Finds and verifies, as a front end does.
    pub fn verify(&self, secret: &str, rules: &Rules<'_>) -> Result<Verified, Error> {
        let authorization = Authorization::find(&self.parts())?.ok_or(Error::MissingAuthentication)?;
        authorization.verify(&self.parts(), &Secret::new(secret), Payload::Bytes(&self.body), rules)
    }

    pub fn sign(&mut self, signer: &Signer, at: Timestamp) {
        let target = crate::Target {
            method: &self.method,
            path: &self.path,
            query: &self.query,
        };
        signer
            .sign(target, &mut self.headers, crate::ContentHash::of(&self.body), at)
            .unwrap();
    }
}

pub(crate) fn signer(service: &str, token: Option<&str>) -> Signer {
    Signer {
        access_key: AccessKeyId::new(KEY),
        secret: Secret::new(SECRET),
        token: token.map(SessionToken::new),
        region: Region::new("us-east-1"),
        service: service.to_owned(),
        canon: if service == "s3" { Canon::S3 } else { Canon::Standard },
    }
}
