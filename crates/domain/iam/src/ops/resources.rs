//! What each operation acts on, from its input alone. The paths of what exists already are put in by `authorize`, which
//! may look them up.

use kernel::{Arn, Cx, PrincipalKind};
use serde_json::Value;

fn text<'a>(input: &'a Value, member: &str) -> Option<&'a str> {
    input.get(member).and_then(Value::as_str)
}

fn one(cx: &Cx, kind: &str, name: &str) -> String {
    Arn::iam(cx.account(), kind, "/", name).into()
}

/// `Path` of the input counts: what is to be made is not there yet.
fn new(cx: &Cx, input: &Value, kind: &str, member: &str) -> String {
    let path = text(input, "Path").unwrap_or("/");
    Arn::iam(cx.account(), kind, path, text(input, member).unwrap_or("*")).into()
}

/// Lists act on all that lies under a path.
fn all(cx: &Cx, input: &Value, kind: &str, member: &str) -> String {
    Arn::iam(cx.account(), kind, text(input, member).unwrap_or("/"), "").into()
}

pub(super) fn role(cx: &Cx, input: &Value, member: &str) -> String {
    one(cx, "role", text(input, member).unwrap_or("*"))
}

pub(super) fn group(cx: &Cx, input: &Value, member: &str) -> String {
    one(cx, "group", text(input, member).unwrap_or("*"))
}

/// The caller where no user is named.
pub(super) fn user(cx: &Cx, input: &Value, member: &str) -> String {
    let own = cx.caller.as_ref().and_then(|caller| match &caller.principal.kind {
        PrincipalKind::User { name } => Some(name.as_str()),
        _ => None,
    });
    one(cx, "user", text(input, member).or(own).unwrap_or("*"))
}

pub(super) fn policy(_: &Cx, input: &Value, member: &str) -> String {
    text(input, member).unwrap_or("*").to_owned()
}

pub(super) fn new_role(cx: &Cx, input: &Value, member: &str) -> String {
    new(cx, input, "role", member)
}

pub(super) fn new_user(cx: &Cx, input: &Value, member: &str) -> String {
    new(cx, input, "user", member)
}

pub(super) fn new_group(cx: &Cx, input: &Value, member: &str) -> String {
    new(cx, input, "group", member)
}

pub(super) fn new_policy(cx: &Cx, input: &Value, member: &str) -> String {
    new(cx, input, "policy", member)
}

pub(super) fn roles(cx: &Cx, input: &Value, member: &str) -> String {
    all(cx, input, "role", member)
}

pub(super) fn users(cx: &Cx, input: &Value, member: &str) -> String {
    all(cx, input, "user", member)
}

pub(super) fn groups(cx: &Cx, input: &Value, member: &str) -> String {
    all(cx, input, "group", member)
}

pub(super) fn policies(cx: &Cx, input: &Value, member: &str) -> String {
    all(cx, input, "policy", member)
}
