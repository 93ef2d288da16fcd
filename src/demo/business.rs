//! The two businesses of the demo: one confirmed, one not; people of each right; dossiers in several states.

use super::fate::Fate;
use super::people::BUSINESSES;
use super::world::World;
use crate::account::{
    self,
    organisation::{self, By},
};
use crate::base::id::PartyId;
use crate::base::time::Moment;
use crate::platform::db::Tx;
use crate::web::session::{Citizen, Role, Staff};
use anyhow::Context;
use serde_json::Value;

/// Forms that businesses file, and what becomes of them.
const FILED: [(&str, Fate); 6] =
    [("1.001612", Fate::Submitted), ("1.013225", Fate::Processing), ("1.001612", Fate::Asked), ("1.013225", Fate::Ready), ("1.001612", Fate::Returned), ("1.013225", Fate::Waiting)];

/// Claims, confirmation, invitations taken: as people do it by the pages.
pub async fn found(tx: &mut Tx, citizens: &[Citizen], staff: &[Staff], now: Moment) -> anyhow::Result<Vec<PartyId>> {
    let clerk = staff.iter().find(|s| s.is(Role::DeskClerk)).context("a desk clerk")?;
    let mut parties = Vec::new();
    for b in &BUSINESSES {
        let representative = account::load_account(tx, citizens[b.representative].account).await?;
        let party = organisation::claim(tx, &representative, b.name, b.tax_code, Some(b.address), now).await?;
        if b.confirmed {
            organisation::confirm(tx, party, By::Staff(clerk.id, &clerk.name), "GCN-MAU-01", now).await?;
        }
        for (who, rights) in b.people {
            let member = account::load_account(tx, citizens[*who].account).await?;
            let token = organisation::invite(tx, party, &representative, member.number(), *rights, now).await?;
            organisation::accept(tx, &member, &token, now).await?;
        }
        parties.push(party);
    }
    Ok(parties)
}

impl World {
    /// Files for both businesses through the member who may file.
    pub(super) async fn business_dossiers(&self, samples: &[&Value], parties: &[PartyId], now: Moment) -> anyhow::Result<()> {
        for (i, (code, fate)) in FILED.iter().enumerate() {
            let o = self.c.find(code).with_context(|| format!("procedure {code}"))?;
            let form = o.form.as_ref().map(|f| f.form.id.as_str());
            let which = i / 2 % 2;
            let filer = &self.citizens[BUSINESSES[which].people.iter().find(|p| p.1.may_file).map_or(BUSINESSES[which].representative, |p| p.0)];
            let filed = self.office_hour(now, 2 + u64::try_from(i)?, i)?;
            for sample in samples.iter().filter(|s| s["form"].as_str() == form) {
                if let Some(d) = self.file(o, &sample["data"], filer, parties[which], filed).await? {
                    self.lead(d, filer, *fate, filed, now).await.with_context(|| format!("{fate:?} of {code} for a business"))?;
                    break;
                }
            }
        }
        Ok(())
    }
}
