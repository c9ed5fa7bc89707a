//! Where a pool's hosted login is.

use kernel::Cx;

use crate::pool::Pool;

impl Pool {
    /// The address beneath which the pages of the pool's domain are, on whatever host the call came to. None: it has no domain.
    pub fn login_base(&self, cx: &Cx) -> Option<String> {
        let domain = self.domains.first()?;
        // A prefix alone may be a namesake's of another Region.
        let name = if domain.bare {
            domain.name.clone()
        } else {
            domain.kind.key(&domain.name, &self.id.region())
        };
        Some(format!("{}/_login/{name}", cx.base_url))
    }
}
