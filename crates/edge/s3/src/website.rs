//! The website endpoint: GET and HEAD by anybody whom the bucket policy lets read, and browsers' preflights of them.
//! Reference: identity-pools-iam 11.4, 11.5.

use std::sync::{Arc, OnceLock};

use http::{HeaderMap, Method, Response, StatusCode, header, request};
use kernel::{ApiError, Code, Cx, Result};
use objects::{Answer, Conditions, ErrorAnswer, Select, Target, Website, errors};

use super::{
    About, Body, S3,
    address::Query,
    call::{Call, object_arn},
    cors, empty,
    error::{log, status},
    gate::{Keys, nobody},
    headers::{conditions, set, text},
    operation::Op,
    refusal,
    said::Said,
    verbatim,
};

/// The page that is asked for.
pub(super) struct Page {
    pub bucket: String,
    pub key: String,
    pub mount: String,
}

/// Answers in HTML, errors too.
pub(super) async fn serve(
    s3: &S3,
    cx: &Cx,
    head: &request::Parts,
    page: Page,
    about: &mut About,
) -> Result<Response<Body>> {
    let is_head = head.method == Method::HEAD;
    let answered = match s3.objects.bucket(&page.bucket).await {
        Ok(bucket) => {
            about.bucket = Some(bucket.clone());
            match &bucket.settings.website {
                None => Err(errors::no_such_configuration(
                    "NoSuchWebsiteConfiguration",
                    "The specified bucket does not have a website configuration",
                    &page.bucket,
                )),
                Some(_) if head.method == Method::OPTIONS => cors::preflight(s3, head, &page.bucket).await,
                Some(_) if !is_head && head.method != Method::GET => {
                    Err(errors::method_not_allowed(head.method.as_str(), "OBJECT"))
                }
                Some(website) => {
                    let call = Call {
                        s3,
                        cx,
                        op: Op::GetObject,
                        query: Query::default(),
                        headers: head.headers.clone(),
                        caller: nobody(cx),
                        signed: None,
                        bucket: Some(bucket.clone()),
                        bucket_name: page.bucket.clone(),
                        key: page.key.clone(),
                        said: Said::default(),
                        policy: OnceLock::new(),
                    };
                    Visit {
                        call,
                        website,
                        page: &page,
                        secure: cx.secure,
                    }
                    .answer()
                    .await
                }
            }
        }
        Err(error) => Err(error),
    };
    let mut response = match answered {
        Ok(response) => response,
        Err(error) => error_page(cx, &error),
    };
    if is_head {
        *response.body_mut() = Body::empty();
    }
    Ok(response)
}

struct Visit<'a> {
    call: Call<'a>,
    website: &'a Website,
    page: &'a Page,
    secure: bool,
}

