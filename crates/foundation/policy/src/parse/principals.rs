//! The Principal element: what may be named, and how. Reference: identity-pools-iam 4.2.

use serde_json::value::RawValue;

use super::{PolicyKind, services};
use crate::error::Fault;
use crate::json::{self, Object};
use crate::naming::{is_account, is_unique_id};
use crate::principal::Named;

pub(super) fn read(raw: &RawValue, kind: PolicyKind) -> Result<Box<[Named]>, Fault> {
    if json::is_text(raw) {
        let name = json::text(raw)?;
        return if name == "*" {
            Ok(Box::new([Named::Everyone]))
        } else {
            Err(invalid("AWS", &name))
        };
    }
    let mut names = Vec::new();
    for (form, listed) in Object::read(raw.get())?.into_entries() {
        // AWS also takes account numbers without quotes.
        let listed = if form == "AWS" {
            json::scalars(listed)?
        } else {
            json::texts(listed)?
        };
        for name in listed {
            names.push(named(&form, &name, kind).ok_or_else(|| invalid(&form, &name))?);
        }
    }
    if names.is_empty() {
        Err(Fault::Syntax)
    } else {
        Ok(names.into())
    }
}

fn invalid(form: &str, name: &str) -> Fault {
    Fault::Principal {
        form: form.to_owned(),
        name: name.to_owned(),
    }
}

fn named(form: &str, name: &str, kind: PolicyKind) -> Option<Named> {
    match form {
        "AWS" if kind == PolicyKind::Bucket && is_cloudfront(name) => Some(Named::Arn(name.into())),
        "AWS" => aws(name),
        "Federated" if is_plain(name) => Some(Named::Federated(name.into())),
        "Service" if kind == PolicyKind::Trust && !services::is_known(name) => None,
        "Service" if kind == PolicyKind::Bucket && !services::is_formed(name) => None,
        "Service" if is_plain(name) => Some(Named::Service(name.into())),
        "CanonicalUser" if kind == PolicyKind::Bucket => {
            // Of accounts, and the longer ones of CloudFront's identities.
            let hex = matches!(name.len(), 64 | 96) && name.bytes().all(|b| b.is_ascii_hexdigit());
            hex.then(|| Named::Canonical(name.to_ascii_lowercase().into()))
        }
        _ => None,
    }
}

fn aws(name: &str) -> Option<Named> {
    if name == "*" {
        return Some(Named::Everyone);
    }
    if is_account(name) {
        return Some(Named::Account(name.into()));
    }
    if is_unique_id(name) {
        return Some(Named::Id(name.into()));
    }
    let mut fields = name.splitn(6, ':');
    let mut field = || fields.next();
    let (scheme, partition, service, region, account, resource) =
        (field()?, field()?, field()?, field()?, field()?, field()?);
    if scheme != "arn" || !partition.starts_with("aws") || !region.is_empty() || !is_account(account) {
        return None;
    }
    if service == "iam" && resource == "root" {
        return Some(Named::Account(account.into()));
    }
    let (sort, rest) = resource.split_once('/')?;
    let known = match service {
        "iam" => matches!(sort, "user" | "role"),
        "sts" if sort == "assumed-role" => rest.contains('/'),
        "sts" => sort == "federated-user",
        _ => false,
    };
    (known && is_plain(rest)).then(|| Named::Arn(name.into()))
}

/// An origin access identity: as CloudFront reads a private bucket.
fn is_cloudfront(name: &str) -> bool {
    let id = name.strip_prefix("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity ");
    id.is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()))
}

/// No partial wildcards in principals.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains(['*', '?']) && name.chars().all(|c| c.is_ascii_graphic())
}
