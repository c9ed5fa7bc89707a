//! The state of a sign-in between two calls: sealed for its pool, client and door, it is the `Session` string that the client
//! carries. Reference: user-pools 5.6; decision 8.

use std::collections::BTreeMap;

use kernel::{ApiError, ClientId, Cx, PoolId, Sub, Timestamp};
use serde::{Deserialize, Serialize};
use store::records::factor::Factor;
use vault::{Expiring, Keyring, Purpose, TokenError};
use zeroize::Zeroizing;

use super::{
    method::{Method, Proved, SentBy, has_two_factors},
    visit::{Door, Visit},
};
use crate::{client::settings::LONGEST_CHALLENGE, errors, pool::acr::Level, trigger::Round};

/// What a `Session` may be at the most, by its model: no answer could bring a longer one.
const LONGEST_SESSION: usize = 4096;

/// How far a sign-in has come.
pub(crate) struct State {
    pub visit: Visit,
    /// Whose it is; of nobody, if the user does not exist.
    pub sub: Sub,
    /// What the user has shown, in this order: the first factor, then the second.
    pub proved: Vec<Proved>,
    /// When the password was set that was shown, or that goes with what was: setting another, by whomever, ends the sign-in. None:
    /// it is of no password.
    pub seen: Option<Timestamp>,
    /// When what an access token earned was shown. True time.
    pub credited: Option<Timestamp>,
    /// What is to be shown at the least.
    pub target: Option<Level>,
    /// The challenges of CUSTOM_AUTH so far.
    pub rounds: Option<Vec<Round>>,
    /// The second factor that the user chose, where there are several.
    pub chosen: Option<Factor>,
    pub asked: Asked,
    /// Spent by the success of the step: it goes with the sign-in through all its questions until then, and one success
    /// spends them together. None where nothing was asked yet.
    pub nonce: Option<String>,
    /// When the set-up of a second factor ends, whatever sessions continue it.
    pub ends: Option<Timestamp>,
}

/// What the next call is expected to bring.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The same of a passkey of anybody's, whose the sign-in is from then on.
    AnyPasskey {
        challenge: String,
    },
    /// What a function made up: what it compares an answer with, and what it calls the challenge.
    Custom {
        private: BTreeMap<String, String>,
        metadata: Option<String>,
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
    credited: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rounds: Option<Vec<Round>>,
    device: Option<String>,
    asked: Asked,
    nonce: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ends: Option<Timestamp>,
}

impl Sealed {
    /// A sign-up has no door of its own: an application's server may sign in whom its page has signed up.
    fn may_enter(&self, door: Door) -> bool {
        self.door == door || (self.asked == Asked::Nothing && door == Door::Admin)
    }
}

