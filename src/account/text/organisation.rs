//! Words of organisations.

use crate::account::organisation::Refused;
use crate::base::lang::{Text, Words};

crate::texts! {
    ORGANISATIONS: "Tổ chức, doanh nghiệp", "Organisations";
    LEAD: "Nộp hồ sơ và nộp phí thay mặt doanh nghiệp, hộ kinh doanh, tổ chức của bạn.", "File and pay for your company, household business or organisation.";
    NONE: "Bạn chưa thêm tổ chức nào.", "You have added no organisation yet.";
    ADD: "Thêm tổ chức", "Add an organisation";
    ADD_LEAD: "Tổ chức mới thêm là chưa xác nhận: bạn nộp hồ sơ được ngay, và chỉ thấy những gì nộp qua tài khoản này.", "A new organisation is unconfirmed: you can file at once, and see only what was filed through this account.";
    TAX_CODE: "Mã số thuế", "Tax code";
    TAX_CODE_HINT: "10 số; chi nhánh thêm gạch và 3 số, ví dụ 9900000016-001", "10 digits; a branch adds a dash and 3 digits, e.g. 9900000016-001";
    TAX_CODE_WRONG: "Mã số thuế không đúng: kiểm tra từng chữ số trên giấy chứng nhận.", "The tax code is not right: check each digit on the certificate.";
    NAME: "Tên tổ chức", "Name of the organisation";
    NAME_HINT: "Viết như trên giấy chứng nhận đăng ký.", "As on the registration certificate.";
    NAME_WRONG: "Tên từ 2 đến 150 ký tự, không có địa chỉ mạng hay ký hiệu < > @ { }.", "2 to 150 characters, without web addresses or the signs < > @ { }.";
    ADDRESS: "Địa chỉ trụ sở", "Head office";
    CONFIRMED: "đã xác nhận", "confirmed";
    UNCONFIRMED: "chưa xác nhận", "unconfirmed";
    UNCONFIRMED_LEAD: "Để được xác nhận, người đại diện mang căn cước và giấy chứng nhận đăng ký đến quầy Một cửa bất kỳ.", "To have it confirmed, the representative brings identity card and registration certificate to any one-stop desk.";
    OTHER_CONFIRMED: "Mã số thuế này đã có người đại diện khác được xác nhận. Nếu bạn làm cho tổ chức ấy, nhờ người đại diện mời bạn. Nếu bạn là người đại diện mới, mang giấy chứng nhận đến quầy Một cửa.", "Another representative of this tax code has been confirmed. If you work there, ask to be invited. If you are the new representative, bring the certificate to a one-stop desk.";
    REPRESENTATIVE: "Người đại diện", "Representative";
    YOUR_RIGHTS: "Quyền của bạn", "Your rights";
    MEMBERS: "Người được làm thay", "Who may act for it";
    RIGHTS: "Quyền", "Rights";
    FILES: "Nộp hồ sơ", "Files dossiers";
    PAYS: "Nộp phí", "Pays fees";
    SEES_ALL: "Xem mọi hồ sơ", "Sees all dossiers";
    SAVE_RIGHTS: "Lưu quyền", "Save the rights";
    RIGHTS_HINT: "Bỏ hết các ô rồi lưu là cho thôi: người ấy không vào được nữa ngay lập tức. Hồ sơ và bản nháp ở lại với tổ chức.", "Untick all and save to end: that person is out at once. Dossiers and drafts stay with the organisation.";
    INVITE: "Mời người", "Invite somebody";
    INVITE_LEAD: "Người được mời dùng tài khoản của chính mình. Liên kết dùng một lần, trong 7 ngày, chỉ cho đúng số định danh này.", "They use their own account. The link works once, for 7 days, and for this number only.";
    NUMBER: "Số định danh (hoặc hộ chiếu) của người được mời", "Personal number (or passport) of who is invited";
    NUMBER_WRONG: "Cần số định danh 12 chữ số hoặc số hộ chiếu.", "A personal number of 12 digits or a passport number.";
    SEND: "Tạo lời mời", "Make the invitation";
    LINK: "Gửi liên kết này cho người được mời (Zalo, tin nhắn). Chỉ hiện một lần.", "Send this link to the person you invite. It is shown this once only.";
    OPEN: "Lời mời chưa nhận", "Open invitations";
    UNTIL: "đến", "until";
    REVOKE: "Rút lời mời", "Take it back";
    LEAVE: "Thôi làm cho tổ chức này", "Leave this organisation";
    HISTORY: "Đã xảy ra", "What happened";
    FILE: "Tìm thủ tục để nộp", "Find a procedure to file";
    THEIR_DOSSIERS: "Hồ sơ của tổ chức", "Its dossiers";
    THEIR_FEES: "Phí của tổ chức", "Its fees";
    SAVED: "Đã lưu.", "Saved.";
    INVITATION: "Lời mời làm việc cho một tổ chức", "An invitation to act for an organisation";
    INVITATION_SIGN_IN: "Đăng nhập bằng tài khoản của bạn để xem và nhận lời mời.", "Sign in with your own account to see and take the invitation.";
    INVITATION_LEAD: "Nhận lời mời, bạn làm thay tổ chức này bằng tài khoản của mình; mọi việc ghi rõ ai làm, cho ai.", "Once you accept, you act for this organisation with your own account; everything records who did it for whom.";
    ACCEPT: "Nhận lời mời", "Accept the invitation";
    INVITATION_USED: "Bạn đã nhận lời mời này. Tổ chức nằm ở mục “Tổ chức, doanh nghiệp”.", "You have accepted this invitation already. The organisation stands under “Organisations”.";
    GONE: "Lời mời này đã hết hạn hoặc đã rút. Nhờ người đại diện mời lại.", "This invitation is over or was taken back. Ask the representative for a new one.";
    CLAIMS: "Xác nhận tổ chức", "Confirm an organisation";
    CLAIMS_LEAD: "Nhập mã số thuế, đối chiếu căn cước của người đến quầy và bản chính giấy chứng nhận đăng ký, rồi xác nhận.", "Enter the tax code, check identity card and the original certificate, then confirm.";
    SEARCH: "Tìm", "Search";
    NO_CLAIM: "Chưa có ai thêm mã số thuế này. Người đại diện thêm trong tài khoản của mình trước.", "Nobody has added this tax code. The representative adds it in their own account first.";
    CERTIFICATE: "Số giấy chứng nhận đăng ký", "Number of the certificate";
    CERTIFICATE_WRONG: "Ghi số giấy chứng nhận (từ 5 ký tự).", "Enter the certificate's number (5 characters or more).";
    SEEN: "Đã đối chiếu căn cước và bản chính giấy chứng nhận", "Identity card and original certificate were checked";
    SEEN_FIRST: "Đánh dấu sau khi đã đối chiếu.", "Tick after checking.";
    CONFIRM: "Xác nhận người đại diện", "Confirm the representative";
    TAKE_OVER: "Đổi sang người đại diện này", "Make this one the representative";
    TAKE_OVER_LEAD: "Mã số thuế đã xác nhận cho người khác. Đổi người đại diện thì mọi quyền đã cấp trước kết thúc.", "Another representative is confirmed. A change ends all rights given before.";
    CLAIMED: "thêm ngày", "added on";
    NEWS: "Tin về tổ chức bạn đã thêm", "News of an organisation you added";
    NEWS_LEAD: "Có tin về một tổ chức bạn đã thêm vào tài khoản. Đăng nhập để xem.", "There is news of an organisation you added to your account. Sign in to see it.";
}

