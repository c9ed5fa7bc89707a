//! What forms ask for: names, attributes, passwords, as a pool has them. Reference: oauth-and-federation 9.1; user-pools 2.8, 4.6.

use store::records::address::Address;

use super::Place;
use crate::{password::policy::PasswordRules, pool::settings::SignInNames};

/// By which names people sign in. Reference: user-pools 2.8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub username: bool,
    pub email: bool,
    pub phone: bool,
}

impl Place {
    /// What the API wants beside a name, where the client has a secret.
    pub(crate) fn secret_hash(&self, username: &str) -> Option<String> {
        let secret = self.client.secrets.oldest()?;
        Some(vault::secret_hash(&secret.value, username, self.client.id.as_str()))
    }

    /// What people sign in with.
    pub fn sign_in_names(&self) -> Names {
        match self.pool.sign_in_names {
            SignInNames::Username => Names {
                username: true,
                ..Names::default()
            },
            SignInNames::Aliases {
                email, phone_number, ..
            } => Names {
                username: true,
                email,
                phone: phone_number,
            },
            SignInNames::Attributes { email, phone_number } => Names {
                username: false,
                email,
                phone: phone_number,
            },
        }
    }

    /// What people choose at sign-up: a name of their own, or an address.
    pub fn sign_up_names(&self) -> Names {
        let names = self.sign_in_names();
        if names.username {
            Names {
                username: true,
                ..Names::default()
            }
        } else {
            names
        }
    }

    /// What else they have to bring: an address that is the name is not asked for twice.
    pub fn sign_up_fields(&self) -> Vec<String> {
        let names = self.sign_up_names();
        let is_name = |name: &str| {
            !names.username
                && match name {
                    "email" => names.email && !names.phone,
                    "phone_number" => names.phone && !names.email,
                    _ => false,
                }
        };
        let required = self.pool.schema.required().filter(|name| !is_name(name));
        let mut fields: Vec<String> = required.map(str::to_owned).collect();
        // A code has to go somewhere.
        if names.username {
            for address in self.addresses_to_verify() {
                if !fields.iter().any(|name| name == address) {
                    fields.push(address.to_owned());
                }
            }
        }
        fields
    }

    fn addresses_to_verify(&self) -> impl Iterator<Item = &'static str> {
        [(Address::Email, "email"), (Address::Phone, "phone_number")]
            .into_iter()
            .filter(|(address, _)| self.pool.auto_verifies(*address))
            .take(1)
            .map(|(_, name)| name)
    }

    pub fn password_rules(&self) -> PasswordRules {
        self.pool.password_policy.told()
    }
}
