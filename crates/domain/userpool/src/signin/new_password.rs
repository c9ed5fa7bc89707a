//! NEW_PASSWORD_REQUIRED: a user with a temporary password chooses their own. Reference: user-pools 5.5.

use api::cognito_idp::AttributeType;
use kernel::{Cx, Timestamp};
use store::{
    Stop,
    records::{sessions, status::Status, users::User},
};

use super::{
    Method, Result, Step, Visit,
    claims::Grant,
    gate::{self, Pass},
    ticket::Awaited,
};
use crate::{
    UserPools, errors,
    group::roles,
    password::{kept::Owner, policy::Audience, setting},
    user::{attribute_rules::Occasion, attributes, view},
};

impl UserPools {
    /// `set_at` is when the temporary password was set.
    pub(super) fn ask_new_password(
        &self,
        cx: &Cx,
        visit: &Visit,
        user: &User,
        set_at: Option<Timestamp>,
    ) -> Result<Step> {
        let shown = view::readable_attributes(user, &visit.client)
            .into_iter()
            .filter(|a| a.name != "sub");
        Ok(Step::NewPasswordRequired {
            user_id: user.username.clone(),
            required: gate::missing_attributes(&visit.pool, user),
            attributes: shown.filter_map(|a| Some((a.name, a.value?))).collect(),
            session: self.ticket(cx, visit, Awaited::NewPassword, &user.sub, &seal_of(set_at))?,
        })
    }

    /// A refused password or attribute leaves the session as it was: the user may try another.
    ///
    /// Errors: NotAuthorized (session, `Cannot modify an already provided …`), InvalidPassword,
    /// PasswordHistoryPolicyViolation, InvalidParameter (attributes), AliasExists.
    pub(super) async fn answer_new_password(
        &self,
        cx: &Cx,
        visit: &Visit,
        username: &str,
        session: &str,
        password: String,
        given: Vec<(String, String)>,
    ) -> Result<Step> {
        let ticket = self.read_ticket(cx, visit, Awaited::NewPassword, session)?;
        let candidate = self.returning(cx, visit, username, &ticket.sub).await?;
        let (user, current) = (candidate.user.ok_or_else(errors::invalid_session)?, candidate.password);
        // The password that the session was given for has been replaced, most likely by means of this very session.
        if gate::gate(&user, cx.now())? != Pass::NewPassword
            || seal_of(current.as_ref().map(|p| p.set_at)) != ticket.nonce
        {
            return Err(errors::session_used());
        }
        visit.pool.password_policy.check(&password, Audience::Answering)?;
        let given: Vec<AttributeType> = given
            .into_iter()
            .map(|(name, value)| AttributeType {
                name,
                value: Some(value),
            })
            .collect();
        let change = attributes::change(
            &visit.pool,
            Occasion::NewPassword(&visit.client),
            &user,
            &given,
            cx.now(),
        )?;
        let mut after = change.user;
        after.status = Status::Confirmed;
        after.doc.temporary_until = None;

        let version = current.as_ref().map(|p| p.version);
        let owner = Owner::of(&user);
        let new = self.passwords.make(cx, &visit.pool, &owner, password, current).await?;
        let family = self.new_family(cx, visit, &user.sub, Method::Password)?;
        let (row, pool, changed) = (family.row.clone(), visit.pool.clone(), after.clone());
        let groups = self
            .store
            .write(move |tx| {
                // Of two answers by one session the second finds the password replaced.
                let too_late = |stop| match stop {
                    Stop::Raced => errors::session_used().into(),
                    stop => stop,
                };
                setting::replace(tx, &owner, version, &new).map_err(too_late)?;
                attributes::save(tx, &pool, &user, &changed).map_err(too_late)?;
                sessions::insert(tx, &owner.pool, &row.begun_by(&changed))?;
                Ok(roles::of_user(tx, &owner.pool, &owner.sub)?)
            })
            .await?;
        let grant = Grant {
            client: &visit.client,
            user: &after,
            groups: &groups,
            family: &family.row,
        };
        self.issue(cx, &grant, Some(family.refresh_token), self.cpu.last_step())
            .await
            .map(|tokens| Step::Done(Box::new(tokens)))
    }
}

/// Binds a session to one temporary password: setting another, by whomever, ends it.
fn seal_of(set_at: Option<Timestamp>) -> String {
    set_at.map_or(0, Timestamp::millis).to_string()
}
