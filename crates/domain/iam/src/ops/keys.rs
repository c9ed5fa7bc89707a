//! Access keys of users. Reference: identity-pools-iam 3.2, 7.

use api::iam::{
    AccessKey, AccessKeyMetadata, CreateAccessKeyRequest, CreateAccessKeyResponse, DeleteAccessKeyRequest,
    ListAccessKeysRequest, ListAccessKeysResponse, StatusType, UpdateAccessKeyRequest,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::{AccessKeyId, AccountId, Cx, PrincipalKind, Result, base32_upper};
use store::{
    Stop, Tx,
    records::{
        iam::Kind,
        iam_keys::{self, AccessKey as Row},
    },
};
use vault::Purpose;

use crate::{Caller, Iam, developer, entity, errors, paging::Cut};

const KEYS_PER_USER: usize = 2;

/// A key that was drawn and sealed, on its way into the store.
pub(crate) struct NewKey {
    pub row: NewRow,
    /// Shown once, to whoever asked for the key.
    pub secret: String,
}

#[derive(Clone)]
pub(crate) struct NewRow {
    pub id: AccessKeyId,
    sealed: Vec<u8>,
    created: kernel::Timestamp,
}

impl NewKey {
    pub fn draw(iam: &Iam, cx: &Cx) -> Result<Self> {
        let id = AccessKeyId::new(format!("AKIA{}", base32_upper(cx.rng(), 16)));
        let mut bytes = [0; 30];
        cx.rng().fill(&mut bytes);
        let secret = BASE64_STANDARD.encode(bytes);
        let sealed = iam
            .keyring
            .seal(Purpose::SecretKey, &[id.as_str()], secret.as_bytes(), cx.rng())?;
        Ok(Self {
            row: NewRow {
                id,
                sealed,
                created: cx.now(),
            },
            secret,
        })
    }
}

impl NewRow {
    /// Errors: LimitExceeded.
    pub fn insert(&self, tx: &mut Tx<'_>, account: &AccountId, user: &str) -> Result<(), Stop> {
        if iam_keys::of_user(tx, account, user)?.len() >= KEYS_PER_USER {
            return Err(errors::quota("AccessKeysPerUser", KEYS_PER_USER).into());
        }
        let row = Row {
            id: self.id.clone(),
            owner: user.to_owned(),
            active: true,
            secret: self.sealed.clone(),
            created: self.created,
        };
        if iam_keys::insert(tx, account, &row)? {
            Ok(())
        } else {
            Err(Stop::Raced)
        }
    }
}

/// The user who is meant: the caller, if none is named. Errors: ValidationError for callers that are no user.
pub(crate) fn user_name(cx: &Cx, named: Option<String>) -> Result<String> {
    match (named, &Caller::who_signed(cx)?.principal.kind) {
        (Some(name), _) => Ok(name),
        (None, PrincipalKind::User { name }) => Ok(name.clone()),
        (None, _) => Err(errors::must_name_user()),
    }
}

/// Whether dev's administrator is meant, by itself: a user without keys of its own, for whom any key will do.
fn is_developer(cx: &Cx, name: &str) -> Result<bool> {
    Ok(name == developer::NAME && developer::is(&Caller::who_signed(cx)?.principal.user_id))
}

impl Iam {
    /// Errors: NoSuchEntity, LimitExceeded.
    pub(crate) async fn create_access_key(
        &self,
        cx: &Cx,
        input: CreateAccessKeyRequest,
    ) -> Result<CreateAccessKeyResponse> {
        let name = user_name(cx, input.user_name)?;
        if is_developer(cx, &name)? {
            return Err(errors::quota("AccessKeysPerUser", 0));
        }
        let NewKey { row, secret } = NewKey::draw(self, cx)?;
        let (id, created) = (row.id.clone(), row.created);
        let user_name = self
            .change(cx, move |tx, account| {
                let user = entity::named(tx, account, Kind::User, &name)?;
                row.insert(tx, account, &user.id)?;
                Ok(user.name)
            })
            .await?;
        Ok(CreateAccessKeyResponse {
            access_key: AccessKey {
                user_name,
                access_key_id: id.to_string(),
                status: StatusType::Active,
                secret_access_key: secret,
                create_date: Some(created),
            },
        })
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn list_access_keys(
        &self,
        cx: &Cx,
        input: ListAccessKeysRequest,
    ) -> Result<ListAccessKeysResponse> {
        let name = user_name(cx, input.user_name)?;
        let page = self.page(cx, &["ListAccessKeys", &name], input.marker.as_deref(), input.max_items)?;
        let names = self.names();
        let keys = self
            .look(cx, move |r, account| {
                let user = names.entity(r, account, Kind::User, &name)?;
                let keys = iam_keys::of_user(r, account, &user.id)?;
                Ok(keys.into_iter().map(|key| metadata(&user.name, &key)).collect())
            })
            .await?;
        let Cut {
            items,
            is_truncated,
            marker,
        } = self.cut_by_position(cx, keys, &page)?;
        Ok(ListAccessKeysResponse {
            access_key_metadata: items,
            is_truncated,
            marker,
        })
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn update_access_key(&self, cx: &Cx, input: UpdateAccessKeyRequest) -> Result<()> {
        let name = user_name(cx, input.user_name)?;
        let (id, active) = (
            AccessKeyId::new(input.access_key_id),
            input.status == StatusType::Active,
        );
        if is_developer(cx, &name)? {
            return Err(errors::no_such_access_key(id.as_str()));
        }
        self.change(cx, move |tx, account| {
            let user = entity::named(tx, account, Kind::User, &name)?;
            if iam_keys::set_active(tx, account, &user.id, &id, active)? {
                Ok(())
            } else {
                Err(errors::no_such_access_key(id.as_str()).into())
            }
        })
        .await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn delete_access_key(&self, cx: &Cx, input: DeleteAccessKeyRequest) -> Result<()> {
        let name = user_name(cx, input.user_name)?;
        let id = AccessKeyId::new(input.access_key_id);
        if is_developer(cx, &name)? {
            return Err(errors::no_such_access_key(id.as_str()));
        }
        self.change(cx, move |tx, account| {
            let user = entity::named(tx, account, Kind::User, &name)?;
            if iam_keys::delete(tx, account, &user.id, &id)? {
                Ok(())
            } else {
                Err(errors::no_such_access_key(id.as_str()).into())
            }
        })
        .await
    }
}

fn metadata(user_name: &str, key: &Row) -> AccessKeyMetadata {
    AccessKeyMetadata {
        user_name: Some(user_name.to_owned()),
        access_key_id: Some(key.id.to_string()),
        status: Some(if key.active {
            StatusType::Active
        } else {
            StatusType::Inactive
        }),
        create_date: Some(key.created),
    }
}
