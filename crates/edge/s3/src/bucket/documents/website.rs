//! WebsiteConfiguration. Reference: identity-pools-iam 11.5.

use kernel::Result;
use objects::{Condition, Redirect, RedirectAll, RoutingRule, Website};

use crate::{
    errors,
    xml::{Node, Xml, rooted},
};

const MAX_ROUTING_RULES: usize = 50;

/// Errors: MalformedXML, InvalidArgument, InvalidRequest.
pub(crate) fn read_website(node: &Node) -> Result<Website> {
    let redirect_all = match node.child("RedirectAllRequestsTo") {
        None => None,
        Some(all) => Some(RedirectAll {
            host: read_host(all)?.ok_or_else(errors::malformed_xml)?,
            protocol: read_protocol(all)?,
        }),
    };
    let index_suffix = match node.child("IndexDocument") {
        None => None,
        Some(index) => Some(index.value("Suffix").ok_or_else(errors::malformed_xml)?),
    };
    let is_bad = |suffix: &str| suffix.is_empty() || suffix.contains('/');
    if index_suffix.as_deref().is_some_and(is_bad) {
        return Err(errors::invalid_argument(
            "The IndexDocument Suffix is not well formed",
            "IndexDocument",
            index_suffix.as_deref().unwrap_or(""),
        ));
    }
    let error_key = match node.child("ErrorDocument") {
        None => None,
        Some(document) => Some(document.required("Key")?),
    };
    let mut rules = Vec::new();
    if let Some(list) = node.child("RoutingRules") {
        for rule in list.all("RoutingRule") {
            rules.push(read_rule(rule)?);
        }
        if rules.is_empty() {
            return Err(errors::malformed_xml());
        }
    }
    let website = Website {
        redirect_all,
        index_suffix,
        error_key,
        rules,
    };
    let others = website.index_suffix.is_some() || website.error_key.is_some() || !website.rules.is_empty();
    match (&website.redirect_all, &website.index_suffix) {
        (Some(_), _) if others => Err(errors::invalid_argument(
            "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
            "RedirectAllRequestsTo",
            "not null",
        )),
        (None, None) => Err(errors::invalid_argument(
            "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
            "IndexDocument",
            "null",
        )),
        _ if website.rules.len() > MAX_ROUTING_RULES => Err(errors::invalid_request(
            "50 routing rules is the maximum number of rules allowed in a website configuration",
        )),
        _ => Ok(website),
    }
}

fn read_protocol(node: &Node) -> Result<Option<String>> {
    match node.value("Protocol").as_deref() {
        None | Some("") => Ok(None),
        Some(protocol @ ("http" | "https")) => Ok(Some(protocol.to_owned())),
        Some(_) => Err(errors::invalid_request(
            "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.",
        )),
    }
}

/// S3 takes a path and a query behind the name, which site builders use. What is no part of an address would spoil it, and
/// without a name there is no host (S3's own words for either are unconfirmed). Errors: InvalidRequest.
fn read_host(node: &Node) -> Result<Option<String>> {
    let Some(host) = node.value("HostName").filter(|host| !host.is_empty()) else {
        return Ok(None);
    };
    let in_address = |b: u8| b.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&b);
    if host.starts_with(['/', '?', '#']) || !host.bytes().all(in_address) {
        return Err(errors::invalid_request("The provided HostName is not valid."));
    }
    Ok(Some(host))
}

/// A status code of three digits and nothing else.
fn read_code(text: &str, range: std::ops::Range<u16>) -> Option<u16> {
    let code = text.parse().ok().filter(|code| range.contains(code));
    code.filter(|_| text.len() == 3)
}

