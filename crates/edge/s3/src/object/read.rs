//! GetObject and HeadObject.

use axum::body::Body;
use http::{HeaderMap, Response, StatusCode, header};
use kernel::Result;
use objects::{Download, Found, Object, RangeRequest, Select, Span};

use crate::{
    call::S3Call,
    errors,
    headers::{self, conditions, set, set_checksum},
};

/// Query parameters that replace a header of the answer.
const OVERRIDES: [(&str, &str); 6] = [
    ("response-cache-control", "cache-control"),
    ("response-content-disposition", "content-disposition"),
    ("response-content-encoding", "content-encoding"),
    ("response-content-language", "content-language"),
    ("response-content-type", "content-type"),
    ("response-expires", "expires"),
];

impl S3Call<'_> {
    pub(crate) async fn read_object(&self, found: Option<Found<'_>>) -> Result<Response<Body>> {
        let select = self.select()?;
        let conditions = conditions(self.headers, "", self.cx.wall());
        let opened = match found {
            Some(found) => self.s3.objects.open(self.cx, found, &conditions, select).await?,
            None => None,
        };
        match opened {
            Some(download) => self.download(download, select),
            None => Err(self.absence().await),
        }
    }

    pub(crate) async fn head_object(&self, found: Option<Found<'_>>) -> Result<Response<Body>> {
        let select = self.select()?;
        let Some(found) = found else {
            return Err(self.absence().await);
        };
        found.check(&conditions(self.headers, "", self.cx.wall()))?;
        let object = found.object;
        let span = select.span(&object)?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.describe(&object, (select, span), response.headers_mut())?;
        Ok(response)
    }

    /// Errors: those of [`Self::describe`].
    pub(crate) fn download(&self, mut download: Download, select: Select) -> Result<Response<Body>> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.describe(&download.object, (select, download.span), response.headers_mut())?;
        *response.body_mut() = match download.at_hand() {
            Some(bytes) => Body::from(bytes),
            None => Body::from_stream(download.into_stream()),
        };
        Ok(response)
    }

    /// Errors: InvalidRequest for a range and a part together, InvalidArgument.
    pub(crate) fn select(&self) -> Result<Select> {
        let range = self.header("range").and_then(RangeRequest::parse);
        match (self.query.get("partNumber"), range) {
            (Some(_), Some(_)) => Err(errors::invalid_request(
                "Cannot specify both Range header and partNumber query parameter",
            )),
            (Some(number), None) => match number.parse() {
                Ok(number @ 1..=10_000) => Ok(Select::Part(number)),
                _ => Err(errors::part_number_out_of_range(number)),
            },
            (None, Some(range)) => Ok(Select::Range(range)),
            (None, None) => Ok(Select::Whole),
        }
    }

    /// Writes the headers of a read. Errors: InvalidRequest for what strangers may not ask for.
    fn describe(
        &self,
        object: &Object,
        (select, span): (Select, Option<Span>),
        out: &mut HeaderMap,
    ) -> Result<StatusCode> {
        headers::describe(object, out);
        let length = span.map_or(object.size, |s| s.end - s.start);
        set(out, header::CONTENT_LENGTH.as_str(), &length.to_string());
        let wants_checksum = self
            .header("x-amz-checksum-mode")
            .is_some_and(|v| v.eq_ignore_ascii_case("ENABLED"));
        if let Some(checksum) = object.checksum.as_ref().filter(|_| wants_checksum && span.is_none()) {
            set_checksum(checksum, out);
        }
        if matches!(select, Select::Part(_)) && !object.parts.is_empty() {
            set(out, "x-amz-mp-parts-count", &object.parts.len().to_string());
        }
        for (parameter, name) in OVERRIDES {
            let Some(value) = self.query.get(parameter) else {
                continue;
            };
            if self.intent.manner.signature.is_none() {
                return Err(errors::invalid_request(
                    "Request specific response headers cannot be used for anonymous GET requests.",
                ));
            }
            set(out, name, value);
        }
        let Some(Span { start, end }) = span else {
            return Ok(StatusCode::OK);
        };
        // A part of an empty object is empty: there is no range to name.
        if end > start {
            set(
                out,
                header::CONTENT_RANGE.as_str(),
                &format!("bytes {start}-{}/{}", end - 1, object.size),
            );
        }
        Ok(StatusCode::PARTIAL_CONTENT)
    }
}
