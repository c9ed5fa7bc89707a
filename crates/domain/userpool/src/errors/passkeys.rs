//! Sentences about passkeys. The first is AWS's; the others are of our wording, the reference has the conditions alone.
//! Reference: user-pools 7.3.

kernel::sentences! {
    credential_not_valid => InvalidParameter, "Credential data is not valid";
    not_enabled => WebAuthnNotEnabled, "WebAuthn is not enabled for the user pool.";
    configuration_missing => WebAuthnConfigurationMissing,
        "The user pool has neither a relying party ID nor a domain.";
    challenge_not_found => WebAuthnChallengeNotFound,
        "The registration was not started, has expired or was completed before.";
    client_mismatch => WebAuthnClientMismatch, "The registration was started with another app client.";
    origin_not_allowed => WebAuthnOriginNotAllowed, "The origin does not belong to the relying party.";
    relying_party_mismatch => WebAuthnRelyingPartyMismatch, "The credential was made for another relying party.";
    credential_not_supported => WebAuthnCredentialNotSupported, "The credential is not supported.";
    registered_before => InvalidParameter, "The credential is already registered.";
    too_many => LimitExceeded, "A user cannot have more than 20 passkeys.";
    not_found => ResourceNotFound, "WebAuthn credential does not exist.";
}
