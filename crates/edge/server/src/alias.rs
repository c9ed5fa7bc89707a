//! Hosts of AWS that a test network leads here, of the Regions that were asked for: which they are, and what each is to us.
//! docs/alias-hosts.md. Reference: oauth-and-federation 1.1; clients 2.

use kernel::Region;

/// APIs that have a host in each Region.
const REGIONAL: [&str; 4] = ["cognito-idp", "issuer-cognito-idp", "cognito-identity", "sts"];

/// Those that have one for all, and are of this Region.
const GLOBAL: [&str; 2] = ["sts", "iam"];
const GLOBAL_REGION: &str = "us-east-1";

const AMAZONAWS: &str = "amazonaws.com";
/// Beneath it are pools' prefix domains.
pub const AMAZONCOGNITO: &str = "amazoncognito.com";

/// By default of no Region: there are none.
#[derive(Clone, Debug, Default)]
pub struct AliasHosts(Vec<String>);

/// Which host of AWS a name is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AwsHost {
    /// Of an API that is spoken here, in this Region.
    Api(Region),
    /// S3's endpoint, or a bucket or website beneath it.
    S3,
    /// API Gateway's, which is not here.
    Gateway,
}

impl AliasHosts {
    /// Errors: the word that has not the form of a Region that is reached beneath `amazonaws.com`.
    pub fn of(regions: &[String]) -> Result<Self, String> {
        match regions.iter().find(|region| !is_region(region)) {
            Some(wrong) => Err(wrong.clone()),
            None => Ok(Self(regions.to_owned())),
        }
    }

    pub fn are_asked_for(&self) -> bool {
        !self.0.is_empty()
    }

    /// What a certificate authority has to vouch for: these names, and what is beneath each.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for region in &self.0 {
            let services = REGIONAL.into_iter().chain(["s3", "execute-api"]);
            names.extend(services.map(|service| format!("{service}.{region}.{AMAZONAWS}")));
            names.push(format!("auth.{region}.{AMAZONCOGNITO}"));
        }
        if self.are_asked_for() {
            names.extend(GLOBAL.map(|service| format!("{service}.{AMAZONAWS}")));
        }
        names
    }

    /// `host`: without a port.
    pub fn find(&self, host: &str) -> Option<AwsHost> {
        if !self.are_asked_for() {
            return None;
        }
        let host = host.to_ascii_lowercase();
        let name = host.strip_suffix(AMAZONAWS)?.strip_suffix('.')?;
        if GLOBAL.contains(&name) {
            return Some(AwsHost::Api(Region::new(GLOBAL_REGION)));
        }
        let (rest, region) = name.rsplit_once('.')?;
        if !self.has(region) {
            return None;
        }
        let is = |service: &str| {
            let before = rest.strip_suffix(service);
            before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        if REGIONAL.contains(&rest) {
            Some(AwsHost::Api(Region::new(region)))
        } else if is("s3") {
            Some(AwsHost::S3)
        } else {
            is("execute-api").then_some(AwsHost::Gateway)
        }
    }

    /// The host of a prefix domain, by its key in the directory or its prefix alone. None: its Region is not among these.
    pub fn of_domain(&self, key: &str, region: &Region) -> Option<String> {
        if !self.has(region.as_str()) {
            return None;
        }
        Some(if key.contains('.') {
            format!("{key}.{AMAZONCOGNITO}")
        } else {
            format!("{key}.auth.{region}.{AMAZONCOGNITO}")
        })
    }

    fn has(&self, region: &str) -> bool {
        self.0.iter().any(|known| known == region)
    }
}

/// `eu-west-1`. China's are beneath another domain.
fn is_region(text: &str) -> bool {
    let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (5..=32).contains(&text.len())
        && text.bytes().all(fine)
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.ends_with(|c: char| c.is_ascii_digit())
        && text.contains('-')
        && !text.starts_with("cn-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(regions: &[&str]) -> Result<AliasHosts, String> {
        AliasHosts::of(&regions.iter().map(|region| (*region).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn names_are_those_of_the_regions_asked_for() {
        assert!(AliasHosts::default().names().is_empty());
        let names = hosts(&["eu-west-1"]).unwrap().names();
        assert_eq!(
            names,
            [
                "cognito-idp.eu-west-1.amazonaws.com",
                "issuer-cognito-idp.eu-west-1.amazonaws.com",
                "cognito-identity.eu-west-1.amazonaws.com",
                "sts.eu-west-1.amazonaws.com",
                "s3.eu-west-1.amazonaws.com",
                "execute-api.eu-west-1.amazonaws.com",
                "auth.eu-west-1.amazoncognito.com",
                "sts.amazonaws.com",
                "iam.amazonaws.com",
            ]
        );
        assert_eq!(hosts(&["eu-west-1", "us-east-1"]).unwrap().names().len(), 16);
        for wrong in [
            "amazonaws.com",
            "",
            "*",
            "eu-west-1.evil",
            "EU-WEST-1",
            "cn-north-1",
            "a.b-1",
            "region",
        ] {
            assert_eq!(hosts(&["eu-west-1", wrong]).unwrap_err(), wrong);
        }
    }

    #[test]
    fn hosts_are_told_apart() {
        let alias = hosts(&["eu-west-1"]).unwrap();
        let api = |region: &str| Some(AwsHost::Api(Region::new(region)));
        for (host, found) in [
            ("cognito-idp.eu-west-1.amazonaws.com", api("eu-west-1")),
            ("Cognito-Idp.EU-WEST-1.amazonaws.com", api("eu-west-1")),
            ("issuer-cognito-idp.eu-west-1.amazonaws.com", api("eu-west-1")),
            ("cognito-identity.eu-west-1.amazonaws.com", api("eu-west-1")),
            ("sts.eu-west-1.amazonaws.com", api("eu-west-1")),
            ("sts.amazonaws.com", api("us-east-1")),
            ("iam.amazonaws.com", api("us-east-1")),
            ("s3.eu-west-1.amazonaws.com", Some(AwsHost::S3)),
            ("my.photos.s3.eu-west-1.amazonaws.com", Some(AwsHost::S3)),
            ("abc.execute-api.eu-west-1.amazonaws.com", Some(AwsHost::Gateway)),
            ("cognito-idp.us-east-1.amazonaws.com", None),
            ("x.cognito-idp.eu-west-1.amazonaws.com", None),
            ("xs3.eu-west-1.amazonaws.com", None),
            ("s3.amazonaws.com", None),
            ("iam.eu-west-1.amazonaws.com", None),
            ("iam.amazonaws.com.evil.example", None),
            ("xiam.amazonaws.com", None),
            ("amazonaws.com", None),
            ("", None),
        ] {
            assert_eq!(alias.find(host), found, "{host}");
            assert_eq!(AliasHosts::default().find(host), None, "{host}");
        }
        let region = Region::new("eu-west-1");
        for key in ["app", "app.auth.eu-west-1"] {
            let host = alias.of_domain(key, &region);
            assert_eq!(host.as_deref(), Some("app.auth.eu-west-1.amazoncognito.com"));
        }
        assert_eq!(alias.of_domain("app", &Region::new("us-east-1")), None);
    }
}
