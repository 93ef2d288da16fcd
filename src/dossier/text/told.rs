//! Words of what happened: messages to the owner, pauses of the clock, why an act was not done.

use super::{event, state};
use crate::base::lang::{Text, Words};
use crate::dossier::acts::Refused;

/// Words of a message on the site and in a letter: kind and facts.
pub fn message(kind: &str, facts: &serde_json::Value) -> Words {
    let fact = |k: &str| match facts.get(k) {
        Some(serde_json::Value::String(s)) => s.clone(),
        Some(serde_json::Value::Number(n)) => n.to_string(),
        _ => String::new(),
    };
    match kind {
        "submitted" => {
            let by = fact("by");
            crate::words!("Hồ sơ đã nộp. Cơ quan phản hồi chậm nhất {by}.", "The dossier is filed. The office answers by {by}.")
        }
        "accepted" => {
            let due = fact("due");
            if due.is_empty() {
                crate::words!("Hồ sơ đã được tiếp nhận.", "The dossier is received.")
            } else {
                crate::words!("Hồ sơ đã được tiếp nhận, hẹn trả {due}.", "The dossier is received; due {due}.")
            }
        }
        "supplement" => {
            let (n, due) = (fact("n"), fact("due"));
            crate::words!("Hồ sơ cần bổ sung {n} chỗ, hạn {due}.", "The dossier needs {n} things mended by {due}.")
        }
        "supplemented" => {
            let by = fact("by");
            crate::words!("Đã nhận phần bổ sung. Cơ quan phản hồi chậm nhất {by}.", "Your supplement is received. The office answers by {by}.")
        }
        "refused" => {
            let reason = fact("reason");
            crate::words!("Hồ sơ không được tiếp nhận. Cơ quan nêu lý do: “{reason}”", "The dossier was not received. The office's reason: “{reason}”")
        }
        "supplement_due" => {
            let due = fact("due");
            crate::words!("Nhắc: hồ sơ còn chờ bạn bổ sung, hạn hết ngày {due}.", "Reminder: the dossier still waits for your supplement, by the end of {due}.")
        }
        "waiting" => crate::words!("Nhắc: kết quả của hồ sơ đang chờ bạn đến nhận.", "Reminder: the result of the dossier waits for you."),
        "cancelled" => crate::words!("Hồ sơ đã rút theo yêu cầu của bạn.", "The dossier is withdrawn as you asked."),
        "paid" => goes_on(crate::words!("Phí của hồ sơ đã được ghi nhận.", "The fee of the dossier is recorded."), &fact("due")),
        "supplement_processing" => {
            let (n, due) = (fact("n"), fact("due"));
            crate::words!("Cơ quan cần bạn bổ sung {n} chỗ, hạn {due}. Thời gian giải quyết tạm dừng từ nay.", "The office needs {n} things by {due}. The clock waits from now on.")
        }
        "supplement_confirmed" => goes_on(crate::words!("Phần bổ sung đã đủ.", "Your supplement is complete."), &fact("due")),
        "fee_assessed" => {
            let (sum, due) = (fact("sum"), fact("due"));
            crate::words!("Hồ sơ phải nộp {sum}, hạn {due}. Thời gian giải quyết tạm dừng đến khi nộp.", "{sum} is to be paid by {due}. The clock waits until then.")
        }
        "fee_waived" => goes_on(crate::words!("Khoản phí của hồ sơ được miễn.", "The fee of the dossier was waived."), &fact("due")),
        "withdrawal_requested" => crate::words!("Đã ghi nhận yêu cầu rút hồ sơ.", "Your request to withdraw is recorded."),
        "withdrawn" => crate::words!("Cơ quan đã đồng ý cho rút hồ sơ.", "The office has confirmed the withdrawal."),
        "withdrawal_declined" => {
            let reason = fact("reason");
            crate::words!("Hồ sơ không rút được nữa. Cơ quan nêu lý do: “{reason}”", "The dossier can't be withdrawn any more. The office's reason: “{reason}”")
        }
        "stopped" => {
            let reason = fact("reason");
            crate::words!("Hồ sơ dừng giải quyết. Cơ quan nêu lý do: “{reason}”", "The dossier was stopped. The office's reason: “{reason}”")
        }
        "charge_cancelled" => crate::words!("Một khoản phí của hồ sơ đã được hủy.", "A charge of the dossier was cancelled."),
        "ready" => crate::words!("Hồ sơ đã có kết quả.", "The result is ready."),
        "returned" => {
            let waybill = fact("waybill");
            if waybill.is_empty() {
                crate::words!("Kết quả đã được trả.", "The result was returned.")
            } else {
                crate::words!("Kết quả đã gửi bưu chính, mã vận đơn {waybill}.", "The result was posted, waybill {waybill}.")
            }
        }
        other => Words::same(other),
    }
}

