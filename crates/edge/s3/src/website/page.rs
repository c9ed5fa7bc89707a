//! The website endpoint: GET and HEAD by anybody whom the bucket policy lets read, and browsers' preflights of them.
//! Reference: identity-pools-iam 11.4, 11.5.

use std::sync::Arc;

use axum::body::Body;
use http::{HeaderMap, Method, Response, StatusCode, header, request};
use kernel::{ApiError, Cx, Result};
use objects::{Answer, Bucket, Conditions, Error, ErrorAnswer, Intent, Operation, Select, Setting, Target, Website};

use super::error_page::error_page;
use crate::{
    answer::empty,
    bucket::absent,
    call::S3Call,
    cors,
    endpoint::S3,
    errors,
    headers::{conditions, set, text},
    listing::Encoding,
    refusal::status,
    request::{
        address::Query,
        said::Said,
        signature::{Signing, nobody},
    },
};

/// The page that is asked for.
pub(crate) struct Page {
    pub bucket: String,
    pub key: String,
    pub mount: String,
}

/// Answers in HTML, errors too. `bucket`: none of that name.
pub(crate) async fn serve(
    s3: &S3,
    cx: &Cx,
    head: &request::Parts,
    page: Page,
    bucket: Option<Arc<Bucket>>,
) -> Response<Body> {
    let answered = answered(s3, cx, head, &page, bucket).await;
    let mut response = answered.unwrap_or_else(|error| error_page(cx, &error));
    if head.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

async fn answered(
    s3: &S3,
    cx: &Cx,
    head: &request::Parts,
    page: &Page,
    bucket: Option<Arc<Bucket>>,
) -> Result<Response<Body>> {
    let bucket = bucket.ok_or_else(|| Error::NoSuchBucket {
        bucket: page.bucket.clone(),
    })?;
    let Some(website) = &bucket.settings.website else {
        return Err(absent(Setting::Website, &page.bucket));
    };
    match head.method {
        Method::OPTIONS => cors::preflight(head, Some(&bucket)),
        Method::GET | Method::HEAD => {
            let visit = Visit {
                s3,
                cx,
                headers: &head.headers,
                bucket: &bucket,
                website,
                page,
            };
            visit.answer().await
        }
        _ => Err(errors::method_not_allowed(head.method.as_str(), "OBJECT")),
    }
}

struct Visit<'a> {
    s3: &'a S3,
    cx: &'a Cx,
    headers: &'a HeaderMap,
    bucket: &'a Arc<Bucket>,
    website: &'a Website,
    page: &'a Page,
}

impl Visit<'_> {
    async fn answer(&self) -> Result<Response<Body>> {
        let key = match self.website.answer(&self.page.key) {
            Answer::Redirect(target) => return Ok(self.redirect(&target)),
            Answer::Serve { key } => key,
        };
        let call = self.call(&key);
        let conditions = conditions(self.headers, "", self.cx.wall());
        let refused = match self.read(&call, &conditions, call.select()?).await {
            Ok(Some(response)) => return Ok(response),
            Ok(None) if self.is_folder().await => {
                // A whole address: a key may begin with a slash, and `//name/` alone would lead to another host.
                return Ok(self.redirect(&Target {
                    status: StatusCode::FOUND.as_u16(),
                    protocol: None,
                    host: None,
                    key: format!("{}/", self.page.key),
                }));
            }
            Ok(None) => call.absence().await,
            Err(refused) => refused,
        };
        let code = status(refused.code());
        match self.website.on_error(&self.page.key, code.as_u16()) {
            ErrorAnswer::Redirect(target) => Ok(self.redirect(&target)),
            ErrorAnswer::Document { key } => match self.whole(&key).await {
                Ok(Some(mut response)) => {
                    // One with a redirect of its own leads there.
                    if response.status() == StatusCode::OK {
                        *response.status_mut() = code;
                    }
                    Ok(response)
                }
                _ => Err(refused),
            },
            ErrorAnswer::Plain => Err(refused),
        }
    }

    /// Whether what is asked for is a folder, told by its index document.
    async fn is_folder(&self) -> bool {
        match self.website.folder_index(&self.page.key) {
            Some(index) => matches!(self.whole(&index).await, Ok(Some(_))),
            None => false,
        }
    }

    async fn whole(&self, key: &str) -> Result<Option<Response<Body>>, ApiError> {
        self.read(&self.call(key), &Conditions::default(), Select::Whole).await
    }

    /// To read an object as anybody may.
    fn call(&self, key: &str) -> S3Call<'_> {
        let manner = Signing::Nobody.manner(self.cx, self.headers);
        S3Call {
            s3: self.s3,
            cx: self.cx,
            caller: nobody(self.cx),
            intent: Intent::plain(Operation::GetObject, &self.bucket.name, key, manner),
            query: Query::default(),
            headers: self.headers,
            said: Said::default(),
            bucket: Some(Arc::clone(self.bucket)),
        }
    }

    /// An object as a page; none: there is none, which a stranger learns only where they may read.
    /// Errors: AccessDenied, NotModified, InvalidRange.
    async fn read(&self, call: &S3Call<'_>, conditions: &Conditions, select: Select) -> Result<Option<Response<Body>>> {
        let Some(found) = self.s3.objects.judged(self.cx, call.asked()).await? else {
            return Ok(None);
        };
        found.check(conditions)?;
        // What leads elsewhere has no parts of its own to ask for.
        if let Some(location) = &found.object.headers.website_redirect {
            let mut response = empty(StatusCode::MOVED_PERMANENTLY);
            let location = if location.starts_with('/') {
                format!("{}{location}", self.page.mount)
            } else {
                location.clone()
            };
            set(response.headers_mut(), header::LOCATION.as_str(), &location);
            return Ok(Some(response));
        }
        match self.s3.objects.open(self.cx, found, conditions, select).await? {
            Some(download) => Ok(Some(call.download(download, select)?)),
            None => Ok(None),
        }
    }

    fn redirect(&self, target: &Target) -> Response<Body> {
        let mut response = empty(StatusCode::from_u16(target.status).unwrap_or(StatusCode::MOVED_PERMANENTLY));
        set(
            response.headers_mut(),
            header::LOCATION.as_str(),
            &self.location(target),
        );
        response
    }

    /// To another host without the mount, which is only ours.
    fn location(&self, target: &Target) -> String {
        let own = text(self.headers, "host").unwrap_or("");
        let host = target.host.as_deref().unwrap_or(own);
        let mount = if target.host.is_some() {
            ""
        } else {
            self.page.mount.as_str()
        };
        let protocol = target
            .protocol
            .as_deref()
            .unwrap_or(if self.cx.secure { "https" } else { "http" });
        format!("{protocol}://{host}{mount}/{}", Encoding::Url.of(&target.key))
    }
}
