//! The spine of an arrival: who it is, who they become, and that they are signed in. Reference: oauth-and-federation 10.4 to 10.7.

use std::sync::Arc;

use federation::{Arrival, Once as Shown};
use kernel::{Cx, Result};
use store::{
    Stop,
    records::{
        external_users::ExternalUser,
        sso_sessions::{External, SamlSession},
        users::User,
    },
};

use super::{NotArrived, Renewal, known::Claim, mapping, mapping::Mapped, naming, newcomer};
use crate::{
    UserPools,
    errors::external as errors,
    hosted::{Once, Place},
    lasting,
    pool::{acr::Level, link_by},
    provider::Provider,
    signin::{
        Brought, Newness, Visit,
        protocol::{Reply, Start, Vouched},
    },
    trigger::{PreSignUp, Source},
};

/// Somebody at the door, whom a provider vouches for.
struct Arriving {
    visit: Visit,
    external: External,
    claim: Claim,
    mapped: Mapped,
    level: Level,
}

/// Who they are.
enum Found {
    Known(User, ExternalUser),
    /// Since just now.
    New(User),
}

impl UserPools {
    /// Signs in whoever a provider of the place's pool vouches for, and makes them a user first where they are none.
    pub async fn arrive_at(
        &self,
        cx: &Cx,
        place: &Place,
        provider: &str,
        arrival: Arrival,
    ) -> Result<Reply, NotArrived> {
        let provider = place.pool.provider(provider).map_err(NotArrived::Failed)?;
        let arrived = Box::pin(self.arrive(cx, place, provider, arrival)).await;
        arrived.map_err(|error| NotArrived::of(provider.kind(), error))
    }

    /// Errors: InvalidParameter (what the provider says is not what the pool takes; shown before), UsernameExists, AliasExists, those of
    /// the functions and of the sign-in.
    async fn arrive(&self, cx: &Cx, place: &Place, provider: &Provider, mut arrival: Arrival) -> Result<Reply> {
        self.cpu.admit()?;
        naming::check_subject(&arrival.subject)?;
        if let Some(shown) = &arrival.once {
            self.show_assertion(cx, place, provider, shown).await?;
        }
        let visit = place.visit();
        self.told_of_arrival(cx, &visit, provider, &mut arrival).await?;
        let mapped = mapping::mapped(&place.pool, &place.client, provider, &arrival.attributes)?;
        let arriving = Arriving {
            external: External {
                provider: provider.name.clone(),
                saml: arrival.saml.map(|saml| SamlSession {
                    name_id: saml.name_id,
                    format: saml.format,
                    index: saml.index,
                }),
            },
            claim: Claim::new(provider, &arrival.subject, &arrival.attributes),
            level: provider.level(arrival.level.as_deref()),
            visit,
            mapped,
        };
        let found = match self.known(&arriving).await? {
            Some(known) => known,
            None => match self.believed(cx, &arriving, arrival.has_verified_email).await? {
                Some(known) => known,
                None => self.welcomed(cx, provider, &arriving).await?,
            },
        };
        self.let_in(cx, arriving, found).await
    }

    /// Errors: InvalidParameter.
    async fn show_assertion(&self, cx: &Cx, place: &Place, provider: &Provider, shown: &Shown) -> Result<()> {
        let once = Once::new(["assertion", &provider.name], &shown.id, shown.until.since(cx.wall()));
        if self.show_once(cx, &place.pool.id, &once).await? {
            Ok(())
        } else {
            Err(errors::response_already_processed())
        }
    }

    /// InboundFederation: what the function says stands in the place of what the provider said.
    ///
    /// Errors: those of the function.
    async fn told_of_arrival(&self, cx: &Cx, visit: &Visit, provider: &Provider, arrival: &mut Arrival) -> Result<()> {
        let stranger = newcomer::stranger(cx, &visit.pool, provider, &arrival.subject);
        let scene = visit.scene(cx, &stranger);
        let said = self
            .functions
            .inbound_federation(scene, provider, &arrival.told)
            .await?;
        if let Some(said) = said {
            arrival.has_verified_email = false;
            arrival.attributes = said;
        }
        Ok(())
    }

