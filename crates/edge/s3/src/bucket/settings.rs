//! Bucket sub-resources: read, write, delete. What is absent is answered in AWS's words. Reference: identity-pools-iam 11.2.

use axum::body::Body;
use http::{Response, StatusCode};
use kernel::{ApiError, Result};
use objects::{OpaqueSetting, Ownership, Setting, Settings, TagSet, Versioning};

use super::documents;
use crate::{
    answer::{document, empty, verbatim},
    arrival::not_allowed::resource_type,
    body::Inbound,
    call::Call,
    errors::{self, refusal},
    headers::set,
    tags::{read_tags, write_tags},
    xml::{Node, Xml},
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

impl Call<'_> {
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
                let mut xml = Xml::new("LocationConstraint");
                if let Some(name) = bucket.location_constraint() {
                    xml.text(name);
                }
                document(xml)
            }
            Setting::Acl => self.owner_acl()?,
            Setting::PolicyStatus => {
                let policy = settings.policy.as_ref().ok_or_else(missing)?;
                let mut xml = Xml::new("PolicyStatus");
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
                let mut xml = Xml::new("OwnershipControls");
                xml.open("Rule").element("ObjectOwnership", ownership.as_str());
                document(xml)
            }
            Setting::Tagging if settings.tags.is_empty() => return Err(missing()),
            Setting::Tagging => document(write_tags(&settings.tags)),
            Setting::Versioning => {
                let mut xml = Xml::new("VersioningConfiguration");
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
                let mut xml = Xml::new(root);
                xml.element("Payer", "BucketOwner");
                document(xml)
            }
            (None, _) => document(Xml::new(root)),
        };
        if setting == Setting::Lifecycle {
            set(
                response.headers_mut(),
                "x-amz-transition-default-minimum-object-size",
                "all_storage_classes_128K",
            );
        }
        Ok(response)
    }

    pub(crate) async fn write_setting(&self, setting: Setting, body: Inbound) -> Result<Response<Body>> {
        let body = body.document(&self.headers).await?;
        if let Some((kind, root)) = opaque(setting) {
            let node = Node::parse(&body, root)?;
            documents::check_opaque(kind, &node)?;
            let text = String::from_utf8(body).map_err(|_| errors::malformed_xml())?;
            self.change(move |s| {
                s.opaque.insert(kind, text.clone());
            })
            .await?;
            let mut response = empty(StatusCode::OK);
            if setting == Setting::Lifecycle {
                set(
                    response.headers_mut(),
                    "x-amz-transition-default-minimum-object-size",
                    "all_storage_classes_128K",
                );
            }
            return Ok(response);
        }
        match setting {
            Setting::Policy => {
                self.s3.objects.put_policy(&self.caller, self.bucket()?, body).await?;
                return Ok(empty(StatusCode::NO_CONTENT));
            }
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
                let node = Node::parse(&body, "OwnershipControls")?;
                let [rule] = node.all("Rule").collect::<Vec<_>>()[..] else {
                    return Err(errors::malformed_xml());
                };
                let wanted = rule.required("ObjectOwnership")?;
                let ownership = Ownership::ALL.into_iter().find(|o| o.as_str() == wanted);
                let ownership = ownership.ok_or_else(errors::malformed_xml)?;
                self.change(move |s| s.ownership = Some(ownership)).await?;
            }
            Setting::Tagging => {
                let node = Node::parse(&body, "Tagging")?;
                let tags = read_tags(node.child("TagSet").ok_or_else(errors::malformed_xml)?, TagSet::Bucket)?;
                self.change(move |s| s.tags.clone_from(&tags)).await?;
                return Ok(empty(StatusCode::NO_CONTENT));
            }
            Setting::Versioning => {
                match Node::parse(&body, "VersioningConfiguration")?
                    .value("Status")
                    .as_deref()
                {
                    Some("Suspended") => self.change(|s| s.versioning = Versioning::Suspended).await?,
                    // Old versions are not kept yet: better said than promised.
                    Some("Enabled") => return Err(errors::not_implemented()),
                    _ => {
                        return Err(refusal(
                            "IllegalVersioningConfigurationException",
                            "The Versioning element must be specified",
                        ));
                    }
                }
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
        Ok(empty(StatusCode::OK))
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