/// A rule without a condition redirects everything. S3 takes a redirect that changes nothing.
/// Errors: MalformedXML, InvalidRequest.
fn read_rule(node: &Node) -> Result<RoutingRule> {
    let to = node.child("Redirect").ok_or_else(errors::malformed_xml)?;
    let replace = |name| to.child(name).map(|c| c.text.clone());
    let (replace_prefix, replace_key) = (replace("ReplaceKeyPrefixWith"), replace("ReplaceKeyWith"));
    if replace_key.is_some() && replace_prefix.is_some() {
        return Err(errors::invalid_request(
            "You can only define ReplaceKeyPrefix or ReplaceKey but not both.",
        ));
    }
    let condition = match node.child("Condition") {
        None => Condition::default(),
        Some(given) => read_condition(given)?,
    };
    let redirect = Redirect {
        protocol: read_protocol(to)?,
        host: read_host(to)?,
        replace_prefix,
        replace_key,
        status: match to.value("HttpRedirectCode") {
            None => None,
            Some(code) => Some(read_code(&code, 301..400).ok_or_else(|| {
                errors::invalid_request(format!(
                    "The provided HTTP redirect code ({code}) is not valid. Valid codes are 3XX except 300."
                ))
            })?),
        },
    };
    Ok(RoutingRule { condition, redirect })
}

fn read_condition(given: &Node) -> Result<Condition> {
    let condition = Condition {
        // Empty is a prefix too: that of every key.
        key_prefix: given.child("KeyPrefixEquals").map(|c| c.text.clone()),
        error_code: match given.value("HttpErrorCodeReturnedEquals") {
            None => None,
            Some(code) => Some(read_code(&code, 400..600).ok_or_else(|| {
                errors::invalid_request(format!(
                    "The provided HTTP error code ({code}) is not valid. Valid codes are 4XX or 5XX."
                ))
            })?),
        },
    };
    if condition == Condition::default() {
        return Err(errors::invalid_request(
            "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
        ));
    }
    Ok(condition)
}

