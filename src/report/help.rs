//! The help: a page for each step of filing and of what comes after, each with a picture drawn for it.
//!
//! To add a page: its [`Topic`] here in its place of the order, its address in `web::urls` and `web::doors`, its drawing in
//! `static/img`. Sentences are short: they are read on a telephone, by people who are in the middle of something.

use crate::base::lang::Text;
use crate::web::urls;

pub struct Topic {
    pub path: &'static str,
    pub title: Text,
    /// The drawing, and what it shows for whoever doesn't see it.
    pub picture: Option<(&'static str, Text)>,
    pub lines: &'static [Text],
}

const fn p(vi: &'static str, en: &'static str) -> Text {
    Text::new(vi, en)
}

/// The pages of the steps, in their order.
pub const STEPS: &[Topic] = &[
    Topic {
        path: urls::HELP_WHERE,
        title: p("Chọn nơi nộp", "Choosing where to file"),
        picture: Some(("img/help-where.svg", p("Ngôi nhà có biển “Một cửa”, một người đi tới.", "A house with the sign “Một cửa”; a person walks to it."))),
        lines: &[
            p(
                "Chọn xã, phường, huyện nơi bạn ở hoặc nơi có việc. Trang nói rõ nơi nào nhận.",
                "Choose the commune or district where you live or where the matter lies. The page says who receives it.",
            ),
            p("Làm cho con, cho người nhà hay cho công ty: trả lời ở câu “Bạn nộp cho ai?”.", "For a child, a relative or a company: say so under “Who is it for?”."),
            p("Thuộc diện miễn, giảm phí thì chọn ngay ở bước này, và nộp giấy chứng minh ở bước 3.", "If you are exempt from the fee, choose it here and add the proof in step 3."),
            p("Chọn nhầm thì bấm vào số bước ở đầu trang để quay lại sửa.", "Chosen wrongly? Press the step's number at the top and change it."),
        ],
    },
    Topic {
        path: urls::HELP_FORM,
        title: p("Điền tờ khai", "Filling in the form"),
        picture: Some(("img/help-form.svg", p("Tờ khai trên điện thoại, ô vừa điền có dấu đã lưu.", "A form on a telephone; the field just filled is marked as saved."))),
        lines: &[
            p("Điền ô nào trước cũng được. Chữ đã gõ tự lưu, mở lại trên máy khác vẫn còn.", "Fill the fields in any order. What you type saves itself and is there on another device."),
            p("Ngày gõ như 5/6/1985. Chỉ nhớ năm thì gõ năm, ví dụ 1938.", "Dates like 5/6/1985. If only the year is known, the year alone: 1938."),
            p("Số giấy tờ chép từ Zalo hay tin nhắn đều được, kể cả có dấu cách.", "Numbers may be pasted from messages, with their spaces."),
            p("Còn thiếu chỗ nào, trang liệt kê hết một lần. Bấm vào từng dòng để tới đúng ô.", "What is missing is listed all at once. Press a line to go to its field."),
            p("Ô đã điền sẵn lấy từ tài khoản hoặc hồ sơ trước. Sai thì sửa.", "Fields already filled come from your account or an earlier dossier. Correct what is wrong."),
        ],
    },
    Topic {
        path: urls::HELP_PHOTO,
        title: p("Chụp giấy tờ", "Photographing papers"),
        picture: Some((
            "img/help-photo.svg",
            p(
                "Bên trái, đúng: máy ở ngay trên tờ giấy, đủ bốn góc. Bên phải, sai: ảnh nghiêng, mất góc, có bóng.",
                "Left, right: the phone straight above the paper, all four corners. Right, wrong: tilted, a corner cut off, in the shade.",
            ),
        )),
        lines: &[
            p("Đặt giấy trên mặt phẳng, nền tối, đủ sáng, không bật đèn nháy.", "Lay the paper flat on a dark surface in good light, without flash."),
            p("Cầm máy thẳng từ trên xuống, lấy đủ bốn góc giấy.", "Hold the phone straight above it, with all four corners in the picture."),
            p("Phóng to ảnh vừa chụp: đọc được chữ nhỏ nhất là đạt.", "Zoom in: if the smallest letters can be read, it is good."),
            p("Giấy hai mặt thì chụp cả hai mặt, gửi vào cùng một ô.", "Two sides: photograph both and send them to the same slot."),
            p("Máy nhỏ hay tắt trang khi mở máy ảnh: chụp trước, rồi chọn ảnh từ thư viện.", "Small phones may lose the page while the camera is open: photograph first, then choose the picture."),
            p("iPhone chụp HEIC: vào Cài đặt, Camera, Định dạng, chọn “Tương thích nhất”.", "iPhones make HEIC: Settings, Camera, Formats, “Most Compatible”."),
        ],
    },
    Topic {
        path: urls::HELP_CHECK,
        title: p("Kiểm tra và nộp", "Checking and filing"),
        picture: Some(("img/help-check.svg", p("Danh sách có dấu kiểm ở từng dòng, dưới cùng là nút Nộp hồ sơ.", "A list with a tick on every line; below it the button that files."))),
        lines: &[
            p("Trang hiện lại mọi điều bạn đã khai. Sai chỗ nào bấm “Sửa” ngay cạnh chỗ đó.", "The page shows all you have said. Press “Change” beside what is wrong."),
            p("Đánh dấu vào lời cam đoan, rồi bấm “Nộp hồ sơ”. Bấm hai lần cũng chỉ thành một hồ sơ.", "Tick the declaration and press the button. Pressed twice it is still one dossier."),
            p("Nộp xong có mã hồ sơ và mã tra cứu. Chụp màn hình hoặc ghi lại hai mã này.", "You get a code and a look-up key. Write both down, or take a picture of the screen."),
        ],
    },
    Topic {
        path: urls::HELP_PAY,
        title: p("Nộp phí", "Paying the fee"),
        picture: Some(("img/help-pay.svg", p("Điện thoại quét mã, tiền tới cơ quan, biên nhận quay về.", "A telephone scans a code, the money goes to the office, a receipt comes back."))),
        lines: &[
            p("Sau khi nộp hồ sơ, trang hồ sơ hiện khoản phí và cách tính. Bạn nộp ngay hoặc để sau.", "After filing, the dossier shows the fee and how it was computed. Pay now or later."),
            p("Bấm “Nộp phí”, rồi “Tiếp tục”: trang VNPAY mở ra để chọn thẻ, tài khoản hoặc quét QR.", "Press “Pay the fee”, then “Continue”: VNPAY opens to choose card, account or QR."),
            p(
                "Ngân hàng trừ tiền mà trang chưa đổi: không trả lần nữa. Bấm “Tôi đã trả rồi”, chúng tôi hỏi VNPAY ngay.",
                "Charged but the page has not changed? Don't pay again. Press “I have paid”: we ask VNPAY at once.",
            ),
            p("Dưới 5.000 đồng VNPAY không nhận: nộp chung với khoản khác, hoặc nộp tại quầy.", "Under 5,000 đồng VNPAY takes nothing: pay it with another fee, or at the counter."),
            p("Hồ sơ không bị từ chối chỉ vì chưa nộp phí.", "A dossier is never refused for its fee alone."),
        ],
    },
    Topic {
        path: urls::HELP_NEXT,
        title: p("Sau khi nộp", "After filing"),
        picture: Some(("img/help-next.svg", p("Bốn chặng nối nhau: nộp, tiếp nhận, giải quyết, nhận kết quả.", "Four stations in a row: filed, received, decided, the result in hand."))),
        lines: &[
            p("Cơ quan phản hồi trong 8 giờ làm việc: tiếp nhận, hoặc nói rõ còn thiếu gì.", "The office answers within 8 working hours: received, or what is missing."),
            p("Cần bổ sung thì cơ quan hỏi một lần, nói rõ từng chỗ; bạn chỉ sửa đúng chỗ đó.", "If something is missing the office asks once, naming each thing; you mend just that."),
            p("Ngày hẹn trả hiện trên trang hồ sơ. Bấm “Vì sao ngày này” để xem cách tính.", "The date promised stands on the dossier's page. Press “Why this date” to see how it was computed."),
            p("Có kết quả thì tải về ở trang hồ sơ, hoặc nhận ở quầy như bạn đã chọn.", "The result is downloaded from the dossier's page, or collected at the desk, as you chose."),
            p("Mất mã tra cứu: mang căn cước đến quầy, quầy cấp lại.", "Lost the key: bring your identity card to the desk."),
        ],
    },
];

pub const PRIVACY: Topic = Topic {
    path: urls::PRIVACY,
    title: super::text::PRIVACY,
    picture: None,
    lines: &[
        p("Ai thu thập: Trung tâm Phục vụ hành chính công tỉnh và cơ quan giải quyết hồ sơ của bạn.", "Who collects: the provincial service centre and the unit that decides your dossier."),
        p("Thu gì: nhân thân, liên hệ, nội dung tờ khai và giấy tờ bạn nộp.", "What: identity, contact, your answers and the papers you file."),
        p("Để làm gì: giải quyết thủ tục bạn yêu cầu, theo luật của thủ tục đó; không dùng việc khác.", "What for: deciding what you ask for, under that procedure's law; nothing else."),
        p("Ai thấy: công chức một cửa, người thụ lý và người ký của hồ sơ. Không ai khác.", "Who sees: the dossier's desk clerks, officers and signer. Nobody else."),
        p("Giữ bao lâu: bản nháp 90 ngày; hồ sơ đã nộp theo quy định lưu trữ.", "How long: drafts 90 days; filed dossiers by the rules of archives."),
        p(
            "Quyền của bạn: xem, sửa, rút đồng ý, khiếu nại. Gọi 1022 hoặc đến quầy; trả lời trong 72 giờ.",
            "Your rights: to see, correct, withdraw consent, complain. Call 1022 or come to the desk; answered within 72 hours.",
        ),
    ],
};

pub const FEEDBACK: Topic = Topic { path: urls::FEEDBACK, title: super::text::FEEDBACK, picture: None, lines: &[super::text::FEEDBACK_LEAD] };

/// The page of all of them.
pub const INDEX: Topic = Topic {
    path: urls::HELP,
    title: super::text::HELP,
    picture: None,
    lines: &[p(
        "Tìm thủ tục bằng lời của bạn, xem giấy tờ cần chuẩn bị, rồi bấm “Nộp hồ sơ”. Mỗi bước có một trang hướng dẫn.",
        "Find the procedure in your own words, see what to prepare, then press “File a dossier”. Each step has a page of help.",
    )],
};
