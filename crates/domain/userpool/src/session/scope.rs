//! Which of a user's attributes an app hears of by the scopes that it was granted. Pure. Reference: oauth-and-federation 6.3.

use tokens::Scopes;

use crate::client::Client;

pub(crate) const OPENID: &str = "openid";

/// The scopes that name attributes, each with what it implies whatever else it covers: a client that may not read it can't have the
/// scope.
const IMPLIED: [(&str, &[&str]); 2] = [
    ("email", &["email", "email_verified"]),
    ("phone", &["phone_number", "phone_number_verified"]),
];

const PROFILE: &str = "profile";

/// Whether scopes, `openid` among them, cover an attribute. `openid` alone covers all.
pub(crate) fn tells(scopes: &Scopes, attribute: &str) -> bool {
    let mut narrowed = scopes.contain(PROFILE);
    for (scope, implied) in IMPLIED {
        if scopes.contain(scope) {
            narrowed = true;
            if implied.contains(&attribute) {
                return true;
            }
        }
    }
    if !narrowed || attribute == "sub" {
        return true;
    }
    let is_anothers = attribute == "address" || IMPLIED.iter().any(|(_, implied)| implied.contains(&attribute));
    scopes.contain(PROFILE) && !is_anothers
}

/// Whether a client may read what the scopes imply.
pub(crate) fn are_readable(scopes: &Scopes, client: &Client) -> bool {
    IMPLIED
        .iter()
        .filter(|(scope, _)| scopes.contain(scope))
        .all(|(_, implied)| implied.iter().all(|name| client.may_read(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_narrow_what_openid_tells() {
        for (scopes, told) in [
            (
                "openid",
                "sub email email_verified phone_number name address custom:plan",
            ),
            ("openid email", "sub email email_verified"),
            ("openid phone", "sub phone_number"),
            ("openid profile", "sub name custom:plan"),
            ("openid phone email", "sub email email_verified phone_number"),
            (
                "profile email openid photos/read",
                "sub email email_verified name custom:plan",
            ),
        ] {
            let scopes = Scopes::new(scopes);
            let all = [
                "sub",
                "email",
                "email_verified",
                "phone_number",
                "name",
                "address",
                "custom:plan",
            ];
            let found: Vec<&str> = all.into_iter().filter(|name| tells(&scopes, name)).collect();
            assert_eq!(found.join(" "), told, "{scopes:?}");
        }
    }
}
