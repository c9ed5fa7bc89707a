//! The demo's policy documents.

use serde_json::{Value, json};

use super::Demo;

/// Who may take the role: identities of this pool that have signed in, or those that have not. Reference:
/// identity-pools-iam 2.5.
pub fn trust(identity_pool: &str, amr: &str) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Federated": "cognito-identity.amazonaws.com" },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": { "cognito-identity.amazonaws.com:aud": identity_pool },
                "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": amr },
            },
        }],
    })
}

/// A visitor who has signed in: their own prefix of the bucket, and nothing else in it.
pub fn own_prefix(demo: &Demo) -> Value {
    let bucket = format!("arn:aws:s3:::{}", demo.bucket);
    json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "s3:ListBucket",
                "Resource": bucket,
                "Condition": { "StringLike": { "s3:prefix": "${cognito-identity.amazonaws.com:sub}/*" } },
            },
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                "Resource": format!("{bucket}/${{cognito-identity.amazonaws.com:sub}}/*"),
            },
        ],
    })
}

/// A guest: what everybody may read anyway.
pub fn guest(demo: &Demo) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": format!("arn:aws:s3:::{}/{}", demo.bucket, pages::demo::INDEX),
        }],
    })
}

/// Everybody may read the page, file by file: visitors' objects lie in the same bucket.
pub fn public_page(bucket: &str, files: &[&str]) -> Value {
    let resources: Vec<String> = files
        .iter()
        .map(|file| format!("arn:aws:s3:::{bucket}/{file}"))
        .collect();
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "ThePageItself",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": resources,
        }],
    })
}
