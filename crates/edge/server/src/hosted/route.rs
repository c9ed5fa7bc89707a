//! The paths of a domain. Pure. Reference: oauth-and-federation 1.2.

use super::account::section::Section;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    Authorize,
    /// Where identity providers send browsers back to.
    Returned,
    /// Where those of SAML have them post their answers.
    AssertionConsumer,
    /// Where those have the end of their sessions posted.
    SamlLogout,
    /// What those are told of the pool of this id.
    SamlMetadata(&'a str),
    Login,
    SignUp,
    Confirm,
    Forgot,
    Reset,
    AddPasskey,
    Account(Section),
    Logout,
    Error,
    Token,
    Revoke,
    UserInfo,
    Introspect,
    Register,
    Push,
    /// Where a device begins.
    DeviceAuthorization,
    /// Where people enter its code.
    Device,
    /// What userInfo says of itself.
    Resource,
    ConfirmUser,
    /// A file that pages load.
    File(&'a str),
    /// A client's stylesheet, by its digest.
    Style {
        client: &'a str,
        digest: &'a str,
    },
    /// A picture of a look, by its digest.
    Picture(&'a str),
}

/// None: there is no such page. AWS's own texts spell some of them in two ways.
pub fn route(path: &str) -> Option<Route<'_>> {
    if let Some(file) = path.strip_prefix("/assets/") {
        // What stands before the name changes with the files, so that caches may keep them.
        return file.split_once('/').map(|(_, name)| Route::File(name));
    }
    if let Some(digest) = path.strip_prefix("/pictures/") {
        return is_hex(digest, 64).then_some(Route::Picture(digest));
    }
    if let Some(style) = path.strip_prefix("/styles/") {
        let (client, name) = style.split_once('/')?;
        let digest = name.strip_suffix(".css").filter(|digest| is_hex(digest, 32))?;
        return Some(Route::Style { client, digest });
    }
    if let Some(pool) = path.strip_prefix("/saml2/metadata/") {
        let is_id = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        return (pool.contains('_') && pool.bytes().all(is_id)).then_some(Route::SamlMetadata(pool));
    }
    let path = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path);
    Some(match path {
        "/oauth2/authorize" | "/authorize" => Route::Authorize,
        "/oauth2/idpresponse" => Route::Returned,
        "/saml2/idpresponse" => Route::AssertionConsumer,
        "/saml2/logout" => Route::SamlLogout,
        "/login" | "/oauth2/login" => Route::Login,
        "/signup" => Route::SignUp,
        "/confirm" | "/resendcode" => Route::Confirm,
        "/passkeys/add" => Route::AddPasskey,
        "/logout" => Route::Logout,
        "/error" => Route::Error,
        "/oauth2/token" => Route::Token,
        "/oauth2/revoke" => Route::Revoke,
        "/oauth2/userInfo" => Route::UserInfo,
        "/oauth2/introspect" => Route::Introspect,
        "/oauth2/register" => Route::Register,
        "/oauth2/par" => Route::Push,
        "/oauth2/device_authorization" => Route::DeviceAuthorization,
        "/device" => Route::Device,
        // RFC 9728 section 3.1 has the resource's path behind.
        "/.well-known/oauth-protected-resource" | "/.well-known/oauth-protected-resource/oauth2/userInfo" => {
            Route::Resource
        }
        path => {
            if let Some(section) = Section::of_path(path) {
                return Some(Route::Account(section));
            }
            let named = [
                ("/confirmuser", Route::ConfirmUser),
                ("/forgotpassword", Route::Forgot),
                ("/confirmforgotpassword", Route::Reset),
            ];
            let (_, found) = named.into_iter().find(|(name, _)| path.eq_ignore_ascii_case(name))?;
            found
        }
    })
}

/// Nothing else is asked of a domain under these names: buckets have them too.
fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether a path could be a domain's: only then a host name is looked up.
pub fn is_page(path: &str) -> bool {
    route(path).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_pages() {
        let digest = "0123456789abcdef".repeat(4);
        let picture = format!("/pictures/{digest}");
        let style = format!("/styles/1abc/{}.css", &digest[..32]);
        for (path, expected) in [
            ("/oauth2/authorize", Some(Route::Authorize)),
            ("/authorize/", Some(Route::Authorize)),
            ("/oauth2/idpresponse", Some(Route::Returned)),
            ("/saml2/idpresponse", Some(Route::AssertionConsumer)),
            ("/saml2/logout", Some(Route::SamlLogout)),
            (
                "/saml2/metadata/us-east-1_AbCdEfGhI",
                Some(Route::SamlMetadata("us-east-1_AbCdEfGhI")),
            ),
            ("/saml2/metadata/", None),
            ("/saml2/metadata/holiday.jpg", None),
            ("/oauth2/userInfo", Some(Route::UserInfo)),
            ("/oauth2/userinfo", None),
            ("/confirmUser/", Some(Route::ConfirmUser)),
            ("/ForgotPassword", Some(Route::Forgot)),
            ("/confirmforgotPassword", Some(Route::Reset)),
            ("/assets/1a2b/managed.css", Some(Route::File("managed.css"))),
            ("/assets/managed.css", None),
            (&picture, Some(Route::Picture(&digest))),
            ("/pictures/holiday.jpg", None),
            (
                &style,
                Some(Route::Style {
                    client: "1abc",
                    digest: &digest[..32],
                }),
            ),
            ("/styles/1abc/x.css", None),
            ("/styles/1abc", None),
            ("/account/", Some(Route::Account(Section::Overview))),
            ("/account/sessions", Some(Route::Account(Section::Sessions))),
            ("/account/nothing", None),
            ("/", None),
            ("", None),
            ("/login/x", None),
            ("//login", None),
        ] {
            assert_eq!(route(path), expected, "{path}");
        }
    }
}
