//! What people do with their own account: its overview, and a page a section. Buttons of rows stand in forms beneath the list (`form`), so
//! that a row may have several.

use serde::Serialize;

use super::{Attribute, Page, Policy, Way};

/// Step `sign_out`.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    /// Who has signed in.
    pub name: String,
    pub sections: Vec<SectionLink>,
}

#[derive(Clone, Debug, Serialize)]
pub struct SectionLink {
    /// `account_<key>` is its heading, `account_<key>_hint` what it is about.
    pub key: &'static str,
    pub icon: &'static str,
    pub href: String,
}

/// Step `profile`; fields `attribute.<name>`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountProfile {
    pub contacts: Vec<ContactRow>,
    /// What is shown and not changed here.
    pub fixed: Vec<Attribute>,
    pub attributes: Vec<Attribute>,
    /// Where "Back to your account" leads, as on every section.
    pub overview: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct ContactRow {
    /// `Email` or `Sms`.
    pub way: Way,
    /// Empty: there is none.
    pub address: String,
    pub is_confirmed: bool,
    /// Where it is changed; empty: nowhere.
    pub href: String,
}

/// Step `address`, field `address`; step `send_code` for the one that there is.
#[derive(Clone, Debug, Serialize)]
pub struct AccountAddress {
    /// `Email` or `Sms`.
    pub way: Way,
    pub address: String,
    /// Another that waits for its code; empty: none.
    pub pending: String,
    /// Whether a code may be sent without another address.
    pub may_confirm: bool,
    pub overview: String,
}

/// Step `change_password`; fields `password`, `new_password`, `new_password_again`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountPassword {
    /// Whether there is one so far.
    pub has_password: bool,
    pub policy: Policy,
    pub overview: String,
}

