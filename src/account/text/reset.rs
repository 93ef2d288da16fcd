//! Words of a new password at the desk.

use crate::account::reset::Refused;
use crate::base::lang::Text;

crate::texts! {
    TITLE: "Mật khẩu mới tại quầy", "A new password at the desk";
    LEAD: "Cho người không có thư điện tử. Hai cán bộ cùng đối chiếu căn cước; người dân tự đặt mật khẩu bằng mã trên giấy.", "For people without e-mail. Two members of staff check the identity card; the person sets the password with a code on paper.";
    ASK: "Đã đối chiếu, chuyển người thứ hai", "Checked, pass to the second";
    SEEN: "Đã đối chiếu căn cước với người đứng trước quầy", "The identity card was checked against the person at the counter";
    SEEN_FIRST: "Đánh dấu sau khi đã đối chiếu.", "Tick after checking.";
    WAITING: "Chờ người thứ hai", "Waiting for the second";
    NONE: "Không có ai đang chờ.", "Nobody waits.";
    ASKED_BY: "Người thứ nhất", "First";
    GIVE: "Đã đối chiếu, in mã", "Checked, print the code";
    YOURS: "Bạn đã đối chiếu; người khác trong đơn vị in mã.", "You have checked; somebody else of the unit prints the code.";
    GIVEN: "Mã đặt mật khẩu của", "Code to set the password of";
    GIVEN_LEAD: "Chỉ hiện một lần. Đưa tận tay người dân: mở Quên mật khẩu, chọn “Tôi có mã từ quầy”, trong 30 phút.", "Shown this once only. Hand it over: open Forgotten password, “I have a code from the desk”, within 30 minutes.";
    CODE: "Mã từ quầy", "Code from the desk";
    HAVE_CODE: "Tôi có mã từ quầy", "I have a code from the desk";
    GO_ON: "Tiếp tục", "Go on";
    RECEIVED: "Mật khẩu đã được đặt lại tại quầy", "The password was set anew at a desk";
    NOT_YOU: "Không phải bạn? Gọi 1022 ngay.", "Not you? Call 1022 at once.";
    NEWS: "Mật khẩu của bạn được đặt lại tại quầy", "Your password is set anew at a desk";
    NEWS_LEAD: "Hai cán bộ tại quầy Một cửa vừa cấp mã đặt mật khẩu mới cho tài khoản của bạn. Nếu không phải bạn yêu cầu, gọi 1022 ngay.", "Two members of staff at a one-stop desk have just given a code to set a new password for your account. If you did not ask, call 1022 at once.";
}

pub fn refused(r: Refused) -> crate::web::Error {
    let words = match r {
        Refused::NoAccount => Text::new("Chưa có tài khoản với số này. Mời người dân đăng ký.", "No account has this number. The person may register."),
        Refused::SameHands => Text::new("Người đã đối chiếu lần một không in mã. Cần cán bộ khác.", "Who checked first doesn't print the code. Another member of staff is needed."),
        Refused::Own => Text::new("Không làm cho chính mình.", "Not for oneself."),
        Refused::Over => Text::new("Yêu cầu này đã xong hoặc quá 30 phút. Làm lại từ đầu.", "This request is done or older than 30 minutes. Begin again."),
        Refused::Database(e) => return e.into(),
    };
    crate::web::Error::refused(words)
}
