//! A bucket's policy that denies everybody everything: AWS's own for TLS alone, put over plain http.

use serde_json::json;

use super::{Draft, Key, Rig};

#[tokio::test]
async fn only_devs_administrator_takes_it_back() {
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::photos", "arn:aws:s3:::photos/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }]})
    .to_string();
    let put = || {
        let draft = Draft::new("PUT", "/photos?policy=").header("content-length", &policy.len().to_string());
        draft.with_body(&policy)
    };
    let steps = [
        (put(), 204, 204),
        (Draft::get("/photos?list-type=2"), 403, 403),
        (Draft::get("/photos?policy="), 200, 403),
        (put(), 204, 403),
        (Draft::new("DELETE", "/photos?policy="), 204, 403),
        (Draft::get("/photos?list-type=2"), 200, 403),
    ];
    let (dev, serve) = (Rig::dev().await, Rig::serve().await);
    let (developer, admin) = (Key::unknown(), serve.admin().await);
    for (rig, key) in [(&dev, &developer), (&serve, &admin)] {
        rig.send(Draft::make_bucket("photos").signed(key, "s3")).await.ok();
    }
    for (draft, in_dev, in_serve) in steps {
        for (rig, key, status) in [(&dev, &developer, in_dev), (&serve, &admin, in_serve)] {
            let asked = format!("{} {} {}", draft.method, draft.target, key.id);
            let got = rig.send(draft.clone().signed(key, "s3")).await;
            assert_eq!(got.status, status, "{asked}: {}", got.body);
        }
    }
}
