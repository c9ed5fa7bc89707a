//! IAM's operations, one file a noun. Reference: identity-pools-iam section 3.

mod keys;

pub(crate) use keys::NewKey;

use kernel::Cx;
use serde_json::Value;

use crate::Iam;

model::operations! { Iam, model::IAM;
    CreateAccessKey => create_access_key, on user(UserName);
    DeleteAccessKey => delete_access_key, on user(UserName);
    ListAccessKeys => list_access_keys, on user(UserName);
    UpdateAccessKey => update_access_key, on user(UserName);
}

fn user(cx: &Cx, input: &Value, member: &str) -> String {
    todo(cx, input, member)
}
fn todo(cx: &Cx, _: &Value, _: &str) -> String { cx.account().to_string() }
