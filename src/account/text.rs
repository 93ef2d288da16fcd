//! Words of accounts.

pub mod organisation;
pub mod reset;

use super::jobs::Purpose;
use super::password::Weak;
use crate::base::lang::{Text, Words};
use crate::base::person::Fault;

crate::texts! {
    SIGN_IN: "Đăng nhập", "Sign in";
    SIGN_IN_LEAD: "Dùng số định danh cá nhân hoặc số hộ chiếu.", "With your personal number or passport number.";
    NUMBER: "Số định danh cá nhân hoặc số hộ chiếu", "Personal number or passport number";
    NUMBER_HINT: "12 số ở mặt trước thẻ căn cước", "12 digits on the front of the identity card";
    PASSWORD: "Mật khẩu", "Password";
    SHARED: "Máy dùng chung (quán, thư viện, điện thoại mượn)", "Shared computer or phone";
    SHARED_HINT: "Phiên ngắn, không giữ gì trong trình duyệt.", "A short session; nothing is kept in the browser.";
    WRONG: "Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra rồi thử lại.", "The sign-in name or the password is not right. Check and try again.";
    FORGOTTEN: "Quên mật khẩu?", "Forgotten password?";
    NO_ACCOUNT: "Chưa có tài khoản? Đăng ký", "No account yet? Register";
    REGISTER: "Đăng ký tài khoản", "Register";
    REGISTER_LEAD: "Mỗi người một tài khoản, dùng để nộp và theo dõi hồ sơ.", "One account each, for filing and following dossiers.";
    ID_KIND: "Bạn đăng ký bằng giấy tờ nào?", "Which paper do you register with?";
    ID_CARD: "Số định danh cá nhân (12 số)", "Personal number (12 digits)";
    ID_PASSPORT: "Hộ chiếu (người không có số định danh)", "Passport (for who has no personal number)";
    ID_NUMBER: "Số giấy tờ", "Number";
    NAME: "Họ, chữ đệm, tên", "Full name";
    NAME_HINT: "Viết như trên giấy tờ, có dấu.", "As on your paper, with marks.";
    BIRTH: "Ngày sinh", "Date of birth";
    BIRTH_REQUIRED: "Ghi ngày sinh.", "Give the date of birth.";
    BIRTH_HINT: "Ví dụ 16/11/1985. Chỉ nhớ năm: 1938.", "For example 16/11/1985. Year only: 1938.";
    SEX: "Giới tính", "Sex";
    MALE: "Nam", "Male";
    FEMALE: "Nữ", "Female";
    PHONE: "Số điện thoại", "Telephone";
    PHONE_HINT: "Để cán bộ gọi khi cần.", "So that the office can call you.";
    EMAIL: "Thư điện tử", "E-mail";
    EMAIL_HINT: "Chỉ dùng sau khi bạn bấm xác nhận trong thư.", "Used only after you confirm it in the letter.";
    NEW_PASSWORD: "Mật khẩu mới", "New password";
    PASSWORD_HINT: "Từ 8 ký tự. Một câu dễ nhớ thì càng tốt.", "At least 8 characters. A sentence you remember is best.";
    EMAIL_PASSWORD: "Mật khẩu, khi đổi e-mail", "Password, when the e-mail changes";
    EMAIL_PASSWORD_HINT: "Chỉ cần khi bạn thêm, đổi hoặc bỏ e-mail.", "Needed only when you add, change or remove the e-mail.";
    OLD_PASSWORD: "Mật khẩu đang dùng", "Current password";
    WRONG_PASSWORD: "Mật khẩu đang dùng không đúng.", "The current password is not right.";
    TAKEN: "Số này đã có tài khoản. Đăng nhập, hoặc lấy mật khẩu mới.", "This number has an account. Sign in, or ask for a new password.";
    PRIVACY: "Trước khi bạn điền: chúng tôi dùng những thông tin này để giải quyết hồ sơ, không dùng việc khác. Đọc thông báo về dữ liệu cá nhân.", "Before you begin: these data serve your dossiers and nothing else. Read the notice on personal data.";
    ACCOUNT: "Tài khoản", "Account";
    IDENTITY: "Nhân thân", "Identity";
    IDENTITY_CHANGE: "Sửa nhân thân", "Correct your identity";
    IDENTITY_HINT: "Cần mật khẩu. Giá trị cũ được giữ lại. Hồ sơ đã nộp không đổi; bản nháp đổi theo.", "Needs your password. The old value is kept. Filed dossiers stay; drafts follow.";
    CONTACT: "Liên hệ", "Contact";
    ADDRESS: "Nơi cư trú", "Residence";
    ADDRESS_HINT: "Viết như trên giấy tờ.", "As on your papers.";
    CONFIRMED: "đã xác nhận", "confirmed";
    UNCONFIRMED: "chưa xác nhận: mở thư và bấm nút xác nhận", "not confirmed: open the letter and press the button";
    SAVE: "Lưu", "Save";
    SAVED: "Đã lưu.", "Saved.";
    CHANGE_PASSWORD: "Đổi mật khẩu", "Change the password";
    SESSIONS: "Các phiên đang mở", "Open sessions";
    THIS_SESSION: "phiên này", "this one";
    END_OTHERS: "Kết thúc các phiên khác", "End the other sessions";
    UNKNOWN_DEVICE: "Trình duyệt không rõ", "Unknown browser";
    SEEN: "dùng lần cuối", "last used";
    FORGOTTEN_LEAD: "Nhập số; nếu tài khoản có thư điện tử đã xác nhận, thư đặt mật khẩu mới sẽ tới trong vài phút.", "Enter your number; if the account has a confirmed e-mail, a letter comes within minutes.";
    SEND: "Gửi thư", "Send the letter";
    LETTER_SENT: "Nếu có tài khoản với thư điện tử đã xác nhận, thư đang trên đường. Không có thư điện tử: mang giấy tờ đến quầy Một cửa.", "If there is an account with a confirmed e-mail, a letter is on its way. Without e-mail: bring your identity card to the one-stop desk.";
    LINK_CONFIRM: "Xác nhận thư điện tử", "Confirm the e-mail address";
    LINK_CONFIRM_LEAD: "Bấm nút để xác nhận địa chỉ này là của bạn.", "Press the button to confirm that this address is yours.";
    LINK_PASSWORD: "Đặt mật khẩu mới", "Set a new password";
    LINK_USED: "Liên kết này đã dùng hoặc đã hết hạn. Xin thư mới.", "This link was used or is over. Ask for a new letter.";
    CONFIRM: "Xác nhận", "Confirm";
    CONFIRMED_NOW: "Đã xác nhận địa chỉ thư điện tử.", "The e-mail address is confirmed.";
    PASSWORD_SET: "Đã đặt mật khẩu mới. Mời đăng nhập.", "The new password is set. Please sign in.";
    STAFF_SIGN_IN: "Cán bộ đăng nhập", "Staff sign-in";
    STAFF_NAME: "Tên đăng nhập", "Sign-in name";
    STAFF: "Tài khoản cán bộ", "Staff accounts";
    STAFF_ADD: "Thêm cán bộ", "Add staff";
    STAFF_UNIT: "Đơn vị", "Unit";
    STAFF_UNIT_HINT: "Tên đúng như trong danh mục, ví dụ Sở Tư pháp; nơi trùng tên thì ghi mã, ví dụ thanh-pho-bac-giang/phuong-tho-xuong.", "The name as in the catalogue, e.g. Sở Tư pháp; where two have one name, the id, e.g. thanh-pho-bac-giang/phuong-tho-xuong.";
    FIRST_PASSWORD: "Mật khẩu lần đầu, chỉ hiện một lần này. Đưa tận tay cho", "First password, shown this once only. Hand it to";
    STAFF_OFFICE: "Phòng (mã)", "Room (id)";
    STAFF_ROLES: "Vai trò", "Roles";
    STAFF_DISABLE: "Khóa", "Disable";
    STAFF_ENABLE: "Mở lại", "Let in again";
    STAFF_OWN: "Không tự khóa tài khoản của mình được.", "You can't lock your own account.";
    STAFF_DISABLED: "đã khóa", "disabled";
    STAFF_TAKEN: "Tên đăng nhập này đã có.", "This sign-in name exists.";
    STAFF_NO_UNIT: "Không có đơn vị này.", "There is no such unit.";
    STAFF_ROLES_APART: "Chọn ít nhất một vai trò; quản trị hệ thống không kèm vai trò nghiệp vụ.", "Choose at least one role; system_admin holds no business role.";
    NAME_REQUIRED: "Ghi họ tên.", "Enter your name.";
    NAME_SIGNS: "Họ tên không có số, ký hiệu hay địa chỉ mạng.", "A name has no digits, signs or web addresses.";
    PHONE_WRONG: "Cần số di động 10 số, hoặc số cố định bắt đầu bằng 02.", "A mobile number of 10 digits, or a landline beginning with 02.";
    EMAIL_WRONG: "Cần địa chỉ dạng ten@vidu.vn.", "An address such as name@example.vn.";
    BIRTH_WRONG: "Không có ngày này. Ghi ngày, tháng, năm bốn chữ số, ví dụ 16/11/1985.", "No such day. Give day, month and year of four digits, for example 16/11/1985.";
    BIRTH_NUMBER: "Năm sinh khác với năm trong số định danh.", "The year differs from the one in the personal number.";
    SEX_WRONG: "Chọn nam hoặc nữ.", "Choose male or female.";
    KIND_WRONG: "Chọn loại giấy tờ.", "Choose the kind of paper.";
    PASSPORT_WRONG: "Số hộ chiếu gồm 6 đến 15 chữ in hoa và số.", "A passport number has 6 to 15 capitals and digits.";
}

