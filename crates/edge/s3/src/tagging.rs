//! Object tags, and the tag set that buckets share.

use std::collections::BTreeMap;

use http::{Response, StatusCode};
use kernel::Result;
use objects::{TagSet, errors};

use super::{
    Body,
    call::Call,
    document, empty,
    xml::{Node, Xml},
};

/// `Tag` elements with `Key` and `Value`. Errors: MalformedXML, InvalidTag, BadRequest for too many.
pub(super) fn read_tags(set: &Node, of: TagSet) -> Result<BTreeMap<String, String>> {
    let mut tags = BTreeMap::new();
    for tag in set.all("Tag") {
        let text = |name| {
            tag.child(name)
                .map(|c| c.text.clone())
                .ok_or_else(errors::malformed_xml)
        };
        let key = text("Key")?;
        if tags.contains_key(&key) {
            return Err(errors::repeated_tag_key(&key));
        }
        tags.insert(key, text("Value")?);
    }
    of.check(&tags)?;
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

    pub(super) async fn write_object_tagging(&self) -> Result<Response<Body>> {
        self.set_tags(self.said.tags.clone()).await?;
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
