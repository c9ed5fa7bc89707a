//! A client that changes from one secret to another. Reference: user-pools 3.3.

use std::time::Duration;

use kernel::PoolId;
use serde_json::{Value, json};
use store::records::client_secrets;
use testkit::{Answer, Call, merged, text};

use super::settings::describe;
use crate::tests::{
    app::App,
    entry::secret_hash,
    people::{PASSWORD, People},
};

const GIVEN: &str = "a_secret_of_their_own_12345678";
const INVALID: &str = "InvalidParameterException";
const NOT_FOUND: &str = "ResourceNotFoundException";
const TOO_MANY: (&str, &str) = (
    "LimitExceededException",
    "A user pool client cannot have more than 2 client secrets.",
);
const LAST: (&str, &str) = (
    INVALID,
    "The last client secret of a user pool client cannot be deleted.",
);

/// A client with a secret, and calls about its secrets.
struct Bed {
    app: App,
    pool: String,
    client: String,
}

impl Bed {
    async fn new() -> Self {
        let app = App::new().await;
        let pool = app.pool(json!({})).await;
        let client = app.client(&pool, json!({"GenerateSecret": true})).await;
        app.advance(Duration::from_secs(1));
        Self { app, pool, client }
    }

    async fn call(&self, operation: &str, input: Value) -> Answer {
        let named = json!({"UserPoolId": self.pool, "ClientId": self.client});
        self.app.admin.call(operation, merged(named, input)).await
    }

    async fn add(&self, input: Value) -> Answer {
        self.call("AddUserPoolClientSecret", input).await
    }

    async fn delete(&self, id: &str) -> Answer {
        self.call("DeleteUserPoolClientSecret", json!({"ClientSecretId": id}))
            .await
    }

    async fn ids(&self) -> Vec<String> {
        let listed = self.call("ListUserPoolClientSecrets", json!({})).await.ok();
        let secrets = listed["ClientSecrets"].as_array().unwrap();
        secrets.iter().map(|secret| text(secret, "/ClientSecretId")).collect()
    }
}

#[tokio::test]
async fn a_secret_is_added_listed_and_deleted() {
    let bed = Bed::new().await;
    let first = text(&describe(&bed.app, &bed.pool, &bed.client).await, "/ClientSecret");
    let added = bed.add(json!({})).await.ok()["ClientSecretDescriptor"].clone();
    let (id, second) = (text(&added, "/ClientSecretId"), text(&added, "/ClientSecretValue"));
    assert_eq!(second.len(), 52);
    assert_ne!(second, first);
    assert_eq!(id, format!("{}--1768478401000", bed.client));
    assert_eq!(added["ClientSecretCreateDate"], 1_768_478_401);

    let original = format!("{}--1768478400000", bed.client);
    let listed = bed.call("ListUserPoolClientSecrets", json!({})).await.ok();
    let expected = json!({"ClientSecrets": [
        {"ClientSecretId": original, "ClientSecretCreateDate": 1_768_478_400},
        {"ClientSecretId": id, "ClientSecretCreateDate": 1_768_478_401},
    ]});
    assert_eq!(listed, expected, "without the values");
    // Whoever has not changed yet reads the one that is in use.
    assert_eq!(
        describe(&bed.app, &bed.pool, &bed.client).await["ClientSecret"],
        first.as_str()
    );
    bed.add(json!({})).await.refused_as(TOO_MANY);

    assert_eq!(bed.delete(&original).await.ok(), json!({}));
    assert_eq!(
        describe(&bed.app, &bed.pool, &bed.client).await["ClientSecret"],
        second.as_str()
    );
    bed.delete(&original)
        .await
        .refused(NOT_FOUND, &format!("Client secret {original} does not exist."));
    bed.delete(&id).await.refused_as(LAST);
    assert_eq!(bed.ids().await, [id]);
}

