//! What is said to the machine, and what it says.

use std::{collections::BTreeMap, fmt, time::Duration};

use kernel::{ApiError, Sub, Timestamp};
use store::records::factor::Factor;

use super::{
    conclude::{LoggedIn, SignedIn},
    method::{Method, SentBy},
};
use crate::{code::Target, errors, external::Renewal, pool::acr::Level};

/// How a sign-in begins.
pub enum Start {
    Srp {
        username: String,
        srp_a: String,
    },
    Password {
        username: String,
        password: String,
        step_up: Option<StepUp>,
    },
    /// USER_AUTH: the user, or the app, chooses among what there is.
    Choice {
        username: String,
        preferred: Option<FirstFactor>,
        given: Given,
        step_up: Option<StepUp>,
    },
    /// CUSTOM_AUTH: the pool's functions say what is asked, after SRP where it is begun.
    Custom {
        username: String,
        srp_a: Option<String>,
    },
    /// USER_AUTH with the session of a sign-up that was just confirmed.
    SignedUp {
        username: String,
        session: String,
    },
    /// An identity provider vouches for somebody, who is a user.
    Federated(Box<Vouched>),
}

/// A user of whom a provider says that it is them.
pub struct Vouched {
    pub(crate) sub: Sub,
    /// How much the provider says that they have shown it.
    pub(crate) level: Level,
    /// What it says of them. None: they have just become a user with it.
    pub(crate) renewal: Option<Renewal>,
}

/// A sign-in that is to show no less than this. Reference: user-pools 15.1.
pub struct StepUp {
    /// The one before the next is preferred.
    pub(crate) targets: Vec<Level>,
    /// What an access token says was shown before.
    pub(crate) credit: Option<Credit>,
    pub(crate) otherwise: Otherwise,
}

/// What becomes of a sign-in whose user has no means to show so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Otherwise {
    Refused,
    /// It shows what it shows: at hosted login apps wish for levels and see what they got (OIDC Core 5.5.1.1).
    Lower,
}

/// What was shown at the sign-in that a token comes from.
pub struct Credit {
    pub(crate) sub: Sub,
    pub(crate) methods: Vec<Method>,
    /// True time, to the second.
    pub(crate) at: Timestamp,
    /// How long ago that was.
    pub(crate) age: Duration,
}

/// What may come along with a choice.
#[derive(Default)]
pub struct Given {
    pub password: Option<String>,
    pub srp_a: Option<String>,
    /// A passkey's answer.
    pub credential: Option<String>,
}

/// First factors, and whatever else is named as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstFactor {
    PasswordSrp,
    Password,
    EmailOtp,
    SmsOtp,
    WebAuthn,
    /// What is none: never available.
    Other,
}

/// The answer to a challenge.
pub enum Answer {
    PasswordVerifier {
        claim: Claim,
        session: Option<String>,
    },
    /// To SELECT_CHALLENGE, PASSWORD or PASSWORD_SRP.
    Choice {
        session: String,
        factor: FirstFactor,
        given: Given,
    },
    NewPassword {
        session: String,
        password: String,
        attributes: Vec<(String, String)>,
    },
    /// To EMAIL_OTP, SMS_OTP or SMS_MFA.
    Code {
        session: String,
        sent: SentBy,
        digits: String,
    },
    Totp {
        session: String,
        digits: String,
    },
    /// At hosted login, in the place of what Code or Totp bring as a second factor.
    RecoveryCode {
        session: String,
        code: String,
    },
    /// To DEVICE_SRP_AUTH.
    DeviceSrp {
        session: String,
        srp_a: String,
    },
    /// To DEVICE_PASSWORD_VERIFIER.
    DeviceVerifier {
        session: String,
        claim: Claim,
    },
    /// By the browser itself, to DEVICE_SRP_AUTH: hosted login has its secret with every request.
    Browser {
        session: String,
    },
    /// To WEB_AUTHN, as JSON.
    Passkey {
        session: String,
        credential: String,
        /// Where the challenge was anybody's.
        step_up: Option<StepUp>,
    },
    /// To CUSTOM_CHALLENGE.
    Custom {
        session: String,
        answer: String,
    },
    /// To SELECT_MFA_TYPE. None: a name that is no factor's.
    SecondFactor {
        session: String,
        factor: Option<Factor>,
    },
    /// To MFA_SETUP: what was to be set up is, or this mail address is to be.
    SetUp {
        session: String,
        email: Option<String>,
    },
}

/// The members of an answer to PASSWORD_VERIFIER or DEVICE_PASSWORD_VERIFIER, as they came.
pub struct Claim {
    pub secret_block: String,
    pub signature: String,
    pub timestamp: String,
}

