//! S3's operations, and the actions that they need leave for. Reference: identity-pools-iam 11.2.

use super::setting::Setting;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    ListBuckets,
    CreateBucket,
    HeadBucket,
    DeleteBucket,
    ListObjects,
    ListObjectsV2,
    ListObjectVersions,
    DeleteObjects,
    ListMultipartUploads,
    GetSetting(Setting),
    PutSetting(Setting),
    DeleteSetting(Setting),
    GetObject,
    HeadObject,
    PutObject,
    CopyObject,
    DeleteObject,
    GetObjectAcl,
    PutObjectAcl,
    GetObjectTagging,
    PutObjectTagging,
    DeleteObjectTagging,
    CreateMultipartUpload,
    UploadPart,
    UploadPartCopy,
    CompleteMultipartUpload,
    AbortMultipartUpload,
    ListParts,
}

impl Operation {
    /// The action on the bucket or object that the request names. None: DeleteObjects asks for each key by itself.
    pub fn action(self) -> Option<&'static str> {
        Some(match self {
            Self::ListBuckets => "s3:ListAllMyBuckets",
            Self::CreateBucket => "s3:CreateBucket",
            Self::DeleteBucket => "s3:DeleteBucket",
            Self::HeadBucket | Self::ListObjects | Self::ListObjectsV2 => "s3:ListBucket",
            Self::ListObjectVersions => "s3:ListBucketVersions",
            Self::ListMultipartUploads => "s3:ListBucketMultipartUploads",
            Self::GetSetting(setting) => setting.get(),
            Self::PutSetting(setting) => setting.put()?,
            Self::DeleteSetting(setting) => setting.delete()?,
            Self::GetObject | Self::HeadObject => "s3:GetObject",
            Self::PutObject
            | Self::CopyObject
            | Self::CreateMultipartUpload
            | Self::UploadPart
            | Self::UploadPartCopy
            | Self::CompleteMultipartUpload => "s3:PutObject",
            Self::DeleteObject => "s3:DeleteObject",
            Self::DeleteObjects => return None,
            Self::GetObjectAcl => "s3:GetObjectAcl",
            Self::PutObjectAcl => "s3:PutObjectAcl",
            Self::GetObjectTagging => "s3:GetObjectTagging",
            Self::PutObjectTagging => "s3:PutObjectTagging",
            Self::DeleteObjectTagging => "s3:DeleteObjectTagging",
            Self::AbortMultipartUpload => "s3:AbortMultipartUpload",
            Self::ListParts => "s3:ListMultipartUploadParts",
        })
    }

    /// What must be allowed besides when a version is named.
    pub(super) fn version_action(self) -> Option<&'static str> {
        Some(match self {
            Self::GetObject | Self::HeadObject => "s3:GetObjectVersion",
            Self::DeleteObject => "s3:DeleteObjectVersion",
            Self::GetObjectAcl => "s3:GetObjectVersionAcl",
            Self::PutObjectAcl => "s3:PutObjectVersionAcl",
            Self::GetObjectTagging => "s3:GetObjectVersionTagging",
            Self::PutObjectTagging => "s3:PutObjectVersionTagging",
            Self::DeleteObjectTagging => "s3:DeleteObjectVersionTagging",
            _ => return None,
        })
    }

    /// Whether it is about an object that must be there: it is found first, and judged by what it is.
    pub fn needs_object(self) -> bool {
        matches!(
            self,
            Self::GetObject
                | Self::HeadObject
                | Self::GetObjectAcl
                | Self::PutObjectAcl
                | Self::GetObjectTagging
                | Self::PutObjectTagging
                | Self::DeleteObjectTagging
        )
    }

    /// Whether an object is there when a write is done; none: it is no such write. Reference: the S3 user guide on conditional
    /// writes, `s3:ObjectCreationOperation`.
    pub(super) fn creates_object(self) -> Option<bool> {
        match self {
            Self::PutObject | Self::CopyObject | Self::CompleteMultipartUpload => Some(true),
            Self::CreateMultipartUpload | Self::UploadPart | Self::UploadPartCopy => Some(false),
            _ => None,
        }
    }

    /// Whether `If-Match` is a condition on what a write replaces or removes.
    pub(super) fn has_if_match(self) -> bool {
        matches!(
            self,
            Self::PutObject | Self::CopyObject | Self::CompleteMultipartUpload | Self::DeleteObject
        )
    }

    /// Whether an ACL and tags that come along ask for more than the action itself.
    pub(super) fn writes_object(self) -> bool {
        matches!(self, Self::PutObject | Self::CopyObject | Self::CreateMultipartUpload)
    }
}
