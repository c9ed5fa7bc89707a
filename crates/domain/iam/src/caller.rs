//! Who calls, and all that any question about them needs: found once a request, by whichever door it came through.

use std::{fmt, sync::Arc};

use kernel::{ApiError, Authenticated, Cx, Principal, PrincipalKind};
use policy::{Policies, Policy};
use sigv4::{Error, Secret, Verified};

use crate::rights::Rights;

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

/// All that evaluation needs of one caller.
#[derive(Default)]
pub(crate) struct Granted {
    /// None: the root, who needs none, or nobody.
    pub rights: Option<Arc<Rights>>,
    /// None: not narrowed.
    pub session: Option<Vec<Policy>>,
}

impl Granted {
    pub fn policies<'p>(&'p self, resource: Option<&'p Policy>) -> Policies<'p> {
        let rights = self.rights.as_deref();
        Policies {
            identity: rights.map_or(&[], |rights| &rights.identity),
            boundary: rights.and_then(|rights| rights.boundary.as_ref()),
            session: self.session.as_deref(),
            resource,
        }
    }
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let narrowed_by = self.session.as_ref().map_or(0, Vec::len);
        write!(f, "Granted(.., narrowed by {narrowed_by})")
    }
}
