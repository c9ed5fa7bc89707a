//! Who a user is elsewhere, as it is told: `identities`. Pure. Reference: user-pools 4.2, 8.2.

use serde::Serialize;
use serde_json::Value;
use store::records::users::{Identity, User};

/// What it is called wherever it is told. Nobody writes it.
pub(crate) const IDENTITIES: &str = "identities";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a, Primary, Time> {
    user_id: &'a str,
    provider_name: &'a str,
    provider_type: &'a str,
    issuer: Option<&'a str>,
    primary: Primary,
    /// Milliseconds since the epoch.
    date_created: Time,
}

fn shown<Primary, Time>(identity: &Identity, primary: Primary, date_created: Time) -> Shown<'_, Primary, Time> {
    Shown {
        user_id: &identity.user_id,
        provider_name: &identity.provider,
        provider_type: &identity.kind,
        issuer: identity.issuer.as_deref(),
        primary,
        date_created,
    }
}

/// The attribute, as JSON. None: the user is nobody elsewhere.
pub(crate) fn text(user: &User) -> Option<String> {
    let all = &user.doc.identities;
    let entries: Vec<_> = all
        .iter()
        .map(|identity| shown(identity, identity.primary, identity.created.millis()))
        .collect();
    serde_json::to_string(&entries).ok().filter(|_| !all.is_empty())
}

/// The claim of ID tokens, whose values are texts. None: the user is nobody elsewhere.
pub(crate) fn claim(user: &User) -> Option<Value> {
    let all = &user.doc.identities;
    let entries: Vec<_> = all
        .iter()
        .map(|identity| {
            shown(
                identity,
                identity.primary.to_string(),
                identity.created.millis().to_string(),
            )
        })
        .collect();
    serde_json::to_value(entries).ok().filter(|_| !all.is_empty())
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;
    use serde_json::json;
    use store::records::status::Status;

    use super::*;
    use crate::tests::somebody::somebody;

    #[test]
    fn the_claim_tells_texts() {
        let mut user = somebody(Status::Confirmed);
        assert_eq!((text(&user), claim(&user)), (None, None));
        let google = Identity {
            provider: "Google".to_owned(),
            kind: "Google".to_owned(),
            issuer: None,
            user_id: "A \"1\"".to_owned(),
            primary: true,
            created: Timestamp::from_secs(1_768_478_400),
        };
        let saml = Identity {
            provider: "Corporate".to_owned(),
            kind: "SAML".to_owned(),
            issuer: Some("https://idp.example.com".to_owned()),
            user_id: "ana".to_owned(),
            primary: false,
            created: Timestamp::from_secs(1_768_478_401),
        };
        user.doc.identities = vec![google, saml];
        assert_eq!(
            text(&user).unwrap(),
            r#"[{"userId":"A \"1\"","providerName":"Google","providerType":"Google","issuer":null,"primary":true,"dateCreated":1768478400000},{"userId":"ana","providerName":"Corporate","providerType":"SAML","issuer":"https://idp.example.com","primary":false,"dateCreated":1768478401000}]"#
        );
        assert_eq!(
            claim(&user).unwrap(),
            json!([
                {
                    "userId": "A \"1\"", "providerName": "Google", "providerType": "Google", "issuer": null,
                    "primary": "true", "dateCreated": "1768478400000",
                },
                {
                    "userId": "ana", "providerName": "Corporate", "providerType": "SAML",
                    "issuer": "https://idp.example.com", "primary": "false", "dateCreated": "1768478401000",
                },
            ])
        );
    }
}
