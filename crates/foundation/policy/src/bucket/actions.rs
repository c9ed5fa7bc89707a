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
static ACTIONS: LazyLock<Vec<Action>> =
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

/// Some of the actions, a bit each in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ActionSet([u128; 2]);

#[cfg(test)]
thread_local! {
    /// How many times all actions were looked through.
    pub(crate) static WALKS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

impl ActionSet {
    pub(super) const NONE: Self = Self([0; 2]);

    pub(super) fn of(is_in: impl Fn(&Action) -> bool) -> Self {
        #[cfg(test)]
        WALKS.set(WALKS.get() + 1);
        let word = |actions: &[Action]| {
            let bits = actions.iter().rev().map(|action| u128::from(is_in(action)));
            bits.fold(0, |word, bit| word << 1 | bit)
        };
        let (first, second) = ACTIONS.split_at(ACTIONS.len().min(128));
        Self([word(first), word(second)])
    }

    pub(super) fn and(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.0, other.0);
        Self([a & c, b & d])
    }

    pub(super) fn or(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.0, other.0);
        Self([a | c, b | d])
    }

    /// The actions that are not in it.
    pub(super) fn complement(self) -> Self {
        let [a, b] = self.0;
        Self([!a, !b]).and(Self::of(|_| true))
    }
}

pub fn condition_keys() -> impl Iterator<Item = (Option<&'static str>, &'static str)> {
    let own = ACTIONS
        .iter()
        .flat_map(|action| action.keys.iter().map(|key| (Some(action.name.as_str()), key.as_str())));
    own.chain(EVERYWHERE.iter().map(|key| (None, *key)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_a_bit_for_every_action() {
        assert!((129..=256).contains(&ACTIONS.len()));
        for action in ACTIONS.iter() {
            let one = ActionSet::of(|other| other.name == action.name);
            assert_eq!(
                one.0.iter().map(|word| word.count_ones()).sum::<u32>(),
                1,
                "{}",
                action.name
            );
            assert_eq!(one.complement().complement(), one);
            assert_eq!(one.and(one.complement()), ActionSet::NONE);
            assert_eq!(one.or(one.complement()), ActionSet::of(|_| true));
        }
    }
}
