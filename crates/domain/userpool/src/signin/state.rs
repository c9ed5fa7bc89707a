//! The state of a sign-in between two calls: sealed for its pool, client and door, it is the `Session` string that the client
//! carries. Reference: user-pools 5.6; decision 8.

use kernel::{ApiError, ClientId, Cx, PoolId, Sub, Timestamp};
use serde::{Deserialize, Serialize};
use store::records::{address::Address, factor::Factor};
use vault::{Expiring, Keyring, Purpose, TokenError};
use zeroize::Zeroizing;

use super::visit::{Door, Visit};
use crate::{
    errors,
    passkey::assertion::Holder,
    password::lockout::Guess,
    pool::{acr::Level, passkeys::Use},
};

/// How far a sign-in has come.
pub(crate) struct State {
    pub visit: Visit,
    /// Whose it is; of nobody, if the user does not exist.
    pub sub: Sub,
    /// What the user has shown, in this order: the first factor, then the second.
    pub proved: Vec<Proved>,
    /// When the password was set that they had then: setting another, by whomever, ends the sign-in.
    pub seen: Option<Timestamp>,
    /// What is to be shown at the least.
    pub target: Option<Level>,
    /// The second factor that the user chose, where there are several.
    pub chosen: Option<Factor>,
    pub asked: Asked,
    /// Spent by the success of the step: it goes with the sign-in through all its questions until then, and one success
    /// spends them together. None where nothing was asked yet.
    pub nonce: Option<String>,
}

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
    /// A device that stands in for a second factor, by its secret.
    Device,
    Passkey {
        holder: Holder,
        use_as: Use,
    },
}

/// What the next call is expected to bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Asked {
    /// A first factor, chosen or not.
    FirstFactor,
    /// SRP's proof.
    SrpProof,
    /// In the place of the temporary one.
    NewPassword,
    /// The code of a sign-up.
    SignUpCode,
    /// Nothing more: the user has just proved the address at sign-up. Reference: 5.8.
    Nothing,
    /// The code that was sent, by its HMAC in hexadecimal.
    Code {
        sent: SentBy,
        mac: String,
    },
    Totp,
    /// SRP_A of the device that the state names.
    Device,
    /// Its proof.
    DeviceProof,
    /// A passkey's signature over this.
    Passkey {
        challenge: String,
    },
    /// One of these second factors.
    SecondFactor(Vec<Factor>),
    /// A second factor, of which the user has none.
    SetUp(SetUp),
}

/// How far the set-up of a second factor has come, which is an authenticator app. Reference: user-pools 6.2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SetUp {
    Offered,
    /// A code of it was right, and counted.
    Verified,
}

/// The challenge that a code was sent for. Reference: user-pools 5.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SentBy {
    /// EMAIL_OTP, as first or as second factor.
    EmailOtp,
    /// SMS_OTP, a first factor.
    SmsOtp,
    /// SMS_MFA, a second factor.
    SmsMfa,
}

/// What is sealed; the pool and the client are what it is sealed for. AssociateSoftwareToken and VerifySoftwareToken are told
/// neither: what they continue says them, under a seal of its own.
#[derive(Serialize, Deserialize)]
struct Sealed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<(PoolId, ClientId)>,
    door: Door,
    sub: Sub,
    proved: Vec<Proved>,
    seen: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<Level>,
    device: Option<String>,
    asked: Asked,
    nonce: Option<String>,
}

impl Method {
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
            Self::Device => None,
        }
    }
}

impl Asked {
    /// What an answer guesses at.
    pub fn guess(&self) -> Guess {
        match self {
            Self::Code { .. } | Self::Totp => Guess::Code,
            _ => Guess::Password,
        }
    }

    /// What the one device that was asked for has to answer.
    fn is_of_device(&self) -> bool {
        matches!(self, Self::Device | Self::DeviceProof)
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

    pub fn address(self) -> Address {
        match self {
            Self::EmailOtp => Address::Email,
            Self::SmsOtp | Self::SmsMfa => Address::Phone,
        }
    }
}

impl State {
    /// Of a sign-in that begins: nothing is proved yet.
    pub fn new(visit: Visit, sub: Sub, asked: Asked, nonce: Option<String>) -> Self {
        Self {
            visit,
            sub,
            proved: Vec::new(),
            seen: None,
            target: None,
            chosen: None,
            asked,
            nonce,
        }
    }

    /// The `Session` string.
    pub fn seal(&self, keyring: &Keyring, cx: &Cx) -> Result<String, ApiError> {
        let travels = matches!(self.asked, Asked::SetUp(_));
        let sealed = Sealed {
            place: travels.then(|| (self.visit.pool.id.clone(), self.visit.client.id.clone())),
            door: self.visit.door,
            sub: self.sub.clone(),
            proved: self.proved.clone(),
            seen: self.seen,
            target: self.target,
            // What is named before the first factor was shown counts in its own call only.
            device: self.visit.device.clone().filter(|_| self.has_first_factor()),
            asked: self.asked.clone(),
            nonce: self.nonce.clone(),
        };
        let payload = Zeroizing::new(serde_json::to_vec(&sealed).map_err(ApiError::internal)?);
        let state = Expiring {
            payload: &payload,
            at: cx.now().plus(self.visit.client.lifetimes.challenge),
        };
        if travels {
            return Ok(keyring.seal_token(Purpose::SetUpSession, &[], state, cx.rng())?);
        }
        Ok(keyring.seal_token(Purpose::Session, &self.visit.place(), state, cx.rng())?)
    }

