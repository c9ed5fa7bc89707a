//! The gate that asks our own IAM.

use std::sync::Arc;

use futures_util::FutureExt;
use iam::{Ask, Iam, Unauthenticated, Unauthorized};
use kernel::{Cx, Result};

use super::gate::{Credential, Gate, Question, Version2Addresses};

impl Gate {
    pub fn of(iam: Iam, version2: Version2Addresses) -> Self {
        let for_keys = iam.clone();
        let (for_keeping, for_showing) = (iam.clone(), iam.clone());
        Self {
            credential: Arc::new(move |cx, origin, key, token| {
                let iam = for_keys.clone();
                async move {
                    match iam.credential(&cx, &key, token.as_ref(), origin).await {
                        Ok(found) => {
                            let secret = found.secret.clone();
                            Ok(found.proved(|_| Ok(None)).map(|caller| Credential { caller, secret }))
                        }
                        Err(Unauthenticated::Refused(error)) => Ok(Err(error)),
                        Err(Unauthenticated::Internal(error)) => Err(error),
                    }
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
    let principal = question.caller.principal.as_ref();
    let stranger = principal.is_anonymous() || principal.account != question.resource_account;
    match iam.authorize(cx, &question.caller, &ask).await {
        Ok(()) => Ok(Ok(())),
        Err(Unauthorized::Denied(_)) if stranger => Ok(Err("Access Denied".to_owned())),
        Err(Unauthorized::Denied(denial)) => Ok(Err(denial.quoted())),
        Err(Unauthorized::Internal(error)) => Err(error),
    }
}
