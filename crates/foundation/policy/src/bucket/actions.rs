//! S3's actions, what each acts on and which condition keys come with it. Source: AWS's Service Authorization Reference,
//! "Actions, resources, and condition keys for Amazon S3".

use std::sync::LazyLock;

pub(super) struct Action {
    /// `s3:getobject`.
    pub(super) name: String,
    pub(super) on: On,
    keys: Vec<String>,
}

/// Of the resources that an action can act on, the one that a bucket's policy can name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    Bucket,
    Object,
    /// Access points, jobs, the account: no bucket's policy speaks of them.
    Other,
}

/// A line an action: its name, what it acts on, the keys that do not come with every action. `ExistingObjectTag/` stands
/// for the keys of all tags.
pub(super) static ACTIONS: LazyLock<Vec<Action>> =
    LazyLock::new(|| include_str!("actions.txt").lines().filter_map(read).collect());

/// Keys of any S3 request, and those of access points, by which a bucket's policy hands its decisions to theirs.
const EVERYWHERE: [&str; 12] = [
    "accessgrantsinstancearn",
    "accesspointnetworkorigin",
    "accesspointtag/",
    "authtype",
    "buckettag/",
    "dataaccesspointaccount",
    "dataaccesspointarn",
    "resourceaccount",
    "signatureage",
    "signatureversion",
    "tlsversion",
    "x-amz-content-sha256",
];

fn read(line: &str) -> Option<Action> {
    let line = line.to_ascii_lowercase();
    let mut words = line.split(' ');
    let (name, on) = (words.next()?, words.next()?);
    Some(Action {
        name: format!("s3:{name}"),
        on: match on {
            "bucket" => On::Bucket,
            "object" => On::Object,
            _ => On::Other,
        },
        keys: words.map(str::to_owned).collect(),
    })
}

impl Action {
    /// `key` in lower case, without `s3:`.
    pub(super) fn takes(&self, key: &str) -> bool {
        self.keys.iter().any(|known| is(known, key))
    }
}

pub(super) fn takes_everywhere(key: &str) -> bool {
    EVERYWHERE.iter().any(|known| is(known, key))
}

fn is(known: &str, key: &str) -> bool {
    if known.ends_with('/') {
        key.len() > known.len() && key.starts_with(known)
    } else {
        known == key
    }
}
