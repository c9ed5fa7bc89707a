//! What somebody is called and where they are reached, as far as the client reads and writes it. Reference: user-pools 3.6, 4.8.

use api::cognito_idp::{
    AttributeType, GetUserAttributeVerificationCodeRequest, UpdateUserAttributesRequest, VerifyUserAttributeRequest,
};
use kernel::{Cx, Result};
use store::records::address::Address;

use super::{
    super::{
        Browser, Place,
        checked::checked,
        letter::{Letter, letter},
    },
    BY_BROWSER, access,
};
use crate::{UserPools, user::addresses};

/// An attribute as its user sees it.
pub struct Field {
    pub name: String,
    pub value: String,
    /// Whether it may be changed here.
    pub is_writable: bool,
    pub is_required: bool,
}

/// An address that messages go to.
pub struct Contact {
    /// Empty: there is none.
    pub address: String,
    pub is_verified: bool,
    /// Another that waits for its code.
    pub pending: Option<String>,
    pub is_writable: bool,
}

/// What is changed elsewhere, or by nobody.
fn is_apart(name: &str) -> bool {
    ["sub", "identities", "updated_at"].contains(&name)
        || Address::of_attribute(name).is_some()
        || Address::is_flag(name)
}

impl Place {
    /// What the client reads of somebody, or may write, but for addresses.
    pub fn profile(&self, browser: &Browser) -> Vec<Field> {
        let (schema, client) = (&self.pool.schema, &self.client);
        let fields = schema.names().filter(|name| !is_apart(name)).map(|name| Field {
            name: name.to_owned(),
            value: browser.user.doc.attributes.get(name).cloned().unwrap_or_default(),
            is_writable: client.may_write(schema, name) && !schema.is_immutable(name),
            is_required: self.requires(name),
        });
        // Who may not read it changes nothing that they can't see.
        fields
            .filter(|field| client.may_read(&field.name) && (field.is_writable || !field.value.is_empty()))
            .collect()
    }

    /// None: the client reads no such address, or the pool has none.
    pub fn contact(&self, browser: &Browser, address: Address) -> Option<Contact> {
        let (schema, client, name) = (&self.pool.schema, &self.client, address.attribute());
        let user = &browser.user;
        let contact = Contact {
            address: addresses::present(user, address).unwrap_or_default().to_owned(),
            is_verified: addresses::is_verified(user, address),
            pending: user.doc.pending.get(&address).cloned(),
            is_writable: client.may_write(schema, name) && !schema.is_immutable(name),
        };
        let is_shown = contact.is_writable || !contact.address.is_empty();
        (schema.has(name) && client.may_read(name) && is_shown).then_some(contact)
    }
}

impl UserPools {
    /// What was entered where [`Place::profile`] lets it be; what is as before is left alone.
    ///
    /// Errors: those of UpdateUserAttributes but for the token's.
    pub async fn update_profile_at(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        entered: &[(String, String)],
    ) -> Result<()> {
        let changed = place.profile(browser).into_iter().filter_map(|field| {
            let (_, value) = entered.iter().find(|(name, _)| *name == field.name)?;
            // Forms send their lines by CR and LF.
            let value = value.replace("\r\n", "\n");
            (field.is_writable && value != field.value).then_some((field.name, value))
        });
        let changed: Vec<(String, String)> = changed.collect();
        if !changed.is_empty() {
            self.update_at(cx, place, browser, changed).await?;
        }
        Ok(())
    }

    /// Another address. None: no code is asked for.
    ///
    /// Errors: those of UpdateUserAttributes but for the token's.
    pub async fn change_address_at(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        (address, value): (Address, &str),
    ) -> Result<Option<Letter>> {
        let changed = vec![(address.attribute().to_owned(), value.to_owned())];
        self.update_at(cx, place, browser, changed).await
    }

    async fn update_at(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        changed: Vec<(String, String)>,
    ) -> Result<Option<Letter>> {
        let attribute = |(name, value)| AttributeType {
            name,
            value: Some(value),
        };
        let request = checked(
            "UpdateUserAttributes",
            UpdateUserAttributesRequest {
                access_token: BY_BROWSER.to_owned(),
                user_attributes: changed.into_iter().map(attribute).collect(),
                client_metadata: None,
            },
        )?;
        let updated = self
            .update_user_attributes_by(cx, access(place, browser), request)
            .await?;
        Ok(letter(updated.code_delivery_details_list.unwrap_or_default().pop()))
    }

    /// A code for the address that there is, or that waits. Errors: those of GetUserAttributeVerificationCode but for the token's.
    pub async fn address_code_at(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        address: Address,
    ) -> Result<Option<Letter>> {
        let request = checked(
            "GetUserAttributeVerificationCode",
            GetUserAttributeVerificationCodeRequest {
                access_token: BY_BROWSER.to_owned(),
                attribute_name: address.attribute().to_owned(),
                client_metadata: None,
            },
        )?;
        let by = access(place, browser);
        let sent = self.get_user_attribute_verification_code_by(cx, by, request).await?;
        Ok(letter(sent.code_delivery_details))
    }

    /// Errors: those of VerifyUserAttribute but for the token's.
    pub async fn verify_address_at(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        (address, code): (Address, &str),
    ) -> Result<()> {
        let request = checked(
            "VerifyUserAttribute",
            VerifyUserAttributeRequest {
                access_token: BY_BROWSER.to_owned(),
                attribute_name: address.attribute().to_owned(),
                code: code.to_owned(),
            },
        )?;
        self.verify_user_attribute_by(cx, access(place, browser), request)
            .await?;
        Ok(())
    }
}
