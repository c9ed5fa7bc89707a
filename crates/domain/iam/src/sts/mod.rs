//! STS's operations. Reference: identity-pools-iam section 2.

mod assume_role;
mod assume_role_with_web_identity;
mod caller;
mod request;
mod session_token;

use crate::Iam;

model::operations! { Iam, model::STS;
    AssumeRole => assume_role, on any, free;
    AssumeRoleWithWebIdentity => assume_role_with_web_identity, on any;
    GetAccessKeyInfo => get_access_key_info, on any, free_unless_denied;
    GetCallerIdentity => get_caller_identity, on any, free;
    GetSessionToken => get_session_token, on any, free_unless_denied;
}
