//! Words of drafts and dossiers.

mod faults;
mod told;

pub use faults::{file_fault, paper_reason, reason};
pub use told::{message, pause, refused};

use super::model::{ForWhom, ResultChannel};
use super::state::{Action, State};
use crate::base::lang::{Text, Words};

crate::texts! {
    STEP_WHERE: "Nơi nộp", "Where";
    STEP_FORM: "Nội dung", "Form";
    STEP_PAPERS: "Giấy tờ", "Papers";
    STEP_CHECK: "Kiểm tra", "Check";
    STEP_FEE: "Nộp phí", "Fee";
    SAVED_AT: "Đã lưu lúc", "Saved at";
    NEXT: "Lưu và tiếp tục", "Save and continue";
    LATER: "Lưu, để làm sau", "Save for later";
    WHERE_TITLE: "Nộp ở đâu, cho ai?", "Where, and for whom?";
    COMMUNE: "Xã, phường, thị trấn", "Commune";
    COMMUNE_HINT: "Nơi cư trú, hoặc nơi luật định cho thủ tục này.", "Where you live, or where the law says for this procedure.";
    DISTRICT: "Huyện, thị xã, thành phố", "District";
    CENTRE_RECEIVES: "Hồ sơ cấp tỉnh do Trung tâm Phục vụ hành chính công tỉnh tiếp nhận.", "Dossiers of the province are received by the provincial service centre.";
    CASE: "Trường hợp của bạn", "Your case";
    FOR_WHOM: "Bạn nộp cho ai?", "Who is it for?";
    CHANNEL: "Nhận kết quả bằng cách nào?", "How shall the result come?";
    POST_TO: "Địa chỉ nhận bưu gửi", "Postal address";
    POST_TO_HINT: "Chỉ khi chọn nhận qua bưu chính.", "Only if by post.";
    EXEMPTION: "Bạn có thuộc diện miễn, giảm phí không?", "Are you entitled to a reduction?";
    EXEMPTION_PROOF: "Giấy miễn, giảm phí", "Proof of relief";
    EXEMPTION_NONE: "Không", "No";
    EXEMPTION_HINT: "Nếu có, bạn gửi giấy tờ chứng minh ở bước Giấy tờ; nơi tiếp nhận sẽ kiểm tra.", "If so, send its proof with the papers; the desk will check it.";
    CHOOSE_PLACE: "Chọn nơi nộp trong danh sách.", "Choose the place from the list.";
    CHOOSE_ONE: "Chọn một câu trả lời.", "Choose one answer.";
    POST_NEEDED: "Ghi địa chỉ nhận bưu gửi.", "Give the postal address.";
    RECEIVER: "Nơi nhận hồ sơ", "Received by";
    DUE_IF: "Ngày trả, nếu được tiếp nhận hôm nay", "Due, if received today";
    FEE: "Phí, lệ phí", "Fees";
    FREE: "Miễn phí", "Free";
    OPEN_DRAFTS: "Bạn có bản nháp đang dở của thủ tục này", "You have an unfinished draft of this procedure";
    GO_ON: "Tiếp tục bản nháp", "Go on with the draft";
    KNOWN_FROM: "Lấy từ tài khoản định danh của bạn.", "From your account.";
    FROM_EARLIER: "Lấy từ hồ sơ trước của bạn; sửa nếu đã đổi.", "From an earlier dossier of yours; change it if it has changed.";
    FROM_ACCOUNT: "lấy từ tài khoản", "from your account";
    WRONG_FIX: "Sai? Sửa trong tài khoản", "Wrong? Correct it in your account";
    IN_THIS_FORM: "Trong tờ khai này", "In this form";
    OK: "đủ", "complete";
    TO_MEND: "cần sửa", "to mend";
    OPEN: "chưa xong", "open";
    REFRESH: "Cập nhật câu hỏi theo lựa chọn", "Update the questions";
    ADD_ROW: "Thêm dòng", "Add a row";
    REMOVE_ROW: "Bỏ dòng", "Remove";
    DATE_HINT: "Ví dụ 16/11/1985", "For example 16/11/1985";
    DATE_PARTIAL_HINT: "Ví dụ 16/11/1985. Chỉ nhớ năm thì ghi 1938, nhớ tháng thì ghi 06/1941.", "For example 16/11/1985. Year only: 1938; month: 06/1941.";
    NUMBER_12: "12 số", "12 digits";
    OTHER_PAPER: "Giấy tờ", "Paper";
    PAPER_NUMBER: "Số định danh cá nhân (12 số)", "Personal number (12 digits)";
    PAPER_PASSPORT: "Hộ chiếu", "Passport";
    PAPER_OLD_CARD: "Chứng minh nhân dân cũ (9 số)", "Old identity card (9 digits)";
    PAPER_NONE: "Không có số", "No number";
    PAPER_NO: "Số giấy tờ", "Number";
    PAPER_REASON: "Vì sao không có số", "Why there is none";
    ADDRESS_LIST: "Xã, phường trong tỉnh", "Commune in this province";
    ADDRESS_DETAIL: "Số nhà, đường, thôn, tổ dân phố", "House, street, village";
    ADDRESS_TEXT: "Hoặc ghi địa chỉ ngoài danh sách (tỉnh khác, tên mới, nước ngoài)", "Or write an address that is in no list";
    NOT_IN_LIST: "ghi tay, ngoài danh sách", "written by hand, in no list";
    CONFLICT: "Câu này vừa được sửa ở một trang khác. Bạn giữ bản nào?", "This answer was changed on another page. Which one stays?";
    KEEP_MINE: "Giữ bản gõ ở trang này", "Keep what was typed here";
    KEEP_THEIRS: "Giữ bản kia", "Keep the other";
    PAPERS_TITLE: "Giấy tờ", "Papers";
    PAPERS_LEAD: "Mỗi giấy tờ chụp thẳng, đủ bốn góc, đọc được chữ nhỏ nhất. Chọn tệp xong, bấm “Gửi tệp” ở ngay giấy tờ đó.", "Photograph each paper straight, with all four corners, readable to the smallest letter. After choosing a file, press the button beside it to send it.";
    NEW_TAB: "(mở thẻ mới)", "(opens a new tab)";
    NEXT_HELP: "Sau khi nộp có những gì?", "What happens after filing?";
    REQUIRED: "Bắt buộc.", "Required.";
    IF_ANY: "Nếu có.", "If any.";
    CHOOSE_FILE: "Chụp hoặc chọn tệp", "Photograph or choose files";
    SEND: "Gửi tệp", "Send";
    REMOVE: "Xóa", "Remove";
    VIEW: "Xem", "View";
    RECEIVED_AT: "Đã nhận lúc", "Received at";
    NOT_TO_FILE: "Không phải nộp", "Not to be filed";
    STATE_HAS: "Cơ quan nhà nước đã có. Bạn có thể chỉ khai, không phải nộp.", "The State already has it. You may state it instead of sending it.";
    SEND_FIRST: "Tệp đã chọn chỉ được giữ khi bạn bấm “Gửi tệp” ở ô của tệp đó. Bấm trước khi sang bước kiểm tra.", "A chosen file is kept only when you press “Send” beside it. Press it before going on.";
    DECLARE: "Khai thay cho nộp", "State instead of sending";
    DECLARED: "Khai, chưa đối chiếu", "Stated, not compared yet";
    DECLARE_NUMBER: "Số giấy", "Number";
    DECLARE_ISSUER: "Nơi cấp", "Issued by";
    DECLARE_DATE: "Ngày cấp", "Date of issue";
    NO_PAPERS: "Trường hợp này không phải nộp giấy tờ nào.", "No paper is needed in this case.";
    CHECK_TITLE: "Kiểm tra lần cuối", "A last look";
    CHANGE: "Sửa", "Change";
    WHO_SEES: "Ai sẽ thấy hồ sơ này", "Who will see this dossier";
    DECLARATION: "Tôi cam đoan những điều khai trên là đúng và chịu trách nhiệm về lời khai.", "I declare that what I stated is true and answer for it.";
    SUBMIT: "Nộp hồ sơ", "File the dossier";
    NOT_READY: "Chưa nộp được", "Not ready to file";
    TWIN: "Đã có hồ sơ cùng thủ tục, cùng người, đang được giải quyết:", "A dossier of the same procedure, about the same person, is under way:";
    TWIN_STILL: "Nộp thêm nếu đây là việc khác.", "File this one too if it is another matter.";
    DECLARE_FIRST: "Đánh dấu vào lời cam đoan trước khi nộp.", "Tick the declaration before filing.";
    CONFLICT_FIRST: "Có câu trả lời khác nhau từ hai trang. Chọn một bản trước khi nộp.", "Two pages gave different answers. Choose one before filing.";
    DONE_TITLE: "Đã nộp hồ sơ", "The dossier is filed";
    CODE: "Mã hồ sơ", "Dossier code";
    KEY: "Mã tra cứu", "Look-up key";
    KEY_HINT: "Giữ hai mã này. Ai có cả hai xem được hồ sơ đang ở bước nào, không thấy thông tin của bạn.", "Keep both. Whoever has both sees the step, never your data.";
    ANSWERS_BY: "Phản hồi chậm nhất", "Answers by";
    WHAT_NEXT: "Tiếp theo", "What happens next";
    FILES: "Tệp đã nhận", "Files received";
    DIGEST_HINT: "Tám ký tự đầu của dấu vân tay (SHA-256) tệp bạn gửi / tệp được lưu: hai tệp khác nhau không có cùng dấu. Ảnh được bỏ vị trí và máy chụp trước khi lưu.", "First eight signs of the fingerprint (SHA-256) of the file sent / kept: no two files share one. Place and camera are removed from pictures.";
    PAY_NOW: "Nộp phí", "Pay the fee";
    MY_DOSSIERS: "Hồ sơ của tôi", "My dossiers";
    YOUR_TURN: "Việc của bạn", "Your turn";
    UNDER_WAY: "Đang giải quyết", "Under way";
    FINISHED: "Đã xong", "Finished";
    DRAFTS: "Bản nháp", "Drafts";
    NONE_YET: "Bạn chưa có hồ sơ nào. Tìm thủ tục để bắt đầu.", "You have no dossier yet. Find a procedure to begin.";
    FIND: "Tìm thủ tục", "Find a procedure";
    DISCARD: "Bỏ bản nháp", "Discard the draft";
    DISCARD_LEAD: "Mọi điều đã ghi và tệp đã gửi trong bản nháp này sẽ mất, không lấy lại được.", "Everything written and sent in this draft will be gone for good.";
    DISCARD_NOW: "Bỏ, tôi chắc chắn", "Discard it";
    OLDER: "Hồ sơ cũ hơn", "Older dossiers";
    TIMELINE: "Diễn biến", "History";
    PAPERS_IN: "Giấy tờ trong hồ sơ", "Papers of the dossier";
    MESSAGES: "Tin nhắn", "Messages";
    NO_MESSAGES: "Chưa có tin nhắn.", "No messages yet.";
    DUE: "Ngày hẹn trả", "Due";
    NO_DUE: "Chưa hẹn", "Not promised yet";
    NO_DUE_WORDS: "Ngày trả được hẹn khi cơ quan tiếp nhận.", "The date is promised when the office receives it.";
    WHY: "Vì sao ngày này?", "Why this date?";
    ASK_ABOUT: "Hỏi về hồ sơ này", "Ask about this dossier";
    READ_CODE: "Đọc mã hồ sơ khi gọi.", "Read out the code when you call.";
    SUPPLEMENT_NOW: "Bổ sung ngay", "Supplement now";
    SUPPLEMENT: "Bổ sung hồ sơ", "Supplement the dossier";
    SUPPLEMENT_LEAD: "Chỉ những chỗ cơ quan hỏi mở ra ở đây. Giấy tờ khác giữ nguyên, không nộp thêm phí.", "Only what was asked is open here. All else stays; no new fee.";
    OFFICE_WORDS: "Cơ quan viết", "The office wrote";
    SEND_SUPPLEMENT: "Gửi bổ sung", "Send";
    STILL_OPEN: "Còn chỗ chưa bổ sung", "Something is still open";
    CANCEL: "Rút hồ sơ", "Withdraw";
    CANCEL_LEAD: "Hồ sơ chưa được tiếp nhận nên bạn rút được ngay. Phí đã nộp được ghi yêu cầu hoàn.", "It is not received yet, so you may withdraw at once. A refund is asked for what was paid.";
    WITHDRAW_LEAD: "Hồ sơ đã được tiếp nhận nên cơ quan phải đồng ý. Trong lúc chờ, thời gian giải quyết vẫn chạy; bạn thôi rút được. Phí cho việc đã làm thường không hoàn.", "It is received, so the office has to agree. Meanwhile the clock runs on, and you may take the request back. A fee for work done is usually not returned.";
    REASON: "Lý do", "Reason";
    WITHDRAW: "Xin rút hồ sơ", "Ask to withdraw";
    WITHDRAW_ENDED: "Hồ sơ này không rút được nữa.", "This dossier can't be withdrawn any more.";
    WITHDRAW_WAITS: "Bạn đã xin rút hồ sơ. Cơ quan đang xem xét.", "You asked to withdraw. The office is looking at it.";
    TAKE_BACK: "Thôi, không rút nữa", "Take the request back";
    STOP_PRINT: "Thông báo dừng giải quyết", "Stop notice";
    STOP_RIGHTS: "Bạn có quyền khiếu nại quyết định này, hoặc nộp hồ sơ mới.", "You may lodge a complaint, or file anew.";
    PAUSES: "Thời gian không tính vào hạn", "Time that doesn't count";
    SUPPLIED: "Đã gửi bổ sung, chờ cơ quan xác nhận.", "Sent; the office has to confirm it.";
    OPENINGS: "Ai đã mở hồ sơ này", "Who opened this dossier";
    OPENINGS_NONE: "Chưa có cán bộ nào mở.", "No member of staff has opened it yet.";
    OPENED_DOSSIER: "mở hồ sơ", "opened the dossier";
    OPENED_PAPER: "mở giấy tờ", "opened a paper";
    RESULT: "Kết quả", "Result";
    RESULT_GET: "Tải kết quả", "Download the result";
    RESULT_COPY: "bản chụp, chưa có chữ ký số: đến quầy hoặc nhận bản giấy qua bưu chính", "a copy without digital signature: collect the paper at the counter or by post";
    RESULT_SIGNED: "bản điện tử có chữ ký số", "electronic, digitally signed";
    DENIED: "Không đủ điều kiện giải quyết: xem văn bản trả lời.", "Not granted: see the reasoned answer.";
    FROM_ORGANISATION: "Lấy từ tổ chức; sửa ở đây nếu khác.", "From the organisation; change it here if it differs.";
    FROM_COPY: "Chép từ hồ sơ trước; kiểm tra lại.", "Copied from the earlier dossier; check it.";
    NOT_OFFERED: "Thủ tục này không còn nộp qua mạng.", "This procedure is no longer filed online.";
    SIMILAR: "Nộp hồ sơ tương tự", "File a similar dossier";
    SIMILAR_HINT: "Chép câu trả lời, không chép giấy tờ, nơi nộp và cam đoan.", "Copies the answers, not the papers, the place or the declaration.";
    ONLY_SEES: "Bạn được xem hồ sơ của tổ chức này, chưa được giao nộp hay sửa. Nhờ người đại diện thêm quyền.", "You may see this organisation's dossiers, but not file or change them. Ask the representative for the right.";
    PAID_BY_OTHERS: "Người được giao nộp phí của tổ chức sẽ nộp khoản này.", "Whoever pays for the organisation pays this fee.";
    STAYS: "Bản nháp của tổ chức ở lại với tổ chức.", "A draft of an organisation stays with it.";
    BEHALF: "Thay mặt", "On behalf of";
    SLIP: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Receipt and appointment";
    TO_CHECK: "Sang bước kiểm tra", "On to the check";
    FORM_FILED: "Tờ khai đã nộp", "The form as filed";
    LOOKUP_EMPTY: "Ghi mã hồ sơ và mã tra cứu; cả hai có trên giấy hẹn và trong thư.", "Enter the dossier's code and its key; both stand on the slip and in the letter.";
    OVERDUE: "quá hạn", "late";
    FILE_AGAIN: "Nộp lại hồ sơ mới", "File a new one";
    OLD_PAPER: "bản cũ, đã thay", "old, replaced";
    LETTER_PRINT: "Phiếu yêu cầu bổ sung", "Supplement letter";
    REFUSAL_PRINT: "Phiếu từ chối", "Refusal slip";
    CONTROL: "Phiếu kiểm soát quá trình giải quyết", "Control slip";
    LOOKUP: "Tra cứu hồ sơ", "Look up a dossier";
    LOOKUP_LEAD: "Nhập mã hồ sơ và mã tra cứu trên giấy hẹn hoặc thư. Không cần đăng nhập.", "Enter the code and the key of your slip or letter. No sign-in needed.";
    LOOKUP_CODE_HINT: "Ví dụ H02.03-261119-0021", "For example H02.03-261119-0021";
    LOOKUP_KEY_HINT: "8 chữ và số, ở trang “Đã nộp”, trong thư và trên giấy hẹn", "8 letters and digits: on the page after filing, in the letter, on the slip";
    LOOKUP_ANOTHER: "Tra cứu hồ sơ khác", "Look up another";
    LOOKUP_SHOW: "Xem hồ sơ", "Show";
    LOOKUP_NONE: "Không có hồ sơ với hai mã này. Kiểm tra từng ký tự; mất mã thì quầy cấp lại.", "No dossier has these two codes. Check each sign; a lost key is given again at the desk.";
    STATE: "Trạng thái", "State";
    OWNER: "Chủ hồ sơ", "Owner";
    RECEIVED: "Tiếp nhận", "Received";
    KEPT_BACK: "Những gì bạn gõ trước khi phiên hết hạn đã trở lại.", "What you typed before the session ended is back.";
    CHANGED_SUM: "Số tiền đã thay đổi theo câu trả lời. Xem lại số mới rồi nộp.", "The sum has changed with your answers. Look at the new sum, then file.";
    REFUND_ASKED: "Đã ghi yêu cầu hoàn", "A refund is asked for:";
    ASSIST: "Cần người giúp? Gọi 1022.", "Need help? Call 1022.";
    UPLOAD_TOO_MANY: "Tổng các tệp của hồ sơ vượt 200 MB.", "The files of the dossier exceed 200 MB.";
}

