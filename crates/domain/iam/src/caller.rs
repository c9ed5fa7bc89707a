//! Who calls, and all that any question about them needs: found once a request, by whichever door it came through.

use std::sync::Arc;

use kernel::{ApiError, Authenticated, Cx, Principal, PrincipalKind};
use sigv4::{Error, Secret, Verified};

use crate::granted::Granted;

/// Whoever sent a request. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Caller {
    pub principal: Arc<Principal>,
    pub(crate) granted: Arc<Granted>,
    /// None where there is nothing to go on from: nobody signed, version 2, or dev's unknown keys, whose signature can't be
    /// checked.
    pub verified: Option<Verified>,
}

impl Caller {
    /// Somebody whom only policies of resources can allow anything: nobody, whose object is public.
    pub fn without_rights(principal: Principal) -> Self {
        Self {
            principal: Arc::new(principal),
            granted: Arc::default(),
            verified: None,
        }
    }

    /// As it travels with the request: operations read the principal, and IAM the rest.
    pub fn authenticated(self) -> Authenticated {
        Authenticated {
            principal: Arc::clone(&self.principal),
            caller: Arc::new(self),
        }
    }

    /// None: the program itself acts. Errors: internal.
    pub fn of(cx: &Cx) -> kernel::Result<Option<&Self>> {
        let Some(authenticated) = &cx.caller else {
            return Ok(None);
        };
        let caller = authenticated.caller.downcast_ref();
        caller
            .map(Some)
            .ok_or_else(|| ApiError::internal("a caller that is not of iam"))
    }

    /// Signed operations always have one: the front end sees to it. Errors: internal.
    pub(crate) fn who_signed(cx: &Cx) -> kernel::Result<&Self> {
        Self::of(cx)?.ok_or_else(|| ApiError::internal("a signed operation was called without a caller"))
    }
}

/// What a key id and its token stand for, before any signature is checked.
#[derive(Clone, Debug)]
pub struct Credential {
    pub principal: Arc<Principal>,
    pub(crate) granted: Arc<Granted>,
    /// None only for dev's unknown keys.
    pub secret: Option<Secret>,
}

impl Credential {
    /// The caller, if `check` finds that the secret's owner signed. It is told of no secret where there is none: what can be
    /// checked without (times) still is. Errors: those of `check`.
    pub fn proved(
        self,
        check: impl FnOnce(Option<&Secret>) -> Result<Option<Verified>, Error>,
    ) -> Result<Caller, Error> {
        Ok(Caller {
            verified: check(self.secret.as_ref())?,
            principal: self.principal,
            granted: self.granted,
        })
    }
}

/// Credentials of GetSessionToken.
pub(crate) fn is_user_session(principal: &Principal) -> bool {
    principal.session.is_some() && matches!(principal.kind, PrincipalKind::User { .. })
}

/// Why nobody was recognised by a signature.
#[derive(Debug)]
pub enum Unauthenticated {
    /// What reference 10.5 answers.
    Refused(Error),
    Internal(ApiError),
}

impl Unauthenticated {
    /// The answer, a refusal in the words of the door that asked.
    pub fn told(self, say: impl FnOnce(Error) -> ApiError) -> ApiError {
        match self {
            Self::Refused(error) => say(error),
            Self::Internal(error) => error,
        }
    }
}

impl From<Error> for Unauthenticated {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<ApiError> for Unauthenticated {
    fn from(error: ApiError) -> Self {
        Self::Internal(error)
    }
}
