//! Object tags, and the tag set that buckets share.

use std::collections::BTreeMap;

use http::{Response, StatusCode};
use kernel::Result;
use objects::errors;

use super::{
    Body,
    body::Inbound,
    call::Call,
    document, empty,
    headers::check_tags,
    xml::{Node, Xml},
};

/// `Tag` elements with `Key` and `Value`. Errors: MalformedXML, InvalidTag, BadRequest beyond `max`.
pub(super) fn read_tags(set: &Node, max: usize) -> Result<BTreeMap<String, String>> {
    let mut tags = BTreeMap::new();
    for tag in set.all("Tag") {
        let text = |name| {
            tag.child(name)
                .map(|c| c.text.clone())
                .ok_or_else(errors::malformed_xml)
        };
        if tags.insert(text("Key")?, text("Value")?).is_some() {
            return Err(errors::invalid_tag("Cannot provide multiple Tags with the same key"));
        }
    }
    check_tags(&tags, max)?;
    Ok(tags)
}

pub(super) fn write_tags(tags: &BTreeMap<String, String>) -> Xml {
    let mut xml = Xml::new("Tagging");
    xml.open("TagSet");
    for (key, value) in tags {
        xml.open("Tag").element("Key", key).element("Value", value).close();
    }
    xml.close();
    xml
}

impl Call<'_> {
    pub(super) async fn read_object_tagging(&self) -> Result<Response<Body>> {
        let got = self
            .s3
            .objects
            .head(&self.bucket_name, &self.key, &objects::Conditions::default())
            .await;
        match got {
            Ok(object) => Ok(document(write_tags(&object.tags))),
            Err(error) => Err(self.hide_absence(error).await),
        }
    }

    pub(super) async fn write_object_tagging(&self, body: Inbound) -> Result<Response<Body>> {
        let node = Node::parse(&body.document(&self.headers).await?, "Tagging")?;
        let set = node.child("TagSet").ok_or_else(errors::malformed_xml)?;
        self.set_tags(read_tags(set, 10)?).await?;
        Ok(empty(StatusCode::OK))
    }

    pub(super) async fn delete_object_tagging(&self) -> Result<Response<Body>> {
        self.set_tags(BTreeMap::new()).await?;
        Ok(empty(StatusCode::NO_CONTENT))
    }

    async fn set_tags(&self, tags: BTreeMap<String, String>) -> Result<()> {
        match self.s3.objects.set_tags(&self.bucket_name, &self.key, tags).await {
            Err(error) => Err(self.hide_absence(error).await),
            Ok(()) => Ok(()),
        }
    }
}
