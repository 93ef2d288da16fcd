//! Words of finding and reading procedures.

use super::model::{Channel, Level, Online};
use crate::base::calendar::StepKind;
use crate::base::lang::{Text, Words};

crate::texts! {
    LEADER: "Lãnh đạo cơ quan", "The leader of the unit";
    ONE_STOP_DESK: "Bộ phận Một cửa", "The one-stop desk";
    TITLE: "Thủ tục", "Procedures";
    SEARCH: "Bạn cần làm gì?", "What do you need to do?";
    SEARCH_HINT: "Gõ như bạn nói, có dấu hay không dấu đều được.", "Type as you speak, with or without marks.";
    SEARCH_EXAMPLE: "Ví dụ: lam giay khai sinh, đổi bằng lái xe", "For example: birth certificate, đổi bằng lái xe";
    FIND: "Tìm", "Search";
    FILTER: "Lọc", "Filter";
    FILTERS: "Lọc kết quả", "Narrow the results";
    ALL: "Tất cả", "All";
    FIELD: "Lĩnh vực", "Field";
    AGENCY: "Cơ quan", "Agency";
    LEVEL: "Cấp nộp", "Where to file";
    ONLINE: "Nộp qua mạng", "Online";
    EVENT: "Nhóm việc", "Life event";
    NEXT: "Trang sau", "Next page";
    PREVIOUS: "Trang trước", "Previous page";
    NONE: "Chưa tìm thấy thủ tục nào", "No procedure found yet";
    NONE_1: "Thử bớt chữ, hoặc gõ tên giấy tờ bạn cần nhận.", "Try fewer words, or type the name of the paper you need.";
    NONE_2: "Chọn theo việc trong đời, ở dưới.", "Choose by life event, below.";
    NONE_3: "Gọi 1022: tổng đài tìm giúp bạn.", "Call 1022: they will find it for you.";
    CLEAR: "Bỏ hết bộ lọc", "Remove all filters";
    OFFICIAL_NAME: "Tên chính thức", "Official name";
    CODE: "Mã thủ tục", "Code";
    WHO: "Ai được nộp", "Who may file";
    WHERE: "Nơi giải quyết", "Decided by";
    ANYWHERE: "Nộp ở xã, phường nào trong tỉnh cũng được.", "May be filed anywhere in the province.";
    LIMIT: "Thời hạn", "Time limit";
    FEE: "Phí, lệ phí", "Fees";
    FREE: "Miễn phí", "Free";
    RESULT: "Kết quả", "Result";
    WHY: "Vì sao ngày này?", "Why this date?";
    IF_TODAY: "ngày trả, nếu được tiếp nhận hôm nay", "due, if received today";
    NO_LIMIT: "Không quy định thời hạn", "No time limit is set";
    FILE: "Nộp hồ sơ", "File a dossier";
    WAYS: "Chọn cách nộp", "Ways to file";
    PREPARE: "Bạn cần chuẩn bị", "What to prepare";
    STATE_HAS: "cơ quan nhà nước đã có", "the State already has it";
    DECLARE_ONLY: "Có thể chỉ cần khai số giấy, không phải nộp bản chụp.", "You may only need to state its number.";
    FORM_HERE: "Điền ngay trên trang này, không phải in.", "Filled in on this site; nothing to print.";
    SHOWN_ONLY: "Chỉ xuất trình, không phải nộp.", "Only shown, not handed in.";
    IF_ANY: "Nếu có.", "If any.";
    AFTER: "Sau khi nộp", "After filing";
    BASIS: "Căn cứ pháp lý", "Legal basis";
    CONDITIONS: "Yêu cầu, điều kiện", "Conditions";
    RELATED: "Thủ tục liên quan", "Related procedures";
    EXEMPT: "Tôi có thuộc diện miễn, giảm phí không?", "Am I entitled to a reduction?";
    NOT_ONLINE: "Thủ tục này chưa nộp qua mạng được: pháp luật cần bạn có mặt hoặc nộp bản giấy. Mời đến quầy hoặc gửi bưu điện.", "This procedure can't be filed online: the law needs you in person or the paper itself. Please come to the counter or use the post.";
    ASSESSED: "Cơ quan tính và báo sau", "Set by the office later";
    BY_FORMULA: "Theo số lượng", "By quantity";
    CASE: "Trường hợp", "Case";
    CITIZENS: "Người dân", "People";
    BUSINESSES: "Doanh nghiệp, hộ kinh doanh", "Businesses";
    POPULAR: "Thủ tục nhiều người làm", "Most used procedures";
    WHY_TITLE: "Vì sao ngày này?", "Why this date?";
    PROVISIONAL: "tạm tính: lịch nghỉ năm đó chưa công bố", "provisional: that year's holidays are not announced yet";
    DAY: "Ngày", "Day";
    COUNT: "Tính", "Counted";
    NEED_LEVEL: "Thủ tục này cần tài khoản đã xác minh bằng thẻ căn cước (mức 2).", "This needs an account proved by an identity card (level 2).";
    DRAFT_KEPT: "Cần đăng nhập. Chưa nộp ngay được? Bản nháp tự lưu, giữ 90 ngày.", "Sign in to begin. Not ready? The draft is saved and kept for 90 days.";
}

