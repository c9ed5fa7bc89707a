//! Dev's own certificate authority. decision 14: it vouches for loopback names only, and for the hosts of AWS that it is asked to
//! stand in for, so that a leaked key is no one else's problem.

use std::time::Duration;

use kernel::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, Der, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
};

use super::{TlsError, settings::Settings};

/// Browsers refuse leaves that live much longer.
pub(super) const LEAF_LIFE: Duration = Duration::from_secs(90 * 24 * 3600);
const AUTHORITY_LIFE: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// Certificates are valid from a little before now: clocks differ.
const BACKDATED: Duration = Duration::from_secs(3600);

/// The name beneath which all names are of this machine. RFC 6761 6.3.
const LOCALHOST: &str = "localhost";

/// Dev's certificate authority, both halves as PEM.
pub struct Authority {
    pub certificate: String,
    pub key: String,
    /// Host names that it vouches for beside loopback ones, each with what is beneath it.
    pub also: Vec<String>,
}

/// Whom a leaf is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject<'a> {
    /// `localhost` and the loopback addresses: who asks for no name, too.
    Loopback,
    Host(&'a str),
}

impl Authority {
    pub fn generate(also: &[String], now: Timestamp) -> Result<Self, TlsError> {
        let key = KeyPair::generate()?;
        let certificate = params(also, now).self_signed(&key)?;
        Ok(Self {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
            also: also.to_owned(),
        })
    }

    /// Whether what was kept vouches for exactly these hosts. Errors: the key or the certificate is none.
    pub fn fits(&self, now: Timestamp) -> Result<bool, TlsError> {
        let key = KeyPair::from_pem(&self.key)?;
        let wanted = params(&self.also, now).self_signed(&key)?;
        let kept = CertificateDer::from_pem_slice(self.certificate.as_bytes())?;
        Ok(constraints(kept)? == constraints(wanted.der().clone())?)
    }

    /// Whom a handshake for this host name is answered as. What the authority may not vouch for is answered as loopback: the client
    /// refuses that.
    pub(super) fn subject<'n>(&self, name: Option<&'n str>) -> Subject<'n> {
        let also = self.also.iter().map(String::as_str);
        match name {
            Some(name) if name != LOCALHOST && also.chain([LOCALHOST]).any(|base| is_beneath(name, base)) => {
                Subject::Host(name)
            }
            _ => Subject::Loopback,
        }
    }

    pub(super) fn leaf(&self, subject: Subject<'_>, now: Timestamp) -> Result<Settings, TlsError> {
        // A leaf repeats of its issuer what depends on name and key alone.
        let issuer = Issuer::new(params(&self.also, now), KeyPair::from_pem(&self.key)?);
        let key = KeyPair::generate()?;
        let mut leaf = match subject {
            Subject::Loopback => {
                let mut leaf = CertificateParams::new([LOCALHOST.to_owned()])?;
                for ip in [[127, 0, 0, 1].into(), std::net::Ipv6Addr::LOCALHOST.into()] {
                    leaf.subject_alt_names.push(SanType::IpAddress(ip));
                }
                leaf
            }
            Subject::Host(name) => CertificateParams::new([name.to_owned()])?,
        };
        leaf.distinguished_name.push(DnType::CommonName, "Poolhouse dev");
        leaf.use_authority_key_identifier_extension = true;
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        set_life(&mut leaf, now, LEAF_LIFE);
        let leaf = leaf.signed_by(&key, &issuer)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        Settings::new(vec![leaf.der().clone()], key)
    }
}

fn is_beneath(name: &str, base: &str) -> bool {
    let rest = name.strip_suffix(base);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// As they stand in a certificate.
fn constraints(certificate: CertificateDer<'_>) -> Result<Option<Der<'static>>, TlsError> {
    let mut store = RootCertStore::empty();
    store.add(certificate)?;
    Ok(store.roots.pop().and_then(|root| root.name_constraints))
}

fn params(also: &[String], now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    let name = if also.is_empty() {
        "Poolhouse development CA"
    } else {
        "Poolhouse development CA with hosts of AWS"
    };
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(permitted(also));
    set_life(&mut params, now, AUTHORITY_LIFE);
    params
}

/// What the authority may vouch for.
fn permitted(also: &[String]) -> NameConstraints {
    let subnet = |ip: std::net::IpAddr, prefix| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(ip, prefix));
    let host = |name: &str| GeneralSubtree::DnsName(name.to_owned());
    let loopback = [
        host(LOCALHOST),
        subnet([127, 0, 0, 0].into(), 8),
        subnet(std::net::Ipv6Addr::LOCALHOST.into(), 128),
    ];
    NameConstraints {
        permitted_subtrees: loopback.into_iter().chain(also.iter().map(|name| host(name))).collect(),
        excluded_subtrees: Vec::new(),
    }
}

fn set_life(params: &mut CertificateParams, now: Timestamp, life: Duration) {
    let date = |at: Timestamp| {
        let day = at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
        let (month, dom) = (day.month().unsigned_abs(), day.day().unsigned_abs());
        rcgen::date_time_ymd(i32::from(day.year()), month, dom)
    };
    params.not_before = date(now.minus(BACKDATED));
    params.not_after = date(now.plus(life));
}