#[tokio::test]
async fn a_secret_may_be_the_callers() {
    let bed = Bed::new().await;
    for (given, rule) in [
        ("short", "length greater than or equal to 24"),
        ("", "length greater than or equal to 24"),
        (&"a".repeat(65), "length less than or equal to 64"),
        (
            "a-secret-with-dashes-in-it",
            r"satisfy regular expression pattern: [\w+]+",
        ),
    ] {
        let refused = bed.add(json!({"ClientSecret": given})).await;
        assert_eq!(refused.code(), INVALID);
        assert!(refused.sentence().contains(rule), "{}", refused.sentence());
        assert!(given.is_empty() || !refused.sentence().contains(given), "{given}");
    }
    let added = bed.add(json!({"ClientSecret": GIVEN})).await.ok()["ClientSecretDescriptor"].clone();
    assert_eq!(added.get("ClientSecretValue"), None, "the caller knows it");
    let ids = bed.ids().await;
    bed.delete(&ids[0]).await.ok();
    assert_eq!(describe(&bed.app, &bed.pool, &bed.client).await["ClientSecret"], GIVEN);
    bed.add(json!({"ClientSecret": GIVEN}))
        .await
        .refused(INVALID, "The user pool client already has this client secret.");
    let rows = bed
        .app
        .store
        .read({
            let pool = PoolId::new(bed.pool.as_str());
            move |r| client_secrets::all(r, &pool)
        })
        .await
        .unwrap();
    let sealed = &rows[0].secret;
    assert!(!sealed.windows(GIVEN.len()).any(|part| part == GIVEN.as_bytes()));
}

#[tokio::test]
async fn clients_without_a_secret_get_none() {
    let bed = Bed::new().await;
    let public = bed.app.client(&bed.pool, json!({})).await;
    bed.add(json!({"ClientId": public})).await.refused(
        INVALID,
        "A client secret cannot be added to a user pool client that was created without one.",
    );
    let listed = bed
        .call("ListUserPoolClientSecrets", json!({"ClientId": public}))
        .await
        .ok();
    assert_eq!(listed, json!({"ClientSecrets": []}));
    // Another client's secret is nobody's to delete by this one.
    let id = bed.ids().await.remove(0);
    let input = json!({"ClientId": public, "ClientSecretId": id});
    bed.call("DeleteUserPoolClientSecret", input)
        .await
        .refused(NOT_FOUND, &format!("Client secret {id} does not exist."));
    for operation in [
        "AddUserPoolClientSecret",
        "ListUserPoolClientSecrets",
        "DeleteUserPoolClientSecret",
    ] {
        let input = json!({"ClientId": "nobody", "ClientSecretId": "x"});
        bed.call(operation, input)
            .await
            .refused(NOT_FOUND, "User pool client nobody does not exist.");
        let input = json!({"UserPoolId": "eu-west-1_None", "ClientSecretId": "x"});
        bed.call(operation, input)
            .await
            .refused(NOT_FOUND, "User pool eu-west-1_None does not exist.");
    }
}

/// An id that an administrator pinned may leave no room for the time.
#[tokio::test]
async fn a_secret_of_a_long_client_id_can_be_deleted() {
    let app = App::new().await;
    let long = "c".repeat(128);
    let tags = json!({"_custom_id_:web": long});
    let pool = app.pool(json!({ "UserPoolTags": tags })).await;
    let client = app.client(&pool, json!({"GenerateSecret": true})).await;
    let bed = Bed { app, pool, client };
    // In the same millisecond.
    bed.add(json!({})).await.ok();
    let ids = bed.ids().await;
    assert!(ids[0] != ids[1] && ids.iter().all(|id| id.len() <= 128), "{ids:?}");
    bed.delete(&ids[0]).await.ok();
    assert_eq!(bed.ids().await, ids[1..]);
}

