//! Words of the staff's rooms.

use crate::base::lang::{Text, Words};

crate::texts! {
    DESK: "Bàn làm việc", "Work list";
    LATE: "Quá hạn", "Late";
    INTAKE: "Chờ tiếp nhận", "To receive";
    WAITING: "Chờ bổ sung", "Waiting for the person";
    RUNNING: "Đang giải quyết", "Under way";
    SIGN: "Chờ ký, phát hành", "To sign and issue";
    READY: "Chờ trả kết quả", "To return";
    ENDED: "Đã xong", "Finished";
    FIND: "Tìm mã, tên không cần dấu, số căn cước, điện thoại", "Code, name without marks, identity number, telephone";
    SEARCH: "Tìm", "Search";
    FOUND: "Kết quả tìm", "Found";
    FOUND_NONE: "Không thấy hồ sơ nào của đơn vị khớp.", "No dossier of the unit fits.";
    EMPTY: "Không có hồ sơ ở mục này.", "Nothing here.";
    ACT_BY: "Phải làm trước", "Act by";
    LEFT: "Còn", "Left";
    CODE: "Mã hồ sơ", "Code";
    PROCEDURE: "Thủ tục", "Procedure";
    OWNER: "Chủ hồ sơ", "Owner";
    FILED: "Nộp lúc", "Filed";
    WORK: "Việc", "Work";
    TAKE: "Nhận việc", "Take";
    OPEN: "Mở", "Open";
    HOLDS: "đang mở", "has it open";
    NEXT: "Trang sau", "Next page";
    UNPAID: "chưa nộp phí", "fee open";
    PAPERS: "Giấy tờ", "Papers";
    FORM: "Tờ khai", "Form";
    FINE: "Đạt", "Fine";
    MEND: "Cần sửa", "Mend";
    MEND_WORDS: "Câu người nộp sẽ đọc", "What the person will read";
    NO_FILE: "Chưa có tệp", "No file";
    VIEWER: "Giấy đang xem", "Paper shown";
    CHOOSE_PAPER: "Chọn một giấy tờ để xem ở đây.", "Choose a paper to see it here.";
    SAVE_TICKS: "Lưu đánh dấu", "Save the ticks";
    SAVED: "Đã lưu đánh dấu.", "The ticks are saved.";
    ACCEPT: "Tiếp nhận", "Receive";
    ACCEPT_PROMISE: "Nếu tiếp nhận bây giờ: hẹn trả", "If received now: due";
    UNPAID_REASON: "Phí chưa nộp: lý do vẫn tiếp nhận", "The fee is open: why it is received all the same";
    EXEMPTION: "Giấy miễn, giảm phí", "Proof of relief";
    EXEMPTION_FINE: "Chấp nhận", "Accepted";
    EXEMPTION_NOT: "Không chấp nhận: thu đủ", "Not accepted: the full fee";
    ASK: "Yêu cầu bổ sung", "Request a supplement";
    ASK_HINT: "Một thư cho mọi chỗ cần sửa; chỉ được hỏi một lần.", "One letter for everything; it may be asked only once.";
    REFUSE: "Từ chối tiếp nhận", "Refuse";
    REFUSE_REASON: "Lý do từ chối, nêu căn cứ pháp luật", "The reason in law";
    EXPIRE: "Từ chối: quá hạn bổ sung", "Refuse: not supplemented in time";
    TRANSFER: "Chuyển cơ quan giải quyết", "Pass to the competent unit";
    ASSIGN: "Giao người thụ lý", "Assign";
    HANDLER: "Người thụ lý", "Officer in charge";
    NO_HANDLER: "chưa giao", "not assigned";
    PROPOSE: "Trình ký", "Put before the leader";
    PROPOSE_KIND: "Kết quả đề nghị", "Proposed result";
    GRANT: "Đủ điều kiện: cấp kết quả", "Grant";
    DENY: "Không đủ điều kiện: văn bản trả lời", "Deny, with a reasoned answer";
    SUMMARY: "Tóm tắt thẩm định", "Finding";
    DRAFT_FILE: "Dự thảo kết quả (PDF, DOCX)", "Draft of the result (PDF, DOCX)";
    RETURN_DRAFT: "Trả lại để sửa", "Send back";
    RETURN_REASON: "Lý do trả lại", "Why";
    SIGN_NOW: "Ký duyệt", "Sign";
    SIGNED: "Đã ký", "Signed";
    ISSUE: "Phát hành", "Issue";
    NUMBER: "Số", "Number";
    SYMBOL: "Ký hiệu", "Symbol";
    NO_RESULT_FILE: "Chưa có tệp kết quả đã ký. Chọn tệp PDF rồi phát hành.", "The signed result is missing. Choose the PDF, then issue it.";
    BAD_NUMBER: "Số kết quả từ 1 đến 9999999, chỉ gồm chữ số, ví dụ 128.", "The number is from 1 to 9999999, digits only, e.g. 128.";
    BAD_SYMBOL: "Ký hiệu dài nhất 40 chữ.", "A symbol has 40 letters at most.";
    RESULT_FILE: "Tệp kết quả đã ký (PDF)", "Signed result (PDF)";
    BEARS: "Tệp có chữ ký số", "The file bears a digital signature";
    RETURN_COUNTER: "Trả tại quầy", "Return at the counter";
    RECEIVER: "Người nhận kết quả", "Who collects the result";
    RETURN_COUNTER_HINT: "Đối chiếu giấy hẹn hoặc căn cước trước khi trả; nhận thay thì ghi tên người nhận và giấy ủy quyền.", "Check the slip or identity card first; where somebody else collects, write their name and the authorisation.";
    RETURN_POST: "Gửi bưu chính", "Hand to the post";
    WAYBILL: "Mã vận đơn", "Waybill";
    CANCEL_CHARGE: "Hủy khoản phí", "Cancel the charge";
    CANCEL_REASON: "Lý do", "Reason";
    SLIP: "Giấy hẹn (A5)", "Slip (A5)";
    CONTROL: "Phiếu kiểm soát", "Control slip";
    WHY: "Vì sao ngày này?", "Why this date?";
    FEES: "Phí, lệ phí", "Fees";
    HISTORY: "Diễn biến", "History";
    NEW_KEY: "Cấp lại mã tra cứu", "Give a new look-up key";
    NEW_KEY_LEAD: "Mã trên giấy hẹn và trong thư đã gửi sẽ hết tác dụng; in lại giấy hẹn cho người nộp.", "The key on the slip and in letters ends; print the slip again for the person.";
    NEW_KEY_NOW: "Cấp mã mới", "Give a new key";
    NEW_KEY_DONE: "Mã tra cứu mới", "New look-up key";
    NOT_OPEN: "Hồ sơ này không có việc cho vai trò của bạn lúc này.", "Nothing is open to your role now.";
    BY_HAND: "ghi tay, ngoài danh sách", "by hand, in no list";
    RESULT: "Kết quả", "Result";
    DECLARED: "khai, chưa đối chiếu", "stated, not compared";
    PHONE: "Điện thoại", "Telephone";
    CHANNEL: "Nhận kết quả", "Result by";
    LETTER: "Thư đã gửi", "Letter sent";
    NEED_SUMMARY: "Ghi tóm tắt thẩm định cho lãnh đạo.", "Write the finding for the leader.";
    NEED_RETURN: "Ghi lý do trả lại để người thụ lý sửa.", "Write why, for the officer to mend it.";
    ACCEPT_ANYWAY: "Vẫn tiếp nhận dù còn chỗ đánh dấu cần sửa", "Receive all the same, with marks to mend";
    SENT_BACK: "Lãnh đạo trả lại để sửa", "Sent back by the leader";
    NEXT_DOSSIER: "Hồ sơ kế tiếp", "Next dossier";
    YOURS_UNTIL: "Bạn đang giữ hồ sơ này, người khác thấy tên bạn, đến", "You hold this dossier, others see your name, until";
    REFUSE_HINT: "Người nộp sẽ đọc nguyên câu này; ít nhất 10 chữ cái.", "The person will read this sentence; at least 10 letters.";
    KEPT_FILE: "Tệp đã gửi, không cần chọn lại", "File received, no need to choose it again";
    PROPOSE_SUPPLEMENT: "Đề nghị yêu cầu bổ sung", "Propose a supplement";
    PROPOSE_SUPPLEMENT_HINT: "Đánh dấu chỗ cần sửa, mỗi chỗ một câu. Lãnh đạo duyệt thì thư được gửi và thời gian tạm dừng; chỉ một lần.", "Mark what is to be mended, a sentence each. Once approved the letter goes out and the clock waits; only once.";
    PROPOSAL: "Đề nghị yêu cầu bổ sung, chờ duyệt", "A supplement is proposed, to be approved";
    APPROVE: "Duyệt, gửi yêu cầu", "Approve and send";
    DECLINE: "Không duyệt", "Not approved";
    DECLINE_REASON: "Lý do không duyệt", "Why it is not approved";
    CONFIRM: "Đủ: thời gian chạy tiếp", "Complete: the clock goes on";
    STILL_MISSING: "Còn thiếu", "Not complete";
    STILL_MISSING_HINT: "Đánh dấu chỗ còn thiếu trong những chỗ đã hỏi; không phải một lần yêu cầu mới.", "Mark what is missing of what was asked; it is no new request.";
    ASSESS: "Tính phí phải nộp", "Assess a fee";
    ASSESS_HINT: "Người nộp được báo, thời gian tạm dừng đến khi nộp.", "The payer is told; the clock waits for the payment.";
    WHICH_FEE: "Khoản phí", "Fee";
    SUM: "Số tiền (đồng)", "Sum (đồng)";
    BASIS: "Căn cứ tính, người nộp sẽ đọc", "How it was found; the payer reads this";
    WAIVE: "Miễn khoản phí này", "Waive this fee";
    WAIVE_REASON: "Căn cứ miễn", "Ground of the waiver";
    STOP: "Dừng giải quyết", "Stop";
    STOP_REASON: "Căn cứ pháp luật để dừng, người nộp sẽ đọc", "Ground in law; the person reads this";
    REFUND: "Ghi yêu cầu hoàn phí đã nộp", "Ask for a refund of what was paid";
    WITHDRAWING: "Người nộp xin rút hồ sơ", "The person asks to withdraw";
    LET_WITHDRAW: "Đồng ý cho rút", "Confirm the withdrawal";
    KEEP: "Không cho rút", "Decline";
    KEEP_REASON: "Lý do: kết quả đã ký", "Reason: the result is signed";
    STOP_PRINT: "Thông báo dừng", "Stop notice";
    REPLACED: "bản cũ, đã thay", "old, replaced";
    ALL: "Tất cả", "All";
    AGENCY: "Cơ quan giải quyết", "Competent unit";
    FILTER: "Lọc", "Filter";
    NO_FILTER: "Bỏ lọc", "Without the filter";
    SCOPE: "Bạn thấy hồ sơ của", "You see the dossiers of";
    SCOPE_ROOM: "phần việc của", "the work of";
}

