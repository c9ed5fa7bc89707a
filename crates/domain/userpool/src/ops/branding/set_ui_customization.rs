//! `SetUICustomization`: stylesheet and logo of the classic pages, written together. Reference: user-pools 14.1,
//! oauth-and-federation 9.2.

use api::{
    Blob,
    cognito_idp::{SetUICustomizationRequest, SetUICustomizationResponse, UICustomizationType},
};
use kernel::{Cx, Result};
use store::records::{classic_looks, clients, pictures, pictures::Part, pools};

use crate::{
    UserPools,
    branding::{ALL, css, picture, view},
    errors::{self, branding},
    pool::stored,
};

/// Bytes of a logo. Reference: oauth-and-federation 9.2.
const LARGEST_LOGO: usize = 100 * 1024;

/// The place of the one picture that a classic look has.
const LOGO: &str = "LOGO";

impl UserPools {
    /// Neither stylesheet nor logo is a look that is no longer there.
    ///
    /// Errors: ResourceNotFound, InvalidParameter (no domain, what can't be shown).
    pub async fn set_ui_customization(
        &self,
        cx: &Cx,
        input: SetUICustomizationRequest,
    ) -> Result<SetUICustomizationResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let client = input.client_id.filter(|id| id != ALL);
        let client = client
            .map(|id| pool.client(&id).map(|client| client.id.clone()))
            .transpose()?;
        let base = pool.login_base(cx).ok_or_else(branding::domain_missing)?;
        let css = input.css.filter(|css| !css.trim().is_empty());
        if let Some(css) = &css {
            css::served(css).map_err(|fault| branding::css_not_valid(&fault))?;
        }
        let logo = match input.image_file.filter(|Blob(bytes)| !bytes.is_empty()) {
            Some(Blob(bytes)) if bytes.len() > LARGEST_LOGO => return Err(branding::image_not_valid()),
            Some(Blob(bytes)) => Some(picture::photo(bytes).ok_or_else(branding::image_not_valid)?),
            None => None,
        };
        let look = classic_looks::ClassicLook {
            client: client.as_ref().map_or(ALL, |client| client.as_str()).to_owned(),
            css,
            created: cx.now(),
            modified: cx.now(),
        };

        let id = pool.id.clone();
        let saved = self.store.write(move |tx| {
            if pools::by_id(tx, &id)?.is_none() {
                return Err(errors::pool_does_not_exist(id.as_str()).into());
            }
            if let Some(client) = &client
                && clients::by_id(tx, &id, client)?.is_none()
            {
                return Err(errors::client_does_not_exist(client.as_str()).into());
            }
            let place = (&id, look.client.as_str(), Part::Classic);
            pictures::delete(tx, place)?;
            if look.css.is_none() && logo.is_none() {
                classic_looks::delete(tx, &id, &look.client)?;
            } else {
                classic_looks::put(tx, &id, &look)?;
            }
            if let Some(logo) = &logo {
                pictures::put(tx, place, &logo.kept(LOGO), logo.served.as_deref())?;
            }
            stored::touch(tx, &id)?;
            Ok((classic_looks::find(tx, &id, &look.client)?, pictures::marks(tx, place)?))
        });
        let (look, marks) = saved.await?;
        let ui_customization = match look {
            Some(look) => view::classic(&pool.id, look, marks.first(), Some(&base))?,
            None => UICustomizationType::default(),
        };
        Ok(SetUICustomizationResponse { ui_customization })
    }
}