#[tokio::test]
async fn either_secret_counts_until_it_is_deleted() {
    let people = People::with_all_flows(json!({}), json!({"GenerateSecret": true})).await;
    let named = json!({"ClientId": people.client});
    let described = people.admin("DescribeUserPoolClient", named.clone()).await.ok();
    let first = text(&described, "/UserPoolClient/ClientSecret");
    let added = people.admin("AddUserPoolClientSecret", named.clone()).await.ok();
    let second = text(&added, "/ClientSecretDescriptor/ClientSecretValue");
    let ana = json!({"Username": "ana", "MessageAction": "SUPPRESS"});
    people.admin("AdminCreateUser", ana).await.ok();
    let password = json!({"Username": "ana", "Password": PASSWORD, "Permanent": true});
    people.admin("AdminSetUserPassword", password).await.ok();

    let client = people.client.as_str();
    let sign_in = async |secret: &str| {
        let hash = secret_hash(secret, "ana", client);
        let parameters = json!({"USERNAME": "ana", "PASSWORD": PASSWORD, "SECRET_HASH": hash});
        people.initiate("USER_PASSWORD_AUTH", parameters).await
    };
    let refresh = async |token: &str, secret: &str| {
        let input = json!({"RefreshToken": token, "ClientSecret": secret});
        people.public("GetTokensFromRefreshToken", input).await
    };
    let mut token = String::new();
    for secret in [&first, &second] {
        let answer = sign_in(secret).await.ok();
        token = text(&answer, "/AuthenticationResult/RefreshToken");
        refresh(&token, secret).await.ok();
    }

    let id = text(&added, "/ClientSecretDescriptor/ClientSecretId");
    let delete = merged(named, json!({"ClientSecretId": id}));
    people.admin("DeleteUserPoolClientSecret", delete).await.ok();
    let wrong = format!("Unable to verify secret hash for client {client}");
    sign_in(&second).await.refused("NotAuthorizedException", &wrong);
    let wrong = format!("Unable to verify the client secret for client {client}");
    refresh(&token, &second).await.refused("NotAuthorizedException", &wrong);
    let revoke = json!({"Token": token, "ClientSecret": second});
    people
        .public("RevokeToken", revoke)
        .await
        .refused("UnauthorizedException", "Unauthorized client.");
    sign_in(&first).await.ok();
}

/// Whichever comes first, a client has one secret or two.
#[tokio::test]
async fn changes_at_once_leave_one_or_two() {
    for _ in 0..5 {
        let bed = Bed::new().await;
        let (pools, other) = (bed.app.pools.clone(), bed.app.neighbour());
        let named = json!({"UserPoolId": bed.pool, "ClientId": bed.client});
        let at = async |node: &crate::UserPools, operation: &str, input: Value| {
            Call::of(&crate::ops::TABLE, operation, merged(named.clone(), input))
                .on(node, &bed.app.cx())
                .await
        };
        let add = async |node| at(node, "AddUserPoolClientSecret", json!({})).await;
        let (a, b, c) = tokio::join!(add(&pools), add(&other), add(&pools));
        let refused: Vec<Answer> = [a, b, c].into_iter().filter(|answer| answer.result.is_err()).collect();
        assert_eq!(refused.len(), 2, "{refused:?}");
        for answer in refused {
            answer.refused_as(TOO_MANY);
        }

        let ids = bed.ids().await;
        let delete = async |node, id: &str| at(node, "DeleteUserPoolClientSecret", json!({"ClientSecretId": id})).await;
        let (a, b) = tokio::join!(delete(&pools, &ids[0]), delete(&other, &ids[1]));
        let refused: Vec<Answer> = [a, b].into_iter().filter(|answer| answer.result.is_err()).collect();
        assert_eq!(refused.len(), 1, "{refused:?}");
        for answer in refused {
            answer.refused_as(LAST);
        }

        // One goes while another comes: the one that goes is there in either order, and the last never.
        let ids = bed.ids().await;
        let (added, deleted) = tokio::join!(add(&pools), delete(&other, &ids[0]));
        added.ok();
        if deleted.result.is_ok() {
            assert!(!bed.ids().await.contains(&ids[0]));
        } else {
            deleted.refused_as(LAST);
            assert_eq!(bed.ids().await.len(), 2);
        }
    }
}
