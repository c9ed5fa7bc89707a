//! The documents of bucket settings that act here, and the checks of those that are only kept.

mod cors;
mod website;

pub(crate) use cors::{cors, read_cors};
pub(crate) use website::{read_website, website};

use kernel::Result;
use objects::{OpaqueSetting, Ownership, PublicAccessBlock, Versioning};

use crate::{
    errors::{self, refusal},
    headers::SSE_S3,
    xml::{Node, Xml, rooted},
};

/// Errors: MalformedXML. What is not said is off.
pub(crate) fn read_public_access_block(node: &Node) -> Result<PublicAccessBlock> {
    let flag = |name| match node.value(name).as_deref() {
        None | Some("") => Ok(false),
        Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        Some(_) => Err(errors::malformed_xml()),
    };
    Ok(PublicAccessBlock {
        block_public_acls: flag("BlockPublicAcls")?,
        ignore_public_acls: flag("IgnorePublicAcls")?,
        block_public_policy: flag("BlockPublicPolicy")?,
        restrict_public_buckets: flag("RestrictPublicBuckets")?,
    })
}

pub(crate) fn public_access_block(block: PublicAccessBlock) -> Xml {
    let mut xml = rooted("PublicAccessBlockConfiguration");
    xml.flag("BlockPublicAcls", block.block_public_acls)
        .flag("IgnorePublicAcls", block.ignore_public_acls);
    xml.flag("BlockPublicPolicy", block.block_public_policy);
    xml.flag("RestrictPublicBuckets", block.restrict_public_buckets);
    xml
}

/// Errors: MalformedXML.
pub(crate) fn read_ownership(node: &Node) -> Result<Ownership> {
    let [rule] = node.all("Rule").collect::<Vec<_>>()[..] else {
        return Err(errors::malformed_xml());
    };
    let wanted = rule.required("ObjectOwnership")?;
    let ownership = Ownership::ALL.into_iter().find(|o| o.as_str() == wanted);
    ownership.ok_or_else(errors::malformed_xml)
}

/// Errors: NotImplemented, IllegalVersioningConfigurationException.
pub(crate) fn read_versioning(node: &Node) -> Result<Versioning> {
    match node.value("Status").as_deref() {
        Some("Suspended") => Ok(Versioning::Suspended),
        // Old versions are not kept yet: better said than promised.
        Some("Enabled") => Err(errors::not_implemented()),
        _ => Err(refusal(
            "IllegalVersioningConfigurationException",
            "The Versioning element must be specified",
        )),
    }
}

/// What every bucket has since 2023.
pub(crate) fn default_encryption() -> Xml {
    let mut xml = rooted("ServerSideEncryptionConfiguration");
    xml.open("Rule")
        .open("ApplyServerSideEncryptionByDefault")
        .element("SSEAlgorithm", SSE_S3)
        .close();
    xml.flag("BucketKeyEnabled", false);
    xml
}

/// What would promise more than is kept is refused. Errors: MalformedXML, NotImplemented, InvalidArgument.
pub(crate) fn check_opaque(setting: OpaqueSetting, node: &Node) -> Result<()> {
    match setting {
        OpaqueSetting::Encryption => {
            for rule in node.all("Rule") {
                let default = rule
                    .child("ApplyServerSideEncryptionByDefault")
                    .ok_or_else(errors::malformed_xml)?;
                if default.required("SSEAlgorithm")? != SSE_S3 {
                    return Err(errors::not_implemented());
                }
            }
            if node.children.is_empty() {
                Err(errors::malformed_xml())
            } else {
                Ok(())
            }
        }
        OpaqueSetting::Lifecycle => {
            let rules: Vec<_> = node.all("Rule").collect();
            let complete = rules.iter().all(|rule| {
                matches!(rule.value("Status").as_deref(), Some("Enabled" | "Disabled"))
                    && [
                        "Expiration",
                        "Transition",
                        "NoncurrentVersionExpiration",
                        "NoncurrentVersionTransition",
                        "AbortIncompleteMultipartUpload",
                    ]
                    .iter()
                    .any(|action| rule.child(action).is_some())
            });
            if rules.is_empty() || rules.len() > 1000 || !complete {
                Err(errors::malformed_xml())
            } else {
                Ok(())
            }
        }
        // There is no queue, topic or function that could be told.
        OpaqueSetting::Notification if !node.children.is_empty() => Err(refusal(
            "InvalidArgument",
            "Unable to validate the following destination configurations",
        )),
        OpaqueSetting::Accelerate => match node.value("Status").as_deref() {
            Some("Enabled" | "Suspended") => Ok(()),
            _ => Err(errors::malformed_xml()),
        },
        OpaqueSetting::RequestPayment => match node.value("Payer").as_deref() {
            Some("Requester" | "BucketOwner") => Ok(()),
            _ => Err(errors::malformed_xml()),
        },
        OpaqueSetting::Notification | OpaqueSetting::Logging => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_promised_that_is_not_kept() {
        for (setting, body, expected) in [
            (
                OpaqueSetting::Encryption,
                "<X><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></X>",
                "ok",
            ),
            (
                OpaqueSetting::Encryption,
                "<X><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></X>",
                "NotImplemented",
            ),
            (OpaqueSetting::Encryption, "<X/>", "MalformedXML"),
            (
                OpaqueSetting::Lifecycle,
                "<X><Rule><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></X>",
                "ok",
            ),
            (
                OpaqueSetting::Lifecycle,
                "<X><Rule><Status>On</Status></Rule></X>",
                "MalformedXML",
            ),
            (OpaqueSetting::Notification, "<X/>", "ok"),
            (
                OpaqueSetting::Notification,
                "<X><QueueConfiguration/></X>",
                "InvalidArgument",
            ),
            (
                OpaqueSetting::RequestPayment,
                "<X><Payer>Nobody</Payer></X>",
                "MalformedXML",
            ),
        ] {
            let node = Node::parse(body.as_bytes(), "X").unwrap();
            assert_eq!(
                check_opaque(setting, &node).map_or_else(|e| e.code().0, |()| "ok"),
                expected,
                "{body}"
            );
        }
    }
}
