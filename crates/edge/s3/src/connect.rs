//! The gate that asks our own IAM.

use std::sync::Arc;

use futures_util::FutureExt;
use iam::{Ask, Iam};
use kernel::{Cx, Result};

use super::gate::{Credential, Gate, Question, Version2Addresses};

impl Gate {
    pub fn of(iam: Iam, version2: Version2Addresses) -> Self {
        let for_keys = iam.clone();
        let (for_keeping, for_showing) = (iam.clone(), iam.clone());
        Self {
            credential: Arc::new(move |cx, key, token| {
                let iam = for_keys.clone();
                async move {
                    let found = iam.credential(&cx, &key, token.as_ref()).await?;
                    Ok(found.map(|c| Credential {
                        principal: Arc::new(c.principal),
                        secret: c.secret,
                    }))
                }
                .boxed()
            }),
            version2,
            decide: Arc::new(move |cx, question| {
                let iam = iam.clone();
                async move { decide(&iam, &cx, &question).await }.boxed()
            }),
            keep_principals: Arc::new(move |account, document| {
                let iam = for_keeping.clone();
                async move { iam.keep_principals(&account, document).await }.boxed()
            }),
            show_principals: Arc::new(move |account, document| {
                let iam = for_showing.clone();
                async move { iam.show_principals(&account, document).await }.boxed()
            }),
        }
    }
}

/// Strangers are told nothing but no. Reference: identity-pools-iam 5.5.
async fn decide(iam: &Iam, cx: &Cx, question: &Question) -> Result<Result<(), String>> {
    let mut ask = Ask::new(question.action, &question.resource)
        .governed_by(question.bucket_policy.as_ref())
        .owned_by(&question.resource_account);
    for (key, value) in &question.keys.single {
        ask = ask.with(key.as_str(), value.as_str());
    }
    for (key, values) in &question.keys.many {
        ask = ask.with_all(key.as_str(), values.iter().map(String::as_str));
    }
    let principal = question.principal.as_ref();
    let stranger = principal.is_anonymous() || principal.account != question.resource_account;
    let decided = iam.authorize(cx, principal, &ask).await?;
    Ok(decided.map_err(|denial| {
        if stranger {
            "Access Denied".to_owned()
        } else {
            denial.quoted()
        }
    }))
}
