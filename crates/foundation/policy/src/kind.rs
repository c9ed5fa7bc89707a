//! Which documents there are.

/// Which grammar a document follows, and which part it plays in a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PolicyKind {
    /// Inline and managed policies of users, groups and roles.
    Identity,
    /// Session policies narrow one session; same grammar as [`PolicyKind::Identity`].
    Session,
    /// Permissions boundaries; same grammar as [`PolicyKind::Identity`].
    Boundary,
    /// A role's AssumeRolePolicyDocument: principals, no resources.
    Trust,
    /// An S3 bucket policy: principals and resources, S3's sentences.
    Bucket,
}

/// Variables exist since `2012-10-17`; a document without version is `2008-10-17`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    V2008,
    V2012,
}
