//! The files that pages load, under addresses that change with them, so that browsers may keep them for ever: those that are built in, a
//! client's stylesheet, and the pictures of its look.

use std::sync::LazyLock;

use http::StatusCode;
use kernel::{ApiError, PoolId};
use pages::hosted::{ASSETS, Skin, Theme};

use super::dress;
use crate::{App, answer, body::Response};

const KEPT: (&str, &str) = ("cache-control", "public, max-age=31536000, immutable");
const NOSNIFF: (&str, &str) = ("x-content-type-options", "nosniff");

/// Of all files, those that do not change while the program runs.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let all: String = ASSETS.iter().map(|asset| asset.text).chain([THEME.as_str()]).collect();
    let [a, b, c, d, ..] = vault::sha256(all.as_bytes());
    format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
});

/// Of a client that has no style of its own.
static THEME: LazyLock<String> = LazyLock::new(|| Theme::default().css());

/// What names of files are added to.
pub fn base(mount: &str) -> String {
    format!("{mount}/assets/{}/", *VERSION)
}

/// None: there is no such file.
pub fn answer(name: &str) -> Option<Response> {
    if name == "theme.css" {
        let response = answer::text(StatusCode::OK, "text/css; charset=utf-8", THEME.as_str());
        return Some(answer::with(response, &[KEPT, NOSNIFF]));
    }
    let asset = ASSETS.iter().find(|asset| asset.name == name)?;
    let response = answer::text(StatusCode::OK, asset.content_type, asset.text);
    Some(answer::with(response, &[KEPT, NOSNIFF]))
}

/// A client's stylesheet. None: it has none. Errors: internal.
pub async fn style(
    app: &App,
    (pool, mount): (&PoolId, &str),
    skin: Skin,
    (client, digest): (&str, &str),
) -> Result<Option<Response>, ApiError> {
    let Some((place, appearance)) = dress::of_client(app, pool, client).await? else {
        return Ok(None);
    };
    let made = dress::made(app, place.client(), &appearance, (skin, mount));
    Ok(made.sheet.as_ref().map(|sheet| {
        let response = answer::text(StatusCode::OK, "text/css; charset=utf-8", sheet.css.clone());
        let response = answer::with(response, &[KEPT, NOSNIFF]);
        // A page of before, or of a node that has heard of a change earlier: it gets what there is, and asks again.
        if sheet.digest == digest {
            response
        } else {
            answer::unkept(response)
        }
    }))
}

/// A picture of the pool's looks. None: there is none. Errors: internal.
pub async fn picture(app: &App, pool: &PoolId, digest: &str) -> Result<Option<Response>, ApiError> {
    let Some(asset) = app.user_pools.asset(pool, digest).await? else {
        return Ok(None);
    };
    let mut headers = vec![KEPT, NOSNIFF];
    // Opened by itself a drawing is a page. What could run was taken out when it was uploaded; this is the second lock.
    if asset.content_type == "image/svg+xml" {
        headers.push((
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        ));
    }
    let response = answer::text(StatusCode::OK, asset.content_type, asset.bytes);
    Ok(Some(answer::with(response, &headers)))
}
