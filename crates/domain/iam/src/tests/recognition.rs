//! Callers and decisions, as tests look at them.

use kernel::{Cx, PrincipalKind};
use std::sync::Arc;

use crate::{Caller, Denial, Iam, Unauthenticated, Unauthorized, granted::Granted};

/// The caller in a later request, maybe to another node.
pub(super) async fn recognised(iam: &Iam, cx: &Cx, caller: &Caller) -> Caller {
    let id = match caller.principal.kind {
        PrincipalKind::User { .. } | PrincipalKind::AssumedRole { .. } => caller.principal.user_id.split(':').next(),
        PrincipalKind::Root | PrincipalKind::Anonymous => None,
    };
    let rights = match id {
        Some(id) => iam.rights(cx, id).await.unwrap(),
        None => None,
    };
    let granted = Granted {
        rights,
        session: caller.granted.session.clone(),
    };
    Caller {
        granted: Arc::new(granted),
        ..caller.clone()
    }
}

pub(super) fn decided(result: std::result::Result<(), Unauthorized>) -> std::result::Result<(), Box<Denial>> {
    result.map_err(|refusal| match refusal {
        Unauthorized::Denied(denial) => denial,
        Unauthorized::Internal(error) => panic!("{error:?}"),
    })
}

pub(super) fn recognition<T>(result: std::result::Result<T, Unauthenticated>) -> std::result::Result<T, sigv4::Error> {
    result.map_err(|refusal| match refusal {
        Unauthenticated::Refused(error) => error,
        Unauthenticated::Internal(error) => panic!("{error:?}"),
    })
}
