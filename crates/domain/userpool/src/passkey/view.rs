//! Passkeys as the API lists them. Reference: user-pools 7.4.

use api::cognito_idp::WebAuthnCredentialDescription;
use store::records::passkeys::Passkey;

/// In the order in which they were registered: the key of a list that goes on.
pub(crate) fn place(passkey: &Passkey) -> String {
    format!("{:020} {}", passkey.created.millis(), passkey.credential)
}

pub(crate) fn described(passkey: Passkey) -> WebAuthnCredentialDescription {
    WebAuthnCredentialDescription {
        authenticator_transports: transports(&passkey),
        credential_id: passkey.credential,
        friendly_credential_name: passkey.name,
        relying_party_id: passkey.relying_party,
        authenticator_attachment: passkey.attachment,
        created_at: passkey.created,
    }
}

pub(super) fn transports(passkey: &Passkey) -> Vec<String> {
    passkey.transports.split_whitespace().map(str::to_owned).collect()
}