impl Asked {
    /// What the one device that was asked for has to answer.
    fn is_of_device(&self) -> bool {
        matches!(self, Self::Device | Self::DeviceProof)
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
            credited: None,
            target: None,
            rounds: None,
            chosen: None,
            asked,
            nonce,
            ends: None,
        }
    }

    /// The `Session` string. Errors: InvalidLambdaResponse (it would be too long: only what functions say makes it so).
    pub fn seal(&self, keyring: &Keyring, cx: &Cx) -> Result<String, ApiError> {
        let travels = matches!(self.asked, Asked::SetUp(_));
        // A page that is opened asks nobody yet, and is left open.
        let life = match self.asked {
            Asked::AnyPasskey { .. } => LONGEST_CHALLENGE,
            _ => self.visit.client.lifetimes.challenge,
        };
        let mut until = cx.now().plus(life);
        let ends = travels.then(|| self.ends.unwrap_or_else(|| cx.now().plus(LONGEST_CHALLENGE)));
        if let Some(ends) = ends {
            until = until.min(ends);
        }
        let sealed = Sealed {
            place: travels.then(|| (self.visit.pool.id.clone(), self.visit.client.id.clone())),
            door: self.visit.door,
            sub: self.sub.clone(),
            proved: self.proved.clone(),
            seen: self.seen,
            credited: self.credited,
            target: self.target,
            rounds: self.rounds.clone(),
            // What is named before the first factor was shown counts in its own call only, unless it is what is asked.
            device: self
                .visit
                .device
                .clone()
                .filter(|_| self.has_first_factor() || self.asked.is_of_device()),
            asked: self.asked.clone(),
            nonce: self.nonce.clone(),
            ends,
        };
        let payload = Zeroizing::new(serde_json::to_vec(&sealed).map_err(ApiError::internal)?);
        let state = Expiring {
            payload: &payload,
            at: until,
        };
        let text = if travels {
            keyring.seal_token(Purpose::SetUpSession, &[], state, cx.rng())?
        } else {
            keyring.seal_token(Purpose::Session, &self.visit.place(), state, cx.rng())?
        };
        if text.len() > LONGEST_SESSION {
            return Err(errors::triggers::unrecognizable_output().because("no session can hold what the functions say"));
        }
        Ok(text)
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
        if !sealed.may_enter(visit.door) {
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
            credited: sealed.credited,
            target: sealed.target,
            rounds: sealed.rounds,
            chosen: None,
            asked: sealed.asked,
            nonce: sealed.nonce,
            ends: sealed.ends,
        })
    }

    /// The state that the answer to a question continues.
    pub fn going_on(&self, asked: &Asked, nonce: Option<&str>) -> Self {
        Self {
            visit: self.visit.clone(),
            sub: self.sub.clone(),
            proved: self.proved.clone(),
            seen: self.seen,
            credited: self.credited,
            target: self.target,
            rounds: self.rounds.clone(),
            chosen: None,
            asked: asked.clone(),
            nonce: nonce.map(str::to_owned),
            ends: self.ends,
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

    /// Whether the password of the sign-in has been replaced, if the user's was set at this time.
    pub fn is_outdated(&self, set_at: Option<Timestamp>) -> bool {
        self.seen.is_some() && self.seen != set_at
    }

    /// Whether a first factor was shown, so that what comes now is a second one.
    pub fn has_first_factor(&self) -> bool {
        !self.proved.is_empty()
    }

    /// Whether what is asked is to show who the user is, and not what they show beside it; a function asks for neither.
    pub fn asks_first_factor(&self) -> bool {
        !self.has_first_factor() && self.rounds.is_none()
    }

    /// A device is none: it stands in for one where the pool has it so.
    pub fn has_second_factor(&self) -> bool {
        has_two_factors(&self.proved)
    }

    pub fn has_device(&self) -> bool {
        self.proved.iter().any(|proved| proved.method == Method::Device)
    }
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
    kernel::uuid_in_order(cx.now(), cx.rng())
}

/// What SignUp hands over, to go with ConfirmSignUp: the code proves more than it, so there it is not looked at.
/// Reference: 4.3.
pub(crate) fn sign_up_session(keyring: &Keyring, cx: &Cx, visit: Visit, sub: Sub) -> Result<String, ApiError> {
    State::new(visit, sub, Asked::SignUpCode, Some(nonce(cx))).seal(keyring, cx)
}

/// What ConfirmSignUp hands over, to sign in at once by USER_AUTH without a password: as long as the user's is the one that was set
/// then (`seen`). Reference: 5.8.
pub(crate) fn first_sign_in_session(
    keyring: &Keyring,
    cx: &Cx,
    visit: Visit,
    (sub, seen): (Sub, Option<Timestamp>),
    method: Method,
) -> Result<String, ApiError> {
    let proved = vec![Proved { method, at: cx.now() }];
    let state = State::new(visit, sub, Asked::Nothing, Some(nonce(cx)));
    State { proved, seen, ..state }.seal(keyring, cx)
}

/// What hosted login hands over at sign-up, to sign in whoever signed up at this browser when the code has come: as long as the password
/// is the one that was set then (`seen`).
pub(crate) fn hosted_sign_up_session(
    keyring: &Keyring,
    cx: &Cx,
    visit: Visit,
    (sub, seen): (Sub, Option<Timestamp>),
) -> Result<String, ApiError> {
    let state = State::new(visit, sub, Asked::SignUpCode, Some(nonce(cx)));
    State { seen, ..state }.seal(keyring, cx)
}

/// Whose it is, and when the password was set. Errors: NotAuthorized.
pub(crate) fn opened_sign_up(
    keyring: &Keyring,
    cx: &Cx,
    visit: Visit,
    text: &str,
) -> Result<(Sub, Option<Timestamp>), ApiError> {
    let state = State::open(keyring, cx, visit, text)?.asking(&Asked::SignUpCode)?;
    Ok((state.sub, state.seen))
}
