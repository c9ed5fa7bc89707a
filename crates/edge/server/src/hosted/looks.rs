//! Looks made ready: of a client's settings what stands in its pages, and the stylesheet that belongs to it. Made once a version of the
//! settings and kept, a number of them. Reference: oauth-and-federation 9.

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use kernel::{ClientId, Memo};
use pages::hosted::{ASSETS, Link, Look, Skin, Theme};
use userpool::branding::Appearance;

use super::theme;

/// Looks that are kept ready. A style's stylesheet has 5 KB, one of the classic pages at most 128.
const KEPT: usize = 64;

/// Looks that were made ready, each with the settings that it was made of.
pub struct Looks(Memo<Key, (Arc<Appearance>, Arc<Made>)>);

/// The client, which pages, and what stands before their paths.
type Key = (ClientId, bool, String);

/// A look with its stylesheet.
#[derive(Default)]
pub struct Made {
    pub look: Look,
    /// None: nothing is the client's own.
    pub sheet: Option<Sheet>,
}

pub struct Sheet {
    pub css: Bytes,
    pub digest: String,
}

impl Default for Looks {
    fn default() -> Self {
        Self(Memo::of(KEPT))
    }
}

impl Looks {
    /// From what is kept, if the settings are the same still. `base`: what stands before the addresses of stylesheet and pictures.
    pub fn made(&self, client: &ClientId, appearance: &Arc<Appearance>, (skin, base): (Skin, &str)) -> Arc<Made> {
        let key = (client.clone(), skin == Skin::Managed, base.to_owned());
        if let Some((of, made)) = self.0.get(&key)
            && Arc::ptr_eq(&of, appearance)
        {
            return made;
        }
        let made = Arc::new(make(client, appearance, (skin, base)));
        self.0.remember(key, (Arc::clone(appearance), Arc::clone(&made)));
        made
    }
}

fn make(client: &ClientId, appearance: &Appearance, (skin, base): (Skin, &str)) -> Made {
    match (skin, &appearance.style, &appearance.classic) {
        (Skin::Managed, Some(style), _) => {
            let theme = theme::theme(style, base);
            with_sheet(theme::managed(style, &theme, base), theme.css(), client, base)
        }
        (Skin::Managed, None, _) => Made {
            look: built_in(base),
            sheet: None,
        },
        (Skin::Classic, _, Some(classic)) if !classic.css.is_empty() => {
            with_sheet(theme::classic(classic, base), classic.css.clone(), client, base)
        }
        (Skin::Classic, _, Some(classic)) => Made {
            look: theme::classic(classic, base),
            sheet: None,
        },
        (Skin::Classic, _, None) => Made::default(),
    }
}

fn with_sheet(look: Look, css: String, client: &ClientId, base: &str) -> Made {
    let digest = hex(&vault::sha256(css.as_bytes()), 32);
    Made {
        look: Look {
            stylesheet: Link::new(&format!("{base}/styles/{client}/{digest}.css")),
            ..look
        },
        sheet: Some(Sheet {
            css: css.into(),
            digest,
        }),
    }
}

/// Of managed login where a client has no style, or there is no client.
pub fn built_in(mount: &str) -> Look {
    Look {
        stylesheet: Link::new(&format!("{}theme.css", base(mount))),
        scheme: Theme::default().scheme().to_owned(),
        ..Look::default()
    }
}

/// Of all files, those that do not change while the program runs.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let all: String = ASSETS.iter().map(|asset| asset.text).chain([THEME.as_str()]).collect();
    hex(&vault::sha256(all.as_bytes()), 12)
});

/// Of a client that has no style of its own.
pub static THEME: LazyLock<String> = LazyLock::new(|| Theme::default().css());

/// What names of files are added to.
pub fn base(mount: &str) -> String {
    format!("{mount}/assets/{}/", *VERSION)
}

/// As many digits of it.
fn hex(digest: &[u8], digits: usize) -> String {
    let halves = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves
        .filter_map(|half| char::from_digit(half.into(), 16))
        .take(digits)
        .collect()
}