/// Steps `set_up`, `turn_on`, `turn_off`, `turn_first` with `factor`; `passkey_remove` with `which`, `passkey_new`,
/// `recovery_new`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountFactors {
    pub second: Vec<FactorRow>,
    pub passkeys: Vec<KeyRow>,
    /// Whether people may sign in with passkeys here.
    pub makes_passkeys: bool,
    /// How many recovery codes were not used. None: there is no use of any.
    pub recovery_left: Option<u32>,
    pub overview: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct FactorRow {
    pub value: String,
    pub way: Way,
    pub state: FactorState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FactorState {
    /// There is nothing that could be asked for.
    Absent,
    Off,
    On,
    /// On, and asked for before the others.
    First,
}

#[derive(Clone, Debug, Serialize)]
pub struct KeyRow {
    pub id: String,
    pub name: String,
    /// The day.
    pub made: String,
}

/// New recovery codes, this once.
#[derive(Clone, Debug, Serialize)]
pub struct AccountRecovery {
    pub codes: Vec<String>,
    pub overview: String,
}

/// Steps `session_end` and `device_forget` with `which`, `others_end`, `everywhere_end`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountSessions {
    pub sessions: Vec<SessionRow>,
    /// Whether the pool keeps track of sessions; else all of them end at once or none.
    pub is_tracked: bool,
    pub devices: Vec<DeviceRow>,
    pub overview: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct SessionRow {
    pub id: String,
    /// System and browser; empty: not known.
    pub agent: String,
    /// The app, the address it was used from, the time: as far as they are known.
    pub told: String,
    pub is_here: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct DeviceRow {
    pub key: String,
    /// Empty: not known.
    pub name: String,
    /// The time; empty: never.
    pub used: String,
}

/// Step `unlink` with `which`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountProviders {
    pub providers: Vec<ProviderRow>,
    pub overview: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct ProviderRow {
    pub id: String,
    pub name: String,
    /// The day.
    pub since: String,
    pub may_go: bool,
}

/// Step `download`; step `delete`, field `confirmation`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountData {
    /// What has to be typed.
    pub name: String,
    pub overview: String,
}

const OVERVIEW: &str = "/account?client_id=1example23456789";

const CODES: &str = "WDJB-MJHT-BCDF KQRX-VZLP-NGHM TBSD-FCWK-JXQV PLNZ-RHGB-MTDS CVKW-XJFQ-ZPLR \
    HGNT-BMSD-CWVK XQJF-LZRP-GHNB DTMS-KVCW-QFXJ RPZL-NBHG-SMTD FJWC-QKXV-LRZP";

impl Page for Account {
    const NAME: &'static str = "account";

    fn sample() -> Self {
        let section = |(key, icon): (&'static str, &'static str)| SectionLink {
            key,
            icon,
            href: format!("/account/{key}?client_id=1example23456789"),
        };
        let sections = [
            ("profile", "person"),
            ("password", "password"),
            ("factors", "shield"),
            ("sessions", "device"),
            ("data", "file"),
        ];
        Self {
            name: "ana@example.com".to_owned(),
            sections: sections.map(section).into(),
        }
    }
}

impl Page for AccountProfile {
    const NAME: &'static str = "account_profile";

    fn sample() -> Self {
        let contact = |way, address: &str, is_confirmed| ContactRow {
            way,
            address: address.to_owned(),
            is_confirmed,
            href: "/account/email?client_id=1example23456789".to_owned(),
        };
        let attribute = |name: &str, value: &str| Attribute {
            value: value.to_owned(),
            is_optional: true,
            ..Attribute::sample(name)
        };
        Self {
            contacts: vec![
                contact(Way::Email, "ana@example.com", true),
                contact(Way::Sms, "+12065550100", false),
            ],
            fixed: vec![attribute("custom:team", "Harbour")],
            attributes: vec![attribute("name", "Ana"), attribute("birthdate", "1990-05-17")],
            overview: OVERVIEW.to_owned(),
        }
    }
}

impl Page for AccountAddress {
    const NAME: &'static str = "account_address";

    fn sample() -> Self {
        Self {
            way: Way::Email,
            address: "ana@example.com".to_owned(),
            pending: "ana@example.org".to_owned(),
            may_confirm: true,
            overview: OVERVIEW.to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let phone = Self {
            way: Way::Sms,
            address: String::new(),
            pending: String::new(),
            may_confirm: false,
            ..Self::sample()
        };
        vec![("phone", phone)]
    }
}

impl Page for AccountPassword {
    const NAME: &'static str = "account_password";

    fn sample() -> Self {
        Self {
            has_password: true,
            policy: Policy::sample(),
            overview: OVERVIEW.to_owned(),
        }
    }
}

impl Page for AccountFactors {
    const NAME: &'static str = "account_factors";

    fn sample() -> Self {
        let row = |value: &str, way, state| FactorRow {
            value: value.to_owned(),
            way,
            state,
        };
        let key = |name: &str| KeyRow {
            id: name.to_lowercase(),
            name: name.to_owned(),
            made: "2026-11-30".to_owned(),
        };
        Self {
            second: vec![
                row("SOFTWARE_TOKEN_MFA", Way::App, FactorState::First),
                row("SMS_MFA", Way::Sms, FactorState::On),
                row("EMAIL_OTP", Way::Email, FactorState::Off),
            ],
            passkeys: vec![key("iCloud Keychain"), key("Windows Hello")],
            makes_passkeys: true,
            recovery_left: Some(7),
            overview: OVERVIEW.to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let absent = FactorRow {
            value: "SOFTWARE_TOKEN_MFA".to_owned(),
            way: Way::App,
            state: FactorState::Absent,
        };
        let new = Self {
            second: vec![absent],
            recovery_left: None,
            passkeys: Vec::new(),
            ..Self::sample()
        };
        vec![("new", new)]
    }
}

impl Page for AccountRecovery {
    const NAME: &'static str = "account_recovery";

    fn sample() -> Self {
        Self {
            codes: CODES.split(' ').map(str::to_owned).collect(),
            overview: OVERVIEW.to_owned(),
        }
    }
}

impl Page for AccountSessions {
    const NAME: &'static str = "account_sessions";

    fn sample() -> Self {
        let session = |agent: &str, told: &str, is_here| SessionRow {
            id: format!("sso-{agent}"),
            agent: agent.to_owned(),
            told: told.to_owned(),
            is_here,
        };
        Self {
            sessions: vec![
                session("Linux Firefox", "203.0.113.7 · 2026-11-30 17:05 UTC", true),
                session("iOS Safari", "Notes · 198.51.100.20 · 2026-11-28 06:41 UTC", false),
                session("", "Notes", false),
            ],
            is_tracked: true,
            devices: vec![DeviceRow {
                key: "eu-west-1_a1b2c3".to_owned(),
                name: "Linux Firefox".to_owned(),
                used: "2026-11-30 17:05 UTC".to_owned(),
            }],
            overview: OVERVIEW.to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let untracked = Self {
            sessions: Vec::new(),
            is_tracked: false,
            devices: Vec::new(),
            ..Self::sample()
        };
        vec![("untracked", untracked)]
    }
}

impl Page for AccountProviders {
    const NAME: &'static str = "account_providers";

    fn sample() -> Self {
        let row = |name: &str, may_go| ProviderRow {
            id: name.to_lowercase(),
            name: name.to_owned(),
            since: "2026-11-30".to_owned(),
            may_go,
        };
        Self {
            providers: vec![row("Google", true), row("Harbour ID", false)],
            overview: OVERVIEW.to_owned(),
        }
    }
}

impl Page for AccountData {
    const NAME: &'static str = "account_data";

    fn sample() -> Self {
        Self {
            name: "ana@example.com".to_owned(),
            overview: OVERVIEW.to_owned(),
        }
    }
}
