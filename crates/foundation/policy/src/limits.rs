//! Sizes that IAM, STS and S3 put on policy documents; whoever stores a document checks them and words the refusal.
//! Reference: identity-pools-iam section 7.

/// Characters, whitespace not counted, over all inline policies of one entity.
pub const INLINE_USER: usize = 2_048;
pub const INLINE_GROUP: usize = 5_120;
pub const INLINE_ROLE: usize = 10_240;
/// Characters, whitespace not counted, of one managed policy version.
pub const MANAGED: usize = 6_144;
pub const MANAGED_VERSIONS: usize = 5;
/// Characters, whitespace not counted. AWS raises it to 4,096 for accounts that ask.
pub const TRUST: usize = 2_048;
/// Characters of the inline session policy; with the ARNs of managed ones it shares the packed limit.
pub const SESSION_INLINE: usize = 2_048;
pub const SESSION_MANAGED_ARNS: usize = 10;
/// Bytes.
pub const BUCKET: usize = 20 * 1024;

/// What counts against IAM's limits: characters that are not whitespace.
pub fn counted_chars(document: &str) -> usize {
    document.chars().filter(|c| !c.is_whitespace()).count()
}