pub(crate) fn website(website: &Website) -> Xml {
    let mut xml = rooted("WebsiteConfiguration");
    if let Some(all) = &website.redirect_all {
        xml.open("RedirectAllRequestsTo")
            .element("HostName", &all.host)
            .optional("Protocol", all.protocol.as_ref());
        xml.close();
    }
    if let Some(suffix) = &website.index_suffix {
        xml.open("IndexDocument").element("Suffix", suffix).close();
    }
    if let Some(key) = &website.error_key {
        xml.open("ErrorDocument").element("Key", key).close();
    }
    if !website.rules.is_empty() {
        xml.open("RoutingRules");
        for RoutingRule { condition, redirect } in &website.rules {
            xml.open("RoutingRule");
            if *condition != Condition::default() {
                xml.open("Condition")
                    .optional("KeyPrefixEquals", condition.key_prefix.as_ref());
                let code = condition.error_code.map(|code| code.to_string());
                xml.optional("HttpErrorCodeReturnedEquals", code).close();
            }
            xml.open("Redirect").optional("Protocol", redirect.protocol.as_ref());
            xml.optional("HostName", redirect.host.as_ref());
            xml.optional("ReplaceKeyPrefixWith", redirect.replace_prefix.as_ref());
            xml.optional("ReplaceKeyWith", redirect.replace_key.as_ref());
            xml.optional("HttpRedirectCode", redirect.status.map(|code| code.to_string()))
                .close()
                .close();
        }
        xml.close();
    }
    xml
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(xml: Xml, root: &str) -> Node {
        Node::parse(xml.finish().as_bytes(), root).unwrap()
    }

    #[test]
    fn websites_go_there_and_back() {
        let body = "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument>\
            <ErrorDocument><Key>error.html</Key></ErrorDocument><RoutingRules><RoutingRule>\
            <Condition><KeyPrefixEquals>old/</KeyPrefixEquals><HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals></Condition>\
            <Redirect><Protocol>https</Protocol><HostName>example.com</HostName><ReplaceKeyPrefixWith>new/</ReplaceKeyPrefixWith>\
            <HttpRedirectCode>302</HttpRedirectCode></Redirect></RoutingRule></RoutingRules></WebsiteConfiguration>";
        let parse = |text: &str| read_website(&Node::parse(text.as_bytes(), "WebsiteConfiguration").unwrap());
        let read = parse(body).unwrap();
        assert_eq!(read.rules[0].condition.error_code, Some(404));
        assert_eq!(
            read_website(&again(website(&read), "WebsiteConfiguration")).unwrap(),
            read
        );
        for (from, to, code) in [
            ("index.html", "a/index.html", "InvalidArgument"),
            ("index.html", "", "InvalidArgument"),
            ("Suffix", "Prefix", "MalformedXML"),
            ("404", "200", "InvalidRequest"),
            ("404", "+404", "InvalidRequest"),
            ("302", "200", "InvalidRequest"),
            ("302", "300", "InvalidRequest"),
            ("302", "0302", "InvalidRequest"),
            (">https<", ">ftp<", "InvalidRequest"),
            (
                "<IndexDocument><Suffix>index.html</Suffix></IndexDocument>",
                "",
                "InvalidArgument",
            ),
        ] {
            assert_eq!(
                parse(&body.replace(from, to)).unwrap_err().code().0,
                code,
                "{from} -> {to}"
            );
        }
        let site = |rules: &str| {
            parse(&format!(
                "<WebsiteConfiguration><IndexDocument><Suffix>i</Suffix></IndexDocument>{rules}</WebsiteConfiguration>"
            ))
        };
        let rule = |inner: &str| {
            site(&format!(
                "<RoutingRules><RoutingRule>{inner}</RoutingRule></RoutingRules>"
            ))
        };
        let empty = "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.";
        let both = "You can only define ReplaceKeyPrefix or ReplaceKey but not both.";
        let redirect = "<Redirect><HostName>h</HostName></Redirect>";
        let replaces_twice =
            "<Redirect><ReplaceKeyWith>k</ReplaceKeyWith><ReplaceKeyPrefixWith>p</ReplaceKeyPrefixWith></Redirect>";
        for (inner, sentence) in [
            (format!("<Condition/>{redirect}"), empty),
            (format!("<Condition></Condition>{redirect}"), empty),
            (format!("<Condition/>{replaces_twice}"), both),
        ] {
            let refused = rule(&inner).unwrap_err();
            assert_eq!(
                (refused.code().0, refused.message()),
                ("InvalidRequest", sentence),
                "{inner}"
            );
        }
        for inner in [
            redirect.to_owned(),
            "<Redirect/>".to_owned(),
            format!("<Condition><KeyPrefixEquals/></Condition>{redirect}"),
        ] {
            let read = rule(&inner).unwrap();
            assert_eq!(
                read_website(&again(website(&read), "WebsiteConfiguration")).unwrap(),
                read,
                "{inner}"
            );
        }
        for malformed in [
            rule("<Condition><KeyPrefixEquals>a</KeyPrefixEquals></Condition>"),
            site("<RoutingRules/>"),
        ] {
            assert_eq!(malformed.unwrap_err().code().0, "MalformedXML");
        }
    }

    #[test]
    fn a_redirects_host_makes_an_address() {
        let all = |host: &str| {
            let body = format!(
                "<WebsiteConfiguration><RedirectAllRequestsTo><HostName>{host}</HostName></RedirectAllRequestsTo></WebsiteConfiguration>"
            );
            let read = read_website(&Node::parse(body.as_bytes(), "WebsiteConfiguration").unwrap());
            read.map(|website| website.redirect_all.unwrap().host)
                .map_err(|error| error.code().0)
        };
        let rule = |host: &str| {
            let body = format!("<RoutingRule><Redirect><HostName>{host}</HostName></Redirect></RoutingRule>");
            let read = read_rule(&Node::parse(body.as_bytes(), "RoutingRule").unwrap());
            read.map(|rule| rule.redirect.host).map_err(|error| error.code().0)
        };
        for host in [
            "example.com",
            "example.com:8080",
            "[::1]:80",
            "example.com/docs",
            "example.com/docs?from=",
        ] {
            assert_eq!(all(host), Ok(host.to_owned()));
            assert_eq!(rule(host), Ok(Some(host.to_owned())));
        }
        for host in [
            "ex.com/evil&#13;&#10;X-A: b",
            "ex.com&#10;b",
            "ex.com&#9;",
            "ex.com b",
            "/evil",
            "?q",
            "#f",
            "ex.com&quot;",
            "ex.com\\b",
            "ex.com&lt;b&gt;",
            "m\u{fc}nchen.de",
        ] {
            // Blanks around it are none of it.
            let expected = if host.ends_with("&#9;") {
                None
            } else {
                Some("InvalidRequest")
            };
            assert_eq!(all(host).err(), expected, "{host}");
            assert_eq!(rule(host).err(), expected, "{host}");
        }
        assert_eq!(all(""), Err("MalformedXML"));
        assert_eq!(rule(""), Ok(None));
    }
}