/// Where the sign-in stands now.
#[derive(Debug)]
pub enum Reply {
    Challenge(Challenge),
    SignedIn(Box<SignedIn>),
    /// By hosted login.
    LoggedIn(Box<LoggedIn>),
}

/// What is asked. A challenge that the app wished for names all that are `available` beside it.
pub enum Challenge {
    PasswordVerifier {
        salt: String,
        srp_b: String,
        secret_block: String,
        user_id: String,
        session: Option<String>,
        available: Vec<FirstFactor>,
    },
    /// PASSWORD or PASSWORD_SRP: the factor is chosen, its parameter is still wanted.
    Chosen {
        factor: FirstFactor,
        session: String,
        available: Vec<FirstFactor>,
    },
    Select {
        available: Vec<FirstFactor>,
        session: String,
    },
    NewPasswordRequired {
        user_id: String,
        required: Vec<String>,
        attributes: BTreeMap<String, String>,
        session: String,
    },
    /// EMAIL_OTP, SMS_OTP or SMS_MFA.
    Code {
        sent: SentBy,
        target: Target,
        /// Told with a second factor only.
        user_id: Option<String>,
        session: String,
        available: Vec<FirstFactor>,
        /// Whether a recovery code would do.
        recovery: bool,
    },
    /// WEB_AUTHN: the options of `navigator.credentials.get`, as JSON.
    Passkey {
        options: String,
        session: String,
        available: Vec<FirstFactor>,
    },
    Totp {
        /// What the user calls the authenticator app.
        name: Option<String>,
        user_id: String,
        session: String,
        /// As above.
        recovery: bool,
    },
    /// DEVICE_SRP_AUTH.
    DeviceSrp {
        device_key: String,
        user_id: String,
        session: String,
    },
    DeviceVerifier {
        salt: String,
        srp_b: String,
        secret_block: String,
        device_key: String,
        user_id: String,
        session: String,
    },
    Custom {
        /// What the function shows.
        parameters: BTreeMap<String, String>,
        user_id: String,
        session: String,
    },
    SelectSecondFactor {
        factors: Vec<Factor>,
        user_id: String,
        session: String,
    },
    SetUpSecondFactor {
        factors: Vec<Factor>,
        user_id: String,
        session: String,
    },
}

/// Without its session, which stands for what was shown.
impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PasswordVerifier { .. } => "PasswordVerifier",
            Self::Chosen { .. } => "Chosen",
            Self::Select { .. } => "Select",
            Self::NewPasswordRequired { .. } => "NewPasswordRequired",
            Self::Code { .. } => "Code",
            Self::Totp { .. } => "Totp",
            Self::Custom { .. } => "Custom",
            Self::Passkey { .. } => "Passkey",
            Self::DeviceSrp { .. } => "DeviceSrp",
            Self::DeviceVerifier { .. } => "DeviceVerifier",
            Self::SelectSecondFactor { .. } => "SelectSecondFactor",
            Self::SetUpSecondFactor { .. } => "SetUpSecondFactor",
        })
    }
}

impl Challenge {
    /// Whether a recovery code would do.
    pub fn takes_recovery_codes(&self) -> bool {
        matches!(
            self,
            Self::Code { recovery: true, .. } | Self::Totp { recovery: true, .. }
        )
    }

    /// Names all that are available, beside one that the app wished for.
    pub fn beside(&mut self, all: Vec<FirstFactor>) {
        match self {
            Self::PasswordVerifier { available, .. }
            | Self::Code { available, .. }
            | Self::Passkey { available, .. } => *available = all,
            _ => {}
        }
    }
}

impl Given {
    /// The parameter that a factor needs, under its name on the wire. Errors: InvalidParameter if it is missing.
    pub fn parameter(self, factor: FirstFactor) -> Result<String, ApiError> {
        match factor {
            FirstFactor::Password => self.password.ok_or_else(|| errors::missing_parameter("PASSWORD")),
            FirstFactor::PasswordSrp => self.srp_a.ok_or_else(|| errors::missing_parameter("SRP_A")),
            FirstFactor::EmailOtp | FirstFactor::SmsOtp | FirstFactor::WebAuthn | FirstFactor::Other => {
                Err(errors::challenge_not_available())
            }
        }
    }

    pub fn has(&self, factor: FirstFactor) -> bool {
        match factor {
            FirstFactor::Password => self.password.is_some(),
            FirstFactor::PasswordSrp => self.srp_a.is_some(),
            // Nothing is needed to begin with it.
            FirstFactor::EmailOtp | FirstFactor::SmsOtp | FirstFactor::WebAuthn => true,
            FirstFactor::Other => false,
        }
    }
}
