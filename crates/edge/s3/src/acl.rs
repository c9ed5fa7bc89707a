//! ACLs: off where the bucket's owner enforces that everything is his, as new buckets do; else on, but what they say must
//! come to what holds anyway: the owner may do everything, nobody else anything. Reference: identity-pools-iam 11.2, last row.
//!
//! no ownership rule = ObjectWriter, BucketOwnerPreferred ──▶ on: `private` and its equals pass
//! BucketOwnerEnforced ──▶ off: only what grants the owner everything passes

use axum::body::Body;
use http::{Response, StatusCode};
use iam::canonical_id;
use kernel::Result;
use objects::Found;

use crate::{
    answer::{document, empty},
    body::Inbound,
    call::S3Call,
    errors::{self, refusal},
    headers::has_grants,
    xml::{Node, Xml, rooted},
};

/// Whether a canned ACL grants something to everybody, or to everybody who has an account anywhere.
pub(crate) fn is_public(canned: &str) -> bool {
    matches!(canned, "public-read" | "public-read-write" | "authenticated-read")
}

impl S3Call<'_> {
    /// The owner may do everything; nobody else is granted anything by an ACL.
    pub(crate) fn owner_acl(&self) -> Result<Response<Body>> {
        let id = canonical_id(&self.bucket()?.account);
        let mut xml = rooted("AccessControlPolicy");
        self.owner(&mut xml);
        xml.open("AccessControlList").open("Grant");
        xml.raw(r#"<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">"#);
        xml.element("ID", id)
            .raw("</Grantee>")
            .element("Permission", "FULL_CONTROL");
        Ok(document(xml))
    }

    /// Errors: MissingSecurityHeader, MalformedXML, MalformedACLError, AccessDenied, those of [`Self::check_object_acl`].
    pub(crate) async fn write_acl(&self, body: Inbound) -> Result<Response<Body>> {
        let document = body.document(self.headers).await?;
        if document.is_empty() {
            if self.header("x-amz-acl").is_none() && !has_grants(self.headers) {
                let missing = refusal("MissingSecurityHeader", "Your request was missing a required header");
                return Err(missing.with_member("MissingHeaderName", "x-amz-acl"));
            }
            self.check_object_acl()?;
        } else if !self.grants_owner_only(&Node::parse(&document, "AccessControlPolicy")?)? {
            return Err(if self.bucket()?.settings.acls_are_off() {
                errors::acl_not_supported()
            } else {
                errors::not_implemented()
            });
        }
        Ok(empty(StatusCode::OK))
    }

    /// Whether a document says what GetBucketAcl and GetObjectAcl answer. Errors: MalformedACLError without owner or list;
    /// AccessDenied for another owner, before anything that is granted (unconfirmed), for an owner gives nothing away.
    fn grants_owner_only(&self, policy: &Node) -> Result<bool> {
        let id = canonical_id(&self.bucket()?.account);
        let malformed = || refusal("MalformedACLError", errors::malformed_xml().message());
        let owner = policy.child("Owner").and_then(|owner| owner.value("ID"));
        let owner = owner.ok_or_else(malformed)?;
        let list = policy.child("AccessControlList").ok_or_else(malformed)?;
        if owner != id {
            return Err(errors::access_denied());
        }
        let [grant] = list.all("Grant").collect::<Vec<_>>()[..] else {
            return Ok(false);
        };
        let grantee = grant.child("Grantee").and_then(|grantee| grantee.value("ID"));
        Ok(grantee == Some(id) && grant.value("Permission").as_deref() == Some("FULL_CONTROL"))
    }

    /// Of a bucket's ACL too. Errors: AccessControlListNotSupported where ACLs are off; where they are on AccessDenied for
    /// public ones that the bucket blocks, and NotImplemented for other grants.
    pub(crate) fn check_object_acl(&self) -> Result<()> {
        let granted = has_grants(self.headers);
        let settings = &self.bucket()?.settings;
        match self.header("x-amz-acl") {
            None | Some("bucket-owner-full-control") if !granted => Ok(()),
            _ if settings.acls_are_off() => Err(errors::acl_not_supported()),
            Some("private" | "bucket-owner-read") if !granted => Ok(()),
            Some(acl) if is_public(acl) && settings.blocks_public_acls() => Err(errors::access_denied()),
            _ => Err(errors::not_implemented()),
        }
    }

    pub(crate) async fn read_object_acl(&self, found: Option<Found<'_>>) -> Result<Response<Body>> {
        match found {
            Some(_) => self.owner_acl(),
            None => Err(self.absence().await),
        }
    }

    pub(crate) async fn write_object_acl(&self, found: Option<Found<'_>>, body: Inbound) -> Result<Response<Body>> {
        match found {
            Some(_) => self.write_acl(body).await,
            None => Err(self.absence().await),
        }
    }

    /// Whose everything in the bucket is.
    pub(crate) fn owner(&self, xml: &mut Xml) {
        let account = self.bucket.as_ref().map_or(self.cx.account(), |b| &b.account);
        xml.open("Owner").element("ID", canonical_id(account)).close();
    }
}