/// The symbol that is proposed for a result's number.
pub const PLAIN_SYMBOL: &str = "KQ-TTHC";

/// "Tiếp nhận hồ sơ: xong lúc 09:24"
pub fn done(act: &Text, at: &str) -> Words {
    Words::new(format!("{}: xong lúc {at}.", act.vi), format!("{}: done at {at}.", act.en))
}

/// What the person asked for, where the counter is about to do otherwise.
pub fn asked_for(channel: Text) -> Words {
    let (vi, en) = (channel.vi, channel.en);
    crate::words!("Người nộp đã chọn: {vi}. Chỉ trả ở quầy khi họ đến lấy.", "The person chose: {en}. Return it at the counter only if they come for it.")
}

/// "trước 10:20 hôm nay" and "còn 1 giờ 18", by the wall clock.
pub fn moment(act_by: Option<crate::base::time::Moment>, now: crate::base::time::Moment) -> (Words, Words, &'static str) {
    use crate::base::time;
    let Some(at) = act_by else { return (Words::default(), Words::default(), "") };
    let day = time::day(at);
    let when = if day == time::day(now) {
        let t = time::hm(at);
        crate::words!("{t} hôm nay", "{t} today")
    } else {
        Words::same(time::dmy_hm(at))
    };
    let minutes = (at - now).num_minutes();
    let (n, class) = (
        minutes.abs(),
        if minutes < 0 {
            "late"
        } else if minutes < 60 {
            "soon"
        } else {
            ""
        },
    );
    let (vi, en) = if n < 60 {
        (format!("{n} phút"), format!("{n} min"))
    } else if n < 48 * 60 {
        (format!("{} giờ {:02}", n / 60, n % 60), format!("{} h {:02}", n / 60, n % 60))
    } else {
        (format!("{} ngày", n / 1440), format!("{} days", n / 1440))
    };
    let left = if minutes < 0 { crate::words!("quá {vi}", "late {en}") } else { crate::words!("còn {vi}", "{en} left") };
    (when, left, class)
}

pub fn tab(id: &str) -> Text {
    match id {
        "qua-han" => LATE,
        "cho-tiep-nhan" => INTAKE,
        "cho-bo-sung" => WAITING,
        "dang-giai-quyet" => RUNNING,
        "cho-ky" => SIGN,
        "cho-tra" => READY,
        _ => ENDED,
    }
}

/// A letter's head: when it went, by when it is to be answered, when it was.
pub fn letter(asked: &str, due: &str, answered: Option<&str>) -> Words {
    match answered {
        Some(at) => Words::new(format!("gửi {asked}, trả lời {at}"), format!("sent {asked}, answered {at}")),
        None => Words::new(format!("gửi {asked}, hạn trả lời hết ngày {due}"), format!("sent {asked}, to be answered by the end of {due}")),
    }
}