pub const fn for_whom(f: ForWhom) -> Text {
    match f {
        ForWhom::Own => Text::new("Cho tôi", "For myself"),
        ForWhom::Child => Text::new("Cho con, người tôi giám hộ", "For my child or ward"),
        ForWhom::Other => Text::new("Cho người khác", "For somebody else"),
        ForWhom::Organisation => Text::new("Cho tổ chức", "For an organisation"),
    }
}

/// A page of a draft that another page has filed.
pub fn filed_meanwhile(code: &str, typed: bool) -> Words {
    let filed = crate::words!("Hồ sơ này đã được nộp ở một trang khác, mã {code}.", "This dossier was filed on another page, code {code}.");
    if !typed {
        return filed;
    }
    Words::new(format!("{} Những gì bạn vừa sửa không nằm trong hồ sơ đã nộp:", filed.vi), format!("{} What you just changed is not in it:", filed.en))
}

/// Who did it for whom.
pub fn on_behalf(name: &str, organisation: &str) -> Words {
    crate::words!("{name}, thay mặt {organisation}", "{name}, on behalf of {organisation}")
}

/// For which organisation, and whether a clerk has seen its certificate.
pub fn for_organisation(name: &str, tax_code: &str, confirmed: bool) -> Words {
    let state = if confirmed { Text::new("đã xác nhận", "confirmed") } else { Text::new("chưa xác nhận", "unconfirmed") };
    Words::new(format!("thay mặt {name} (MST {tax_code}, {})", state.vi), format!("on behalf of {name} (tax code {tax_code}, {})", state.en))
}

