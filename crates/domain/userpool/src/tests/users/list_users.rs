//! ListUsers: filters, attributes, pages. Reference: user-pools 4.10.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::tests::people::{People, list};

async fn crowd() -> People {
    let people = People::of(json!({})).await;
    let users = [
        (
            "ana",
            vec![
                ("email", "ana@example.com"),
                ("name", "Ana \"A\""),
                ("given_name", "Ana"),
            ],
        ),
        (
            "ben",
            vec![
                ("email", "ben@example.com"),
                ("phone_number", "+12065550100"),
                ("family_name", "Berg"),
            ],
        ),
        (
            "berta",
            vec![
                ("email", "berta@example.org"),
                ("phone_number", "+12065550101"),
                ("preferred_username", "b"),
            ],
        ),
        ("Ben", vec![("name", "Ana")]),
    ];
    for (name, attributes) in users {
        let input = json!({"Username": name, "UserAttributes": list(&attributes), "MessageAction": "SUPPRESS"});
        people.admin("AdminCreateUser", input).await.ok();
    }
    people
        .admin("AdminDisableUser", json!({"Username": "berta"}))
        .await
        .ok();
    people.sign_up("eva", &[]).await.ok();
    people
}

fn names(answer: &Value) -> BTreeSet<&str> {
    answer["Users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["Username"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn filters() {
    let people = crowd().await;
    let sub = testkit::text(&people.user("ana").await, "/UserAttributes/0/Value");
    let all = ["Ben", "ana", "ben", "berta", "eva"];
    let own = format!("sub = \"{sub}\"");
    let own_prefix = format!("sub ^= \"{}\"", &sub[..20]);
    let cases: [(&str, &[&str]); 30] = [
        ("", &all),
        ("username = \"ben\"", &["ben"]),
        ("username ^= \"be\"", &["ben", "berta"]),
        ("username ^= \"\"", &all),
        ("email = \"ana@example.com\"", &["ana"]),
        ("email=\"ana@example.com\"", &["ana"]),
        ("email ^= \"b\"", &["ben", "berta"]),
        ("email ^= \"\"", &["ana", "ben", "berta"]),
        ("email = \"\"", &[]),
        ("email = \"ANA@Example.com\"", &["ana"]),
        ("email ^= \"BEN@\"", &["ben"]),
        ("given_name = \"aNA\"", &["ana"]),
        ("family_name ^= \"bER\"", &["ben"]),
        ("preferred_username = \"B\"", &["berta"]),
        ("name ^= \"aNA\"", &["Ben", "ana"]),
        ("username = \"BEN\"", &[]),
        ("phone_number ^= \"+1206555\"", &["ben", "berta"]),
        ("name = \"Ana \\\"A\\\"\"", &["ana"]),
        ("name ^= \"Ana\"", &["Ben", "ana"]),
        ("given_name = \"Ana\"", &["ana"]),
        ("family_name ^= \"B\"", &["ben"]),
        ("preferred_username = \"b\"", &["berta"]),
        (
            "cognito:user_status = \"force_change_password\"",
            &["Ben", "ana", "ben", "berta"],
        ),
        ("cognito:user_status ^= \"UNC\"", &["eva"]),
        ("status = \"Enabled\"", &["Ben", "ana", "ben", "eva"]),
        ("status = \"Disabled\"", &["berta"]),
        ("status ^= \"Dis\"", &["berta"]),
        ("status = \"disabled\"", &[]),
        (&own, &["ana"]),
        (&own_prefix, &["ana"]),
    ];
    for (filter, expected) in cases {
        let answer = people.admin("ListUsers", json!({"Filter": filter})).await.ok();
        assert_eq!(names(&answer), expected.iter().copied().collect(), "{filter}");
        // The same page by page.
        let mut token = None;
        let mut found = Vec::new();
        loop {
            let mut input = json!({"Filter": filter, "Limit": 1});
            if let Some(token) = token {
                input["PaginationToken"] = token;
            }
            let page = people.admin("ListUsers", input).await.ok();
            assert!(names(&page).len() <= 1);
            found.extend(names(&page).into_iter().map(str::to_owned));
            token = page.get("PaginationToken").cloned();
            if token.is_none() {
                break;
            }
        }
        assert_eq!(found.len(), expected.len(), "{filter}");
        assert_eq!(
            found.iter().map(String::as_str).collect::<BTreeSet<_>>(),
            expected.iter().copied().collect()
        );
    }
}

#[tokio::test]
async fn what_lists_refuse() {
    let people = crowd().await;
    let parse = "Error while parsing filter.";
    let cases = [
        (json!({"Filter": "email"}), parse),
        (json!({"Filter": "email = ana"}), parse),
        (json!({"Filter": "email = \"a\" or name = \"b\""}), parse),
        (
            json!({"Filter": "custom:tier = \"gold\""}),
            "Input fails to satisfy the constraints.",
        ),
        (
            json!({"AttributesToGet": ["email", "custom:tier"]}),
            "One or more requested attributes do not exist.",
        ),
        (json!({"PaginationToken": "abc"}), "Invalid pagination token given."),
    ];
    for (input, sentence) in cases {
        people
            .admin("ListUsers", input)
            .await
            .refused("InvalidParameterException", sentence);
    }
    // A token continues the list that gave it, no other.
    let page = people
        .admin("ListUsers", json!({"Limit": 1, "Filter": "email ^= \"\""}))
        .await
        .ok();
    let token = &page["PaginationToken"];
    for input in [
        json!({"PaginationToken": token}),
        json!({"PaginationToken": token, "Filter": "name ^= \"\""}),
    ] {
        people
            .admin("ListUsers", input)
            .await
            .refused("InvalidParameterException", "Invalid pagination token given.");
    }
    people
        .app
        .admin
        .call("ListUsers", json!({"UserPoolId": "eu-west-1_nobody000"}))
        .await
        .refused(
            "ResourceNotFoundException",
            "User pool eu-west-1_nobody000 does not exist.",
        );
}

#[tokio::test]
async fn only_the_attributes_that_were_asked_for() {
    let people = crowd().await;
    let filter = "username = \"ana\"";
    let cases = [
        (
            json!({"Filter": filter, "AttributesToGet": ["email"]}),
            list(&[("email", "ana@example.com")]),
        ),
        (json!({"Filter": filter, "AttributesToGet": ["birthdate"]}), json!([])),
        (json!({"Filter": filter, "AttributesToGet": []}), json!([])),
    ];
    for (input, expected) in cases {
        let answer = people.admin("ListUsers", input).await.ok();
        let user = &answer["Users"][0];
        assert_eq!(user["Attributes"], expected);
        for member in [
            "Username",
            "UserCreateDate",
            "UserLastModifiedDate",
            "Enabled",
            "UserStatus",
        ] {
            assert!(!user[member].is_null(), "{member}");
        }
    }
}
