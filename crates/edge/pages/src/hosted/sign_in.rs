//! Who signs in, and by whom.

use serde::Serialize;

use super::{Link, Named, Page};

/// Step `username`, or `password` when the password stands on the same page; fields `username`, `password`. Providers are links. The
/// corporate block's box is a form of its own: step `provider`, field `email`.
#[derive(Clone, Debug, Serialize)]
pub struct SignIn {
    pub named: Named,
    /// What stands in the box before anything is typed: `login_hint`, or what was sent before.
    pub username: String,
    /// The form for users of the pool itself.
    pub local: bool,
    pub asks_password: bool,
    /// Where the links lead; empty: no link.
    pub forgot: String,
    pub sign_up: String,
    /// Options of `navigator.credentials.get`, JSON: passkeys are offered in the box for the name. The answer comes as step
    /// `passkey`, field `credential`.
    pub passkey: String,
    pub providers: Vec<Provider>,
    pub corporate: Option<Corporate>,
}

/// The way to an identity provider.
#[derive(Clone, Debug, Serialize)]
pub struct Provider {
    pub href: String,
    /// "Continue with …"
    pub label: String,
    pub brand: Brand,
    /// The operator's own icon, before the brand's.
    pub image: Option<Link>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Brand {
    Amazon,
    Apple,
    Facebook,
    Google,
    /// OIDC and SAML.
    Other,
}

/// "Sign in with your corporate ID": ways, or a box whose e-mail address names the provider.
#[derive(Clone, Debug, Serialize)]
pub struct Corporate {
    pub providers: Vec<Provider>,
    pub asks_email: bool,
}

/// Step `password`, field `password`; `back`, `factor`=`choose` for other ways.
#[derive(Clone, Debug, Serialize)]
pub struct Password {
    pub forgot: String,
    pub has_other_ways: bool,
}

/// Step `continue`; `back` for another account.
#[derive(Clone, Debug, Serialize)]
pub struct ContinueAs {
    pub name: String,
    /// The provider that the session is of; empty: the pool itself.
    pub provider: String,
}

fn provider(label: &str, brand: Brand) -> Provider {
    Provider {
        href: "/login?client_id=1example23456789&identity_provider=Example".to_owned(),
        label: label.to_owned(),
        brand,
        image: None,
    }
}

fn social() -> Vec<Provider> {
    vec![
        provider("Google", Brand::Google),
        provider("Apple", Brand::Apple),
        provider("Facebook", Brand::Facebook),
        provider("Amazon", Brand::Amazon),
        provider("Example Partners", Brand::Other),
    ]
}

impl Page for SignIn {
    const NAME: &'static str = "sign_in";

    fn sample() -> Self {
        Self {
            named: Named::UsernameOrEmail,
            username: String::new(),
            local: true,
            asks_password: true,
            forgot: "/forgotPassword?client_id=1example23456789".to_owned(),
            sign_up: "/signup?client_id=1example23456789".to_owned(),
            passkey: String::new(),
            providers: Vec::new(),
            corporate: None,
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let passkey = r#"{"challenge":"AAAA","rpId":"localhost","userVerification":"preferred"}"#;
        vec![
            (
                "providers",
                Self {
                    named: Named::Email,
                    asks_password: false,
                    forgot: String::new(),
                    passkey: passkey.to_owned(),
                    providers: social().into_iter().take(3).collect(),
                    ..Self::sample()
                },
            ),
            (
                "everything",
                Self {
                    named: Named::UsernameEmailOrPhone,
                    username: "ana@example.com".to_owned(),
                    providers: social(),
                    corporate: Some(Corporate {
                        providers: Vec::new(),
                        asks_email: true,
                    }),
                    ..Self::sample()
                },
            ),
            (
                "corporate",
                Self {
                    local: false,
                    corporate: Some(Corporate {
                        providers: vec![provider("Example Corp SSO", Brand::Other)],
                        asks_email: false,
                    }),
                    ..Self::sample()
                },
            ),
        ]
    }
}

impl Page for Password {
    const NAME: &'static str = "password";

    fn sample() -> Self {
        Self {
            forgot: "/forgotPassword?client_id=1example23456789".to_owned(),
            has_other_ways: true,
        }
    }
}

impl Page for ContinueAs {
    const NAME: &'static str = "continue_as";

    fn sample() -> Self {
        Self {
            name: "ana@example.com".to_owned(),
            provider: "Google".to_owned(),
        }
    }
}
