//! S3 over HTTP: addresses, operations, XML, CORS, forms and websites in front of [`objects::Objects`]. It decides nothing about
//! keys or policies (see `gate`) and stores nothing. The way of a request: [`S3::handle`] → `address` → `gate` →
//! `operation` → `call` (leave) → one of the handlers → `cors`.
//! Reference: identity-pools-iam 10 and 11.

mod acl;
mod address;
mod body;
mod buckets;
mod call;
mod chunked;
mod connect;
mod copies;
mod cors;
mod deletes;
mod error;
mod forms;
mod gate;
mod headers;
mod lists;
mod operation;
mod policy;
mod reads;
mod said;
mod settings;
mod settings_xml;
mod tagging;
mod uploads;
mod website;
mod writes;
mod xml;

pub use address::{Address, Hosts, WEBSITE_PATH};
pub use axum::body::Body;
pub use gate::{Credential, Decide, FindCredential, Gate, Keys, Question, Rename, Version2Addresses};

use std::sync::OnceLock;

use http::{HeaderValue, Method, Request, Response, StatusCode, header, request};
use iam::{Origin, canonical_id};
use kernel::{ApiError, Code, Cx, Result};
use objects::{Bucket, Objects};

use address::Query;
use body::Inbound;
use call::Call;
use operation::{Level, Op, Setting};
use said::Said;
use xml::Xml;

/// The S3 endpoint.
#[derive(Clone)]
pub struct S3 {
    pub objects: Objects,
    pub gate: Gate,
    pub hosts: Hosts,
}

/// What a request turned out to be about, for the answer's headers.
#[derive(Default)]
struct About {
    bucket: Option<Bucket>,
    names_region: bool,
}

impl S3 {
    /// Answers any request; refusals are answers too. The caller routes by [`Hosts::claims`], the signature's service
    /// `s3`, or whatever is left over, and adds no CORS headers of its own.
    pub async fn handle(&self, cx: &Cx, origin: Origin, request: Request<Body>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let mut about = About::default();
        let mut response = match self.route(cx, origin, &head, body, &mut about).await {
            Ok(response) => response,
            Err(refusal) => error::response(cx, &refusal, head.uri.path(), head.method == Method::HEAD),
        };
        if head.method != Method::OPTIONS
            && let Some(bucket) = &about.bucket
        {
            cors::add(bucket, &head, response.headers_mut());
            // In refusals too: clients look there for the region that they should have called.
            if about.names_region {
                headers::set(response.headers_mut(), "x-amz-bucket-region", bucket.region.as_str());
            }
        }
        let out = response.headers_mut();
        headers::set(out, "x-amz-request-id", cx.request_id.as_str());
        headers::set(out, "x-amz-id-2", &error::host_id(cx));
        headers::set(out, header::DATE.as_str(), &headers::to_http_date(cx.wall()));
        headers::set(out, header::SERVER.as_str(), "AmazonS3");
        response
    }

