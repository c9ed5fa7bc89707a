//! The classic pages. Reference: user-pools 14.1, oauth-and-federation 9.2.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::text;

use super::{House, INVALID, JPEG, NOT_FOUND, PNG, base64};

const CSS: &str = ".label-customizable { color: #112233; position: fixed }";
const SERVED: &str = ".label-customizable{color:#112233}\n";

#[tokio::test]
async fn a_look_is_written_whole_and_read_back() {
    let house = House::new().await;
    let nothing = json!({"UICustomization": {}});
    assert_eq!(house.call("GetUICustomization", json!({})).await.ok(), nothing);
    assert_eq!(house.appearance(&house.client).await.unwrap().classic, None);

    let set = json!({"CSS": CSS, "ImageFile": base64(PNG)});
    let answer = house.call("SetUICustomization", set).await.ok();
    let url = text(&answer, "/UICustomization/ImageUrl");
    let expected = json!({"UICustomization": {
        "UserPoolId": house.pool, "ClientId": "ALL", "CSS": CSS, "CSSVersion": "20190128172214", "ImageUrl": url,
        "CreationDate": 1_768_478_400, "LastModifiedDate": 1_768_478_400,
    }});
    assert_eq!(answer, expected);
    for input in [json!({}), json!({"ClientId": "ALL"}), json!({"ClientId": house.client})] {
        assert_eq!(house.call("GetUICustomization", input).await.ok(), expected);
    }
    let shown = house.appearance(&house.client).await.unwrap().classic.unwrap();
    let logo = shown.logo.unwrap();
    assert_eq!(shown.css, SERVED);
    assert!(url.ends_with(&format!("/pictures/{}", logo.digest)), "{url}");
    assert!(
        url.starts_with(&format!("{}/_login/harbour/", testkit::BASE_URL)),
        "{url}"
    );
    assert_eq!(house.asset(&logo.digest).await, Some(("image/png", PNG.to_vec())));
    assert_eq!(house.asset("00").await, None);

    // Both parts are written together, and what was first stays the time of creation.
    house.app.advance(Duration::from_secs(5));
    let answer = house
        .call("SetUICustomization", json!({"ImageFile": base64(JPEG)}))
        .await
        .ok();
    let again = &answer["UICustomization"];
    assert_eq!(
        (&again["CreationDate"], &again["LastModifiedDate"]),
        (&json!(1_768_478_400), &json!(1_768_478_405))
    );
    assert_eq!(again["CSS"], Value::Null);
    assert_eq!(house.asset(&logo.digest).await, None);
    let shown = house.appearance(&house.client).await.unwrap().classic.unwrap();
    assert_eq!(
        (
            shown.css.as_str(),
            house.asset(&shown.logo.unwrap().digest).await.unwrap().0
        ),
        ("", "image/jpeg")
    );

    assert_eq!(house.call("SetUICustomization", json!({})).await.ok(), nothing);
    assert_eq!(house.call("GetUICustomization", json!({})).await.ok(), nothing);
    assert_eq!(house.appearance(&house.client).await.unwrap().classic, None);
}

#[tokio::test]
async fn a_clients_own_look_hides_the_pools() {
    let house = House::new().await;
    let other = house.app.client(&house.pool, json!({})).await;
    house
        .call("SetUICustomization", json!({"CSS": CSS, "ImageFile": base64(PNG)}))
        .await
        .ok();
    let own = json!({"ClientId": house.client, "CSS": ".logo-customizable { width: 10px }"});
    house.call("SetUICustomization", own).await.ok();
    let shown = house.appearance(&house.client).await.unwrap().classic.unwrap();
    assert_eq!(
        (shown.css.as_str(), shown.logo),
        (".logo-customizable{width:10px}\n", None)
    );
    assert_eq!(house.appearance(&other).await.unwrap().classic.unwrap().css, SERVED);
    let answer = house
        .call("GetUICustomization", json!({"ClientId": house.client}))
        .await
        .ok();
    assert_eq!(text(&answer, "/UICustomization/ClientId"), house.client);

    house
        .call("SetUICustomization", json!({"ClientId": house.client}))
        .await
        .ok();
    assert_eq!(
        house.appearance(&house.client).await.unwrap().classic.unwrap().css,
        SERVED
    );
}

#[tokio::test]
async fn a_look_wants_a_domain() {
    let house = House::new().await;
    let set = json!({"CSS": CSS, "ImageFile": base64(PNG)});
    house.call("SetUICustomization", set.clone()).await.ok();
    let domain = json!({"Domain": "harbour"});
    house.call("DeleteUserPoolDomain", domain).await.ok();
    let answer = house.call("SetUICustomization", set).await;
    answer.refused(
        INVALID,
        "There has to be an existing domain associated with this user pool",
    );
    // What was set stays, with no address to fetch it from.
    let answer = house.call("GetUICustomization", json!({})).await.ok();
    let found = &answer["UICustomization"];
    assert_eq!((&found["CSS"], &found["ImageUrl"]), (&json!(CSS), &Value::Null));
}

#[tokio::test]
async fn what_cannot_be_shown_is_refused() {
    let house = House::new().await;
    for (css, sentence) in [
        (
            "body { color: red }",
            "The CSS is not valid: the selector \"body\" is not allowed.",
        ),
        (
            "@import 'x';",
            "The CSS is not valid: rules that begin with @ are not allowed.",
        ),
        (
            ".label-customizable { color: red }</style>",
            "The CSS is not valid: it must not contain script.",
        ),
        (
            ".label-customizable { color: red",
            "The CSS is not valid: it cannot be read as rules for classes.",
        ),
    ] {
        let answer = house.call("SetUICustomization", json!({"CSS": css})).await;
        answer.refused(INVALID, sentence);
    }
    let large = [PNG, vec![0; 102_400].as_slice()].concat();
    for image in [&b"GIF89a"[..], b"<svg xmlns='http://www.w3.org/2000/svg'/>", &large] {
        let answer = house
            .call("SetUICustomization", json!({"ImageFile": base64(image)}))
            .await;
        answer.refused(INVALID, "ImageFile must be a PNG or JPEG image of at most 100 KB.");
    }
    for operation in ["SetUICustomization", "GetUICustomization"] {
        let answer = house.call(operation, json!({"ClientId": "nobody"})).await;
        answer.refused(NOT_FOUND, "User pool client nobody does not exist.");
        let answer = house
            .app
            .admin
            .call(operation, json!({"UserPoolId": "eu-west-1_None"}))
            .await;
        answer.refused(NOT_FOUND, "User pool eu-west-1_None does not exist.");
    }
}
