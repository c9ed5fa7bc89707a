//! What the records promise, on both engines, and that every statement among them finds its rows by an index.

mod plans;

use std::fmt::Debug;

use kernel::{PoolId, Sub, Timestamp};

pub(crate) use plans::seen;

use super::{pools, users};
use crate::{Limits, Read, Reader, Stop, Store, StoreError, Tx, conformance::Bed};

const NOW: Timestamp = Timestamp::from_secs(1_768_478_400);

/// Each case is a test on each engine, and all of them together are the tour that [`plans`] explains. A case keeps to pools
/// and accounts of its own, so that the tour needs one database.
macro_rules! cases {
    ($($file:ident: $($case:ident),+;)+) => {
        $(mod $file;)+

        mod sqlite {
            $($(#[tokio::test]
            async fn $case() {
                let bed = super::Bed::sqlite();
                super::$file::$case(&super::migrated(&bed).await).await;
            })+)+
        }

        mod postgres {
            $($(#[tokio::test]
            async fn $case() {
                if let Some(bed) = super::Bed::postgres() {
                    super::$file::$case(&super::migrated(&bed).await).await;
                }
            })+)+
        }

        async fn tour(store: &Store) {
            $($(Box::pin($file::$case(store)).await;)+)+
        }
    };
}

cases! {
    pool_cases: a_pool_changes_by_version, pools_page_by_id, an_issuer_has_one_pool, a_client_id_has_one_pool,
        a_client_changes_by_version, a_client_has_secrets, key_pairs_are_found_by_owner_and_kid, a_deleted_pool_goes_in_batches,
        purge_spares_the_living, facts_and_versions;
    user_cases: a_user_changes_by_version, users_page_by_sub, a_deleted_user_leaves_nothing, long_values_are_cut_for_the_search,
        a_name_has_one_holder, a_password_is_replaced_and_resealed, the_newest_code_counts_once,
        a_software_token_waits_beside_the_one_in_force, attempts_are_counted_apart,
        old_codes_and_attempts_are_swept,
        nul_is_refused;
    search_cases: every_column_is_searched_exactly, a_prefix_is_searched_in_byte_order,
        statuses_are_searched_as_they_are_spelled, enabled_is_no_text, subs_by_prefix;
    passkey_cases: a_passkey_is_kept_and_deleted, a_credential_is_one_users, a_counter_goes_up;
    sso_cases: a_login_is_found_until_it_ends, a_login_is_of_the_user_as_they_are, a_code_is_traded_once;
    session_cases: a_token_is_rotated_once, a_family_is_revoked_alone, a_sign_out_ends_what_began_before, a_users_families_page_by_name, the_least_recently_used_are_evicted,
        expired_families_are_swept,
        a_nonce_is_spent_once, what_is_corrupt_says_where;
    device_cases: a_device_is_kept_as_written, devices_page_by_key, a_device_is_its_users_alone;
    registration_cases: a_registration_is_kept_by_its_use, a_pushed_request_is_taken_once, a_proof_is_shown_once;
    device_grant_cases: a_device_is_allowed_once, a_client_hears_once_that_a_session_has_ended;
    provider_cases: a_provider_changes_by_version, an_identifier_has_one_provider, a_saml_key_is_made_once,
        a_document_is_renewed_where_it_was_read;
    external_user_cases: a_subject_is_one_users;
    recovery_code_cases: a_recovery_code_is_taken_once;
    resource_server_cases: a_resource_server_is_kept_as_written;
    domain_cases: a_domain_is_kept_as_written, a_key_has_one_owner, a_key_is_claimed_once, a_deleted_pool_has_no_domain,
        domains_page_by_kind;
    acme_cases: an_account_is_kept_once, orders_are_counted_by_the_hour, a_certificate_is_wanted_until_it_is_forgotten, a_challenge_is_of_its_name;
    group_cases: a_group_is_kept_as_written, groups_and_members_are_joined, a_deleted_group_has_no_members;
    look_cases: a_classic_look_is_replaced, a_client_has_one_style, a_picture_has_a_place_and_an_address, terms_have_a_name_each,
        looks_go_with_their_client;
    iam_cases: an_entity_changes_by_version, entities_page_by_name_beneath_a_path, iam_groups_have_members,
        a_deleted_key_is_remembered, inline_policies, one_version_is_the_default, attachments_carry_their_documents,
        a_policys_uses_are_counted;
    identity_cases: an_identity_pool_changes_by_version, a_login_leads_to_one_identity, identities_page_by_creation,
        a_deleted_identity_frees_its_logins, a_deleted_identity_pool_goes_in_batches;
    object_cases: a_bucket_name_has_one_owner, objects_page_by_key, contents_are_listed_by_range, small_contents_are_held, uploads_and_parts,
        finished_uploads_are_forgotten_with_time_and_their_bucket;
    outbox_cases: a_message_is_claimed_once, a_lane_is_its_own, a_budget_is_of_its_window, the_inbox_is_newest_first,
        a_job_is_one_nodes;
}

async fn migrated(bed: &Bed) -> Store {
    let limits = Limits {
        readers: 2,
        writers: 2,
        ..Limits::default()
    };
    let store = bed.open_with(limits);
    store.migrate(NOW).await.unwrap();
    store
}

/// A committed transaction.
async fn write<T: Send + 'static>(
    store: &Store,
    act: impl Fn(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.write(move |tx| Ok(act(tx)?)).await.unwrap()
}

async fn read<T: Send + 'static>(
    store: &Store,
    act: impl Fn(&mut Reader<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.read(act).await.unwrap()
}

/// The statement itself fails: neither a refusal nor a lost connection.
async fn fails<T: Debug + Send + 'static>(
    store: &Store,
    act: impl Fn(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
) {
    let outcome = store.write(move |tx| Ok(act(tx)?)).await;
    assert!(
        matches!(outcome, Err(Stop::Store(StoreError::Statement { .. }))),
        "{outcome:?}"
    );
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_secs(NOW.secs() + seconds)
}

fn pool(name: &str) -> PoolId {
    PoolId::new(format!("eu-west-1_{name}"))
}

fn sub(n: u32) -> Sub {
    Sub::new(format!("{n:08}-0000-4000-8000-000000000000"))
}

/// A confirmed user without names or a password.
fn user(pool: &PoolId, n: u32, attributes: &[(&str, &str)]) -> users::User {
    let pairs = attributes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    users::User {
        pool: pool.clone(),
        sub: sub(n),
        username: format!("user{n}"),
        status: super::status::Status::Confirmed,
        enabled: true,
        created: NOW,
        modified: NOW,
        version: 1,
        doc: users::Doc {
            attributes: pairs.collect(),
            ..users::Doc::default()
        },
    }
}

/// The numbers that [`user`] was given.
fn numbers(users: &[users::User]) -> Vec<u32> {
    let number = |user: &users::User| user.sub.as_str()[..8].parse().unwrap();
    users.iter().map(number).collect()
}

/// How many rows of a pool a table holds.
async fn rows_of(store: &Store, sql: &'static str, pool: &PoolId) -> i64 {
    let pool = pool.clone();
    read(store, move |r| r.one::<(i64,)>(sql, (&pool,))).await.unwrap().0
}

fn a_pool(id: &PoolId) -> pools::Pool {
    pools::Pool {
        pool: id.clone(),
        account: kernel::AccountId::new("000000000000"),
        region: kernel::Region::new("eu-west-1"),
        created: NOW,
        modified: NOW,
        version: 1,
        doc: "{}".to_owned(),
        issuer: None,
        issuer_updated: false,
    }
}
