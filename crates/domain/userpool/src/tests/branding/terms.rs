//! Terms. Reference: user-pools 14.6, oauth-and-federation 9.1.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{merged, text};

use super::{House, INVALID, NOT_FOUND};

fn document(client: &str, name: &str, url: &str) -> Value {
    json!({
        "ClientId": client, "TermsName": name, "TermsSource": "LINK", "Enforcement": "NONE",
        "Links": {"cognito:default": url},
    })
}

#[tokio::test]
async fn terms_live() {
    let house = House::new().await;
    let given = document(&house.client, "terms-of-use", "https://example.com/terms");
    let created = house.call("CreateTerms", given.clone()).await.ok();
    let id = text(&created, "/Terms/TermsId");
    let dates = json!({"CreationDate": 1_768_478_400, "LastModifiedDate": 1_768_478_400});
    let named = merged(
        dates,
        json!({"TermsId": id, "TermsName": "terms-of-use", "Enforcement": "NONE"}),
    );
    let terms = merged(merged(given.clone(), named.clone()), json!({"UserPoolId": house.pool}));
    assert_eq!(created, json!({"Terms": terms}));
    let by_id = json!({"TermsId": id});
    let by_client = json!({"ClientId": house.client, "TermsName": "terms-of-use"});
    assert_eq!(house.call("DescribeTerms", by_id.clone()).await.ok(), created);
    assert_eq!(
        house.call("DescribeTermsByClient", by_client.clone()).await.ok(),
        created
    );
    assert_eq!(house.call("ListTerms", json!({})).await.ok(), json!({"Terms": [named]}));
    let again = house.call("CreateTerms", given).await;
    again.refused(
        "TermsExistsException",
        "The app client already has terms with this name.",
    );

    // An update replaces what is sent and nothing else.
    house.app.advance(Duration::from_secs(2));
    let links = json!({"cognito:german": "https://example.com/agb"});
    let change = json!({"TermsId": id, "Links": links, "TermsName": "privacy-policy"});
    let updated = house.call("UpdateTerms", change.clone()).await.ok();
    let now = json!({"Links": links, "TermsName": "privacy-policy", "LastModifiedDate": 1_768_478_402});
    assert_eq!(updated, json!({"Terms": merged(without_links(terms), now)}));
    let unchanged = house.call("UpdateTerms", by_id.clone()).await.ok();
    assert_eq!(unchanged, updated);
    house
        .call("DescribeTermsByClient", by_client.clone())
        .await
        .refused(NOT_FOUND, "Terms not found.");
    let other = document(&house.client, "terms-of-use", "https://example.com/");
    let other = text(&house.call("CreateTerms", other).await.ok(), "/Terms/TermsId");
    let taken = json!({"TermsId": other, "TermsName": "privacy-policy"});
    let answer = house.call("UpdateTerms", taken).await;
    answer.refused(
        "TermsExistsException",
        "The app client already has terms with this name.",
    );

    assert_eq!(house.call("DeleteTerms", by_id.clone()).await.ok(), Value::Null);
    for operation in ["DescribeTerms", "UpdateTerms", "DeleteTerms"] {
        house
            .call(operation, by_id.clone())
            .await
            .refused(NOT_FOUND, "Terms not found.");
    }
}

fn without_links(mut terms: Value) -> Value {
    terms.as_object_mut().unwrap().remove("Links");
    terms
}

#[tokio::test]
async fn both_documents_make_an_agreement() {
    let house = House::new().await;
    let shown = async || house.appearance(&house.client).await.unwrap().agreement;
    for name in ["terms-of-use", "privacy-policy"] {
        assert_eq!(shown().await, None, "without {name}");
        house
            .call(
                "CreateTerms",
                document(&house.client, name, &format!("https://example.com/{name}")),
            )
            .await
            .ok();
    }
    let both = Some(("https://example.com/terms-of-use", "https://example.com/privacy-policy"));
    assert_eq!(shown().await.unwrap().links("fr"), both);
    let other = house.app.client(&house.pool, json!({})).await;
    assert_eq!(house.appearance(&other).await.unwrap().agreement, None);
}

#[tokio::test]
async fn links_must_lead_to_the_web() {
    let house = House::new().await;
    let created = house
        .call("CreateTerms", document(&house.client, "terms-of-use", "https://a/"))
        .await
        .ok();
    let id = text(&created, "/Terms/TermsId");
    for url in [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.com",
        "/terms",
        "https://a@b/",
    ] {
        let sentence = format!("{url} is not an absolute https or http address.");
        let create = house
            .call("CreateTerms", document(&house.client, "privacy-policy", url))
            .await;
        create.refused(INVALID, &sentence);
        let links = json!({"cognito:default": "https://a/", "cognito:italian": url});
        let update = house.call("UpdateTerms", json!({"TermsId": id, "Links": links})).await;
        update.refused(INVALID, &sentence);
    }
    let mut linkless = document(&house.client, "privacy-policy", "");
    linkless.as_object_mut().unwrap().remove("Links");
    let answer = house.call("CreateTerms", linkless).await;
    answer.refused(INVALID, "Missing required parameter Links");
}

#[tokio::test]
async fn forty_documents_page() {
    let house = House::new().await;
    let mut clients = vec![house.client.clone()];
    for _ in 0..20 {
        clients.push(house.app.client(&house.pool, json!({})).await);
    }
    let last = clients.pop().unwrap();
    for client in &clients {
        for name in ["terms-of-use", "privacy-policy"] {
            house
                .call("CreateTerms", document(client, name, "https://a/"))
                .await
                .ok();
        }
    }
    let answer = house
        .call("CreateTerms", document(&last, "terms-of-use", "https://a/"))
        .await;
    answer.refused(
        "LimitExceededException",
        "A user pool cannot have more than 40 terms documents.",
    );

    let (mut seen, mut token) = (Vec::new(), Value::Null);
    loop {
        let page = house
            .call("ListTerms", json!({"MaxResults": 15, "NextToken": token}))
            .await
            .ok();
        seen.extend(
            page["Terms"]
                .as_array()
                .unwrap()
                .iter()
                .map(|terms| text(terms, "/TermsId")),
        );
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(seen.len(), 40);
    assert!(seen.is_sorted_by(|a, b| a < b));
    let answer = house.call("ListTerms", json!({"NextToken": "x"})).await;
    answer.refused(INVALID, "Invalid pagination token given.");
}
