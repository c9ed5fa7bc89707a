//! Where a pool's hosted login is.

use kernel::Cx;

use crate::pool::Pool;

impl Pool {
    /// The address beneath which the pages of the pool's domain are. None: it has no domain.
    pub fn login_base(&self, cx: &Cx) -> Option<String> {
        Some(format!("{}/_login/{}", cx.base_url, self.id.short_name()))
    }
}
