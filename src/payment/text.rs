//! Words of paying.

use super::model::{ObligationState, SuspenseKind};
use super::state::AttemptState;
use crate::base::lang::{Text, Words};

crate::texts! {
    FEES: "Nộp phí", "Pay fees";
    FEES_LEAD: "Phí của các hồ sơ do bạn nộp.", "Fees of the dossiers you filed.";
    FEES_OF_ORGANISATION: "Phí của các hồ sơ nộp cho tổ chức này.", "Fees of the dossiers filed for this organisation.";
    ALL: "Chọn hết", "Choose all";
    NONE: "Bỏ chọn hết", "Choose none";
    NO_FEES: "Không có khoản nào đang chờ nộp. Khi hồ sơ có phí, khoản phí hiện ở đây.", "Nothing is due. When a dossier has a fee, it appears here.";
    DUE: "Đang chờ nộp", "Due";
    SETTLED: "Đã xong", "Settled";
    PAY_CHOSEN: "Nộp các khoản đã chọn", "Pay what is chosen";
    CHOOSE_SOME: "Chọn ít nhất một khoản.", "Choose at least one.";
    SIGN_IN_TO_SEE: "Đăng nhập để xem và nộp phí của bạn. Chưa có tài khoản thì nộp tại quầy.", "Sign in to see and pay your fees. Without an account, pay at the counter.";
    BASKET: "Thanh toán", "Payment";
    AMOUNT: "Số tiền", "Amount";
    IN_WORDS: "Bằng chữ", "In words, in Vietnamese as on receipts";
    STATE: "Trạng thái", "State";
    WAY: "Cách trả", "Way";
    TIME: "Lúc", "When";
    VNPAY: "VNPAY: thẻ, tài khoản ngân hàng, quét mã QR", "VNPAY: card, bank account, QR";
    CONTINUE: "Tiếp tục", "Continue";
    UNAVAILABLE: "Hiện chưa thanh toán qua mạng được. Bạn nộp tại quầy:", "Online payment is not available now. Please pay at the counter:";
    TOO_SMALL: "Số tiền dưới 5.000 đồng: cổng VNPAY không nhận. Bạn nộp tại quầy, khi đến hoặc khi nhận kết quả; hồ sơ vẫn được giải quyết:", "Under 5,000 đồng VNPAY takes nothing. Pay at the counter, when you come or collect the result; the dossier goes on meanwhile:";
    OR_TOGETHER: "Hoặc nộp qua mạng chung với khoản khác của bạn, khi tổng từ 5.000 đồng.", "Or pay online together with another fee of yours, from 5,000 đồng in all.";
    PENDING_TRY: "Có một lần trả đang chờ kết quả. Nếu ngân hàng đã trừ tiền, đừng trả lần nữa: bấm “Tôi đã trả rồi” để hỏi VNPAY.", "One try still waits for its result. If your bank has taken the money, don't pay again: press “I have paid” to ask VNPAY.";
    PENDING_ELSEWHERE: "Có một lần trả khác của khoản này đang chờ kết quả. Nếu ngân hàng đã trừ tiền, đừng trả lần nữa: mở lần thanh toán đó để hỏi.", "Another try to pay this still waits for its result. If your bank has taken the money, don't pay again: open that payment and ask there.";
    HALF: "Có khoản trong lần thanh toán này đã xong hoặc đã thay đổi, nên không trả cả lần này được nữa. Khoản còn lại trả ở danh sách.", "Some of this payment is settled or has changed, so it can't be paid as a whole any more. Pay what is left from the list.";
    TO_LIST: "Xem các khoản phải nộp", "See what is to be paid";
    REFUNDS_NONE: "Không có yêu cầu nào.", "None.";
    TOGETHER: "Nộp chung", "Pay together";
    I_PAID: "Tôi đã trả rồi", "I have paid";
    WAITING: "Đang chờ ngân hàng", "Waiting for the bank";
    LOOK_AGAIN: "Xem lại", "Look again";
    WAITING_WORDS: "VNPAY báo thành công, đang xác nhận. Không cần trả lần nữa; lát nữa bấm “Xem lại”.", "VNPAY reports success; it is being confirmed. Don't pay again; press “Look again” in a moment.";
    PAID_TITLE: "Đã nộp", "Paid";
    TWICE_TITLE: "Đã nhận tiền, trả thừa", "Received, paid beyond what is owed";
    TWICE_WORDS: "Các khoản này đã xong từ trước, nên lần trả này không vào hồ sơ nào.", "These fees were settled before, so this payment goes to no dossier.";
    PAID_WORDS: "Tiền đã được ghi nhận vào hồ sơ. Về khoản này bạn không phải làm gì thêm.", "The money is recorded. Nothing more to do for this payment.";
    FAILED_TITLE: "Chưa trả được", "Not paid";
    FAILED_WORDS: "Giao dịch không thành công. Bạn có thể thử lại hoặc nộp tại quầy.", "The payment did not go through. Try again, or pay at the counter.";
    CANCELLED_WORDS: "Bạn đã hủy giao dịch. Bạn có thể thử lại.", "You cancelled the payment. You may try again.";
    REVIEW_WORDS: "Ngân hàng đang xác minh giao dịch này. Chưa nên trả lần nữa; gọi 1022 và đọc mã tham chiếu.", "The bank is verifying this payment. Better not pay again; call 1022 and read out the reference.";
    UNREADABLE: "Không đọc được kết quả; xem trạng thái trong hồ sơ.", "The result can't be read; see the state in your dossier.";
    REFERENCE: "Mã tham chiếu", "Reference";
    BACK_TO: "Về hồ sơ", "To the dossier";
    SEE_BASKET: "Xem khoản thanh toán", "See the payment";
    HELD: "Cổng vừa khôi phục từ bản sao lưu nên chưa hỏi cổng thanh toán. Khoản đã trả không mất; xin xem lại sau.", "The portal was just restored from a backup and doesn't ask the gateway yet. What you paid is not lost; please look again later.";
    ASKED_PAID: "Đã hỏi VNPAY: đã trả, tiền đã được ghi nhận.", "VNPAY was asked: it is paid and recorded.";
    ASKED_NOT: "Đã hỏi VNPAY: chưa thấy tiền của khoản này.", "VNPAY was asked: no money for this yet.";
    ASKED_SILENT: "VNPAY chưa trả lời. Chúng tôi hỏi lại tự động; bạn không cần trả lần nữa.", "VNPAY gave no answer. We ask again by ourselves; don't pay again.";
    PAY_ALL_THE_SAME: "Vẫn trả lần nữa", "Pay again all the same";
    WAITS: "đang chờ kết quả một lần trả", "a try waits for its result";
    SEE_TRY: "Xem lần thanh toán", "See the payment";
    THEIR_NUMBER: "Số giao dịch VNPAY", "VNPAY transaction";
    ALL_DONE: "Các khoản trong lần thanh toán này đã xong.", "All of this payment is settled.";
    CHANGED: "Có khoản đã nộp hoặc đã thay đổi. Xem lại danh sách rồi trả phần còn lại.", "Something here is paid already or has changed. See the list, then pay what is left.";
    PRINT_CASH: "Phiếu xác nhận đã nộp, không phải biên lai", "Confirmation of payment, not a receipt";
    COUNTER: "Thu tiền tại quầy", "Counter payments";
    COUNTER_CODE: "Mã hồ sơ hoặc mã tham chiếu", "Dossier code or reference";
    COUNTER_FIND: "Tìm", "Find";
    COUNTER_NONE: "Không có khoản nào với mã này.", "Nothing stands under this code.";
    COUNTER_TAKE: "Đã thu đủ tiền mặt", "Cash taken in full";
    COUNTER_ELSEWHERE: "Thu tại quầy của", "Taken at the counter of";
    PAYER: "Người nộp", "Payer";
    CASHIER: "Người thu", "Cashier";
    UNIT: "Đơn vị thu", "Unit";
    TO_COUNTER: "Về trang thu tiền", "Back to the counter";
    COUNTER_OFF: "Thu tiền mặt đang tắt: hệ thống chưa phát hành biên lai.", "Cash is switched off: receipts are not issued yet.";
    SUSPENSE: "Tiền chờ xử lý", "Money to explain";
    SUSPENSE_NONE: "Không có khoản tiền nào chờ xử lý. Tiền không khớp hồ sơ nào sẽ hiện ở đây.", "Nothing waits. Money that fits nowhere appears here.";
    REFUNDS: "Yêu cầu hoàn phí", "Refunds asked for";
    REFUND_ASKED: "đã ghi yêu cầu hoàn", "a refund is asked for";
    KIND: "Loại", "Kind";
    CODE: "Mã", "Code";
    PENDING: "miễn, giảm: chờ xác nhận", "relief: to be confirmed";
    ONLINE: "qua mạng", "online";
    CASH: "tiền mặt tại quầy", "cash at the counter";
}

