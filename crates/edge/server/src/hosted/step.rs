//! What a form of the sign-in says. Pure.

use oauth::Parameters;
use userpool::hosted::SentBy;

/// What goes with a sign-in from page to page: the machine's state, which code it asks for, the state to which one comes back for
/// another way, and whether a recovery code would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    pub session: String,
    pub sent: Option<SentBy>,
    /// Whether that code is a second factor, which is sent once.
    pub is_second: bool,
    pub choice: Option<String>,
    pub has_recovery: bool,
}

/// One line of `session`. What it is made of has no `~`.
const BETWEEN: char = '~';

impl Carried {
    pub fn read(text: &str) -> Self {
        let mut parts = text.split(BETWEEN);
        let mut part = || parts.next().filter(|part| !part.is_empty()).map(str::to_owned);
        let (session, sent, choice, recovery) = (part(), part(), part(), part());
        Self {
            session: session.unwrap_or_default(),
            is_second: matches!(sent.as_deref(), Some("email2" | "mfa")),
            sent: sent.and_then(|sent| match sent.as_str() {
                "email" | "email2" => Some(SentBy::EmailOtp),
                "sms" => Some(SentBy::SmsOtp),
                "mfa" => Some(SentBy::SmsMfa),
                _ => None,
            }),
            choice,
            has_recovery: recovery.is_some(),
        }
    }

    pub fn written(&self) -> String {
        let sent = match self.sent {
            Some(SentBy::EmailOtp) if self.is_second => "email2",
            Some(SentBy::EmailOtp) => "email",
            Some(SentBy::SmsOtp) => "sms",
            Some(SentBy::SmsMfa) => "mfa",
            None => "",
        };
        let choice = self.choice.as_deref().unwrap_or_default();
        let recovery = if self.has_recovery { "recovery" } else { "" };
        format!("{}{BETWEEN}{sent}{BETWEEN}{choice}{BETWEEN}{recovery}", self.session)
    }
}

/// What a person did on a page of the sign-in.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// The name, and the rest later.
    Name,
    /// The name and the password at once.
    NameAndPassword {
        password: String,
    },
    /// The password, where the name was said before.
    Password {
        password: String,
    },
    /// One of the ways that there are; `choose`: all of them are to be shown.
    Way {
        name: String,
    },
    Code {
        digits: String,
    },
    Totp {
        digits: String,
    },
    /// A recovery code is to be asked for.
    Recovery,
    RecoveryCode {
        code: String,
    },
    /// Whoever has used one has read how many are left.
    RecoveryUsed,
    Passkey {
        credential: String,
    },
    SecondFactor {
        name: String,
    },
    SetUp {
        name: String,
    },
    SetUpApp {
        digits: String,
        name: Option<String>,
    },
    SetUpEmail {
        address: String,
    },
    NewPassword {
        password: String,
        again: String,
    },
    /// Whether the browser is remembered.
    Remember {
        is_wanted: bool,
    },
    /// A passkey that was made. None: not now.
    AddPasskey {
        credential: Option<String>,
    },
    Resend,
    /// As the one who has signed in at this browser.
    Continue,
    /// By the identity provider that this address belongs to.
    Provider {
        email: String,
    },
    /// Whether a client that registered itself is answered.
    Consent {
        is_allowed: bool,
    },
    /// Whether a device is allowed.
    DeviceAllow {
        is_allowed: bool,
    },
    /// From the beginning.
    Back,
}

impl Step {
    /// Whether it is a sign-in of the pool itself, or goes on with one.
    pub fn is_of_own_users(&self) -> bool {
        !matches!(
            self,
            Self::Back
                | Self::Continue
                | Self::Provider { .. }
                | Self::Remember { .. }
                | Self::AddPasskey { .. }
                | Self::Consent { .. }
                | Self::DeviceAllow { .. }
        )
    }
}

