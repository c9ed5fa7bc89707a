//! Roles that a call hands to a service. Whoever hands one over lets others act as it, so the caller needs iam:PassRole on it
//! beside the operation itself: without that, setting the role of a group would be a way to become it.
//! SetIdentityPoolRoles asks for itself, in a sentence of its own. Reference: identity-pools-iam 1.3, 1.9.

use iam::Caller;
use kernel::{ApiError, Cx};
use model::Service;
use serde_json::Value;
use wire::front_end;

use crate::App;

const IDENTITY_POOLS: &str = "cognito-identity.amazonaws.com";
const USER_POOLS: &str = "cognito-idp.amazonaws.com";

/// An operation of user pools, where its input names a role (a JSON pointer), and which service will use it.
const PASSED: &[(&str, &str, &str)] = &[
    ("CreateGroup", "/RoleArn", IDENTITY_POOLS),
    ("CreateUserPool", "/SmsConfiguration/SnsCallerArn", USER_POOLS),
    ("CreateUserPoolClient", "/AnalyticsConfiguration/RoleArn", USER_POOLS),
    ("UpdateGroup", "/RoleArn", IDENTITY_POOLS),
    ("UpdateUserPool", "/SmsConfiguration/SnsCallerArn", USER_POOLS),
    ("UpdateUserPoolClient", "/AnalyticsConfiguration/RoleArn", USER_POOLS),
];

/// Errors: AccessDenied with IAM's sentence.
pub async fn check(
    app: &App,
    cx: &Cx,
    caller: &Caller,
    service: &Service,
    operation: &str,
    input: &Value,
) -> Result<(), ApiError> {
    if service.id != "cognito-idp" {
        return Ok(());
    }
    for (_, place, user) in PASSED.iter().filter(|(name, ..)| *name == operation) {
        let Some(role) = input.pointer(place).and_then(Value::as_str) else {
            continue;
        };
        let passed = app.iam.may_pass_role(cx, caller, role, user).await;
        passed.map_err(|refusal| refusal.told(|denial| front_end::access_denied(service, denial.sentence)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use model::Shape;

    use super::*;

    /// Every place under `shape` whose name says that it is a role's.
    fn roles(shape: &Shape, at: &str, found: &mut BTreeSet<String>) {
        for member in shape.members() {
            let place = format!("{at}/{}", member.name);
            if member.name.ends_with("RoleArn") || member.name == "SnsCallerArn" {
                found.insert(place.clone());
            }
            roles(member.shape, &place, found);
        }
    }

    #[test]
    fn no_role_is_passed_unasked() {
        let mut modelled = BTreeSet::new();
        for entry in userpool::ops::TABLE.entries {
            let operation = userpool::ops::TABLE.service.operation(entry.name).unwrap();
            let mut found = BTreeSet::new();
            if let Some(input) = operation.input {
                roles(input, "", &mut found);
            }
            modelled.extend(found.into_iter().map(|place| (entry.name, place)));
        }
        let asked = PASSED.iter().map(|(name, place, _)| (*name, (*place).to_owned()));
        assert_eq!(asked.collect::<BTreeSet<_>>(), modelled);
    }
}