/// What an event of an organisation says; `person` is a name, or the masked number of who was invited.
pub fn event(action: &str, person: &str) -> Words {
    match action {
        "claimed" => Text::new("Thêm tổ chức", "Added the organisation").into(),
        "confirmed" => Text::new("Quầy Một cửa xác nhận người đại diện", "The one-stop desk confirmed the representative").into(),
        "taken_over" => crate::words!("Quầy Một cửa đổi người đại diện sang {person}; mọi quyền trước kết thúc", "The one-stop desk made {person} the representative; all rights before ended"),
        "invited" => crate::words!("Mời người có số {person}", "Invited the person with number {person}"),
        "revoked" => crate::words!("Rút lời mời số {person}", "Took back the invitation of number {person}"),
        "joined" => Text::new("Nhận lời mời", "Accepted the invitation").into(),
        "changed" => crate::words!("Đổi quyền của {person}", "Changed the rights of {person}"),
        "ended" => crate::words!("Cho {person} thôi", "Ended the rights of {person}"),
        _ => Text::new("Thôi làm cho tổ chức", "Left the organisation").into(),
    }
}

/// Why not, in words; a broken database is no refusal.
pub fn refused(r: Refused) -> crate::web::Error {
    let words = match r {
        Refused::AlreadyAdded => Text::new("Bạn đã thêm mã số thuế này rồi.", "You have added this tax code already."),
        Refused::NotRepresentative => Text::new("Việc này của người đại diện.", "Only the representative does this."),
        Refused::AlreadyConfirmed => Text::new("Mã số thuế này đã được xác nhận rồi.", "This tax code is confirmed already."),
        Refused::NoneConfirmed => Text::new("Chưa có ai được xác nhận cho mã số thuế này.", "Nobody is confirmed for this tax code."),
        Refused::AlreadyMember => Text::new("Người này đang làm cho tổ chức rồi.", "This person acts for the organisation already."),
        Refused::NoRight => Text::new("Chọn ít nhất một quyền.", "Choose at least one right."),
        Refused::IsRepresentative => Text::new("Người đại diện đổi tại quầy Một cửa, với giấy chứng nhận đăng ký.", "A new representative is named at the one-stop desk, with the certificate."),
        Refused::Used => Text::new("Lời mời này đã dùng rồi.", "This invitation was used already."),
        Refused::Over => GONE,
        Refused::OtherPerson => {
            Text::new("Lời mời này gửi cho số định danh khác. Đăng nhập bằng đúng tài khoản được mời.", "This invitation is for another number. Sign in with the account that was invited.")
        }
        Refused::NoMember => Text::new("Người này đã thôi làm cho tổ chức.", "This person has left the organisation."),
        Refused::Database(e) => return e.into(),
    };
    crate::web::Error::refused(words)
}
