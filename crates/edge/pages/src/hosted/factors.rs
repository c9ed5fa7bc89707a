//! Which factor, and passkeys.

use serde::Serialize;

use super::Page;

/// One button of a choice.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// The value of the button `factor`.
    pub value: String,
    pub way: Way,
    /// Where a code would go, masked; empty: not known yet.
    pub destination: String,
}

/// What a factor is to who uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    Password,
    Passkey,
    Email,
    Sms,
    App,
}

/// Step `factor`; buttons `factor`, `back`.
#[derive(Clone, Debug, Serialize)]
pub struct ChooseFactor {
    pub choices: Vec<Choice>,
}

/// Step `select_mfa`; buttons `factor`.
#[derive(Clone, Debug, Serialize)]
pub struct SelectMfa {
    pub choices: Vec<Choice>,
}

/// Step `set_up`; buttons `factor`; `back` where there is nothing to choose.
#[derive(Clone, Debug, Serialize)]
pub struct SetUpMfa {
    /// None: a code by text message alone would do, and the account has no number.
    pub choices: Vec<Choice>,
}

/// Step `passkey`, field `credential`; `back`, `factor`=`choose`.
#[derive(Clone, Debug, Serialize)]
pub struct Passkey {
    /// Options of `navigator.credentials.get`, JSON.
    pub options: String,
    pub has_other_ways: bool,
}

/// Step `passkey_add`, field `credential`; `answer`=`no` skips it.
#[derive(Clone, Debug, Serialize)]
pub struct PasskeyOffer {
    /// Options of `navigator.credentials.create`, JSON.
    pub options: String,
}

fn choice(value: &str, way: Way, destination: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        way,
        destination: destination.to_owned(),
    }
}

impl Page for ChooseFactor {
    const NAME: &'static str = "choose_factor";

    fn sample() -> Self {
        Self {
            choices: vec![
                choice("WEB_AUTHN", Way::Passkey, ""),
                choice("EMAIL_OTP", Way::Email, "a***@e***"),
                choice("SMS_OTP", Way::Sms, "+*******0100"),
                choice("PASSWORD", Way::Password, ""),
            ],
        }
    }
}

impl Page for SelectMfa {
    const NAME: &'static str = "select_mfa";

    fn sample() -> Self {
        Self {
            choices: vec![
                choice("SOFTWARE_TOKEN_MFA", Way::App, ""),
                choice("SMS_MFA", Way::Sms, "+*******0100"),
                choice("EMAIL_OTP", Way::Email, "a***@e***"),
            ],
        }
    }
}

impl Page for SetUpMfa {
    const NAME: &'static str = "set_up_mfa";

    fn sample() -> Self {
        Self {
            choices: vec![
                choice("SOFTWARE_TOKEN_MFA", Way::App, ""),
                choice("EMAIL_OTP", Way::Email, ""),
                choice("SMS_MFA", Way::Sms, ""),
            ],
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![("no_phone", Self { choices: Vec::new() })]
    }
}

impl Page for Passkey {
    const NAME: &'static str = "passkey";

    fn sample() -> Self {
        Self {
            options: r#"{"challenge":"AAAA","rpId":"localhost","userVerification":"preferred","allowCredentials":[]}"#
                .to_owned(),
            has_other_ways: true,
        }
    }
}

impl Page for PasskeyOffer {
    const NAME: &'static str = "passkey_offer";

    fn sample() -> Self {
        let options = r#"{"rp":{"id":"localhost","name":"localhost"},"user":{"id":"AAAA","name":"ana","displayName":"ana"},"challenge":"AAAA","pubKeyCredParams":[{"type":"public-key","alg":-7}]}"#;
        Self {
            options: options.to_owned(),
        }
    }
}
