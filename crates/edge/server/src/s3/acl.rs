//! ACLs: off unless a bucket's ownership says otherwise, and then private. Reference: identity-pools-iam 11.2, last row.

use http::{Response, StatusCode};
use kernel::Result;

use super::{Body, body::Inbound, call::Call, canonical_id, document, empty, xml::Xml};

impl Call<'_> {
    /// The owner may do everything; nobody else is granted anything by an ACL.
    pub(super) fn owner_acl(&self) -> Result<Response<Body>> {
        let id = canonical_id(&self.bucket()?.account);
        let mut xml = Xml::new("AccessControlPolicy");
        self.owner(&mut xml);
        xml.open("AccessControlList").open("Grant");
        xml.raw(r#"<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">"#);
        xml.element("ID", id)
            .raw("</Grantee>")
            .element("Permission", "FULL_CONTROL");
        Ok(document(xml))
    }

    /// Errors: AccessControlListNotSupported, NotImplemented.
    pub(super) async fn write_acl(&self, body: Inbound) -> Result<Response<Body>> {
        let document = body.document(&self.headers).await?;
        let owner_only = document.is_empty() && self.header("x-amz-acl").is_some();
        if !owner_only {
            // A document of grants: as good as another canned ACL than the two that are let pass.
            let settings = &self.bucket()?.settings;
            return Err(if settings.acls_are_off() {
                objects::errors::acl_not_supported()
            } else {
                objects::errors::not_implemented()
            });
        }
        self.check_object_acl()?;
        Ok(empty(StatusCode::OK))
    }

    pub(super) async fn read_object_acl(&self) -> Result<Response<Body>> {
        let got = self
            .s3
            .objects
            .head(&self.bucket_name, &self.key, &objects::Conditions::default())
            .await;
        match got {
            Ok(_) => self.owner_acl(),
            Err(error) => Err(self.hide_absence(error).await),
        }
    }

    pub(super) async fn write_object_acl(&self, body: Inbound) -> Result<Response<Body>> {
        let got = self
            .s3
            .objects
            .head(&self.bucket_name, &self.key, &objects::Conditions::default())
            .await;
        match got {
            Ok(_) => self.write_acl(body).await,
            Err(error) => Err(self.hide_absence(error).await),
        }
    }
}
