//! Hosted login: the pool's domain, and what the app client needs to come back from it.

use kernel::{ApiError, Cx, Result, authority};
use serde_json::{Map, Value, json};
use userpool::{UserPools, ops::TABLE};

use super::{Demo, calls::call};

/// The domain's prefix.
const DOMAIN: &str = "poolhouse-demo";
pub const SCOPES: [&str; 4] = ["openid", "email", "profile", "aws.cognito.signin.user.admin"];
/// Where the usual tools serve an app that is being written: what the screen offers can be pasted into one.
pub const APPS: [&str; 2] = ["http://localhost:3000/", "http://localhost:5173/"];
/// What a description of an app client has and its update doesn't take.
const NOT_SETTINGS: [&str; 4] = ["ClientSecret", "CreationDate", "LastModifiedDate", "ClientType"];

/// The pool's domain; made if it has none.
pub async fn domain(pools: &UserPools, cx: &Cx, pool: &str) -> Result<String> {
    let there = call(&TABLE, pools, cx, "DescribeUserPool", json!({ "UserPoolId": pool })).await?;
    let said = |path| there.pointer(path).and_then(Value::as_str);
    if let Some(name) = said("/UserPool/Domain") {
        return Ok(name.to_owned());
    }
    let version = if said("/UserPool/UserPoolTier") == Some("LITE") {
        1
    } else {
        2
    };
    let input = json!({ "UserPoolId": pool, "Domain": DOMAIN, "ManagedLoginVersion": version });
    call(&TABLE, pools, cx, "CreateUserPoolDomain", input).await?;
    Ok(DOMAIN.to_owned())
}

/// The code flow for a client that has no flows; and for any, that it comes back to the page where it is served now.
pub async fn client(pools: &UserPools, cx: &Cx, demo: &Demo, base_url: &str) -> Result<()> {
    let wanted = json!({ "UserPoolId": demo.pool, "ClientId": demo.client });
    let mut answer = call(&TABLE, pools, cx, "DescribeUserPoolClient", wanted).await?;
    let Some(Value::Object(there)) = answer.get_mut("UserPoolClient").map(Value::take) else {
        return Err(ApiError::internal("DescribeUserPoolClient describes no client"));
    };
    if let Some(mut settings) = changed(&there, &demo.page_path(), &addresses(base_url, &demo.page_path())) {
        // An update replaces all settings: those that are not ours go along as they are.
        settings.retain(|name, _| !NOT_SETTINGS.contains(&name.as_str()));
        call(&TABLE, pools, cx, "UpdateUserPoolClient", Value::Object(settings)).await?;
    }
    Ok(())
}

/// Where a browser may have opened the page: by http or https, which share a port, and by either name of this machine.
/// A client takes http for this machine alone.
fn addresses(base_url: &str, path: &str) -> Vec<String> {
    let authority = base_url.trim_start_matches("http://");
    let port = authority::port(authority)
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let own = authority.strip_suffix(port.as_str()).unwrap_or(authority);
    let mut found = Vec::new();
    for host in ["127.0.0.1", "localhost"] {
        found.push(format!("http://{host}{port}{path}"));
        found.push(format!("https://{host}{port}{path}"));
    }
    match own {
        "127.0.0.1" | "localhost" => {}
        "[::1]" => found.extend(["http", "https"].map(|scheme| format!("{scheme}://{own}{port}{path}"))),
        _ => found.push(format!("https://{own}{port}{path}")),
    }
    found
}

/// The settings as they should be, if they aren't. `path` is the page's, `page` its addresses.
fn changed(there: &Map<String, Value>, path: &str, page: &[String]) -> Option<Map<String, Value>> {
    let mut settings = there.clone();
    let mut set = |name: &str, value: Value| settings.insert(name.to_owned(), value);
    let is_new = !there.contains_key("AllowedOAuthFlows");
    if is_new {
        set("AllowedOAuthFlowsUserPoolClient", json!(true));
        set("AllowedOAuthFlows", json!(["code"]));
        set("AllowedOAuthScopes", json!(SCOPES));
        set("SupportedIdentityProviders", json!(["COGNITO"]));
    }
    for name in ["CallbackURLs", "LogoutURLs"] {
        let listed = there.get(name).and_then(Value::as_array).into_iter().flatten();
        let mut urls: Vec<&str> = listed.filter_map(Value::as_str).collect();
        if is_new {
            urls.extend(APPS);
        }
        // The page's addresses of another start, at another port, are nobody's by now.
        let is_default = |url: &str| there.get("DefaultRedirectURI").and_then(Value::as_str) == Some(url);
        urls.retain(|url| is_default(url) || !url.ends_with(path));
        urls.retain(|url| !page.iter().any(|address| address == url));
        let all: Vec<&str> = page.iter().map(String::as_str).chain(urls).collect();
        set(name, json!(all));
    }
    (settings != *there).then_some(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_at_home_wherever_this_machine_is_named() {
        let names = [
            "http://127.0.0.1",
            "https://127.0.0.1",
            "http://localhost",
            "https://localhost",
        ];
        for (base, port, more) in [
            ("http://127.0.0.1:4566", ":4566", &[][..]),
            ("http://localhost", "", &[]),
            ("http://[::1]:80", ":80", &["http://[::1]", "https://[::1]"]),
            ("http://192.0.2.7:4566", ":4566", &["https://192.0.2.7"]),
        ] {
            let wanted: Vec<String> = names
                .iter()
                .chain(more)
                .map(|name| format!("{name}{port}/p/"))
                .collect();
            assert_eq!(addresses(base, "/p/"), wanted, "{base}");
        }
    }
}
