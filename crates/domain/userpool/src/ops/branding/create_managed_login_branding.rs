//! `CreateManagedLoginBranding`: the style of an app client, one each. Reference: user-pools 14.2.

use api::cognito_idp::{CreateManagedLoginBrandingRequest, CreateManagedLoginBrandingResponse};
use kernel::{Cx, Result};
use store::records::{clients, login_styles, login_styles::LoginStyle, pictures, pictures::Part};

use crate::{
    UserPools,
    branding::{
        assets,
        style::Change,
        view::{self, Shown},
    },
    errors::{self, branding},
    pool::stored,
};

/// Of a pool. Reference: user-pools 14.2.
const MOST: i64 = 20;

impl UserPools {
    /// In every plan: what a plan lacks is the domain of version 2 that shows it.
    ///
    /// Errors: ResourceNotFound, InvalidParameter, ManagedLoginBrandingExists, LimitExceeded.
    pub async fn create_managed_login_branding(
        &self,
        cx: &Cx,
        input: CreateManagedLoginBrandingRequest,
    ) -> Result<CreateManagedLoginBrandingResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let client = pool.client(&input.client_id)?.id.clone();
        let change = Change::first(input.use_cognito_provided_values, input.settings)?;
        let given = assets::given(input.assets)?;
        assets::check(&given, &[])?;
        let style = LoginStyle {
            id: kernel::uuid(cx.rng()),
            client,
            settings: change.onto(None)?,
            created: cx.now(),
            modified: cx.now(),
            version: 1,
        };

        let id = pool.id.clone();
        let saved = self.store.write(move |tx| {
            let client = &style.client;
            if clients::by_id(tx, &id, client)?.is_none() {
                return Err(errors::client_does_not_exist(client.as_str()).into());
            }
            if login_styles::of_client(tx, &id, client)?.is_some() {
                return Err(branding::style_exists().into());
            }
            if i64::try_from(login_styles::count(tx, &id, MOST)?).is_ok_and(|count| count >= MOST) {
                return Err(branding::too_many_styles().into());
            }
            login_styles::insert(tx, &id, &style)?;
            let place = (&id, client.as_str(), Part::Style);
            for (place_of_one, checked) in given.iter().filter_map(|one| Some((&one.place, one.picture.as_ref()?))) {
                pictures::put(tx, place, &checked.kept(place_of_one), checked.served.as_deref())?;
            }
            stored::touch(tx, &id)?;
            Ok((style.clone(), pictures::all(tx, place)?))
        });
        let (style, pictures) = saved.await?;
        Ok(CreateManagedLoginBrandingResponse {
            managed_login_branding: Some(view::style(&pool.id, style, pictures, Shown::AsGiven)?),
        })
    }
}