/// A message with the promised date that follows from it, where the clock goes on.
fn goes_on(words: Words, due: &str) -> Words {
    if due.is_empty() {
        return words;
    }
    Words::new(format!("{} Thời gian giải quyết chạy tiếp, hẹn trả mới {due}.", words.vi), format!("{} The clock goes on; now due {due}.", words.en))
}

/// How a pause moved the promised date.
pub fn pause(p: &crate::dossier::model::Pause) -> Words {
    use crate::base::time::dmy_hm;
    use crate::dossier::model::PauseKind;
    let why = match p.kind {
        PauseKind::Supplement => Text::new("chờ bạn bổ sung", "waiting for your supplement"),
        PauseKind::Financial => Text::new("chờ nộp phí", "waiting for the fee"),
    };
    let from = dmy_hm(p.from_at);
    let Some(until) = p.until_at.map(dmy_hm) else {
        return Words::new(format!("Tạm dừng từ {from}: {}.", why.vi), format!("The clock waits since {from}: {}.", why.en));
    };
    let mut words = Words::new(format!("Tạm dừng {from} đến {until}: {}.", why.vi), format!("The clock waited {from} to {until}: {}.", why.en));
    if let (Some(before), Some(after)) = (p.due_before.map(dmy_hm), p.due_after.map(dmy_hm)) {
        if before == after {
            words = Words::new(format!("{} Ngày hẹn không đổi.", words.vi), format!("{} The date stays.", words.en));
        } else {
            words = Words::new(format!("{} Hẹn trả dời từ {before} sang {after}.", words.vi), format!("{} The date moved from {before} to {after}.", words.en));
        }
    }
    words
}

