//! Bucket sub-resources: read, write, delete. What is absent is answered in AWS's words. Reference: identity-pools-iam 11.2.

use axum::body::Body;
use http::{Response, StatusCode};
use kernel::{ApiError, Result};
use objects::{OpaqueSetting, Setting, Settings, TagSet, Versioning};

use super::documents;
use crate::{
    answer::{document, empty, verbatim},
    body::Inbound,
    call::S3Call,
    errors,
    headers::set,
    request::operation::resource_type,
    tags::{read_tags, write_tags},
    xml::{Node, rooted},
};

/// What stands in place of a setting that nobody put.
pub(crate) fn absent(setting: Setting, bucket: &str) -> ApiError {
    let (code, message) = match setting {
        Setting::Cors => ("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
        Setting::Lifecycle => (
            "NoSuchLifecycleConfiguration",
            "The lifecycle configuration does not exist",
        ),
        Setting::ObjectLock => (
            "ObjectLockConfigurationNotFoundError",
            "Object Lock configuration does not exist for this bucket",
        ),
        Setting::OwnershipControls => (
            "OwnershipControlsNotFoundError",
            "The bucket ownership controls were not found",
        ),
        Setting::PublicAccessBlock => (
            "NoSuchPublicAccessBlockConfiguration",
            "The public access block configuration was not found",
        ),
        Setting::Replication => (
            "ReplicationConfigurationNotFoundError",
            "The replication configuration was not found",
        ),
        Setting::Tagging => ("NoSuchTagSet", "The TagSet does not exist"),
        Setting::Website => (
            "NoSuchWebsiteConfiguration",
            "The specified bucket does not have a website configuration",
        ),
        _ => ("NoSuchBucketPolicy", "The bucket policy does not exist"),
    };
    errors::no_such_configuration(code, message, bucket)
}

/// Settings that are kept as they came: the root of their document, and the document of a bucket without one.
fn opaque(setting: Setting) -> Option<(OpaqueSetting, &'static str)> {
    Some(match setting {
        Setting::Accelerate => (OpaqueSetting::Accelerate, "AccelerateConfiguration"),
        Setting::Encryption => (OpaqueSetting::Encryption, "ServerSideEncryptionConfiguration"),
        Setting::Lifecycle => (OpaqueSetting::Lifecycle, "LifecycleConfiguration"),
        Setting::Logging => (OpaqueSetting::Logging, "BucketLoggingStatus"),
        Setting::Notification => (OpaqueSetting::Notification, "NotificationConfiguration"),
        Setting::RequestPayment => (OpaqueSetting::RequestPayment, "RequestPaymentConfiguration"),
        _ => return None,
    })
}

impl S3Call<'_> {
    pub(crate) async fn read_policy(&self) -> Result<Response<Body>> {
        let bucket = self.bucket()?;
        let document = self.s3.objects.policy_document(bucket).await?;
        let document = document.ok_or_else(|| absent(Setting::Policy, &bucket.name))?;
        Ok(verbatim(document, "application/json"))
    }

    pub(crate) fn read_setting(&self, setting: Setting) -> Result<Response<Body>> {
        let bucket = self.bucket()?;
        let settings = &bucket.settings;
        let missing = || absent(setting, &bucket.name);
        if let Some((kind, root)) = opaque(setting) {
            return self.read_opaque(setting, settings.opaque.get(&kind), root);
        }
        Ok(match setting {
            Setting::Location => {
                let mut xml = rooted("LocationConstraint");
                if let Some(name) = bucket.location_constraint() {
                    xml.text(name);
                }
                document(xml)
            }
            Setting::Acl => self.owner_acl()?,
            Setting::PolicyStatus => {
                let policy = settings.policy.as_ref().ok_or_else(missing)?;
                let mut xml = rooted("PolicyStatus");
                xml.flag("IsPublic", policy.is_public());
                document(xml)
            }
            Setting::Cors => document(documents::cors(settings.cors.as_ref().ok_or_else(missing)?)),
            Setting::Website => document(documents::website(settings.website.as_ref().ok_or_else(missing)?)),
            Setting::PublicAccessBlock => document(documents::public_access_block(
                settings.public_access_block.ok_or_else(missing)?,
            )),
            Setting::OwnershipControls => {
                let ownership = settings.ownership.ok_or_else(missing)?;
                let mut xml = rooted("OwnershipControls");
                xml.open("Rule").element("ObjectOwnership", ownership.as_str());
                document(xml)
            }
            Setting::Tagging if settings.tags.is_empty() => return Err(missing()),
            Setting::Tagging => document(write_tags(&settings.tags)),
            Setting::Versioning => {
                let mut xml = rooted("VersioningConfiguration");
                if settings.versioning == Versioning::Suspended {
                    xml.element("Status", "Suspended");
                }
                document(xml)
            }
            _ => return Err(missing()),
        })
    }

    fn read_opaque(&self, setting: Setting, stored: Option<&String>, root: &'static str) -> Result<Response<Body>> {
        let mut response = match (stored, setting) {
            (Some(text), _) => verbatim(text.clone(), "application/xml"),
            (None, Setting::Lifecycle) => return Err(absent(setting, &self.intent.bucket)),
            (None, Setting::Encryption) => document(documents::default_encryption()),
            (None, Setting::RequestPayment) => {
                let mut xml = rooted(root);
                xml.element("Payer", "BucketOwner");
                document(xml)
            }
            (None, _) => document(rooted(root)),
        };
        if setting == Setting::Lifecycle {
            name_smallest_transition(&mut response);
        }
        Ok(response)
    }

    pub(crate) async fn write_setting(&self, setting: Setting, body: Inbound) -> Result<Response<Body>> {
        let body = body.document(self.headers).await?;
        if let Some((kind, root)) = opaque(setting) {
            return self.write_opaque((setting, kind, root), body).await;
        }
        let status = match setting {
            Setting::Policy | Setting::Tagging => StatusCode::NO_CONTENT,
            _ => StatusCode::OK,
        };
        match setting {
            Setting::Policy => self.s3.objects.put_policy(&self.caller, self.bucket()?, body).await?,
            Setting::Cors => {
                let cors = documents::read_cors(&Node::parse(&body, "CORSConfiguration")?)?;
                self.change(move |s| s.cors = Some(cors.clone())).await?;
            }
            Setting::Website => {
                let website = documents::read_website(&Node::parse(&body, "WebsiteConfiguration")?)?;
                self.change(move |s| s.website = Some(website.clone())).await?;
            }
            Setting::PublicAccessBlock => {
                let node = Node::parse(&body, "PublicAccessBlockConfiguration")?;
                let block = documents::read_public_access_block(&node)?;
                self.change(move |s| s.public_access_block = Some(block)).await?;
            }
            Setting::OwnershipControls => {
                let ownership = documents::read_ownership(&Node::parse(&body, "OwnershipControls")?)?;
                self.change(move |s| s.ownership = Some(ownership)).await?;
            }
            Setting::Tagging => {
                let node = Node::parse(&body, "Tagging")?;
                let set = node.child("TagSet").ok_or_else(errors::malformed_xml)?;
                let tags = read_tags(set, TagSet::Bucket)?;
                self.change(move |s| s.tags.clone_from(&tags)).await?;
            }
            Setting::Versioning => {
                let versioning = documents::read_versioning(&Node::parse(&body, "VersioningConfiguration")?)?;
                self.change(move |s| s.versioning = versioning).await?;
            }
            Setting::Replication => {
                Node::parse(&body, "ReplicationConfiguration")?;
                return Err(errors::invalid_request(
                    "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
                ));
            }
            Setting::ObjectLock => {
                Node::parse(&body, "ObjectLockConfiguration")?;
                return Err(errors::invalid_bucket_state(
                    "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
                ));
            }
            _ => return Err(errors::method_not_allowed("PUT", resource_type(setting))),
        }
        Ok(empty(status))
    }

    async fn write_opaque(
        &self,
        (setting, kind, root): (Setting, OpaqueSetting, &'static str),
        body: Vec<u8>,
    ) -> Result<Response<Body>> {
        documents::check_opaque(kind, &Node::parse(&body, root)?)?;
        let text = String::from_utf8(body).map_err(|_| errors::malformed_xml())?;
        self.change(move |s| {
            s.opaque.insert(kind, text.clone());
        })
        .await?;
        let mut response = empty(StatusCode::OK);
        if setting == Setting::Lifecycle {
            name_smallest_transition(&mut response);
        }
        Ok(response)
    }

    pub(crate) async fn delete_setting(&self, setting: Setting) -> Result<Response<Body>> {
        match (setting, opaque(setting)) {
            (_, Some((kind, _))) => {
                self.change(move |s| {
                    s.opaque.remove(&kind);
                })
                .await?;
            }
            (Setting::Policy, _) => self.change(|s| s.policy = None).await?,
            (Setting::Cors, _) => self.change(|s| s.cors = None).await?,
            (Setting::Website, _) => self.change(|s| s.website = None).await?,
            (Setting::PublicAccessBlock, _) => self.change(|s| s.public_access_block = None).await?,
            (Setting::OwnershipControls, _) => self.change(|s| s.ownership = None).await?,
            (Setting::Tagging, _) => self.change(|s| s.tags.clear()).await?,
            // Nothing was ever put.
            (Setting::Replication, _) => {}
            _ => return Err(errors::method_not_allowed("DELETE", resource_type(setting))),
        }
        Ok(empty(StatusCode::NO_CONTENT))
    }

    async fn change(&self, change: impl Fn(&mut Settings) + Send + 'static) -> Result<()> {
        Ok(self.s3.objects.change_settings(&self.intent.bucket, change).await?)
    }
}

/// What every answer about lifecycles says.
fn name_smallest_transition(response: &mut Response<Body>) {
    set(
        response.headers_mut(),
        "x-amz-transition-default-minimum-object-size",
        "all_storage_classes_128K",
    );
}
