//! Where dossiers of the demo have come to, and the acts that lead them there. To add a state: its fate, and what leads to it.

use super::world::World;
use crate::base::money::Vnd;
use crate::base::time::{self, Moment};
use crate::catalogue;
use crate::dossier::acts::{self, Issued};
use crate::dossier::model::{Dossier, SupplementItem};
use crate::dossier::state::State;
use crate::platform::db::Tx;
use crate::web::session::{Citizen, Role, Staff};
use crate::{dossier, payment};
use anyhow::Context;
use chrono::{Datelike, NaiveTime};

/// How far a dossier of the demo has come.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    Submitted,
    Asked,
    Answered,
    Refused,
    Cancelled,
    Accepted,
    Processing,
    ForSignature,
    Signed,
    Ready,
    Returned,
    /// Asked again while processing, with the clock stopped.
    Waiting,
    /// An officer has assessed a fee.
    Assessed,
    WithdrawalAsked,
    Withdrawn,
    Stopped,
}

/// In the order in which samples meet them.
pub(super) const FATES: [Fate; 15] = [
    Fate::Submitted,
    Fate::Returned,
    Fate::Processing,
    Fate::Asked,
    Fate::ForSignature,
    Fate::Accepted,
    Fate::Ready,
    Fate::Refused,
    Fate::Answered,
    Fate::Signed,
    Fate::Cancelled,
    Fate::Waiting,
    Fate::WithdrawalAsked,
    Fate::Withdrawn,
    Fate::Stopped,
];