impl Visit<'_> {
    async fn answer(&self) -> Result<Response<Body>> {
        let key = match self.website.answer(&self.page.key) {
            Answer::Redirect(target) => return Ok(self.redirect(&target)),
            Answer::Serve { key } => key,
        };
        let conditions = conditions(&self.call.headers, "", self.call.cx.wall());
        let refused = match self.read(&key, &conditions, self.call.select()?).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        if let Some(index) = self.website.folder_index(&self.page.key)
            && refused.code() == Code("NoSuchKey")
            && self.read(&index, &Conditions::default(), Select::Whole).await.is_ok()
        {
            // A whole address: a key may begin with a slash, and `//name/` alone would lead to another host.
            return Ok(self.redirect(&Target {
                status: StatusCode::FOUND.as_u16(),
                protocol: None,
                host: None,
                key: format!("{}/", self.page.key),
            }));
        }
        let refused = self.call.hide_absence(refused).await;
        let code = status(refused.code());
        match self.website.on_error(&self.page.key, code.as_u16()) {
            ErrorAnswer::Redirect(target) => Ok(self.redirect(&target)),
            ErrorAnswer::Document { key } => match self.read(&key, &Conditions::default(), Select::Whole).await {
                Ok(mut response) => {
                    // One with a redirect of its own leads there.
                    if response.status() == StatusCode::OK {
                        *response.status_mut() = code;
                    }
                    Ok(response)
                }
                Err(_) => Err(refused),
            },
            ErrorAnswer::Plain => Err(refused),
        }
    }

    /// An object as a page, if anybody may read it. Errors: AccessDenied, NoSuchKey, NotModified, InvalidRange.
    async fn read(&self, key: &str, conditions: &Conditions, select: Select) -> Result<Response<Body>> {
        let call = &self.call;
        let bucket = call.bucket.as_ref();
        let (objects, bucket_name) = (&call.s3.objects, &call.bucket_name);
        let found = objects.head(bucket_name, key, conditions).await;
        let mut keys = Keys::default();
        if let Ok(object) = &found {
            let tags = object
                .tags
                .iter()
                .map(|(k, v)| (format!("s3:ExistingObjectTag/{k}"), v.clone()));
            keys.single.extend(tags);
        }
        // A stranger learns nothing of what is missing where they may not read.
        call.ask("s3:GetObject", object_arn(bucket_name, key), bucket, &Arc::new(keys))
            .await?;
        // What leads elsewhere has no parts of its own to ask for.
        if let Some(location) = &found?.headers.website_redirect {
            let mut response = empty(StatusCode::MOVED_PERMANENTLY);
            let location = if location.starts_with('/') {
                format!("{}{location}", self.page.mount)
            } else {
                location.clone()
            };
            set(response.headers_mut(), header::LOCATION.as_str(), &location);
            return Ok(response);
        }
        let download = objects.get(bucket_name, key, conditions, select).await?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = call.describe(&download.object, select, download.span, response.headers_mut())?;
        *response.body_mut() = Body::from_stream(download.into_stream());
        Ok(response)
    }

    fn redirect(&self, target: &Target) -> Response<Body> {
        let mut response = empty(StatusCode::from_u16(target.status).unwrap_or(StatusCode::MOVED_PERMANENTLY));
        set(
            response.headers_mut(),
            header::LOCATION.as_str(),
            &self.location(target, &self.call.headers),
        );
        response
    }

    /// To another host without the mount, which is only ours.
    fn location(&self, target: &Target, headers: &HeaderMap) -> String {
        let own = text(headers, "host").unwrap_or("");
        let host = target.host.as_deref().unwrap_or(own);
        let mount = if target.host.is_some() {
            ""
        } else {
            self.page.mount.as_str()
        };
        let protocol = target
            .protocol
            .as_deref()
            .unwrap_or(if self.secure { "https" } else { "http" });
        format!("{protocol}://{host}{mount}/{}", encode(&target.key))
    }
}

fn encode(key: &str) -> String {
    super::lists::Encoding::Url.of(key)
}

/// S3's plain error page.
fn error_page(cx: &Cx, error: &ApiError) -> Response<Body> {
    let code = status(error.code());
    // The wording of a refusal names callers and actions: not for strangers.
    let shown = if code == StatusCode::FORBIDDEN {
        errors::access_denied()
    } else {
        refusal(error.code().0, error.message())
    };
    let shown = if error.code() == Code::InternalError {
        refusal("InternalError", "We encountered an internal error. Please try again.")
    } else {
        shown
    };
    log(cx, error);
    let title = format!(
        "{} {}",
        status(shown.code()).as_u16(),
        status(shown.code()).canonical_reason().unwrap_or("")
    );
    let mut items = format!(
        "<li>Code: {}</li>\n<li>Message: {}</li>\n",
        escape(shown.code().0),
        escape(shown.message())
    );
    for (name, value) in error.members().iter().filter(|_| code != StatusCode::FORBIDDEN) {
        items.extend(["<li>", escape(name).as_str(), ": ", escape(value).as_str(), "</li>\n"]);
    }
    items.extend(["<li>RequestId: ", escape(cx.request_id.as_str()).as_str(), "</li>\n"]);
    let html = format!(
        "<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n<ul>\n{items}</ul>\n<hr/>\n</body>\n</html>\n"
    );
    let mut response = verbatim(html, "text/html; charset=utf-8");
    *response.status_mut() = status(shown.code());
    if code == StatusCode::NOT_MODIFIED {
        *response.body_mut() = Body::empty();
    }
    response
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
