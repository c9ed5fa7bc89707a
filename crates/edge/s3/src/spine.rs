//! The way of a request, step by step.

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, Response, header, request};
use iam::Origin;
use kernel::{Cx, Result};
use objects::{Bucket, Found, Intent, Operation, Setting, check_key};

use crate::{
    body::Inbound,
    call::S3Call,
    cors,
    endpoint::S3,
    errors, form, headers, refusal,
    request::{
        address::{Address, Query},
        operation::{Level, is_form, names_encryption, names_region, operation},
        said::{self, Said},
    },
    website,
};

/// What a request turned out to be about, for the answer's headers.
#[derive(Default)]
struct About {
    bucket: Option<Arc<Bucket>>,
    names_region: bool,
}

impl S3 {
    /// Answers any request; refusals are answers too. The caller routes by [`crate::Hosts::names_bucket`], the signature's
    /// service `s3`, or whatever is left over, and adds no CORS headers of its own.
    pub async fn handle(&self, mut cx: Cx, origin: Origin, request: Request<Body>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let mut about = About::default();
        let mut response = match self.route(&mut cx, origin, (&head, body), &mut about).await {
            Ok(response) => response,
            Err(refused) => refusal::response(&cx, &refused, head.uri.path(), head.method == Method::HEAD),
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
        headers::set(out, "x-amz-id-2", &refusal::host_id(&cx));
        headers::set(out, header::DATE.as_str(), &headers::to_http_date(cx.wall()));
        headers::set(out, header::SERVER.as_str(), "AmazonS3");
        response
    }

    async fn route(
        &self,
        cx: &mut Cx,
        origin: Origin,
        (head, body): (&request::Parts, Body),
        about: &mut About,
    ) -> Result<Response<Body>> {
        let (address, resource) = self.hosts.address(host(head), head.uri.path())?;
        let (name, key, level) = match address {
            Address::Website { bucket, key, mount } => {
                about.bucket = self.objects.find_bucket(&bucket).await?;
                let page = website::Page { bucket, key, mount };
                return Ok(website::serve(self, cx, head, page, about.bucket.clone()).await);
            }
            Address::Service => (String::new(), String::new(), Level::Service),
            Address::Bucket(bucket) => (bucket, String::new(), Level::Bucket),
            Address::Object { bucket, key } => {
                check_key(&key)?;
                (bucket, key, Level::Object)
            }
        };
        if head.method == Method::OPTIONS {
            return cors::preflight(head, self.objects.find_bucket(&name).await?.as_deref());
        }
        let query = Query::parse(head.uri.query().unwrap_or(""))?;
        if is_form(&head.method, level, &query) {
            let bucket = about.bucket.insert(self.objects.bucket(&name).await?);
            return form::post(self, cx, origin, (head, body), bucket).await;
        }
        let sender = self.identify(cx, origin, head, &resource).await?;
        let cx = &*cx;
        headers::check_text(&sender.headers)?;
        let copies = sender.headers.contains_key("x-amz-copy-source");
        let operation = operation(&head.method, level, &query, copies)?;
        about.names_region = names_region(operation);
        if level != Level::Service && operation != Operation::CreateBucket {
            about.bucket = Some(self.objects.bucket(&name).await?);
        }
        let mut body = Inbound::new(body, sender.body);
        let (mut said, mut fault) = (Said::default(), None);
        if let Some(read) = said::reader(operation) {
            // A document in which something is wrong says nothing: whoever may not do it is told so first.
            match said::by(read, body, &sender.headers).await {
                Ok(read) => said = read,
                Err(wrong) => fault = Some(wrong),
            }
            body = Inbound::empty();
        }
        if operation == Operation::ListBuckets && sender.caller.principal.is_anonymous() {
            return Err(errors::access_denied());
        }
        let call = S3Call {
            s3: self,
            cx,
            intent: Intent::plain(operation, name, key, sender.manner),
            caller: sender.caller,
            query,
            headers: &sender.headers,
            said,
            bucket: about.bucket.clone(),
        }
        .read_intent()?;
        let found = self.objects.judged(cx, call.asked()).await?;
        call.check_version()?;
        fault.map_or(Ok(()), Err)?;
        let mut response = call.dispatch(found, body).await?;
        if names_encryption(operation) {
            let (name, value) = headers::ENCRYPTION;
            headers::set(response.headers_mut(), name, value);
        }
        Ok(response)
    }
}

fn host(head: &request::Parts) -> &str {
    let authority = || head.uri.authority().map(http::uri::Authority::as_str);
    headers::text(&head.headers, "host").or_else(authority).unwrap_or("")
}

impl S3Call<'_> {
    async fn dispatch(&self, found: Option<Found<'_>>, body: Inbound) -> Result<Response<Body>> {
        match self.intent.operation {
            Operation::ListBuckets => self.list_buckets().await,
            Operation::CreateBucket => self.create_bucket().await,
            Operation::HeadBucket => Ok(self.head_bucket()),
            Operation::DeleteBucket => self.delete_bucket().await,
            Operation::ListObjects => self.list_objects().await,
            Operation::ListObjectsV2 => self.list_objects_v2().await,
            Operation::ListObjectVersions => self.list_object_versions().await,
            Operation::DeleteObjects => self.delete_objects(body).await,
            Operation::ListMultipartUploads => self.list_multipart_uploads().await,
            Operation::GetSetting(Setting::Policy) => self.read_policy().await,
            Operation::GetSetting(setting) => self.read_setting(setting),
            Operation::PutSetting(Setting::Acl) => self.write_acl(body).await,
            Operation::PutSetting(setting) => self.write_setting(setting, body).await,
            Operation::DeleteSetting(setting) => self.delete_setting(setting).await,
            Operation::GetObject => self.read_object(found).await,
            Operation::HeadObject => self.head_object(found).await,
            Operation::PutObject => self.put_object(body).await,
            Operation::CopyObject => self.copy_object().await,
            Operation::DeleteObject => self.delete_object().await,
            Operation::GetObjectAcl => self.read_object_acl(found).await,
            Operation::PutObjectAcl => self.write_object_acl(found, body).await,
            Operation::GetObjectTagging => self.read_object_tagging(found).await,
            Operation::PutObjectTagging => self.write_object_tagging().await,
            Operation::DeleteObjectTagging => self.delete_object_tagging().await,
            Operation::CreateMultipartUpload => self.create_multipart_upload().await,
            Operation::UploadPart => self.upload_part(body).await,
            Operation::UploadPartCopy => self.upload_part_copy().await,
            Operation::CompleteMultipartUpload => self.complete_multipart_upload(body).await,
            Operation::AbortMultipartUpload => self.abort_multipart_upload().await,
            Operation::ListParts => self.list_parts().await,
        }
    }
}
