//! What a provider says becomes attributes as the pool maps them, and nothing else does. Reference: oauth-and-federation 10.5, 17.4.

use federation::Arrival;
use serde_json::json;
use testkit::merged;

use super::{CORP, arrival, arrives, arrives_at, attributes, pairs, people, provide, refused};

const MAIL: (&str, &str) = ("mail", "ana@example.com");

fn schema() -> serde_json::Value {
    json!({"Schema": [
        {"Name": "role", "AttributeDataType": "String", "Mutable": true},
        {"Name": "badge", "AttributeDataType": "String", "Mutable": false},
        {"Name": "age", "AttributeDataType": "Number", "Mutable": true},
    ]})
}

#[tokio::test]
async fn what_is_not_mapped_is_not_said() {
    let people = people(schema(), json!({})).await;
    let said = [
        MAIL,
        ("sub", "1"),
        ("email", "other@example.com"),
        ("email_verified", "true"),
        ("phone_number", "+15550100"),
        ("custom:role", "admin"),
        ("role", "admin"),
        ("cognito:groups", "admins"),
        ("cognito:user_status", "CONFIRMED"),
        ("identities", "[]"),
        ("username", "admin"),
    ];
    let mail = pairs([("email", "ana@example.com"), ("email_verified", "false")]);
    for _ in 0..2 {
        arrives(&people, "ana", &said).await.unwrap();
        assert_eq!(attributes(&people, "corp_ana").await, mail);
    }
    for (name, sentence) in [
        ("sub", "The attribute sub cannot be mapped."),
        ("identities", "The attribute identities cannot be mapped."),
        ("cognito:groups", "The attribute cognito:groups cannot be mapped."),
    ] {
        let mapping = json!({"ProviderName": CORP, "AttributeMapping": {name: "mail"}});
        let answer = people.admin("UpdateIdentityProvider", mapping).await;
        answer.refused("InvalidParameterException", sentence);
    }
}

#[tokio::test]
async fn values_are_renewed_and_what_is_not_said_stays() {
    let mapping = json!({"AttributeMapping": {"email": "mail", "email_verified": "checked", "name": "name"}});
    let people = people(json!({}), mapping).await;
    for (said, expected) in [
        (
            vec![MAIL, ("checked", "true"), ("name", "Ana")],
            pairs([
                ("email", "ana@example.com"),
                ("email_verified", "true"),
                ("name", "Ana"),
            ]),
        ),
        (
            vec![("name", "")],
            pairs([
                ("email", "ana@example.com"),
                ("email_verified", "true"),
                ("name", "Ana"),
            ]),
        ),
        // The same address stays proven, another one is not.
        (
            vec![MAIL, ("name", "Ana B")],
            pairs([
                ("email", "ana@example.com"),
                ("email_verified", "true"),
                ("name", "Ana B"),
            ]),
        ),
        (
            vec![("mail", "new@example.com")],
            pairs([
                ("email", "new@example.com"),
                ("email_verified", "false"),
                ("name", "Ana B"),
            ]),
        ),
        (
            vec![("mail", "new@example.com"), ("checked", "True")],
            pairs([
                ("email", "new@example.com"),
                ("email_verified", "true"),
                ("name", "Ana B"),
            ]),
        ),
        (
            vec![("mail", "new@example.com"), ("checked", "no")],
            pairs([
                ("email", "new@example.com"),
                ("email_verified", "false"),
                ("name", "Ana B"),
            ]),
        ),
    ] {
        arrives(&people, "ana", &said).await.unwrap();
        assert_eq!(attributes(&people, "corp_ana").await, expected, "{said:?}");
    }
    // A flag without an address says nothing.
    arrives(&people, "bob", &[("checked", "true")]).await.unwrap();
    assert_eq!(attributes(&people, "corp_bob").await, pairs([]));
}

#[tokio::test]
async fn what_the_pool_requires_must_be_said() {
    let required = |name: &str| json!({"Name": name, "AttributeDataType": "String", "Required": true, "Mutable": true});
    let pool = json!({"Schema": [required("email"), required("name")]});
    let mapping = json!({"AttributeMapping": {"email": "mail", "name": "name"}});
    let people = people(pool, mapping).await;
    refused(
        arrives(&people, "ana", &[("name", "Ana")]).await,
        "attributes required: [email]",
    );
    refused(arrives(&people, "ana", &[]).await, "attributes required: [email, name]");
    assert!(arrives(&people, "ana", &[MAIL, ("name", "Ana")]).await.is_ok());
    // Who has it need not bring it again.
    assert!(arrives(&people, "ana", &[]).await.is_ok());
}

#[tokio::test]
async fn what_can_be_set_once_comes_with_the_first_sign_in_alone() {
    let mapping = json!({"AttributeMapping": {"custom:badge": "badge", "email": "mail"}});
    let people = people(schema(), mapping).await;
    arrives(&people, "ana", &[("badge", "7"), MAIL]).await.unwrap();
    assert_eq!(people.attribute("corp_ana", "custom:badge").await.unwrap(), "7");
    for badge in ["7", "8"] {
        let later = arrives(&people, "ana", &[("badge", badge), ("mail", "new@example.com")]).await;
        refused(later, "user.custom:badge: Attribute cannot be updated.\n ");
    }
    assert_eq!(people.attribute("corp_ana", "email").await.unwrap(), "ana@example.com");
    assert!(arrives(&people, "ana", &[("mail", "new@example.com")]).await.is_ok());
}

