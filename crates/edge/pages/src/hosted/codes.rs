//! Codes, and where they come from.

use serde::Serialize;

use super::{Page, Way};

/// Step `code`, field `code`; `resend`, `back`, `recovery`, `factor`=`choose`.
#[derive(Clone, Debug, Serialize)]
pub struct Code {
    /// `Email` or `Sms`.
    pub way: Way,
    /// Masked.
    pub destination: String,
    /// Otherwise the way back to the beginning is shown in its place.
    pub can_resend: bool,
    pub has_other_ways: bool,
    /// Whether a recovery code would do.
    pub has_recovery: bool,
}

/// Step `totp`, field `code`; `recovery`, `factor`=`choose`.
#[derive(Clone, Debug, Serialize)]
pub struct Totp {
    pub has_other_ways: bool,
    /// Whether a recovery code would do.
    pub has_recovery: bool,
}

/// Step `recovery_code`, field `code`; `back`.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryCode {}

/// Somebody has signed in by a recovery code. Step `recovery_used`.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryUsed {
    /// How many codes are left.
    pub left: u32,
}

/// Step `set_up_totp`, fields `code`, `device_name`; `back` when there is a choice.
#[derive(Clone, Debug, Serialize)]
pub struct SetUpTotp {
    /// The `otpauth:` address that the QR code holds.
    pub uri: String,
    pub secret: String,
    pub has_back: bool,
}

/// Step `set_up_email`, field `email`; `back` when there is a choice.
#[derive(Clone, Debug, Serialize)]
pub struct SetUpEmail {
    pub email: String,
    pub has_back: bool,
}

impl Page for Code {
    const NAME: &'static str = "code";

    fn sample() -> Self {
        Self {
            way: Way::Email,
            destination: "a***@e***".to_owned(),
            can_resend: true,
            has_other_ways: true,
            has_recovery: false,
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![(
            "sms",
            Self {
                way: Way::Sms,
                destination: "+*******0100".to_owned(),
                can_resend: false,
                has_other_ways: false,
                has_recovery: true,
            },
        )]
    }
}

impl Page for Totp {
    const NAME: &'static str = "totp";

    fn sample() -> Self {
        Self {
            has_other_ways: true,
            has_recovery: true,
        }
    }
}

impl Page for RecoveryCode {
    const NAME: &'static str = "recovery_code";

    fn sample() -> Self {
        Self {}
    }
}

impl Page for RecoveryUsed {
    const NAME: &'static str = "recovery_used";

    fn sample() -> Self {
        Self { left: 9 }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![("last", Self { left: 0 })]
    }
}

impl Page for SetUpTotp {
    const NAME: &'static str = "set_up_totp";

    fn sample() -> Self {
        let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSW";
        Self {
            uri: format!("otpauth://totp/Example%20Corp:ana@example.com?secret={secret}&issuer=Example%20Corp"),
            secret: secret.to_owned(),
            has_back: true,
        }
    }
}

impl Page for SetUpEmail {
    const NAME: &'static str = "set_up_email";

    fn sample() -> Self {
        Self {
            email: String::new(),
            has_back: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::hosted::{Frame, Hosted, Language, Look, Skin};

    use super::*;

    #[test]
    fn the_picture_of_a_secret_leads_to_the_app_too() {
        let hosted = Hosted::new(&[]).unwrap();
        let page = SetUpTotp::sample();
        let link = format!("href=\"{}\"", page.uri.replace('&', "&amp;"));
        for skin in [Skin::Managed, Skin::Classic] {
            for language in Language::ALL {
                let html = hosted
                    .html(&Frame::sample(language, skin, Look::default()), &page)
                    .unwrap();
                let (_, from) = html.split_once("<figure>").unwrap();
                let (figure, _) = from.split_once("</figure>").unwrap();
                assert!(
                    figure.contains("<svg class=\"qr\"") && figure.contains(&link),
                    "{language:?} {figure}"
                );
            }
        }
    }
}
