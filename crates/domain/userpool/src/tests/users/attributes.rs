//! Changing and deleting attributes, by users and by administrators. Reference: user-pools 2.4, 3.6, 4.8.

use serde_json::{Value, json};
use testkit::Answer;

use crate::tests::people::{People, list, value};

pub(super) async fn update(people: &People, token: &str, attributes: &[(&str, &str)]) -> Answer {
    let input = json!({"UserAttributes": list(attributes)});
    people.with_token(token, "UpdateUserAttributes", input).await
}

#[tokio::test]
async fn a_user_changes_attributes_and_a_blank_deletes() {
    let people = People::of(json!({})).await;
    people
        .member("ana", &[("email", "ana@example.com"), ("name", "Ana")])
        .await;
    let token = people.token("ana").await;
    let answer = update(
        &people,
        &token,
        &[("name", "Anna"), ("nickname", "A"), ("email", "new@example.com")],
    )
    .await
    .ok();
    // Nothing is auto-verified here.
    assert_eq!(answer, json!({"CodeDeliveryDetailsList": []}));
    assert_eq!(people.attribute("ana", "name").await.as_deref(), Some("Anna"));
    assert_eq!(
        people.attribute("ana", "email").await.as_deref(),
        Some("new@example.com")
    );
    update(&people, &token, &[("name", ""), ("email", "")]).await.ok();
    let attributes = &people.user("ana").await["UserAttributes"];
    assert_eq!(value(attributes, "name"), None);
    assert_eq!(value(attributes, "email"), None);
    assert_eq!(value(attributes, "email_verified"), None);
    assert_eq!(value(attributes, "nickname").as_deref(), Some("A"));
    people.set("ana", &[("email_verified", "true")]).await.refused(
        "InvalidParameterException",
        "email is required to set email_verified to true.",
    );
    // Of a name given twice the last value counts.
    update(&people, &token, &[("name", "one"), ("name", "two")]).await.ok();
    assert_eq!(people.attribute("ana", "name").await.as_deref(), Some("two"));
}

