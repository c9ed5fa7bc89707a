//! The names of login providers. A user pool has several: AWS's host form, its issuer without the scheme, any other address
//! of ours that ends in the pool's id. One of them is kept, so that links, `amr`, role mappings and tag maps agree.
//! Reference: identity-pools-iam 1.5, 14.

use kernel::PoolId;

/// The name under which a user pool is kept: AWS's, which the policies of the guides test.
pub(crate) fn of_user_pool(pool: &PoolId) -> String {
    format!("cognito-idp.{}.amazonaws.com/{pool}", pool.region())
}

/// AWS's names of a user pool: the kept one and the updated issuer's. Reference: user-pools 15.3.
pub(crate) fn of_aws(pool: &PoolId) -> [String; 2] {
    let kept = of_user_pool(pool);
    let updated = format!("issuer-{kept}");
    [kept, updated]
}

/// Whether a name is one of AWS's of a user pool, letter by letter.
pub(crate) fn is_aws(name: &str) -> bool {
    pool_at_the_end(name).is_some_and(|pool| of_aws(&pool).iter().any(|known| known == name))
}

/// The user pool that a provider name ends in: either of AWS's names, or any host that is not AWS's, since addresses of
/// ours are many. That the text has the form says nothing about such a pool's existence.
pub(crate) fn user_pool(name: &str) -> Option<PoolId> {
    let pool = pool_at_the_end(name)?;
    let host = name.split('/').next().unwrap_or_default().to_ascii_lowercase();
    (!host.ends_with("amazonaws.com") || is_aws(name)).then_some(pool)
}

fn pool_at_the_end(name: &str) -> Option<PoolId> {
    let (_, last) = name.rsplit_once('/')?;
    PoolId::parse(last)
}

/// The kept name of a provider: a user pool's if it is one, else the name itself.
pub(crate) fn plain(name: &str) -> String {
    user_pool(name).map_or_else(|| name.to_owned(), |pool| of_user_pool(&pool))
}

/// An issuer as provider names spell it.
pub(crate) fn without_scheme(issuer: &str) -> &str {
    issuer
        .strip_prefix("https://")
        .or_else(|| issuer.strip_prefix("http://"))
        .unwrap_or(issuer)
}

/// The name by which an OpenID provider that is registered in IAM is called in Logins: what its ARN says after
/// `oidc-provider/`.
pub(crate) fn of_openid_provider(arn: &str) -> Option<&str> {
    arn.split_once(":oidc-provider/").map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_a_pool_names_it() {
        for name in [
            "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123",
            "issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123",
            "localhost:4566/eu-west-1_Abc123",
            "127.0.0.1:40123/eu-west-1_Abc123",
            "id.example.com/auth/eu-west-1_Abc123",
        ] {
            assert_eq!(plain(name), "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123");
        }
        for name in [
            "accounts.google.com",
            "login.example.com/path",
            "eu-west-1_Abc123",
            "xcognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123",
            "cognito-idp.us-east-1.amazonaws.com/eu-west-1_Abc123",
            "cognito-idp.eu-west-1.amazonaws.com/x/eu-west-1_Abc123",
            "Cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123",
            "x.example.com/_a",
            "x/a_b-c",
        ] {
            assert_eq!(plain(name), name);
        }
    }

    #[test]
    fn an_openid_provider_is_named_by_its_address() {
        let arn = "arn:aws:iam::123456789012:oidc-provider/login.example.com/path";
        assert_eq!(of_openid_provider(arn), Some("login.example.com/path"));
        assert_eq!(of_openid_provider("arn:aws:iam::123456789012:saml-provider/Corp"), None);
    }
}
