//! STS's operations. Reference: identity-pools-iam section 2.

mod assume_role;
mod assume_role_with_web_identity;
mod caller;
mod request;
mod session_token;

use crate::Iam;

model::operations! { Iam, model::STS;
    AssumeRole => assume_role, on any;
    AssumeRoleWithWebIdentity => assume_role_with_web_identity, on any;
    GetAccessKeyInfo => get_access_key_info, on any;
    GetCallerIdentity => get_caller_identity, on any;
    GetSessionToken => get_session_token, on any;
}

/// Whether the front end leaves a call unasked: no Deny stops GetCallerIdentity (reference 5.4), and AssumeRole asks the
/// role's trust policy together with the caller's own.
pub fn needs_no_permission(service_id: &str, operation: &str) -> bool {
    service_id == "sts" && matches!(operation, "AssumeRole" | "GetCallerIdentity")
}