    /// Errors: NotAuthorized (expired; not of this pool, client and door).
    pub fn open(keyring: &Keyring, cx: &Cx, visit: Visit, text: &str) -> Result<Self, ApiError> {
        let sealed = opened(keyring, cx, (Purpose::Session, &visit.place()), text)?;
        Self::of(sealed, visit)
    }

    /// Of a set-up, at a known place. Errors: as [`State::open`].
    pub fn open_set_up(keyring: &Keyring, cx: &Cx, visit: Visit, text: &str) -> Result<Self, ApiError> {
        let sealed = opened(keyring, cx, (Purpose::SetUpSession, &[]), text)?;
        match &sealed.place {
            Some((pool, client)) if *pool == visit.pool.id && *client == visit.client.id => Self::of(sealed, visit),
            _ => Err(errors::invalid_session()),
        }
    }

    fn of(sealed: Sealed, mut visit: Visit) -> Result<Self, ApiError> {
        if sealed.door != visit.door {
            return Err(errors::invalid_session());
        }
        if sealed.asked.is_of_device() && visit.device.is_some() && visit.device != sealed.device {
            return Err(errors::invalid_session());
        }
        visit.device = visit.device.or(sealed.device);
        Ok(Self {
            visit,
            sub: sealed.sub,
            proved: sealed.proved,
            seen: sealed.seen,
            target: sealed.target,
            chosen: None,
            asked: sealed.asked,
            nonce: sealed.nonce,
        })
    }

    /// The state that the answer to a question continues.
    pub fn going_on(&self, asked: &Asked, nonce: Option<&str>) -> Self {
        Self {
            visit: self.visit.clone(),
            sub: self.sub.clone(),
            proved: self.proved.clone(),
            seen: self.seen,
            target: self.target,
            chosen: None,
            asked: asked.clone(),
            nonce: nonce.map(str::to_owned),
        }
    }

    /// The same state, if this is what it asks for. Errors: NotAuthorized.
    pub fn asking(self, asked: &Asked) -> Result<Self, ApiError> {
        if self.asked == *asked {
            Ok(self)
        } else {
            Err(errors::invalid_session())
        }
    }

    /// Whether a first factor was shown, so that what comes now is a second one.
    pub fn has_first_factor(&self) -> bool {
        !self.proved.is_empty()
    }

    /// A device is none: it stands in for one where the pool has it so.
    pub fn has_second_factor(&self) -> bool {
        has_two_factors(&self.proved)
    }

    pub fn has_device(&self) -> bool {
        self.proved.iter().any(|proved| proved.method == Method::Device)
    }
}

/// A passkey can be both, a device is none.
pub(super) fn has_two_factors(proved: &[Proved]) -> bool {
    let is_both = |method: Method| {
        let use_as = Use::BothFactors;
        matches!(method, Method::Passkey { use_as: counted, .. } if counted == use_as)
    };
    let factors = proved.iter().filter(|proved| proved.method != Method::Device);
    factors.count() > 1 || proved.iter().any(|proved| is_both(proved.method))
}

/// Where a set-up goes on, which its session alone says. Errors: NotAuthorized (expired; no such session).
pub(super) fn place_of_set_up(keyring: &Keyring, cx: &Cx, text: &str) -> Result<(PoolId, ClientId, Door), ApiError> {
    let sealed = opened(keyring, cx, (Purpose::SetUpSession, &[]), text)?;
    let (pool, client) = sealed.place.ok_or_else(errors::invalid_session)?;
    Ok((pool, client, sealed.door))
}

fn opened(keyring: &Keyring, cx: &Cx, (purpose, place): (Purpose, &[&str]), text: &str) -> Result<Sealed, ApiError> {
    let payload = keyring
        .open_token(purpose, place, text, cx.now())
        .map_err(|e| match e {
            TokenError::Malformed => errors::invalid_session(),
            TokenError::Expired => errors::session_expired(),
        })?;
    serde_json::from_slice(payload.as_bytes()).map_err(|_| errors::invalid_session())
}

/// Makes a string single-use: it is remembered when it is spent.
pub(super) fn nonce(cx: &Cx) -> String {
    kernel::base62(cx.rng(), 22)
}

/// What SignUp hands over, to go with ConfirmSignUp: the code proves more than it, so there it is not looked at.
/// Reference: 4.3.
pub(crate) fn sign_up_session(keyring: &Keyring, cx: &Cx, visit: Visit, sub: Sub) -> Result<String, ApiError> {
    State::new(visit, sub, Asked::SignUpCode, Some(nonce(cx))).seal(keyring, cx)
}

/// What ConfirmSignUp hands over, to sign in at once by USER_AUTH without a password. Reference: 5.8.
pub(crate) fn first_sign_in_session(
    keyring: &Keyring,
    cx: &Cx,
    visit: Visit,
    sub: Sub,
    method: Method,
) -> Result<String, ApiError> {
    let proved = vec![Proved { method, at: cx.now() }];
    let state = State::new(visit, sub, Asked::Nothing, Some(nonce(cx)));
    State { proved, ..state }.seal(keyring, cx)
}
