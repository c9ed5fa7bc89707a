//! The paths of a domain. Pure. Reference: oauth-and-federation 1.2.

use http::Method;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    Authorize,
    Login,
    SignUp,
    Confirm,
    Forgot,
    Reset,
    Logout,
    Error,
    Token,
    Revoke,
    UserInfo,
    Introspect,
    Register,
    Push,
    /// What userInfo says of itself.
    Resource,
    ConfirmUser,
    /// A file that pages load.
    File(&'a str),
}

/// None: there is no such page. AWS's own texts spell some of them in two ways.
pub fn route(path: &str) -> Option<Route<'_>> {
    if let Some(file) = path.strip_prefix("/assets/") {
        // What stands before the name changes with the files, so that caches may keep them.
        return file.split_once('/').map(|(_, name)| Route::File(name));
    }
    let path = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path);
    Some(match path {
        "/oauth2/authorize" | "/authorize" => Route::Authorize,
        "/login" | "/oauth2/login" => Route::Login,
        "/signup" => Route::SignUp,
        "/confirm" | "/resendcode" => Route::Confirm,
        "/logout" => Route::Logout,
        "/error" => Route::Error,
        "/oauth2/token" => Route::Token,
        "/oauth2/revoke" => Route::Revoke,
        "/oauth2/userInfo" => Route::UserInfo,
        "/oauth2/introspect" => Route::Introspect,
        "/oauth2/register" => Route::Register,
        "/oauth2/par" => Route::Push,
        // RFC 9728 section 3.1 has the resource's path behind.
        "/.well-known/oauth-protected-resource" | "/.well-known/oauth-protected-resource/oauth2/userInfo" => {
            Route::Resource
        }
        path => {
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

/// Whether a path could be a domain's: only then a host name is looked up.
pub fn is_page(path: &str) -> bool {
    route(path).is_some()
}

impl Route<'_> {
    /// What may be asked of it. HEAD goes with GET.
    pub fn takes(self, method: &Method) -> bool {
        let looks = matches!(*method, Method::GET | Method::HEAD);
        match self {
            Self::Authorize
            | Self::Login
            | Self::SignUp
            | Self::Confirm
            | Self::Forgot
            | Self::Reset
            | Self::Logout => looks || *method == Method::POST,
            Self::UserInfo => looks || matches!(*method, Method::POST | Method::OPTIONS),
            Self::Token | Self::Revoke | Self::Introspect | Self::Register | Self::Push => {
                matches!(*method, Method::POST | Method::OPTIONS)
            }
            Self::Resource => looks || *method == Method::OPTIONS,
            Self::Error | Self::ConfirmUser | Self::File(_) => looks,
        }
    }

    /// Whether any page may read what it answers: those that Cognito opens, and their like.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Token
                | Self::Revoke
                | Self::UserInfo
                | Self::Introspect
                | Self::Register
                | Self::Push
                | Self::Resource
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_pages() {
        for (path, expected) in [
            ("/oauth2/authorize", Some(Route::Authorize)),
            ("/authorize/", Some(Route::Authorize)),
            ("/oauth2/userInfo", Some(Route::UserInfo)),
            ("/oauth2/userinfo", None),
            ("/confirmUser/", Some(Route::ConfirmUser)),
            ("/ForgotPassword", Some(Route::Forgot)),
            ("/confirmforgotPassword", Some(Route::Reset)),
            ("/assets/1a2b/managed.css", Some(Route::File("managed.css"))),
            ("/assets/managed.css", None),
            ("/", None),
            ("", None),
            ("/login/x", None),
            ("//login", None),
        ] {
            assert_eq!(route(path), expected, "{path}");
        }
    }
}
