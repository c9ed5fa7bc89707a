//! A user's devices: whether the pool tracks them and how they are kept (`kept`), the secret of one (`secret`), a browser as
//! one (`browser`), how one is shown (`view`). Reference: user-pools 10.

pub(crate) mod browser;
pub(crate) mod kept;
pub(crate) mod secret;
pub(crate) mod view;
