//! Words of what is wrong with an answer or a file, and what to do.

use super::{CHOOSE_ONE, UPLOAD_TOO_MANY};
use crate::base::lang::Words;
use crate::base::money::group;
use crate::catalogue::form::{Kind, Question, Reason};
use crate::dossier::filing::content::Fault;

/// What is wrong with an answer, in two short sentences: what was expected, what was got.
pub fn reason(q: &Question, r: Reason, typed: &str, rule: Option<&Words>) -> Words {
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    match (r, q.kind) {
        (Reason::Required, Kind::Choice | Kind::Choices) => CHOOSE_ONE.into(),
        (Reason::Required, _) => crate::words!("Chưa có câu trả lời.", "There is no answer yet."),
        (Reason::Format, Kind::PersonId) if digits != 12 && digits > 0 => {
            if digits < 12 {
                let less = 12 - digits;
                crate::words!("Thiếu {less} chữ số. Cần 12, bạn đã nhập {digits}.", "{less} digits are missing. 12 are needed, you entered {digits}.")
            } else {
                let more = digits - 12;
                crate::words!("Thừa {more} chữ số. Cần 12, bạn đã nhập {digits}.", "{more} digits too many. 12 are needed, you entered {digits}.")
            }
        }
        (Reason::Format, Kind::PersonId) => crate::words!("Đây không phải số định danh. Xem 12 số ở mặt trước thẻ.", "This is no personal number. See the 12 digits on the card."),
        (Reason::Format, Kind::Date) if q.partial => {
            crate::words!("Không có ngày này. Ghi ngày/tháng/năm bốn chữ số, tháng/năm hoặc chỉ năm.", "No such day. Give day/month/year of four digits, month/year, or the year.")
        }
        (Reason::Format, Kind::Date) => {
            crate::words!("Không có ngày này. Ghi ngày/tháng/năm, năm bốn chữ số, ví dụ 16/11/1985.", "No such day. Give day/month/year of four digits, for example 16/11/1985.")
        }
        (Reason::Format, Kind::Phone) => crate::words!("Cần số di động 10 số, hoặc số cố định bắt đầu bằng 02.", "A mobile number of 10 digits, or a landline beginning with 02."),
        (Reason::Format, Kind::TaxCode) => crate::words!("Mã số thuế không đúng. Cần 10 số, 13 số có gạch, hoặc số định danh.", "Not a tax code. 10 digits, 13 with a dash, or a personal number."),
        (Reason::Format, Kind::Email) => crate::words!("Cần địa chỉ dạng ten@vidu.vn.", "An address such as name@example.vn."),
        (Reason::Format, Kind::Number) if q.integer => crate::words!("Cần một số nguyên, ví dụ 1.250.", "A whole number, for example 1.250."),
        (Reason::Format, Kind::Number) => crate::words!("Không đọc được số này. Dấu phẩy cho phần lẻ: 85,5 hoặc 1.250,75.", "This number can't be read. A comma for decimals: 85,5 or 1.250,75."),
        (Reason::Format, Kind::Money) => crate::words!("Cần số tiền bằng đồng, không có phần lẻ, ví dụ 50.000.000.", "A sum in whole đồng, for example 50.000.000."),
        (Reason::Format, Kind::Address) => {
            crate::words!("Chọn xã, phường và ghi số nhà, thôn; hoặc ghi cả địa chỉ vào ô dưới.", "Choose the commune and write the house or village; or write the whole address below.")
        }
        (Reason::Format, Kind::Name) => crate::words!("Tên chỉ gồm chữ, không có số hay ký hiệu.", "A name has letters only, no digits or signs."),
        (Reason::Format, _) if q.is_time() => crate::words!("Không có giờ này. Ghi giờ:phút, ví dụ 07:45.", "No such time. Give hour:minute, for example 07:45."),
        (Reason::Format, _) => crate::words!("Chưa đúng dạng cần ghi.", "Not in the form expected."),
        (Reason::NotAnOption, _) => crate::words!("Chọn một trong các câu trả lời.", "Choose one of the answers."),
        (Reason::TooSmall, _) => {
            let n = q.min_number().map(bound).unwrap_or_default();
            crate::words!("Ít nhất là {n}.", "At least {n}.")
        }
        (Reason::TooLarge, Kind::Number | Kind::Money) => {
            let n = q.max_number().map(bound).unwrap_or_default();
            crate::words!("Nhiều nhất là {n}.", "At most {n}.")
        }
        (Reason::TooLarge, _) => {
            let n = q.max_number().map(bound).unwrap_or_default();
            let got = typed.chars().count();
            crate::words!("Dài quá. Nhiều nhất {n} ký tự, bạn đã ghi {got}.", "Too long. At most {n} characters, you wrote {got}.")
        }
        (Reason::TooLate, _) => crate::words!("Ngày này chưa tới, hoặc muộn hơn ngày được phép.", "This day is in the future, or later than allowed."),
        (Reason::TooEarly, _) => crate::words!("Ngày này sớm hơn ngày được phép.", "This day is earlier than allowed."),
        (Reason::TooFew, _) => crate::words!("Chọn thêm.", "Choose more."),
        (Reason::TooFewRows, _) => {
            let n = q.min_rows;
            crate::words!("Cần ít nhất {n} dòng.", "At least {n} rows are needed.")
        }
        (Reason::TooManyRows, _) => {
            let n = q.max_rows;
            crate::words!("Nhiều nhất {n} dòng.", "At most {n} rows.")
        }
        (Reason::FileType, _) => crate::words!("Loại tệp này không dùng được ở đây.", "This kind of file can't be used here."),
        (Reason::NotAsked | Reason::UnknownField, _) => crate::words!("Câu này không được hỏi trong trường hợp của bạn.", "This is not asked in your case."),
        (Reason::NotBefore | Reason::AtMost | Reason::ExactlyOne | Reason::MinAge | Reason::PersonIdMatches | Reason::WithinDays | Reason::AfterDays, _) => {
            rule.cloned().unwrap_or_else(|| crate::words!("Chưa khớp với câu trả lời khác.", "Does not agree with another answer."))
        }
    }
}

