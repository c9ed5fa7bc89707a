//! The two addresses of a user that messages go to.

use serde::{Deserialize, Serialize};

use crate::{
    Value,
    column::{Cell, FromColumn},
};

/// An attribute of a user that is an address. Stored as the attribute's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Address {
    #[serde(rename = "email")]
    Email,
    #[serde(rename = "phone_number")]
    Phone,
}

impl Address {
    pub const ALL: [Self; 2] = [Self::Email, Self::Phone];

    /// The attribute that holds it.
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone_number",
        }
    }

    /// The attribute that says whether it is proven.
    pub const fn flag(self) -> &'static str {
        match self {
            Self::Email => "email_verified",
            Self::Phone => "phone_number_verified",
        }
    }

    /// None for attributes that are no address.
    pub fn of_attribute(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|address| address.attribute() == name)
    }

    pub fn is_flag(name: &str) -> bool {
        Self::ALL.iter().any(|address| address.flag() == name)
    }
}

impl FromColumn for Address {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        Self::of_attribute(&String::from_column(cell)?).ok_or_else(|| "the name of an address wanted".to_owned())
    }
}

impl From<Address> for Value {
    fn from(address: Address) -> Self {
        Self::from(address.attribute())
    }
}