pub const fn obligation_state(s: ObligationState) -> Text {
    match s {
        ObligationState::Due => Text::new("Chờ nộp", "Due"),
        ObligationState::Paid => Text::new("Đã nộp", "Paid"),
        ObligationState::Exempted => Text::new("Được miễn", "Exempt"),
        ObligationState::Cancelled => Text::new("Đã hủy", "Cancelled"),
        ObligationState::Replaced => Text::new("Đã thay", "Replaced"),
        ObligationState::Refunded => Text::new("Đã hoàn", "Refunded"),
    }
}

pub const fn attempt_state(s: AttemptState) -> Text {
    match s {
        AttemptState::Open => Text::new("Đang chờ", "Waiting"),
        AttemptState::UnderReview => Text::new("Đang xác minh", "Under review"),
        AttemptState::Paid => Text::new("Thành công", "Paid"),
        AttemptState::Failed => Text::new("Không thành công", "Failed"),
        AttemptState::Cancelled => Text::new("Đã hủy", "Cancelled"),
        AttemptState::Expired => Text::new("Hết giờ", "Expired"),
    }
}

pub const fn suspense(k: SuspenseKind) -> Text {
    match k {
        SuspenseKind::Overpaid => Text::new("Trả thừa", "Overpaid"),
        SuspenseKind::Short => Text::new("Trả thiếu", "Short"),
        SuspenseKind::Duplicate => Text::new("Trả hai lần", "Paid twice"),
        SuspenseKind::AfterClose => Text::new("Trả sau khi khoản đã đóng", "Paid after closing"),
        SuspenseKind::Unmatched => Text::new("Chưa biết của ai", "Unmatched"),
        SuspenseKind::Ambiguous => Text::new("Chưa rõ của khoản nào", "Ambiguous"),
        SuspenseKind::CashOver => Text::new("Thừa quỹ", "Cash over"),
        SuspenseKind::Mismatch => Text::new("Khác số tiền", "Another amount"),
    }
}