/// What is wrong with a paper given instead of a personal number.
pub fn paper_reason(paper: &str, r: Reason) -> Words {
    match (paper, r) {
        ("none", Reason::TooLarge) => crate::words!("Dài quá. Nhiều nhất 200 ký tự.", "Too long. At most 200 characters."),
        ("none", _) => crate::words!("Ghi rõ hơn vì sao không có số, ví dụ “chưa được cấp thẻ”.", "Say more of why there is no number, for example “no card issued yet”."),
        (_, Reason::Required) => crate::words!("Ghi số của giấy này.", "Give the number of this paper."),
        ("passport", _) => crate::words!("Số hộ chiếu gồm 6 đến 15 chữ in hoa và số, ví dụ C1234567.", "A passport number has 6 to 15 capitals and digits, for example C1234567."),
        _ => crate::words!("Chứng minh nhân dân có 9 chữ số.", "An old card has 9 digits."),
    }
}

fn bound(n: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "bounds of forms are whole numbers")]
    group(n as i64)
}

/// Why a file was not taken, by what is wrong and what to do.
pub fn file_fault(f: &Fault) -> Words {
    match f {
        Fault::NotChosen => crate::words!("Bạn chưa chọn tệp. Chọn tệp trước, rồi bấm “Gửi tệp”.", "No file is chosen. Choose one first, then press “Send”."),
        Fault::Empty => crate::words!("Tệp rỗng, không có gì bên trong. Chọn lại tệp.", "The file is empty. Choose it again."),
        Fault::Kind(accept) => {
            let kinds = accept.iter().filter(|a| *a != "jpeg").map(|a| a.to_uppercase()).collect::<Vec<_>>().join(", ");
            crate::words!("Loại tệp này không lưu được. Cần {kinds}.", "This kind can't be kept. {kinds} is needed.")
        }
        Fault::Heic => crate::words!(
            "Ảnh HEIC chưa đọc được. Trên iPhone: Cài đặt, Camera, Định dạng, chọn “Tương thích nhất”, rồi chụp lại.",
            "HEIC pictures can't be read. On an iPhone: Settings, Camera, Formats, “Most Compatible”, then photograph again."
        ),
        Fault::Video => crate::words!("Tệp này là phim, không lưu được. Cần ảnh hoặc PDF.", "This is a film. A picture or PDF is needed."),
        Fault::Broken => crate::words!("Tệp hỏng, không mở được. Chụp hoặc xuất lại.", "The file is broken. Photograph or export it again."),
        Fault::CutOff => crate::words!("Tệp bị đứt giữa chừng. Gửi lại tệp này.", "The file is cut off. Send it again."),
        Fault::LockedPdf => crate::words!(
            "PDF bị khóa (mật khẩu, hoặc cấm sửa). Mở bằng máy bạn, chọn In, “Lưu thành PDF” rồi gửi tệp mới.",
            "The PDF is locked (a password, or editing is forbidden). Open it, print it to a new PDF and send that."
        ),
        Fault::Pixels(n) => {
            let m = n / 1_000_000;
            crate::words!("Ảnh có {m} triệu điểm ảnh, nhiều nhất 300. Chụp hoặc quét nhỏ hơn.", "The picture has {m} megapixels, at most 300. Make a smaller one.")
        }
        Fault::TooLarge(mb) => crate::words!("Tệp lớn quá. Nhiều nhất {mb} MB.", "Too large. At most {mb} MB."),
        Fault::Bomb => crate::words!("Tệp nén bất thường, không nhận.", "The file is packed in a suspicious way."),
        Fault::Total => UPLOAD_TOO_MANY.into(),
        Fault::Lost => crate::words!("Tệp chưa tới đủ. Gửi lại tệp này.", "The file did not arrive whole. Send it again."),
    }
}