pub const fn subject(p: Purpose) -> Text {
    match p {
        Purpose::ConfirmEmail => Text::new("Xác nhận địa chỉ thư điện tử", "Confirm your e-mail address"),
        Purpose::NewPassword => Text::new("Đặt mật khẩu mới", "Set a new password"),
    }
}

pub fn weak(w: Weak) -> Words {
    match w {
        Weak::Short(n) => crate::words!("Cần ít nhất 8 ký tự, bạn đã nhập {n}.", "At least 8 characters; you entered {n}."),
        Weak::Long => crate::words!("Nhiều nhất 128 ký tự.", "At most 128 characters."),
        Weak::MadeOfYou => crate::words!("Mật khẩu chứa tên, số hoặc điện thoại của bạn: dễ đoán.", "It contains your name, number or telephone: easy to guess."),
        Weak::Common => crate::words!("Mật khẩu này nhiều người dùng: dễ đoán.", "Many people use this password: easy to guess."),
    }
}

/// What is wrong with a personal number, with the count of digits got.
pub fn number_fault(f: Fault) -> Words {
    match f {
        Fault::Length(n) if n < 12 => {
            let less = 12 - n;
            crate::words!("Thiếu {less} chữ số. Cần 12, bạn đã nhập {n}.", "{less} digits are missing. 12 are needed, you entered {n}.")
        }
        Fault::Length(n) => {
            let more = n - 12;
            crate::words!("Thừa {more} chữ số. Cần 12, bạn đã nhập {n}.", "{more} digits too many. 12 are needed, you entered {n}.")
        }
        Fault::NotDigits => crate::words!("Chỉ gồm chữ số 0 đến 9. Kiểm tra chữ O và số 0.", "Only the digits 0 to 9. Look for a letter O."),
        Fault::UnknownPlace => crate::words!("Ba số đầu không phải mã nơi đăng ký khai sinh.", "The first three digits are no place of birth registration."),
        Fault::BornInFuture => crate::words!("Năm sinh trong số này ở tương lai.", "The year of birth in this number is in the future."),
    }
}

pub fn role(r: crate::web::session::Role) -> Text {
    use crate::web::session::Role;
    match r {
        Role::DeskClerk => Text::new("Công chức một cửa", "Desk clerk"),
        Role::Officer => Text::new("Chuyên viên thụ lý", "Officer"),
        Role::SectionHead => Text::new("Trưởng phòng", "Section head"),
        Role::Leader => Text::new("Lãnh đạo cơ quan", "Leader"),
        Role::RecordsClerk => Text::new("Văn thư", "Records clerk"),
        Role::Cashier => Text::new("Thu ngân", "Cashier"),
        Role::ProcedureController => Text::new("Cán bộ kiểm soát TTHC", "Procedure controller"),
        Role::SystemAdmin => Text::new("Quản trị hệ thống", "System administrator"),
    }
}
