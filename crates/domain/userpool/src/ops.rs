//! What user pools implement: one operation a file beneath, named like it; an operation and its Admin form share one. The table is in the model's order; its right
//! side is the resource that a signed caller's policies are asked about (public and token operations have none).

mod access_token;
mod account;
mod branding;
mod clients;
mod devices;
mod domains;
mod given;
mod groups;
mod mfa;
mod passkeys;
mod pools;
mod providers;
mod resource_servers;
mod session;
mod terms;
mod user_sessions;
mod users;

pub(crate) use access_token::Access;
pub use account::{ConfirmationLink, Opened};
pub use domains::{FoundDomain, PublishedDomain};

use kernel::{Arn, Cx, PoolId};
use serde_json::Value;

use crate::UserPools;

model::operations! { UserPools, model::COGNITO_IDP;
    AddCustomAttributes => add_custom_attributes, on pool(UserPoolId);
    AddUserPoolClientSecret => add_user_pool_client_secret, on pool(UserPoolId);
    AdminAddUserToGroup => admin_add_user_to_group, on pool(UserPoolId);
    AdminConfirmSignUp => admin_confirm_sign_up, on pool(UserPoolId);
    AdminCreateUser => admin_create_user, on pool(UserPoolId);
    AdminDeleteSoftwareToken => admin_delete_software_token, on pool(UserPoolId);
    AdminDeleteUser => admin_delete_user, on pool(UserPoolId);
    AdminDeleteUserAttributes => admin_delete_user_attributes, on pool(UserPoolId);
    AdminDisableProviderForUser => admin_disable_provider_for_user, on pool(UserPoolId);
    AdminDisableUser => admin_disable_user, on pool(UserPoolId);
    AdminEnableUser => admin_enable_user, on pool(UserPoolId);
    AdminForgetDevice => admin_forget_device, on pool(UserPoolId);
    AdminGetDevice => admin_get_device, on pool(UserPoolId);
    AdminGetUser => admin_get_user, on pool(UserPoolId);
    AdminGetUserAuthFactors => admin_get_user_auth_factors, on pool(UserPoolId);
    AdminInitiateAuth => admin_initiate_auth, on pool(UserPoolId);
    AdminLinkProviderForUser => admin_link_provider_for_user, on pool(UserPoolId);
    AdminListDevices => admin_list_devices, on pool(UserPoolId);
    AdminListGroupsForUser => admin_list_groups_for_user, on pool(UserPoolId);
    AdminListUserSessions => admin_list_user_sessions, on pool(UserPoolId);
    AdminRemoveUserFromGroup => admin_remove_user_from_group, on pool(UserPoolId);
    AdminResetUserPassword => admin_reset_user_password, on pool(UserPoolId);
    AdminRespondToAuthChallenge => admin_respond_to_auth_challenge, on pool(UserPoolId);
    AdminRevokeUserSession => admin_revoke_user_session, on pool(UserPoolId);
    AdminSetUserMFAPreference => admin_set_user_mfa_preference, on pool(UserPoolId);
    AdminSetUserPassword => admin_set_user_password, on pool(UserPoolId);
    AdminSetUserSettings => admin_set_user_settings, on pool(UserPoolId);
    AdminUpdateDeviceStatus => admin_update_device_status, on pool(UserPoolId);
    AdminUpdateUserAttributes => admin_update_user_attributes, on pool(UserPoolId);
    AdminUserGlobalSignOut => admin_user_global_sign_out, on pool(UserPoolId);
    AssociateSoftwareToken => associate_software_token, on any;
    ChangePassword => change_password, on any;
    CompleteWebAuthnRegistration => complete_web_authn_registration, on any;
    ConfirmDevice => confirm_device, on any;
    ConfirmForgotPassword => confirm_forgot_password, on any;
    ConfirmSignUp => confirm_sign_up, on any;
    CreateGroup => create_group, on pool(UserPoolId), passes RoleArn to IDENTITY_POOLS;
    CreateIdentityProvider => create_identity_provider, on pool(UserPoolId);
    CreateManagedLoginBranding => create_managed_login_branding, on pool(UserPoolId);
    CreateResourceServer => create_resource_server, on pool(UserPoolId);
    CreateTerms => create_terms, on pool(UserPoolId);
    CreateUserPool => create_user_pool, on any, passes "/SmsConfiguration/SnsCallerArn" to USER_POOLS;
    CreateUserPoolClient => create_user_pool_client, on pool(UserPoolId), passes "/AnalyticsConfiguration/RoleArn" to USER_POOLS;
    CreateUserPoolDomain => create_user_pool_domain, on pool(UserPoolId);
    DeleteGroup => delete_group, on pool(UserPoolId);
    DeleteIdentityProvider => delete_identity_provider, on pool(UserPoolId);
    DeleteManagedLoginBranding => delete_managed_login_branding, on pool(UserPoolId);
    DeleteResourceServer => delete_resource_server, on pool(UserPoolId);
    DeleteTerms => delete_terms, on pool(UserPoolId);
    DeleteUser => delete_user, on any;
    DeleteUserAttributes => delete_user_attributes, on any;
    DeleteUserPool => delete_user_pool, on pool(UserPoolId);
    DeleteUserPoolClient => delete_user_pool_client, on pool(UserPoolId);
    DeleteUserPoolClientSecret => delete_user_pool_client_secret, on pool(UserPoolId);
    DeleteUserPoolDomain => delete_user_pool_domain, on pool(UserPoolId);
    DeleteWebAuthnCredential => delete_web_authn_credential, on any;
    DescribeIdentityProvider => describe_identity_provider, on pool(UserPoolId);
    DescribeManagedLoginBranding => describe_managed_login_branding, on pool(UserPoolId);
    DescribeManagedLoginBrandingByClient => describe_managed_login_branding_by_client, on pool(UserPoolId);
    DescribeResourceServer => describe_resource_server, on pool(UserPoolId);
    DescribeTerms => describe_terms, on pool(UserPoolId);
    DescribeTermsByClient => describe_terms_by_client, on pool(UserPoolId);
    DescribeUserPool => describe_user_pool, on pool(UserPoolId);
    DescribeUserPoolClient => describe_user_pool_client, on pool(UserPoolId);
    DescribeUserPoolDomain => describe_user_pool_domain, on any;
    ForgetDevice => forget_device, on any;
    ForgotPassword => forgot_password, on any;
    GetClientToken => get_client_token, on any, unsigned, costs_cpu;
    GetDerivedToken => get_derived_token, on any, unsigned, costs_cpu;
    GetDevice => get_device, on any;
    GetGroup => get_group, on pool(UserPoolId);
    GetIdentityProviderByIdentifier => get_identity_provider_by_identifier, on pool(UserPoolId);
    GetSigningCertificate => get_signing_certificate, on pool(UserPoolId);
    GetTokensFromRefreshToken => get_tokens_from_refresh_token, on any, costs_cpu;
    GetUICustomization => get_ui_customization, on pool(UserPoolId);
    GetUser => get_user, on any;
    GetUserAttributeVerificationCode => get_user_attribute_verification_code, on any;
    GetUserAuthFactors => get_user_auth_factors, on any;
    GetUserPoolClientSessionConfiguration => get_user_pool_client_session_configuration, on pool(UserPoolId);
    GetUserPoolMfaConfig => get_user_pool_mfa_config, on pool(UserPoolId);
    GetUserPoolSessionConfiguration => get_user_pool_session_configuration, on pool(UserPoolId);
    GlobalSignOut => global_sign_out, on any;
    InitiateAuth => initiate_auth, on any, costs_cpu;
    ListDevices => list_devices, on any;
    ListGroups => list_groups, on pool(UserPoolId);
    ListIdentityProviders => list_identity_providers, on pool(UserPoolId);
    ListResourceServers => list_resource_servers, on pool(UserPoolId);
    ListTagsForResource => list_tags_for_resource, on arn(ResourceArn);
    ListTerms => list_terms, on pool(UserPoolId);
    ListUserPoolClientSecrets => list_user_pool_client_secrets, on pool(UserPoolId);
    ListUserPoolClients => list_user_pool_clients, on pool(UserPoolId);
    ListUserPools => list_user_pools, on any;
    ListUserSessions => list_user_sessions, on any;
    ListUsers => list_users, on pool(UserPoolId);
    ListUsersInGroup => list_users_in_group, on pool(UserPoolId);
    ListWebAuthnCredentials => list_web_authn_credentials, on any;
    ResendConfirmationCode => resend_confirmation_code, on any;
    RespondToAuthChallenge => respond_to_auth_challenge, on any, costs_cpu;
    RevokeToken => revoke_token, on any;
    RevokeUserSession => revoke_user_session, on any;
    SetUICustomization => set_ui_customization, on pool(UserPoolId);
    SetUserMFAPreference => set_user_mfa_preference, on any;
    SetUserPoolClientSessionConfiguration => set_user_pool_client_session_configuration, on pool(UserPoolId);
    SetUserPoolMfaConfig => set_user_pool_mfa_config, on pool(UserPoolId),
        passes "/SmsMfaConfiguration/SmsConfiguration/SnsCallerArn" to USER_POOLS;
    SetUserPoolSessionConfiguration => set_user_pool_session_configuration, on pool(UserPoolId);
    SetUserSettings => set_user_settings, on any;
    SignUp => sign_up, on any;
    StartWebAuthnRegistration => start_web_authn_registration, on any;
    TagResource => tag_resource, on arn(ResourceArn);
    UntagResource => untag_resource, on arn(ResourceArn);
    UpdateDeviceStatus => update_device_status, on any;
    UpdateGroup => update_group, on pool(UserPoolId), passes RoleArn to IDENTITY_POOLS;
    UpdateIdentityProvider => update_identity_provider, on pool(UserPoolId);
    UpdateManagedLoginBranding => update_managed_login_branding, on pool(UserPoolId);
    UpdateResourceServer => update_resource_server, on pool(UserPoolId);
    UpdateTerms => update_terms, on pool(UserPoolId);
    UpdateUserAttributes => update_user_attributes, on any;
    UpdateUserPool => update_user_pool, on pool(UserPoolId), passes "/SmsConfiguration/SnsCallerArn" to USER_POOLS;
    UpdateUserPoolClient => update_user_pool_client, on pool(UserPoolId), passes "/AnalyticsConfiguration/RoleArn" to USER_POOLS;
    UpdateUserPoolDomain => update_user_pool_domain, on pool(UserPoolId);
    VerifySoftwareToken => verify_software_token, on any;
    VerifyUserAttribute => verify_user_attribute, on any;
}

/// The pool that a member names, whether there is such a pool or not; all of them where it names what can be none.
fn pool(cx: &Cx, input: &Value, member: &str) -> String {
    let named = input.get(member).and_then(Value::as_str).and_then(PoolId::parse);
    named.map_or_else(|| "*".to_owned(), |id| Arn::user_pool(&id, cx.account()).into())
}

/// The resource that a member names by its ARN.
fn arn(_cx: &Cx, input: &Value, member: &str) -> String {
    input.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}