fn schema() -> Value {
    json!({"Schema": [
        {"Name": "email", "Required": true},
        {"Name": "badge", "AttributeDataType": "String", "Mutable": false},
        {"Name": "level", "AttributeDataType": "Number", "Mutable": true,
         "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "9"}},
        {"Name": "motto", "AttributeDataType": "String", "Mutable": true,
         "StringAttributeConstraints": {"MinLength": "4", "MaxLength": "9"}},
        {"Name": "inner", "AttributeDataType": "String", "Mutable": true, "DeveloperOnlyAttribute": true},
    ]})
}

#[tokio::test]
async fn what_updates_refuse() {
    let people = People::of(schema()).await;
    people
        .member("ana", &[("email", "ana@example.com"), ("custom:badge", "7")])
        .await;
    let token = people.token("ana").await;
    let forbidden = (
        "NotAuthorizedException",
        "A client attempted to write unauthorized attribute",
    );
    let invalid = |sentence: &'static str| ("InvalidParameterException", sentence);
    // What a user is told, and what an administrator; None where it is allowed.
    let cases = [
        (("email_verified", "true"), Some(forbidden), None),
        (("dev:custom:inner", "x"), Some(forbidden), None),
        (
            ("sub", "me"),
            Some(invalid("Cannot modify the non-mutable attribute sub")),
            Some(invalid("Cannot modify the non-mutable attribute sub")),
        ),
        (
            ("sub", ""),
            Some(invalid("Cannot modify the non-mutable attribute sub")),
            Some(invalid("Cannot modify the non-mutable attribute sub")),
        ),
        (
            ("username", "me"),
            Some(invalid("user.username: Attribute does not exist in the schema.\n")),
            Some(invalid("user.username: Attribute does not exist in the schema.\n")),
        ),
        (
            ("custom:badge", "8"),
            Some(invalid("user.custom:badge: Attribute cannot be updated.\n")),
            Some(invalid("user.custom:badge: Attribute cannot be updated.\n")),
        ),
        (
            ("email", "ana"),
            Some(invalid("Invalid email address format.")),
            Some(invalid("Invalid email address format.")),
        ),
        (
            ("phone_number", "12"),
            Some(invalid("Invalid phone number format.")),
            Some(invalid("Invalid phone number format.")),
        ),
        (
            ("phone_number_verified", "true"),
            Some(forbidden),
            Some(invalid(
                "phone_number is required to set phone_number_verified to true.",
            )),
        ),
    ];
    for (attribute, for_user, for_admin) in cases {
        for (answer, expected) in [
            (update(&people, &token, &[attribute]).await, for_user),
            (people.set("ana", &[attribute]).await, for_admin),
        ] {
            match expected {
                Some((code, sentence)) => answer.refused(code, sentence),
                None => drop(answer.ok()),
            }
        }
    }
    assert_eq!(people.attribute("ana", "custom:badge").await.as_deref(), Some("7"));
    assert_eq!(
        people.attribute("ana", "email").await.as_deref(),
        Some("ana@example.com")
    );
    let unknown = people.set("nobody", &[("name", "x")]).await;
    unknown.refused("UserNotFoundException", "User does not exist.");
    let forged = update(&people, "abc.def.ghi", &[("name", "x")]).await;
    forged.refused("NotAuthorizedException", "Invalid Access Token");
}

#[tokio::test]
async fn what_breaks_the_schema_is_named_without_a_head() {
    let people = People::of(schema()).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    let token = people.token("ana").await;
    // The same for both; SignUp's breaches have a head.
    let cases = [
        (
            list(&[("custom:level", "10")]),
            "user.custom:level: Number must be no greater than 9\n",
        ),
        (
            list(&[("custom:level", "x")]),
            "user.custom:level: Number value could not be parsed\n",
        ),
        (
            list(&[("custom:motto", "abc")]),
            "user.custom:motto: String must be no shorter than 4 characters\n",
        ),
        (
            list(&[("email", "")]),
            "Invalid user attributes: email: Required attribute cannot be deleted.",
        ),
        (
            list(&[("custom:boat", "1"), ("custom:pier", "1")]),
            "user.custom:boat: Attribute does not exist in the schema.\n\
             user.custom:pier: Attribute does not exist in the schema.\n",
        ),
        (json!([{"Name": "name"}]), "Attribute value for name must not be null"),
        (
            json!([{"Name": "name"}, {"Name": "sub"}]),
            "Cannot modify the non-mutable attribute sub",
        ),
    ];
    for (attributes, sentence) in cases {
        let input = json!({"UserAttributes": attributes});
        let by_user = people.with_token(&token, "UpdateUserAttributes", input).await;
        by_user.refused("InvalidParameterException", sentence);
        let input = json!({"Username": "ana", "UserAttributes": attributes});
        let by_admin = people.admin("AdminUpdateUserAttributes", input).await;
        by_admin.refused("InvalidParameterException", sentence);
    }
    // A blank deletes whatever MinLength says.
    people.set("ana", &[("custom:motto", "abcd")]).await.ok();
    update(&people, &token, &[("custom:motto", "")]).await.ok();
    assert_eq!(people.attribute("ana", "custom:motto").await, None);
}

#[tokio::test]
async fn deletion_by_name() {
    let people = People::of(schema()).await;
    let given = [
        ("email", "ana@example.com"),
        ("custom:badge", "7"),
        ("phone_number", "+12065550100"),
        ("name", "A"),
    ];
    people.member("ana", &given).await;
    let token = people.token("ana").await;
    let by_user =
        |names: Value| people.with_token(&token, "DeleteUserAttributes", json!({"UserAttributeNames": names}));
    let by_admin = |names: Value| {
        people.admin(
            "AdminDeleteUserAttributes",
            json!({"Username": "ana", "UserAttributeNames": names}),
        )
    };
    let unknown = "Invalid user attributes: user.custom:x: Attribute does not exist in the schema.\n\
                   user.y: Attribute does not exist in the schema.\n";
    let cases = [
        (json!(["custom:x", "name", "y"]), unknown),
        (
            json!(["custom:badge"]),
            "user.custom:badge: Attribute cannot be updated.\n",
        ),
        (
            json!(["email"]),
            "Invalid user attributes: email: Required attribute cannot be deleted.",
        ),
    ];
    for (names, sentence) in cases {
        by_user(names.clone())
            .await
            .refused("InvalidParameterException", sentence);
        by_admin(names).await.refused("InvalidParameterException", sentence);
    }
    assert_eq!(by_user(json!(["name"])).await.ok(), json!({}));
    assert_eq!(by_admin(json!(["phone_number"])).await.ok(), json!({}));
    let nobody = json!({"Username": "nobody", "UserAttributeNames": ["name"]});
    let unknown = people.admin("AdminDeleteUserAttributes", nobody).await;
    unknown.refused("UserNotFoundException", "User does not exist.");
    let attributes = &people.user("ana").await["UserAttributes"];
    for gone in ["name", "phone_number", "phone_number_verified"] {
        assert_eq!(value(attributes, gone), None, "{gone}");
    }
    let forbidden = by_user(json!(["email_verified"])).await;
    forbidden.refused(
        "NotAuthorizedException",
        "A client attempted to write unauthorized attribute",
    );
}

#[tokio::test]
async fn racing_updates_lose_nothing() {
    let people = People::of(json!({})).await;
    people.member("ana", &[]).await;
    let (one, two, three) = tokio::join!(
        people.set("ana", &[("name", "Ana")]),
        people.set("ana", &[("nickname", "A")]),
        people.set("ana", &[("locale", "pt")]),
    );
    for answer in [one, two, three] {
        answer.ok();
    }
    let attributes = &people.user("ana").await["UserAttributes"];
    for (name, expected) in [("name", "Ana"), ("nickname", "A"), ("locale", "pt")] {
        assert_eq!(value(attributes, name).as_deref(), Some(expected));
    }
}
