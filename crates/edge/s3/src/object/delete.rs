//! DeleteObject and DeleteObjects.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Response, StatusCode};
use kernel::{ApiError, Result, Timestamp};
use objects::{Asked, DeleteConditions, EtagTest, Intent};

use crate::{
    answer::{document, empty},
    body::Inbound,
    call::S3Call,
    errors,
    headers::http_date,
    xml::{Node, rooted},
};

/// Keys of one DeleteObjects.
const MAX_KEYS: usize = 1000;

impl S3Call<'_> {
    pub(crate) async fn delete_object(&self) -> Result<Response<Body>> {
        // Only directory buckets know these two, and there are none: refused, never ignored.
        for header in ["x-amz-if-match-last-modified-time", "x-amz-if-match-size"] {
            if self.headers.contains_key(header) {
                return Err(errors::header_not_implemented(header));
            }
        }
        let conditions = DeleteConditions {
            etag: self.header("if-match").map(EtagTest::parse),
            ..DeleteConditions::default()
        };
        let (bucket, key) = (&self.intent.bucket, &self.intent.key);
        self.s3.objects.delete(bucket, key, conditions).await?;
        Ok(empty(StatusCode::NO_CONTENT))
    }

    /// Each key is allowed or refused by itself, and deleted only on its own conditions.
    pub(crate) async fn delete_objects(&self, body: Inbound) -> Result<Response<Body>> {
        let delete = Node::parse(&body.document(self.headers).await?, "Delete")?;
        let quiet = delete.value("Quiet").is_some_and(|v| v == "true");
        let wanted: Vec<&Node> = delete.all("Object").collect();
        if wanted.is_empty() || wanted.len() > MAX_KEYS {
            return Err(errors::malformed_xml());
        }
        let mut refused: BTreeMap<usize, ApiError> = BTreeMap::new();
        let mut keys = Vec::new();
        for (index, object) in wanted.iter().enumerate() {
            // As it stands: keys may begin and end with blanks.
            let key = object
                .child("Key")
                .map(|k| k.text.clone())
                .ok_or_else(errors::malformed_xml)?;
            let conditions = read_conditions(object)?;
            match self.may_delete(object, &key).await {
                Ok(()) => keys.push((index, (key, conditions))),
                Err(error) => {
                    refused.insert(index, error);
                }
            }
        }
        let allowed = keys.iter().map(|(_, wanted)| wanted.clone()).collect();
        let results = self.s3.objects.delete_many(&self.intent.bucket, allowed).await;
        for ((index, _), (_, result)) in keys.iter().zip(results) {
            if let Err(error) = result {
                refused.insert(*index, error.into());
            }
        }
        let mut xml = rooted("DeleteResult");
        for (index, object) in wanted.iter().enumerate() {
            let key = object.child("Key").map_or("", |k| k.text.as_str());
            match refused.get(&index) {
                None if quiet => {}
                None => {
                    xml.open("Deleted").element("Key", key).close();
                }
                Some(error) => {
                    xml.open("Error").element("Key", key).element("Code", error.code().0);
                    xml.element("Message", error.message()).close();
                }
            }
        }
        Ok(document(xml))
    }

    async fn may_delete(&self, object: &Node, key: &str) -> Result<()> {
        let version = object.value("VersionId").filter(|version| !version.is_empty());
        let mut intent: Intent = self.intent.to_delete(key, version.as_deref());
        // As the header of a single deletion.
        let etag = object.value("ETag");
        intent.names_etag = etag.as_deref().is_some_and(|tag| EtagTest::parse(tag) != EtagTest::Any);
        intent.said.extend(etag.map(|etag| ("if-match".to_owned(), etag)));
        let asked = Asked {
            intent: &intent,
            ..self.asked()
        };
        self.s3.objects.authorize(self.cx, asked, None).await?;
        match version.as_deref() {
            None | Some("null") => Ok(()),
            Some(version) => Err(errors::invalid_version(version)),
        }
    }
}

/// What the client says of the object that it means. Errors: MalformedXML.
fn read_conditions(object: &Node) -> Result<DeleteConditions> {
    let modified_at = |text: String| {
        let iso = || {
            text.parse()
                .ok()
                .map(|t: jiff::Timestamp| Timestamp::from_secs(t.as_second()))
        };
        http_date(&text).or_else(iso).ok_or_else(errors::malformed_xml)
    };
    let size = |text: String| text.parse().map_err(|_| errors::malformed_xml());
    Ok(DeleteConditions {
        etag: object.value("ETag").map(|tag| EtagTest::parse(&tag)),
        modified_at: object.value("LastModifiedTime").map(modified_at).transpose()?,
        size: object.value("Size").map(size).transpose()?,
    })
}