    async fn route(
        &self,
        cx: &Cx,
        origin: Origin,
        head: &request::Parts,
        body: Body,
        about: &mut About,
    ) -> Result<Response<Body>> {
        let host =
            headers::text(&head.headers, "host").or_else(|| head.uri.authority().map(http::uri::Authority::as_str));
        let (bucket_name, key, level) = match self.hosts.address(host.unwrap_or(""), head.uri.path())? {
            Address::Website { bucket, key, mount } => {
                return website::serve(self, cx, head, website::Page { bucket, key, mount }, about).await;
            }
            Address::Service => (String::new(), String::new(), Level::Service),
            Address::Bucket(bucket) => (bucket, String::new(), Level::Bucket),
            Address::Object { bucket, key } => {
                objects::check_key(&key)?;
                (bucket, key, Level::Object)
            }
        };
        if head.method == Method::OPTIONS {
            return cors::preflight(self, head, &bucket_name).await;
        }
        let query = Query::parse(head.uri.query().unwrap_or(""))?;
        if operation::is_form(&head.method, level, &query) {
            let bucket = about.bucket.insert(self.objects.bucket(&bucket_name).await?);
            return forms::post(self, cx, origin, head, bucket, body).await;
        }
        let resource = self.hosts.resource(host.unwrap_or(""), head.uri.path());
        let caller = self.gate.identify(cx, origin, head, &resource).await?;
        headers::check_text(&caller.headers)?;
        let copies = caller.headers.contains_key("x-amz-copy-source");
        let op = Op::of(&head.method, level, &query, copies)?;
        about.names_region = op.names_region();
        if level != Level::Service && op != Op::CreateBucket {
            about.bucket = Some(self.objects.bucket(&bucket_name).await?);
        }
        let (said, body) = Said::by(op, Inbound::new(body, caller.body), &caller.headers).await;
        let (said, fault) = match said {
            Ok(said) => (said, None),
            Err(fault) => (Said::default(), Some(fault)),
        };
        let call = Call {
            s3: self,
            cx,
            op,
            query,
            headers: caller.headers,
            caller: caller.who,
            signed: caller.signed,
            bucket: about.bucket.clone(),
            bucket_name,
            key,
            said,
            policy: OnceLock::new(),
        };
        if op == Op::ListBuckets && call.caller.principal.is_anonymous() {
            return Err(objects::errors::access_denied());
        }
        call.authorize().await?;
        call.check_version()?;
        fault.map_or(Ok(()), Err)?;
        let mut response = call.dispatch(body).await?;
        if op.names_encryption() {
            let (name, value) = headers::ENCRYPTION;
            headers::set(response.headers_mut(), name, value);
        }
        Ok(response)
    }
}

impl Call<'_> {
    async fn dispatch(&self, body: Inbound) -> Result<Response<Body>> {
        match self.op {
            Op::ListBuckets => self.list_buckets().await,
            Op::CreateBucket => self.create_bucket().await,
            Op::HeadBucket => Ok(self.head_bucket()),
            Op::DeleteBucket => self.delete_bucket().await,
            Op::ListObjects => self.list_objects().await,
            Op::ListObjectsV2 => self.list_objects_v2().await,
            Op::ListObjectVersions => self.list_object_versions().await,
            Op::DeleteObjects => self.delete_objects(body).await,
            Op::ListMultipartUploads => self.list_multipart_uploads().await,
            Op::GetSetting(Setting::Policy) => self.read_policy_document().await,
            Op::GetSetting(setting) => self.read_setting(setting),
            Op::PutSetting(setting) => self.write_setting(setting, body).await,
            Op::DeleteSetting(setting) => self.delete_setting(setting).await,
            Op::GetObject => self.read_object().await,
            Op::HeadObject => self.head_object().await,
            Op::PutObject => self.put_object(body).await,
            Op::CopyObject => self.copy_object().await,
            Op::DeleteObject => self.delete_object().await,
            Op::GetObjectAcl => self.read_object_acl().await,
            Op::PutObjectAcl => self.write_object_acl(body).await,
            Op::GetObjectTagging => self.read_object_tagging().await,
            Op::PutObjectTagging => self.write_object_tagging().await,
            Op::DeleteObjectTagging => self.delete_object_tagging().await,
            Op::CreateMultipartUpload => self.create_multipart_upload().await,
            Op::UploadPart => self.upload_part(body).await,
            Op::UploadPartCopy => self.upload_part_copy().await,
            Op::CompleteMultipartUpload => self.complete_multipart_upload(body).await,
            Op::AbortMultipartUpload => self.abort_multipart_upload().await,
            Op::ListParts => self.list_parts().await,
        }
    }
}

/// An XML document with status 200.
fn document(xml: Xml) -> Response<Body> {
    verbatim(xml.finish(), "application/xml")
}

fn verbatim(text: impl Into<Body>, content_type: &'static str) -> Response<Body> {
    let mut response = Response::new(text.into());
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A code that only the edge knows.
fn refusal(code: &'static str, message: impl Into<String>) -> ApiError {
    ApiError::new(Code(code), message)
}

#[cfg(test)]
mod tests;
