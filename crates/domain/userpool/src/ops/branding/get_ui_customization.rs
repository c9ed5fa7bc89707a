//! `GetUICustomization`: a client's own look, else the pool's. Reference: user-pools 14.1.

use api::cognito_idp::{GetUICustomizationRequest, GetUICustomizationResponse, UICustomizationType};
use kernel::{Cx, Result};
use store::records::{classic_looks, pictures, pictures::Part};

use crate::{
    UserPools,
    branding::{ALL, view},
};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn get_ui_customization(
        &self,
        cx: &Cx,
        input: GetUICustomizationRequest,
    ) -> Result<GetUICustomizationResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let client = match input.client_id.as_deref() {
            None | Some(ALL) => ALL.to_owned(),
            Some(id) => pool.client(id)?.id.to_string(),
        };
        let id = pool.id.clone();
        let found = self.store.read(move |r| {
            let look = match classic_looks::find(r, &id, &client)? {
                Some(own) => Some(own),
                None => classic_looks::find(r, &id, ALL)?,
            };
            let Some(look) = look else { return Ok(None) };
            let marks = pictures::marks(r, (&id, &look.client, Part::Classic))?;
            Ok(Some((look, marks)))
        });
        let ui_customization = match found.await? {
            Some((look, marks)) => view::classic(&pool.id, look, marks.first(), pool.login_base(cx).as_deref())?,
            None => UICustomizationType::default(),
        };
        Ok(GetUICustomizationResponse { ui_customization })
    }
}