pub const fn online(o: Online) -> Text {
    match o {
        Online::Full => Text::new("Toàn trình", "Fully online"),
        Online::Partial => Text::new("Một phần", "Partly online"),
        Online::None => Text::new("Tại quầy", "At the counter"),
    }
}

pub const fn online_sentence(o: Online) -> Text {
    match o {
        Online::Full => Text::new("Nộp hồ sơ, nộp phí và nhận kết quả đều qua mạng được.", "Filing, paying and the result: all online."),
        Online::Partial => Text::new("Nộp qua mạng được; có một bước phải đến quầy.", "Can be filed online; one step needs a visit."),
        Online::None => Text::new("Phải đến quầy hoặc gửi bưu điện.", "At the counter or by post only."),
    }
}

pub const fn level(l: Level) -> Text {
    match l {
        Level::Province => Text::new("Cấp tỉnh", "Province"),
        Level::District => Text::new("Cấp huyện", "District"),
        Level::Commune => Text::new("Cấp xã", "Commune"),
    }
}

pub const fn channel(c: Channel) -> Text {
    match c {
        Channel::Online => Text::new("Qua mạng", "Online"),
        Channel::Counter => Text::new("Tại quầy", "At the counter"),
        Channel::Post => Text::new("Bưu chính", "By post"),
    }
}

pub fn subject(s: &str) -> Text {
    match s {
        "citizen" => Text::new("Người dân", "Individuals"),
        "business" => Text::new("Doanh nghiệp, hộ kinh doanh", "Businesses"),
        _ => Text::new("Tổ chức", "Organisations"),
    }
}

pub fn step(kind: StepKind) -> Words {
    match kind {
        StepKind::Received => crate::words!("Tiếp nhận: không tính", "Received: not counted"),
        StepKind::Counted(n) => crate::words!("Ngày thứ {n}", "Day {n}"),
        StepKind::Weekend => crate::words!("Thứ Bảy, Chủ nhật: nghỉ", "Weekend: closed"),
        StepKind::Holiday => crate::words!("Ngày nghỉ lễ: nghỉ", "Public holiday: closed"),
        StepKind::Paused => crate::words!("Tạm dừng: không tính", "Paused: not counted"),
        StepKind::Rolled => crate::words!("Ngày nghỉ: chuyển sang ngày làm việc sau", "Closed: moved to the next working day"),
    }
}

pub fn weekday(day: chrono::NaiveDate) -> Text {
    use chrono::Datelike;
    match day.weekday() {
        chrono::Weekday::Mon => Text::new("thứ Hai", "Monday"),
        chrono::Weekday::Tue => Text::new("thứ Ba", "Tuesday"),
        chrono::Weekday::Wed => Text::new("thứ Tư", "Wednesday"),
        chrono::Weekday::Thu => Text::new("thứ Năm", "Thursday"),
        chrono::Weekday::Fri => Text::new("thứ Sáu", "Friday"),
        chrono::Weekday::Sat => Text::new("thứ Bảy", "Saturday"),
        chrono::Weekday::Sun => Text::new("Chủ nhật", "Sunday"),
    }
}

pub fn found(n: usize) -> Words {
    crate::words!("{n} thủ tục", "{n} procedures")
}

pub fn filter_button(n: usize) -> Words {
    crate::words!("Lọc {n} kết quả", "Filter {n} results")
}

pub fn copies(originals: u32, copies: u32) -> Words {
    match (originals, copies) {
        (0, 0) => SHOWN_ONLY.into(),
        (o, 0) => crate::words!("{o} bản chính", "{o} original"),
        (0, c) => crate::words!("{c} bản sao", "{c} copy"),
        (o, c) => crate::words!("{o} bản chính, {c} bản sao", "{o} original, {c} copy"),
    }
}

pub fn off(percent: u8) -> Words {
    if percent == 100 { crate::words!("miễn toàn bộ", "exempt") } else { crate::words!("giảm {percent}%", "{percent}% off") }
}
