//! Discovery documents as they are sent, kept by what they say.

use bytes::Bytes;
use kernel::Memo;
use oauth::discovery::Endpoints;

/// Discovery documents that are kept ready. Each has 2 KB.
const KEPT: usize = 256;

/// Discovery documents, written once for all that they say: what changes has another.
pub struct Documents(Memo<Endpoints, Bytes>);

impl Default for Documents {
    fn default() -> Self {
        Self(Memo::of(KEPT))
    }
}

impl Documents {
    pub fn written(&self, endpoints: Endpoints) -> Bytes {
        if let Some(kept) = self.0.get(&endpoints) {
            return kept;
        }
        let text = Bytes::from(oauth::discovery::document(&endpoints).to_string());
        self.0.remember(endpoints, text.clone());
        text
    }
}
