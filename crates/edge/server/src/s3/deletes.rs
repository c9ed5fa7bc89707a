//! DeleteObject and DeleteObjects.

use std::{collections::BTreeMap, sync::Arc};

use http::{Response, StatusCode};
use kernel::{ApiError, Result};
use objects::{EtagTest, errors};

use super::{
    Body,
    body::Inbound,
    call::{Call, object_arn},
    document, empty,
    gate::Keys,
    xml::{Node, Xml},
};

/// Keys of one DeleteObjects.
const MAX_KEYS: usize = 1000;

impl Call<'_> {
    pub(super) async fn delete_object(&self) -> Result<Response<Body>> {
        let if_match = self.header("if-match").map(EtagTest::parse);
        self.s3.objects.delete(&self.bucket_name, &self.key, if_match).await?;
        Ok(empty(StatusCode::NO_CONTENT))
    }

    /// Each key is allowed or refused by itself.
    pub(super) async fn delete_objects(&self, body: Inbound) -> Result<Response<Body>> {
        let delete = Node::parse(&body.document(&self.headers).await?, "Delete")?;
        let quiet = delete.value("Quiet").is_some_and(|v| v == "true");
        let wanted: Vec<&Node> = delete.all("Object").collect();
        if wanted.is_empty() || wanted.len() > MAX_KEYS {
            return Err(errors::malformed_xml());
        }
        let mut refused: BTreeMap<usize, ApiError> = BTreeMap::new();
        let mut keys = Vec::new();
        let context = Arc::new(Keys::default());
        for (index, object) in wanted.iter().enumerate() {
            // As it stands: keys may begin and end with blanks.
            let key = object
                .child("Key")
                .map(|k| k.text.clone())
                .ok_or_else(errors::malformed_xml)?;
            match self.may_delete(object, &key, &context).await {
                Ok(()) => keys.push((index, key)),
                Err(error) => {
                    refused.insert(index, error);
                }
            }
        }
        let allowed = keys.iter().map(|(_, key)| key.clone()).collect();
        let results = self.s3.objects.delete_many(&self.bucket_name, allowed).await;
        for ((index, _), (_, result)) in keys.iter().zip(results) {
            if let Err(error) = result {
                refused.insert(*index, error);
            }
        }
        let mut xml = Xml::new("DeleteResult");
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

    async fn may_delete(&self, object: &Node, key: &str, keys: &Arc<Keys>) -> Result<()> {
        self.ask(
            "s3:DeleteObject",
            object_arn(&self.bucket_name, key),
            self.bucket.as_ref(),
            keys,
        )
        .await?;
        match object.value("VersionId").as_deref() {
            None | Some("" | "null") => Ok(()),
            Some(_) => Err(errors::invalid_version()),
        }
    }
}