/// None: no page of ours sends this.
pub fn step(form: &Parameters) -> Option<Step> {
    let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
    if form.given("back").is_some() {
        return Some(Step::Back);
    }
    if form.given("resend").is_some() {
        return Some(Step::Resend);
    }
    let has_session = form.given("session").is_some();
    if form.given("recovery").is_some() {
        return has_session.then_some(Step::Recovery);
    }
    if form.given("factor") == Some("choose") {
        return has_session.then(|| Step::Way { name: text("factor") });
    }
    Some(match form.given("step") {
        // The classic form says no step, nor do programs that fill it in.
        None | Some("password" | "username") if !has_session => match form.given("password") {
            Some(password) => Step::NameAndPassword {
                password: password.to_owned(),
            },
            None => Step::Name,
        },
        Some("username") => Step::Name,
        Some("password") => Step::Password {
            password: text("password"),
        },
        Some("factor") => Step::Way { name: text("factor") },
        Some("code") => Step::Code { digits: text("code") },
        Some("totp") => Step::Totp { digits: text("code") },
        Some("recovery_code") => Step::RecoveryCode { code: text("code") },
        Some("recovery_used") => Step::RecoveryUsed,
        Some("passkey") => Step::Passkey {
            credential: text("credential"),
        },
        Some("select_mfa") => Step::SecondFactor { name: text("factor") },
        Some("set_up") => Step::SetUp { name: text("factor") },
        Some("set_up_totp") => Step::SetUpApp {
            digits: text("code"),
            name: form.given("device_name").map(str::to_owned),
        },
        Some("set_up_email") => Step::SetUpEmail { address: text("email") },
        Some("new_password") => Step::NewPassword {
            password: text("new_password"),
            again: text("new_password_again"),
        },
        Some("device") => Step::Remember {
            is_wanted: form.given("answer") == Some("yes"),
        },
        Some("passkey_add") => Step::AddPasskey {
            credential: form.given("answer").is_none().then(|| text("credential")),
        },
        Some("continue") => Step::Continue,
        Some("provider") => Step::Provider { email: text("email") },
        Some("consent") => Step::Consent {
            is_allowed: form.given("answer") == Some("yes"),
        },
        Some("device_allow") => Step::DeviceAllow {
            is_allowed: form.given("answer") == Some("yes"),
        },
        _ => return None,
    })
}

/// The members `attribute.<name>` that have a value.
pub fn attributes(form: &Parameters) -> Vec<(String, String)> {
    let members = form
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("attribute.")?, value)));
    let filled = members.filter(|(_, value)| !value.is_empty());
    filled
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_comes_back() {
        for carried in [
            Carried::default(),
            Carried {
                session: "a-b_c".to_owned(),
                sent: Some(SentBy::SmsMfa),
                is_second: true,
                choice: None,
                has_recovery: true,
            },
            Carried {
                session: "a".to_owned(),
                choice: Some("b".to_owned()),
                ..Carried::default()
            },
            Carried {
                sent: Some(SentBy::EmailOtp),
                is_second: true,
                ..Carried::default()
            },
            Carried {
                sent: Some(SentBy::EmailOtp),
                ..Carried::default()
            },
        ] {
            assert_eq!(Carried::read(&carried.written()), carried);
        }
        assert_eq!(Carried::read("a~other~~x").session, "a");
    }

    #[test]
    fn a_form_says_one_thing() {
        let password = |password: &str| password.to_owned();
        for (form, expected) in [
            (
                "username=a&password=b",
                Some(Step::NameAndPassword {
                    password: password("b"),
                }),
            ),
            (
                "step=password&username=a&password=b",
                Some(Step::NameAndPassword {
                    password: password("b"),
                }),
            ),
            (
                "step=password&username=a&password=b&session=s",
                Some(Step::Password {
                    password: password("b"),
                }),
            ),
            ("step=username&username=a", Some(Step::Name)),
            ("username=a", Some(Step::Name)),
            ("step=code&code=1&session=s&back=1", Some(Step::Back)),
            ("step=code&code=1&session=s&resend=1", Some(Step::Resend)),
            ("step=code&code=1&session=s", Some(Step::Code { digits: password("1") })),
            (
                "step=code&factor=choose&session=s",
                Some(Step::Way {
                    name: password("choose"),
                }),
            ),
            ("step=code&factor=choose", None),
            ("step=totp&code=1&session=s&recovery=1", Some(Step::Recovery)),
            ("step=totp&recovery=1", None),
            (
                "step=recovery_code&code=B-C&session=s",
                Some(Step::RecoveryCode { code: password("B-C") }),
            ),
            ("step=consent&answer=yes", Some(Step::Consent { is_allowed: true })),
            ("step=consent&answer=Yes", Some(Step::Consent { is_allowed: false })),
            ("step=device&answer=yes", Some(Step::Remember { is_wanted: true })),
            ("step=device", Some(Step::Remember { is_wanted: false })),
            (
                "step=provider&email=ana@example.com",
                Some(Step::Provider {
                    email: password("ana@example.com"),
                }),
            ),
            (
                "step=passkey_add&credential=c",
                Some(Step::AddPasskey {
                    credential: Some(password("c")),
                }),
            ),
            (
                "step=passkey_add&credential=c&answer=no",
                Some(Step::AddPasskey { credential: None }),
            ),
            ("step=nothing&session=s", None),
        ] {
            let form = Parameters::parse(form).unwrap();
            assert_eq!(step(&form), expected, "{form:?}");
        }
        let form = Parameters::parse("attribute.name=Ana&attribute.email=&other=1").unwrap();
        assert_eq!(attributes(&form), [("name".to_owned(), "Ana".to_owned())]);
    }
}