pub const fn channel(c: ResultChannel) -> Text {
    match c {
        ResultChannel::Electronic => Text::new("Qua mạng, bản điện tử", "Electronically"),
        ResultChannel::Counter => Text::new("Tại quầy đã nộp", "At the counter"),
        ResultChannel::Post => Text::new("Qua bưu chính, đến nhà", "By post"),
    }
}

/// What the citizen sees of a state.
pub const fn state(s: State) -> Text {
    match s {
        State::Submitted => Text::new("Đã nộp, chờ tiếp nhận", "Filed, waiting to be received"),
        State::IntakeSupplement => Text::new("Chờ bạn bổ sung", "Waiting for you"),
        State::Refused => Text::new("Không được tiếp nhận", "Not received"),
        State::Cancelled => Text::new("Đã rút trước khi tiếp nhận", "Withdrawn before reception"),
        State::Accepted => Text::new("Đã tiếp nhận", "Received"),
        State::Processing => Text::new("Đang giải quyết", "Being processed"),
        State::AwaitingOpinion => Text::new("Đang lấy ý kiến", "An opinion is asked"),
        State::SupplementRequested => Text::new("Cần bổ sung", "Supplement needed"),
        State::PaymentRequested => Text::new("Cần nộp phí", "A fee is due"),
        State::WithdrawalRequested => Text::new("Đã xin rút", "Withdrawal requested"),
        State::Withdrawn => Text::new("Đã rút hồ sơ", "Withdrawn"),
        State::Stopped => Text::new("Dừng giải quyết", "Stopped"),
        State::AwaitingSignature => Text::new("Đang giải quyết (trình ký)", "Being processed (for signature)"),
        State::ResultReady => Text::new("Đã có kết quả", "The result is ready"),
        State::Returned => Text::new("Đã trả kết quả", "The result was returned"),
        State::Archived => Text::new("Hồ sơ đã lưu", "Archived"),
    }
}

