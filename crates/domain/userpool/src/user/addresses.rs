//! The addresses of a user, and whether they are proven.

use store::records::{address::Address, users::User};

/// The present value, if there is one.
pub(crate) fn present(user: &User, address: Address) -> Option<&str> {
    let value = user.doc.attributes.get(address.attribute())?;
    Some(value.as_str()).filter(|value| !value.is_empty())
}

pub(crate) fn is_verified(user: &User, address: Address) -> bool {
    user.doc
        .attributes
        .get(address.flag())
        .is_some_and(|flag| is_true(flag))
}

/// What a verified flag says.
pub(crate) fn is_true(flag: &str) -> bool {
    flag.eq_ignore_ascii_case("true")
}

pub(crate) fn set_verified(user: &mut User, address: Address, verified: bool) {
    let flag = if verified { "true" } else { "false" };
    user.doc.attributes.insert(address.flag().to_owned(), flag.to_owned());
}