/// How many, and how much together.
pub fn count(n: usize, sum: &str) -> Words {
    crate::words!("{n} khoản, tổng {sum}", "{n} in all, {sum}")
}

/// Who pays, with an organisation's tax code.
pub fn payer(name: &str, tax_code: Option<&str>) -> Words {
    tax_code.map_or_else(|| Words::same(name), |x| crate::words!("{name}, mã số thuế {x}", "{name}, tax code {x}"))
}

pub fn paid_by(adapter: &str) -> Text {
    if adapter == "cash" { CASH } else { ONLINE }
}

pub fn reason(r: &str) -> Words {
    match r.parse::<SuspenseKind>() {
        Ok(k) => suspense(k).into(),
        Err(()) => match r {
            "refused" => Words::new("Hồ sơ không được tiếp nhận", "The dossier was refused"),
            "stopped" => Words::new("Hồ sơ dừng giải quyết", "The dossier was stopped"),
            "cancelled" => Words::new("Người nộp rút hồ sơ", "The dossier was withdrawn"),
            other => Words::same(other),
        },
    }
}

/// Money that came beyond what was owed.
pub fn surplus(sum: &str) -> Words {
    Words::new(
        format!("Ngoài khoản phải nộp, đã nhận {sum} trả thừa: tiền được giữ riêng và đã ghi yêu cầu hoàn cho người nộp."),
        format!("Beyond what is owed, {sum} was paid: it is kept apart and a refund to the payer is asked for."),
    )
}
