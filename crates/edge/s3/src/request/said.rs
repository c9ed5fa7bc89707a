//! What a small document says that leave may depend on: it is read before leave is asked.

use std::collections::BTreeMap;

use http::HeaderMap;
use kernel::Result;
use objects::{Operation, TagSet};

use crate::{body::Inbound, errors, tags::read_tags, xml::Node};

/// Bytes; as many tags as there may be fit, in any spelling.
const MAX: usize = 256 << 10;

#[derive(Default)]
pub(crate) struct Said {
    /// CreateBucket's, as it stands; never empty.
    pub constraint: Option<String>,
    /// Those of PutObjectTagging and CreateBucket.
    pub tags: BTreeMap<String, String>,
}

/// How the operation's document is read, if leave for it depends on what that says.
pub(crate) fn reader(operation: Operation) -> Option<Reader> {
    match operation {
        Operation::CreateBucket => Some(new_bucket),
        Operation::PutObjectTagging => Some(object_tags),
        _ => None,
    }
}

pub(crate) type Reader = fn(&[u8]) -> Result<Said>;

/// What the document says. Errors: MaxMessageLengthExceeded, those of the body, MalformedXML, those of tags.
pub(crate) async fn by(read: Reader, body: Inbound, headers: &HeaderMap) -> Result<Said> {
    read(&body.document_within(MAX, headers).await?)
}

fn new_bucket(document: &[u8]) -> Result<Said> {
    if document.is_empty() {
        return Ok(Said::default());
    }
    let configuration = Node::parse(document, "CreateBucketConfiguration")?;
    check_configuration(&configuration)?;
    let tags = configuration.child("Tags").map(|set| read_tags(set, TagSet::NewBucket));
    Ok(Said {
        constraint: configuration.value("LocationConstraint").filter(|c| !c.is_empty()),
        tags: tags.transpose()?.unwrap_or_default(),
    })
}

/// Each at most once; a directory bucket, which alone has the last two, is not made as if it were an ordinary one (S3's answer
/// outside zones is unconfirmed). Errors: MalformedXML, NotImplemented.
fn check_configuration(configuration: &Node) -> Result<()> {
    const PARTS: [&str; 4] = ["LocationConstraint", "Tags", "Location", "Bucket"];
    if PARTS.iter().any(|name| configuration.all(name).count() > 1) {
        return Err(errors::malformed_xml());
    }
    if ["Location", "Bucket"]
        .iter()
        .any(|name| configuration.child(name).is_some())
    {
        return Err(errors::not_implemented());
    }
    Ok(())
}

fn object_tags(document: &[u8]) -> Result<Said> {
    let node = Node::parse(document, "Tagging")?;
    let set = node.child("TagSet").ok_or_else(errors::malformed_xml)?;
    Ok(Said {
        tags: read_tags(set, TagSet::Object)?,
        ..Said::default()
    })
}