/// Why an act was not done.
pub fn refused(r: &Refused) -> Words {
    match r {
        Refused::Impossible(i) => {
            let (s, e) = (state(i.from), event(i.action));
            Words::new(format!("“{}” không làm được khi hồ sơ “{}”.", e.vi, s.vi), format!("“{}” is not possible while the dossier is “{}”.", e.en, s.en))
        }
        Refused::OtherRole(action) => {
            let e = event(*action);
            Words::new(format!("“{}” là việc của người giữ vai khác.", e.vi), format!("“{}” is the work of somebody with another role.", e.en))
        }
        Refused::Moved => crate::words!("Hồ sơ đã thay đổi trong lúc bạn xem.", "The dossier has changed meanwhile."),
        Refused::SameHands(role) => {
            let t = crate::account::text::role(*role);
            Words::new(
                format!("Bạn đã làm việc này với vai {}; người khác phải làm bước này.", t.vi.to_lowercase()),
                format!("You acted as {} on this dossier; somebody else must do this.", t.en.to_lowercase()),
            )
        }
        Refused::OwnDossier => crate::words!("Đây là hồ sơ của chính bạn; người khác phải xử lý.", "This is your own dossier; somebody else must handle it."),
        Refused::ReasonNeeded => crate::words!("Ghi lý do: người nộp sẽ đọc câu này.", "Write the reason: the person will read it."),
        Refused::NothingAsked => crate::words!("Chưa có chỗ nào được đánh dấu cần sửa.", "Nothing is marked to mend."),
        Refused::FeeOpen => {
            crate::words!("Phí chưa nộp. Ghi lý do tiếp nhận trước khi nộp, hoặc hỏi trong thư bổ sung.", "The fee is open. Give a reason to receive before payment, or ask for it in the letter.")
        }
        Refused::FeeBeforeReturn => crate::words!("Còn phí chưa nộp; thu đủ rồi mới trả kết quả.", "A fee is open; it must be met before the result is returned."),
        Refused::NotSigned => crate::words!("Kết quả chưa được ký.", "The result is not signed."),
        Refused::AlreadySigned => crate::words!("Kết quả đã được ký.", "The result is signed already."),
        Refused::NumberTaken => crate::words!("Số này đã cấp. Lấy số tiếp theo.", "This number is taken. Take the next."),
        Refused::NotYetExpired => crate::words!("Hạn bổ sung chưa hết.", "The time to supplement is not over."),
        Refused::SupplementUsed => crate::words!("Hồ sơ đã được yêu cầu bổ sung một lần; chỉ được hỏi một lần.", "A supplement was requested once already; only one is allowed."),
        Refused::ReceiverNeeded => crate::words!("Ghi tên người nhận kết quả.", "Write who collects the result."),
        Refused::OtherUnit => crate::words!("Bước này là việc của đơn vị khác trong hồ sơ.", "This step belongs to another unit of the dossier."),
        Refused::DraftNeeded => crate::words!("Đính kèm dự thảo kết quả (PDF hoặc DOCX) rồi trình.", "Attach the draft result (PDF or DOCX), then submit it."),
        Refused::MarksOpen => {
            crate::words!("Còn chỗ đánh dấu cần sửa. Yêu cầu bổ sung, hoặc đánh dấu “Vẫn tiếp nhận”.", "Something is still marked to mend. Request a supplement, or tick “Receive all the same”.")
        }
        Refused::TooLong => {
            crate::words!("Có ghi chú dài quá 1.000 chữ. Viết ngắn lại: người nộp đọc trên điện thoại.", "A note is longer than 1,000 characters. Make it shorter: people read it on a telephone.")
        }
        Refused::NotHandler => crate::words!("Việc này của người thụ lý hoặc lãnh đạo cơ quan giải quyết.", "This is for the officer in charge or the leader of the competent unit."),
        Refused::Unanswered(_) => crate::words!("Còn chỗ cơ quan hỏi mà chưa bổ sung.", "Something the office asked for is still open."),
        Refused::NoCalendar(y) => crate::words!("Chưa có lịch làm việc năm {y}, chưa hẹn ngày được. Báo quản trị.", "There is no office calendar for {y}; no date can be promised."),
        Refused::NothingProposed => crate::words!("Không còn đề nghị nào chờ duyệt.", "No proposal waits for approval."),
        Refused::PastDue => crate::words!("Đã quá hạn trả: không tạm dừng được nữa. Giải quyết tiếp, hoặc xin lỗi và hẹn lại.", "It is past due: the clock can't be stopped any more."),
        Refused::FeeWrong => crate::words!("Chọn khoản phí của thủ tục này và ghi số tiền bằng đồng, ví dụ 150.000.", "Choose a fee of this procedure and give the sum in đồng, for example 150.000."),
        Refused::AlreadyDecided => crate::words!("Kết quả đã ký: không cho rút được, lãnh đạo trả lời từ chối.", "The result is signed: it can't be withdrawn; the leader declines."),
        Refused::NotDecided => crate::words!("Kết quả chưa ký nên chưa có lý do từ chối việc rút.", "Nothing is signed yet: there is no ground to decline."),
        Refused::WaybillNeeded => crate::words!("Ghi mã vận đơn.", "Enter the waybill."),
        Refused::Broken(_) => crate::web::text::BROKEN.into(),
    }
}