    async fn known(&self, arriving: &Arriving) -> Result<Option<Found>> {
        let (claim, pool) = (arriving.claim.clone(), Arc::clone(&arriving.visit.pool));
        let found = self.store.look_up(move |r| claim.find(r, &pool)).await?;
        Ok(found.map(|(user, row)| Found::Known(user, row)))
    }

    /// Whose address it is that the provider has verified, where the pool believes it. Errors: internal.
    async fn believed(&self, cx: &Cx, arriving: &Arriving, has_verified_email: bool) -> Result<Option<Found>> {
        let (pool, claim) = (&arriving.visit.pool, &arriving.claim);
        let is_believed = has_verified_email && link_by::by_verified_email(&pool.settings, &claim.provider);
        let Some(mail) = claim.attribute("email").filter(|_| is_believed) else {
            return Ok(None);
        };
        self.link_by_mail(cx, pool, claim, mail.to_owned()).await?;
        self.known(arriving).await
    }

    /// Somebody becomes a user, unless the function that hears of it says who they are: it may link them.
    ///
    /// Errors: those of the functions, of [`newcomer::newcomer`] and of [`newcomer::store`].
    async fn welcomed(&self, cx: &Cx, provider: &Provider, arriving: &Arriving) -> Result<Found> {
        let Arriving {
            visit, claim, mapped, ..
        } = arriving;
        let mut user = newcomer::newcomer(cx, &visit.pool, provider, (&claim.subject, mapped))?;
        let decided = self.functions.pre_external_sign_up(visit.scene(cx, &user)).await?;
        if let Some(known) = self.known(arriving).await? {
            return Ok(known);
        }
        decided.verify(&mut user)?;
        match self.settled(cx, arriving, user, decided).await {
            Ok(user) => Ok(Found::New(user)),
            // They came twice at once.
            Err(Stop::Raced) => match self.known(arriving).await? {
                Some(known) => Ok(known),
                None => Err(Stop::Raced.into()),
            },
            Err(stop) => Err(stop.into()),
        }
    }

    /// Stored, which is told to its end. Errors: those of [`newcomer::store`] and of the function; the user is there then.
    async fn settled(&self, cx: &Cx, arriving: &Arriving, user: User, decided: PreSignUp) -> Result<User, Stop> {
        let (this, cx) = (self.clone(), cx.clone());
        let (visit, claim, contest) = (arriving.visit.clone(), arriving.claim.clone(), decided.contest());
        let settled = lasting::to_its_end(async move {
            let pool = Arc::clone(&visit.pool);
            let written = this
                .store
                .write(move |tx| newcomer::store(tx, &pool, (user.clone(), &claim), contest));
            let user = match written.await {
                Err(Stop::Raced) => return Ok(None),
                written => written?,
            };
            let scene = visit.scene(&cx, &user);
            this.functions.post_confirmation(scene, Source::ConfirmSignUp).await?;
            Ok(Some(user))
        });
        settled.await?.ok_or(Stop::Raced)
    }

    /// Errors: those of [`Renewal::new`] and of the sign-in.
    async fn let_in(&self, cx: &Cx, arriving: Arriving, found: Found) -> Result<Reply> {
        let Arriving {
            visit,
            external,
            claim,
            mapped,
            level,
        } = arriving;
        let (sub, renewal, newness) = match found {
            Found::New(user) => (user.sub, None, Newness::New),
            Found::Known(user, row) => {
                let renewal = Renewal::new(&visit.pool, (&user, row), (claim.subject, mapped), cx.now())?;
                (user.sub, Some(renewal), Newness::Known)
            }
        };
        let vouched = Vouched { sub, level, renewal };
        let visit = visit.of(Brought { external, newness });
        self.begin_sign_in(cx, visit.beginning(), Start::Federated(Box::new(vouched)))
            .await
    }
}
