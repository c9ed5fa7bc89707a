//! The files that pages load, under addresses that change with them, so that browsers may keep them for ever.

use std::sync::LazyLock;

use http::StatusCode;
use pages::hosted::{ASSETS, Theme};

use crate::{answer, body::Response};

const KEPT: (&str, &str) = ("cache-control", "public, max-age=31536000, immutable");

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
    let nosniff = ("x-content-type-options", "nosniff");
    if name == "theme.css" {
        let response = answer::text(StatusCode::OK, "text/css; charset=utf-8", THEME.as_str());
        return Some(answer::with(response, &[KEPT, nosniff]));
    }
    let asset = ASSETS.iter().find(|asset| asset.name == name)?;
    let response = answer::text(StatusCode::OK, asset.content_type, asset.text);
    Some(answer::with(response, &[KEPT, nosniff]))
}