#[tokio::test]
async fn what_the_client_may_not_write_is_left_out() {
    let people = people(
        schema(),
        json!({"AttributeMapping": {"email": "mail", "email_verified": "checked", "custom:role": "role", "name": "name"}}),
    )
    .await;
    let narrow = json!({"ClientId": people.client, "WriteAttributes": ["name"]});
    people.admin("UpdateUserPoolClient", narrow).await.ok();
    let said = [MAIL, ("checked", "true"), ("role", "admin"), ("name", "Ana")];
    for _ in 0..2 {
        arrives(&people, "ana", &said).await.unwrap();
        assert_eq!(attributes(&people, "corp_ana").await, pairs([("name", "Ana")]));
    }
}

#[tokio::test]
async fn values_fit_the_schema() {
    let mapping = json!({"AttributeMapping": {
        "email": "mail", "custom:age": "age", "custom:role": "role", "phone_number": "phone",
    }});
    let people = people(schema(), mapping).await;
    let (fits, long) = ("a".repeat(2048), "a".repeat(2049));
    for (said, sentence) in [
        (("age", "old"), "user.custom:age: Number value could not be parsed\n "),
        (("mail", "nobody"), "Invalid email address format."),
        (("phone", "12"), "Invalid phone number format."),
        (
            ("role", long.as_str()),
            "The value of the attribute custom:role must have a length less than or equal to 2048 characters",
        ),
    ] {
        refused(arrives(&people, "ana", &[said]).await, sentence);
    }
    assert!(arrives(&people, "ana", &[("role", &fits), ("age", "7")]).await.is_ok());
    assert!(arrives(&people, "ana", &[("role", "\u{1f981}")]).await.is_ok());
}

#[tokio::test]
async fn an_address_that_nobody_vouches_for_takes_nobodys_name() {
    for names in [
        json!({"UsernameAttributes": ["email"]}),
        json!({"AliasAttributes": ["email"]}),
    ] {
        let pool = merged(names.clone(), json!({"AutoVerifiedAttributes": ["email"]}));
        let mapping = json!({"AttributeMapping": {"email": "mail", "email_verified": "checked"}});
        let people = people(pool, mapping).await;
        let of_pool = names.get("UsernameAttributes").is_some();
        // Whoever says so elsewhere keeps nobody from their own address.
        arrives(&people, "eve", &[MAIL]).await.unwrap();
        let name = if of_pool { "ana@example.com" } else { "ana" };
        people.sign_up(name, &[("email", "ana@example.com")]).await.ok();
        let code = people.app.code_for("ana@example.com").await;
        people.confirm(name, &code).await.ok();
        let ana = people.attribute("ana@example.com", "sub").await.unwrap();
        arrives(&people, "eve", &[MAIL]).await.unwrap();
        // What is vouched for would be hers.
        let sentence = if of_pool {
            "An account with the given email already exists."
        } else {
            "An account with the email already exists."
        };
        for subject in ["eve", "bob"] {
            refused(arrives(&people, subject, &[MAIL, ("checked", "true")]).await, sentence);
        }
        assert_eq!(
            people.attribute("ana@example.com", "sub").await.unwrap(),
            ana,
            "{names}"
        );
        assert_eq!(
            people.attribute("ana@example.com", "email_verified").await.unwrap(),
            "true"
        );
        // An address of their own that is vouched for is a name of theirs.
        let own = [("mail", "eve@example.com"), ("checked", "true")];
        let eve = arrives(&people, "eve", &own).await.unwrap();
        assert_eq!(
            people.attribute("EVE@example.com", "sub").await.unwrap(),
            eve.user.sub.to_string()
        );
    }
}

#[tokio::test]
async fn a_level_of_the_providers_is_one_of_the_pools() {
    let pool = json!({"AcrConfiguration": {"Level3": {"AcrValue": "strong"}}});
    let people = people(pool, json!({"AcrMapping": {"Level3": "gold", "Level2": "silver"}})).await;
    provide(&people, "Plain", json!({})).await;
    for (provider, level, acr) in [
        (CORP, Some("gold"), "strong"),
        (CORP, Some("silver"), "urn:cognito:loa:2"),
        (CORP, Some("urn:cognito:loa:4"), "urn:cognito:loa:1"),
        (CORP, None, "urn:cognito:loa:1"),
        ("Plain", Some("gold"), "urn:cognito:loa:1"),
    ] {
        let arrival = Arrival {
            level: level.map(str::to_owned),
            ..arrival("ana", &[])
        };
        let signed_in = arrives_at(&people.app.pools, &people, provider, arrival).await.unwrap();
        let doc = &signed_in.login.row.doc;
        assert_eq!(doc.acr.as_deref(), Some(acr), "{provider} {level:?}");
        assert_eq!(doc.amr, ["fed"]);
    }
}