impl World {
    /// Leads a dossier to its fate, each act at its own moment before now.
    pub(super) async fn lead(&self, d: Dossier, citizen: &Citizen, fate: Fate, filed: Moment, now: Moment) -> anyhow::Result<()> {
        let ok = |r: Result<Dossier, acts::Refused>| r.map_err(|e| anyhow::anyhow!("{e:?}"));
        let at = |minutes: i64| (filed + chrono::TimeDelta::minutes(minutes)).min(now);
        let desk = self.who(&d.reception_unit, "", Role::DeskClerk).context("a desk clerk")?;
        let officer = self.who(&d.handler_unit, &d.appraising_office, Role::Officer).context("an officer")?;
        let leader = self.who(&d.competent_unit, "", Role::Leader).context("a leader")?;
        let records = self.who(&d.competent_unit, "", Role::RecordsClerk).context("a records clerk")?;
        let mut tx = self.db.begin().await?;
        let mut d = d;
        match fate {
            Fate::Submitted => return Ok(()),
            Fate::Cancelled => {
                ok(acts::cancel(&mut tx, &d, citizen, "Nộp nhầm thủ tục", at(30)).await)?;
                return Ok(tx.commit().await?);
            }
            Fate::Refused => {
                ok(acts::refuse(&mut tx, &d, desk, "Không thuộc thẩm quyền giải quyết của đơn vị theo Luật Hộ tịch 60/2014/QH13, Điều 7.", at(60)).await)?;
                return Ok(tx.commit().await?);
            }
            Fate::Asked | Fate::Answered => {
                let papers = dossier::papers_of_dossier(&mut tx, d.id).await?;
                let item = papers.first().map_or_else(|| "q:applicant_phone".to_owned(), |p| format!("p:{}", p.component));
                acts::note_check(&mut tx, &d, desk, &item, false, "Ảnh mờ, không đọc được số. Đề nghị chụp lại cả trang.", at(45)).await?;
                let items = [SupplementItem { item: item.clone(), words: "Ảnh mờ, không đọc được số. Đề nghị chụp lại cả trang.".to_owned() }];
                d = ok(acts::request_supplement(&mut tx, &self.c, &d, desk, &items, "", at(50)).await)?;
                if matches!(fate, Fate::Answered)
                    && let Some(component) = item.strip_prefix("p:")
                {
                    let again = self.paper("Bản chụp lại").await?;
                    dossier::keep_answer_paper(&mut tx, d.id, component, papers.first().and_then(|p| p.question.as_deref()), &again, at(600)).await?;
                    ok(acts::supplement(&mut tx, &self.c, &d, citizen, &catalogue::form::Answers::new(), at(601)).await)?;
                }
                return Ok(tx.commit().await?);
            }
            _ => {}
        }
        // money first: at the counter where the unit has a cashier, else received with a reason
        let due: Vec<_> = payment::obligations_of_subject(&mut tx, d.id.0).await?.into_iter().filter(payment::model::Obligation::is_due).map(|o| o.id).collect();
        if !due.is_empty()
            && let Some(cashier) = self.who(&d.reception_unit, "", Role::Cashier)
        {
            payment::take_cash(&mut tx, &dossier::MetListener, d.party_id, &due, &payment::Cashier { id: cashier.id, name: &cashier.name, unit: &cashier.unit }, at(20))
                .await
                .map_err(|e| anyhow::anyhow!("{e}"))?;
            d = dossier::load_dossier(&mut tx, d.id).await?;
        }
        // received after 15:00 it stays at the desk until the morning
        let late = matches!(fate, Fate::Accepted);
        let received = if late { time::from_local(time::day(filed).and_time(NaiveTime::from_hms_opt(15, 40, 0).unwrap_or_default())).min(now) } else { at(90) };
        d = ok(acts::accept(&mut tx, &self.c, &d, desk, "Thu khi trả kết quả", None, received).await)?;
        if late {
            return Ok(tx.commit().await?);
        }
        if d.state == State::Accepted {
            d = ok(acts::transfer(&mut tx, &d, desk, at(95)).await)?;
        }
        d = ok(acts::assign(&mut tx, &d, officer, officer.id, at(120)).await)?;
        if let Some(done) = self.course(&mut tx, &d, citizen, officer, leader, fate, &at).await? {
            ok(done)?;
            return Ok(tx.commit().await?);
        }
        let draft = self.paper("Dự thảo kết quả").await?;
        dossier::remember_file(&mut tx, &draft.digest, draft.size, at(200)).await?;
        d = ok(acts::propose_result(&mut tx, &d, officer, "grant", "Hồ sơ đủ điều kiện. Đề nghị cấp kết quả.", Some((&draft.digest, &draft.name)), at(200)).await)?;
        if matches!(fate, Fate::ForSignature) {
            return Ok(tx.commit().await?);
        }
        d = ok(acts::sign(&mut tx, &d, leader, at(240)).await)?;
        if matches!(fate, Fate::Signed) {
            return Ok(tx.commit().await?);
        }
        let file = self.paper("Kết quả giải quyết").await?;
        dossier::remember_file(&mut tx, &file.digest, file.size, at(260)).await?;
        let year = time::day(at(260)).year();
        let number = dossier::propose_number(&mut tx, &d.competent_unit, "KQ-TTHC", year).await?;
        let signed = matches!(fate, Fate::Returned);
        let issued = Issued { number, symbol: "KQ-TTHC", digest: &file.digest, name: &file.name, media: file.media.as_str(), bears_signature: signed };
        d = ok(acts::issue(&mut tx, &d, records, &issued, at(260)).await)?;
        if signed && d.state == State::ResultReady {
            let owed = payment::obligations_of_subject(&mut tx, d.id.0).await?.iter().any(payment::model::Obligation::is_due);
            if !owed {
                ok(acts::hand_over(&mut tx, &d, desk, None, &d.filer_name, at(300)).await)?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// What becomes of a dossier between reception and signature; none: it goes on to its result.
    #[expect(clippy::too_many_arguments, reason = "the four people of a dossier and its moments")]
    async fn course(
        &self,
        tx: &mut Tx,
        d: &Dossier,
        citizen: &Citizen,
        officer: &Staff,
        leader: &Staff,
        fate: Fate,
        at: &impl Fn(i64) -> Moment,
    ) -> anyhow::Result<Option<Result<Dossier, acts::Refused>>> {
        Ok(Some(match fate {
            Fate::Processing => Ok(d.clone()),
            Fate::Waiting => {
                let papers = dossier::papers_of_dossier(tx, d.id).await?;
                let item = papers.first().map_or_else(|| "q:applicant_phone".to_owned(), |p| format!("p:{}", p.component));
                let items = [SupplementItem { item, words: "Thiếu trang hai. Đề nghị gửi lại cả tờ.".to_owned() }];
                match acts::propose_supplement(tx, d, officer, &items, at(150)).await {
                    Ok(d) => acts::approve_supplement(tx, &self.c, &d, leader, at(170)).await,
                    refused => refused,
                }
            }
            Fate::Assessed => {
                let p = self.c.find(&d.procedure_code).context("the procedure")?;
                let fee = acts::assessable(&p.procedure.fees).next().context("a fee that an officer assesses")?;
                acts::assess_fee(tx, &self.c, d, officer, &acts::Assessment { fee: &fee.id, amount: Vnd::dong(16_000), basis: "Hai bản, mỗi bản 8.000 đồng." }, at(150)).await
            }
            Fate::WithdrawalAsked | Fate::Withdrawn => match acts::request_withdrawal(tx, d, citizen, "Gia đình chưa cần nữa", at(150)).await {
                Ok(d) if matches!(fate, Fate::Withdrawn) => acts::confirm_withdrawal(tx, &d, officer, true, at(170)).await,
                asked => asked,
            },
            Fate::Stopped => acts::stop(tx, d, leader, "Người yêu cầu đã mất, không còn người thừa kế quyền của hồ sơ.", false, at(150)).await,
            _ => return Ok(None),
        }))
    }
}