/// A state for those who aren't the applicant: staff, the public.
pub const fn state_to_others(s: State) -> Text {
    match s {
        State::Submitted => Text::new("Chờ tiếp nhận", "To be received"),
        State::IntakeSupplement => Text::new("Chờ người nộp bổ sung", "Waiting for the applicant"),
        State::Accepted => Text::new("Đã tiếp nhận, chưa chuyển giải quyết", "Received, not yet passed on"),
        State::AwaitingSignature => Text::new("Chờ ký và phát hành", "For signature and issue"),
        State::ResultReady => Text::new("Chờ trả kết quả", "Result to be handed over"),
        other => state(other),
    }
}

pub const fn state_class(s: State) -> &'static str {
    match s {
        State::IntakeSupplement | State::SupplementRequested | State::PaymentRequested => "tag tag--wait",
        State::ResultReady | State::Returned | State::Archived => "tag tag--full",
        State::Refused | State::Stopped => "tag tag--late",
        State::Submitted | State::Accepted | State::Processing | State::AwaitingOpinion | State::AwaitingSignature | State::WithdrawalRequested => "tag tag--part",
        State::Cancelled | State::Withdrawn => "tag",
    }
}

/// An event as the timeline says it.
pub const fn event(a: Action) -> Text {
    match a {
        Action::Submit => Text::new("Đã nộp hồ sơ", "Filed"),
        Action::Accept => Text::new("Đã tiếp nhận", "Received"),
        Action::RequestSupplement => Text::new("Yêu cầu bổ sung", "Supplement requested"),
        Action::Refuse => Text::new("Không tiếp nhận", "Not received"),
        Action::Cancel => Text::new("Người nộp rút hồ sơ", "Withdrawn by the filer"),
        Action::Supplement => Text::new("Đã bổ sung", "Supplemented"),
        Action::ExpireSupplement => Text::new("Không tiếp nhận: quá hạn bổ sung", "Not received: not supplemented in time"),
        Action::Transfer => Text::new("Chuyển cơ quan giải quyết", "Passed to the competent unit"),
        Action::Assign => Text::new("Giao người thụ lý", "Assigned"),
        Action::CancelCharge => Text::new("Hủy một khoản phí", "A charge was cancelled"),
        Action::Paid => Text::new("Đã nộp phí", "The fee was paid"),
        Action::PassDue => Text::new("Quá hạn trả", "Past due"),
        Action::IntakeOverdue => Text::new("Quá hạn phản hồi tiếp nhận", "The answer on reception is overdue"),
        Action::ProposeResult => Text::new("Trình ký kết quả", "Put before the leader"),
        Action::ReturnDraft => Text::new("Trả lại để sửa", "Sent back"),
        Action::Sign => Text::new("Lãnh đạo đã ký", "Signed"),
        Action::Issue => Text::new("Đã có kết quả", "The result is ready"),
        Action::ReturnCounter => Text::new("Trả kết quả tại quầy", "Returned at the counter"),
        Action::ReturnElectronic => Text::new("Trả kết quả qua mạng", "Returned electronically"),
        Action::ReturnPost => Text::new("Gửi kết quả qua bưu chính", "Handed to the post"),
        Action::ProposeSupplement => Text::new("Đề nghị yêu cầu bổ sung", "A supplement was proposed"),
        Action::DeclineProposal => Text::new("Không duyệt yêu cầu bổ sung", "The proposal was not approved"),
        Action::ApproveSupplement => Text::new("Yêu cầu bổ sung, tạm dừng thời gian giải quyết", "Supplement requested, the clock waits"),
        Action::ConfirmSupplement => Text::new("Đã nhận đủ bổ sung, thời gian chạy tiếp", "The supplement is complete, the clock goes on"),
        Action::StillMissing => Text::new("Bổ sung còn thiếu", "The supplement is not complete"),
        Action::StopUnsupplied => Text::new("Dừng giải quyết: không bổ sung", "Stopped: not supplemented"),
        Action::AssessFee => Text::new("Thông báo phí phải nộp, tạm dừng thời gian giải quyết", "A fee was assessed, the clock waits"),
        Action::Waive => Text::new("Miễn khoản phí", "The fee was waived"),
        Action::StopUnpaid => Text::new("Dừng giải quyết: chưa nộp phí", "Stopped: the fee was not paid"),
        Action::RequestWithdrawal => Text::new("Người nộp xin rút hồ sơ", "A withdrawal was requested"),
        Action::TakeBack => Text::new("Người nộp thôi xin rút", "The request to withdraw was taken back"),
        Action::ConfirmWithdrawal => Text::new("Đồng ý cho rút hồ sơ", "The withdrawal was confirmed"),
        Action::DeclineWithdrawal => Text::new("Không cho rút: kết quả đã ký", "The withdrawal was declined: the result is signed"),
        Action::Stop => Text::new("Dừng giải quyết", "Stopped"),
    }
}

/// A file that arrived when its dossier was filed already.
pub fn too_late_for(name: &str) -> Words {
    crate::words!("Hồ sơ đã nộp trước khi tệp “{name}” đến nơi; tệp này chưa nằm trong hồ sơ.", "The dossier was filed before “{name}” arrived; this file is not in it.")
}
