//! Words of the frame around every page, and of the error pages.

crate::texts! {
    PORTAL: "Cổng dịch vụ công", "Public service portal";
    SKIP: "Tới nội dung chính", "Skip to content";
    PRINT: "In trang này", "Print this page";
    OWN: "Của tôi", "My own";
    WHOSE: "Của ai", "Whose";
    PASSWORDS: "Mật khẩu mới cho người dân", "New passwords for people";
    ORGANISATIONS: "Xác nhận tổ chức", "Confirm organisations";
    MENU: "Danh mục", "Menu";
    PROCEDURES: "Thủ tục", "Procedures";
    LOOKUP: "Tra cứu hồ sơ", "Look up a dossier";
    FEES: "Nộp phí", "Pay fees";
    FIGURES: "Số liệu công khai", "Public figures";
    MY_DOSSIERS: "Hồ sơ của tôi", "My dossiers";
    CALL: "Gọi", "Call";
    OTHER_LANGUAGE: "English", "Tiếng Việt";
    SIGN_IN: "Đăng nhập", "Sign in";
    SIGN_OUT: "Thoát", "Sign out";
    SHARED_SIGN_OUT: "Xong, thoát", "Done, sign out";
    SHARED: "Máy dùng chung: bấm “Xong, thoát” khi xong việc.", "Shared computer: press “Done, sign out” when you have finished.";
    HELP: "Trợ giúp", "Help";
    STEP_HELP: "Hướng dẫn bước này", "Help with this step";
    FEEDBACK: "Phản ánh, kiến nghị", "Feedback";
    PRIVACY: "Quyền dữ liệu cá nhân", "Your personal data";
    HOTLINE: "Tổng đài 1022, thứ Hai đến thứ Sáu, 07:30–11:30 và 13:30–17:00", "Hotline 1022, Monday to Friday, 07:30–11:30 and 13:30–17:00";
    BACK: "Quay lại", "Back";
    TO_HOME: "Về trang đầu", "To the home page";
    ERROR_PREFIX: "Lỗi: ", "Error: ";
    DESK: "Bàn làm việc", "Work list";
    CASHIER: "Thu tiền", "Counter payments";
    SUSPENSE: "Tiền chờ xử lý", "Money to explain";
    STAFF_ACCOUNTS: "Cán bộ", "Staff";
    OPERATIONS: "Vận hành", "Operations";
    DEMO_MAIL: "Thư demo", "Demo mail";

    NOT_FOUND: "Không tìm thấy trang này", "Page not found";
    NOT_FOUND_WORDS: "Địa chỉ có thể bị gõ thiếu, hoặc trang này không dành cho tài khoản đang dùng.", "The address may be incomplete, or this page is not for the account in use.";
    FORBIDDEN: "Bạn không làm được việc này", "You can't do this";
    REFUSED: "Chưa làm được", "Not done yet";
    ANOTHER: "Trang này là của người khác", "This page is somebody else's";
    STALE: "Trang này mở từ trước khi phiên đổi", "This page was opened before the session changed";
    STALE_WORDS: "Những gì bạn đã gõ còn nguyên ở dưới. Bấm “Gửi lại” để gửi.", "What you typed is below, unchanged. Press “Send again” to send it.";
    SEND_AGAIN: "Gửi lại", "Send again";
    MOVED: "Đã thay đổi trong lúc bạn xem", "Changed while you were looking";
    KEPT: "Những gì bạn đã gõ, để chép lại nếu cần:", "What you typed, to copy if needed:";
    SEE_NOW: "Xem bản mới", "See it as it is now";
    TOO_MANY: "Thử quá nhiều lần", "Too many tries";
    TOO_LARGE: "Gửi lên quá lớn", "Too large";
    TOO_LARGE_WORDS: "Nội dung gửi lên vượt giới hạn. Mỗi tệp không quá 20 MB.", "What was sent is over the limit. Each file may have 20 MB.";
    BAD: "Không đọc được nội dung gửi lên", "What was sent can't be read";
    FULL: "Chưa nhận được tệp", "The file could not be taken";
    FULL_WORDS: "Nơi lưu giấy tờ của cổng đang hết chỗ; chúng tôi đã được báo. Bản nháp và các tệp đã gửi còn nguyên. Thử lại sau ít phút.", "The portal has no room for papers at the moment; we have been told. Your draft and the files sent before are kept. Try again in some minutes.";
    BUSY: "Hệ thống đang bận", "The system is busy";
    BUSY_WORDS: "Chưa ghi gì cả. Chờ một phút rồi thử lại; những gì đã lưu trước đó còn nguyên.", "Nothing was recorded. Wait a minute and try again; what was saved before is untouched.";
    BROKEN: "Có lỗi ở phía chúng tôi", "Something broke on our side";
    BROKEN_WORDS: "Lỗi đã được ghi lại. Gọi 1022 và đọc số này nếu cần giúp:", "The fault was recorded. Call 1022 and read out this number if you need help:";
    NUL: "Có ký tự không dùng được trong nội dung gửi lên.", "There is an unusable character in what was sent.";
}

/// What is said of a text longer than its field takes: it is never cut silently.
pub fn longer(text: &str, most: usize) -> Option<crate::base::lang::Words> {
    let got = text.chars().count();
    (got > most).then(|| crate::words!("Dài {got} chữ, nhiều nhất {most} chữ. Viết ngắn lại.", "{got} characters, {most} at most. Make it shorter."))
}

pub fn wait(seconds: u32) -> crate::base::lang::Words {
    if seconds <= 90 {
        crate::words!("Chờ {seconds} giây rồi thử lại.", "Wait {seconds} seconds, then try again.")
    } else {
        let minutes = seconds.div_ceil(60);
        crate::words!("Chờ {minutes} phút rồi thử lại.", "Wait {minutes} minutes, then try again.")
    }
}

/// Who is signed in now, on a post of a page that was made for another.
pub fn another(name: &str) -> crate::base::lang::Words {
    crate::words!(
        "Bây giờ đang đăng nhập là {name}. Trang vừa gửi mở khi một người khác đăng nhập: không có gì của trang ấy được lưu, nộp hay hiện dưới tên {name}.",
        "{name} is signed in now. The page just sent was opened by another person: nothing of it is stored, filed or shown under {name}."
    )
}
