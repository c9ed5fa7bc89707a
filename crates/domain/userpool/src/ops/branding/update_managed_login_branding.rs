//! `UpdateManagedLoginBranding`: what is given is merged into what is there, so that a style may come in several calls. Reference:
//! user-pools 14.2, oauth-and-federation 9.3.

use api::cognito_idp::{UpdateManagedLoginBrandingRequest, UpdateManagedLoginBrandingResponse};
use kernel::{Cx, PoolId, Result};
use store::{
    Record, Stop,
    records::{
        login_styles::{self, LoginStyle},
        pictures::{self, Part},
    },
    retrying,
};

use crate::{
    UserPools,
    branding::{
        assets::{self, Given},
        style::Change,
        view::Shown,
    },
    errors::{self, branding},
    pool::stored::{self, told},
};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter, ConcurrentModification.
    pub async fn update_managed_login_branding(
        &self,
        cx: &Cx,
        input: UpdateManagedLoginBrandingRequest,
    ) -> Result<UpdateManagedLoginBrandingResponse> {
        let pool = input
            .user_pool_id
            .ok_or_else(|| errors::missing_parameter("UserPoolId"))?;
        let pool = self.pool(&pool).await?;
        let style = input.managed_login_branding_id;
        let style = style.ok_or_else(|| errors::missing_parameter("ManagedLoginBrandingId"))?;
        let change = Change::of(input.use_cognito_provided_values, input.settings)?;
        let given = assets::given(input.assets)?;
        let saved = retrying(|| self.revise_style(cx, (&pool.id, &style), &change, &given)).await;
        saved.map_err(told)?;
        let managed_login_branding = Some(self.style(&pool.id, &style, Shown::AsGiven).await?);
        Ok(UpdateManagedLoginBrandingResponse { managed_login_branding })
    }

    /// Errors: as above; [`Stop::Raced`] if it was changed meanwhile.
    async fn revise_style(
        &self,
        cx: &Cx,
        (pool, style): (&PoolId, &str),
        change: &Change,
        given: &[Given],
    ) -> Result<(), Stop> {
        let (id, name) = (pool.clone(), style.to_owned());
        let read = self.store.read(move |r| {
            let Some(row) = login_styles::by_id(r, &id, &name)? else {
                return Ok(None);
            };
            let marks = pictures::marks(r, (&id, row.client.as_str(), Part::Style))?;
            Ok(Some((row, marks)))
        });
        let (row, marks) = read.await?.ok_or_else(branding::style_not_found)?;
        // Whoever goes back to the service's own values keeps none of the pictures either, but those that come with the call.
        let kept = if *change == Change::Reset { &[][..] } else { &marks };
        assets::check(given, kept)?;
        let before = row
            .settings
            .as_deref()
            .map(|text| row.document("settings", text))
            .transpose()?;
        let after = LoginStyle {
            settings: change.onto(before)?,
            modified: cx.now(),
            ..row
        };
        let (id, change, given) = (pool.clone(), change.clone(), given.to_vec());
        self.store
            .write(move |tx| {
                if !login_styles::update(tx, &id, &after)? {
                    return Err(Stop::Raced);
                }
                let place = (&id, after.client.as_str(), Part::Style);
                if change == Change::Reset {
                    pictures::delete(tx, place)?;
                }
                for one in &given {
                    if let Some(checked) = &one.picture {
                        pictures::put(tx, place, &checked.kept(&one.place), checked.served.as_deref())?;
                    }
                }
                Ok(stored::touch(tx, &id)?)
            })
            .await
    }
}
