//! The tag set that objects and buckets share.

use std::collections::BTreeMap;

use kernel::Result;
use objects::TagSet;

use crate::{
    errors,
    xml::{Node, Xml, rooted},
};

/// `Tag` elements with `Key` and `Value`. Errors: MalformedXML, InvalidTag, BadRequest for too many.
pub(crate) fn read_tags(set: &Node, of: TagSet) -> Result<BTreeMap<String, String>> {
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

pub(crate) fn write_tags(tags: &BTreeMap<String, String>) -> Xml {
    let mut xml = rooted("Tagging");
    xml.open("TagSet");
    for (key, value) in tags {
        xml.open("Tag").element("Key", key).element("Value", value).close();
    }
    xml.close();
    xml
}
