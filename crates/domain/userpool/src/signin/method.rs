//! The methods by which users show who they are. Reference: user-pools 5.5, 15.1.

use api::cognito_idp::AuthFactorType;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use store::records::{address::Address, factor::Factor};

use crate::{
    passkey::assertion::Holder,
    password::lockout::Guess,
    pool::{acr::Level, passkeys::Use},
};

/// A factor that was shown, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proved {
    pub method: Method,
    pub at: Timestamp,
}

/// How a user proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Method {
    /// By any flow that shows one, SRP too.
    Password,
    EmailCode,
    SmsCode,
    /// A code of an authenticator app: TOTP.
    Totp,
    /// What the pool's functions asked for.
    Custom,
    /// A device that stands in for a second factor, by its secret.
    Device,
    /// In the place of a second factor.
    RecoveryCode,
    Passkey {
        holder: Holder,
        use_as: Use,
    },
    /// An identity provider vouches for them, by what it says they have shown it.
    Federated(Level),
}

/// The challenge that a code was sent for. Reference: user-pools 5.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SentBy {
    /// EMAIL_OTP, as first or as second factor.
    EmailOtp,
    /// SMS_OTP, a first factor.
    SmsOtp,
    /// SMS_MFA, a second factor.
    SmsMfa,
}

impl Method {
    /// What is asked of a user as a second factor. None: it is none.
    pub fn as_second(self) -> Option<Factor> {
        match self {
            Self::SmsCode => Some(Factor::Sms),
            Self::EmailCode => Some(Factor::Email),
            Self::Totp => Some(Factor::SoftwareToken),
            Self::Password
            | Self::Device
            | Self::RecoveryCode
            | Self::Custom
            | Self::Passkey { .. }
            | Self::Federated(_) => None,
        }
    }

    /// What somebody without it would have guessed at.
    pub fn guessed(self) -> Option<Guess> {
        match self {
            Self::Password => Some(Guess::Password),
            Self::EmailCode | Self::SmsCode => Some(Guess::Code),
            Self::Totp | Self::RecoveryCode => Some(Guess::App),
            Self::Device => Some(Guess::Device),
            Self::Custom | Self::Passkey { .. } | Self::Federated(_) => None,
        }
    }

    /// By a code that was sent to this address.
    pub fn of_code(address: Address) -> Self {
        match address {
            Address::Email => Self::EmailCode,
            Address::Phone => Self::SmsCode,
        }
    }

    /// What a token's `amr` says. Reference: user-pools 15.1.
    pub fn of_amr(name: &str) -> Option<Self> {
        let passkey = |holder| Self::Passkey {
            holder,
            use_as: Use::FirstFactor,
        };
        let all = [
            Self::Password,
            Self::EmailCode,
            Self::SmsCode,
            Self::Totp,
            passkey(Holder::Platform),
            passkey(Holder::Roaming),
        ];
        all.into_iter().find(|method| method.amr() == Some(name))
    }

    /// As sign-ins record it. None: it has no name there. Reference: user-pools 15.1.
    pub fn amr(self) -> Option<&'static str> {
        match self {
            Self::Password => Some("pwd"),
            Self::EmailCode => Some("email_otp"),
            Self::SmsCode => Some("sms"),
            Self::Totp => Some("otp"),
            Self::Passkey { holder, .. } => match holder {
                Holder::Platform => Some("swk"),
                Holder::Roaming => Some("hwk"),
            },
            Self::Federated(_) => Some("fed"),
            Self::Device | Self::RecoveryCode | Self::Custom => None,
        }
    }
}

impl SentBy {
    /// As a second factor. None: nothing is sent for it.
    pub fn of_second(factor: Factor) -> Option<Self> {
        match factor {
            Factor::Sms => Some(Self::SmsMfa),
            Factor::Email => Some(Self::EmailOtp),
            Factor::SoftwareToken => None,
        }
    }

    /// As the first factor that pools allow. None: it is none.
    pub fn as_first(self) -> Option<AuthFactorType> {
        match self {
            Self::EmailOtp => Some(AuthFactorType::EmailOtp),
            Self::SmsOtp => Some(AuthFactorType::SmsOtp),
            Self::SmsMfa => None,
        }
    }

    pub fn address(self) -> Address {
        match self {
            Self::EmailOtp => Address::Email,
            Self::SmsOtp | Self::SmsMfa => Address::Phone,
        }
    }
}

/// A passkey can be both, a device is none.
pub(super) fn has_two_factors(proved: &[Proved]) -> bool {
    let is_both = |method: Method| {
        let use_as = Use::BothFactors;
        matches!(method, Method::Passkey { use_as: counted, .. } if counted == use_as)
    };
    let mut methods: Vec<Method> = Vec::new();
    for method in proved.iter().map(|proved| proved.method) {
        // The same address twice is one factor.
        if !matches!(method, Method::Device | Method::Custom) && !methods.contains(&method) {
            methods.push(method);
        }
    }
    methods.len() > 1 || methods.into_iter().any(is_both)
}
